"""Complaints: attribute → phrases → quotes."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from dashboard import queries
from dashboard.context import Context
from dashboard.empty import explain_nothing
from dashboard.labels import chart_labels
from dashboard.quotes import card, show
from index import measures
from reports import charts

PHRASES, QUOTES = 24, 8
SHOWN = "complaints_shown"


def draw(context: Context) -> None:
    brand = context.filters.brand
    if explain_nothing(context, queries.about_brand(context, brand)):
        return
    rows = [r for r in measures.complaints(context.index, queries.chosen(context), brand) if r.complaints.count]
    if not rows:
        n = context.index.count(queries.about_brand(context, brand))
        st.info(context.words("complaints.none", brand=brand, n=f"{n:,}"))
        return
    attribute = _choose(context, rows)
    if attribute:
        _phrases(context, attribute)


def _choose(context: Context, rows: list[measures.AttributeRow]) -> str:
    """The rates of all attributes as a chart, and the one to look into; its path stands in the address."""
    say = context.words
    paths = [r.attribute for r in rows]
    st.subheader(say("complaints.table"))
    frame = pd.DataFrame(
        [
            {
                "name": _indented(context, r.attribute),
                "negatives": r.complaints.count,
                "mentions": r.complaints.n,
                "rate": r.complaints.value,
                "interval": f"{r.complaints.low or 0:.0%} – {r.complaints.high or 0:.0%}",
                "attention": r.attention.value,
                "few": "" if not r.complaints.reason else "·",
            }
            for r in rows
        ]
    )
    st.dataframe(
        frame,
        hide_index=True,
        width="stretch",
        height=min(38 * (len(rows) + 1), 430),
        column_config={
            "name": st.column_config.TextColumn(say("complaints.attribute"), width="medium"),
            "negatives": st.column_config.NumberColumn(say("complaints.negatives")),
            "mentions": st.column_config.NumberColumn(say("complaints.mentions")),
            "rate": st.column_config.ProgressColumn(say("complaints.rate"), format="percent", max_value=1.0),
            "interval": st.column_config.TextColumn("95 %"),
            "attention": st.column_config.NumberColumn(say("measure.attention"), format="percent"),
            "few": st.column_config.TextColumn("<30", help=say("complaints.grey")),
        },
    )
    return st.selectbox(
        say("complaints.attribute"),
        paths,
        format_func=lambda p: _indented(context, p),
        key="attribute",
        bind="query-params",
    )


def _indented(context: Context, path: str) -> str:
    parent, _, child = path.partition("/")
    return f"{context.attribute(parent)} › {context.attribute(path)}" if child else context.attribute(path)


def _phrases(context: Context, attribute: str) -> None:
    say, brand = context.words, context.filters.brand
    left, right = st.columns([2, 3], gap="large")
    with left:
        st.subheader(say("complaints.trend"))
        _trend(context, attribute)
        st.subheader(say("complaints.phrases", attribute=context.attribute(attribute)))
        st.caption(say("complaints.phrases_help"))
        counts = dict(queries.phrases_of(context, brand, attribute, PHRASES))
        phrase = st.pills(
            say("complaints.phrases", attribute=""),
            list(counts),
            format_func=lambda p: f"{p} {counts[p]}",
            key=f"phrase-{attribute}",
            label_visibility="collapsed",
        )
    with right:
        _quotes(context, attribute, phrase or "")


def _trend(context: Context, attribute: str) -> None:
    say, brand = context.words, context.filters.brand
    tree = queries.complaints_of(context, brand, attribute)
    series = context.index.series(tree, "day", context.project.timezone)
    counts = series.counts.get("", ())
    frame = pd.DataFrame(
        [
            {"start": s.replace(tzinfo=None), "group": say("polarity.negative"), "value": n}
            for s, n in zip(series.starts, counts, strict=True)
        ]
    )
    if len(frame):
        st.altair_chart(charts.lines(frame, say("chart.n"), chart_labels(say)), width="stretch")


def _quotes(context: Context, attribute: str, phrase: str) -> None:
    say, brand = context.words, context.filters.brand
    tree = queries.complaints_of(context, brand, attribute, phrase)
    st.subheader(say("complaints.quotes"))
    key = f"{SHOWN}-{attribute}-{phrase}"
    shown = st.session_state.setdefault(key, QUOTES)
    hits = queries.page_of(context, tree, "newest", "", shown)
    st.caption(say("search.found", n=f"{hits.total:,}"))
    quoted = queries.quoted(hits, brand, attribute, "negative")
    show(card(d, context, spans, "negative", spans[0] if spans else None) for d, spans in quoted)
    if hits.next and st.button(say("complaints.more")):
        st.session_state[key] = shown + 2 * QUOTES
        st.rerun()
