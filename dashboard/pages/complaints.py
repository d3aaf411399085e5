"""Complaints: attribute → phrases → quotes."""

from __future__ import annotations

import streamlit as st

from dashboard import queries
from dashboard.address import keep, take
from dashboard.context import Context
from dashboard.empty import explain_nothing
from dashboard.figure import figure
from dashboard.labels import chart_labels
from dashboard.markup import plain
from dashboard.numbers import percent, powered
from dashboard.quotes import card, show
from dashboard.table import Column, Row, Share, table
from index import measures
from reports import charts

TOP, PHRASES, QUOTES = 12, 24, 8
SHOWN = "complaints_shown"


def draw(context: Context) -> None:
    brand = context.filters.brand
    if explain_nothing(context, queries.about_brand(context, brand)):
        return
    found = measures.complaints(context.index, queries.chosen(context), brand, context.labelled())
    rows = [r for r in found if r.complaints.count]
    if not rows:
        n = context.index.count(queries.about_brand(context, brand))
        st.info(context.words("complaints.none", brand=brand, n=f"{n:,}"))
        return
    attribute = _choose(context, rows)
    if attribute:
        _phrases(context, attribute)


def _choose(context: Context, rows: list[measures.AttributeRow]) -> str:
    """The rates of all attributes as a table, and the one to look into; its path stands in the address."""
    say = context.words
    st.subheader(say("complaints.table"))
    columns = [
        Column(say("complaints.attribute"), figure=False),
        Column(say("complaints.of_mentions"), hint=say("complaints.of_mentions_help")),
        Column(say("complaints.rate")),
        Column("95 %", hint=say("complaints.interval_help")),
        Column(say("measure.attention"), hint=say("complaints.attention_help", n=f"{rows[0].attention.n:,}")),
    ]
    table(columns, [_row(context, r) for r in rows[:TOP]])
    if rows[TOP:]:
        with st.expander(say("overview.rest", n=len(rows) - TOP)):
            table(columns, [_row(context, r) for r in rows[TOP:]])
    st.caption(say("complaints.grey"))
    paths = [r.attribute for r in rows]
    take("attribute", paths, paths[0])
    chosen = st.selectbox(say("complaints.look_into"), paths, format_func=context.attribute_in_full, key="attribute")
    keep("attribute", chosen, paths[0])
    return chosen


def _row(context: Context, row: measures.AttributeRow) -> Row:
    rate = row.complaints
    return Row(
        [
            context.attribute_in_full(row.attribute),
            f"{rate.count:,} / {rate.n:,}",
            Share(rate.value or 0.0, percent(rate.value, 0)),
            powered(rate, 0) or f"{percent(rate.low, 0)} – {percent(rate.high, 0)}",
            percent(row.attention.value),
        ],
        grey=bool(rate.reason),
    )


def _phrases(context: Context, attribute: str) -> None:
    say, brand = context.words, context.filters.brand
    left, right = st.columns([2, 3], gap="large")
    with left:
        st.subheader(say("complaints.trend"))
        _trend(context, attribute)
        st.subheader(say("complaints.phrases", attribute=context.attribute(attribute)))
        st.caption(say("complaints.phrases_help"))
        counts = dict(queries.phrases_of(context, brand, attribute, PHRASES))
        take("phrase", list(counts), None)
        phrase = st.pills(
            say("complaints.phrases", attribute=context.attribute(attribute)),
            list(counts),
            format_func=lambda p: f"{plain(p)} {counts[p]}",
            key="phrase",
            label_visibility="collapsed",
        )
        keep("phrase", phrase, None)
        if not counts:
            st.caption(say("complaints.no_phrases"))
    with right:
        _quotes(context, attribute, phrase or "")


def _trend(context: Context, attribute: str) -> None:
    say, brand = context.words, context.filters.brand
    tree = queries.complaints_of(context, brand, attribute)
    series = context.index.series(tree, "day", context.project.timezone)
    counts = series.counts.get("", ())
    rows = [
        {"start": s.replace(tzinfo=None), "group": say("polarity.negative"), "value": n}
        for s, n in zip(series.starts, counts, strict=True)
    ]
    if rows:
        figure(charts.lines(rows, say("chart.n"), chart_labels(say)))


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
