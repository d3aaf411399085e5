"""Sources: what was asked, answered, refused and failed, so that "not collected" is never read as "nothing said"."""

from __future__ import annotations

import secrets
from datetime import timedelta

import pandas as pd
import streamlit as st

from core.models import Request, SourceHealth
from core.tree import Everything
from dashboard import queries
from dashboard.context import Context
from dashboard.labels import chart_labels
from dashboard.numbers import age
from index import measures
from reports import charts

DAYS = 28


def draw(context: Context) -> None:
    say, now = context.words, context.clock()
    rows = queries.health(context)
    counts = {f.key: f.count for f in context.index.facets(Everything(), "source", 500)}
    configured = {s.name: s for s in context.project.sources}
    names = sorted({*configured, *counts, *(r.source for r in rows)})
    if not names:
        st.info(say("sources.none"))
        return
    first = min((r.hour for r in rows), default=now)
    covered = {c.source: c for c in measures.coverage(rows, first, now + timedelta(hours=1))}
    _warnings(context, covered)
    st.subheader(say("sources.table"))
    st.dataframe(
        _table(context, names, counts, covered, rows), hide_index=True, width="stretch", column_config=_titles(context)
    )
    _notes(context, covered)
    _days(context, rows)
    _crawl(context, list(configured))


def _warnings(context: Context, covered: dict[str, measures.Coverage]) -> None:
    for source in context.project.sources:
        found = covered.get(source.name)
        if found is None or found.newest is None:
            continue
        hours = (context.clock() - found.newest).total_seconds() / 3600
        if hours > source.silent_after_hours:
            limit = f"{source.silent_after_hours:g} h"
            st.warning(context.words("sources.silent", source=source.name, hours=f"{hours:.0f}", limit=limit))


def _table(
    context: Context,
    names: list[str],
    counts: dict[str, int],
    covered: dict[str, measures.Coverage],
    rows: list[SourceHealth],
) -> pd.DataFrame:
    say, zone = context.words, context.project.zone()
    spiders = {s.name: s.spider for s in context.project.sources}
    table = []
    for name in names:
        found, last = covered.get(name), max((r.hour for r in rows if r.source == name), default=None)
        newest = found.newest if found else None
        table.append(
            {
                "name": name,
                "spider": spiders.get(name, say("sources.imported")),
                "mentions": counts.get(name, 0),
                **{
                    f: getattr(found, f) if found else None
                    for f in ("asked", "answered", "refused", "failed", "incomplete")
                },
                "newest": newest.astimezone(zone).strftime("%Y-%m-%d %H:%M") if newest else "—",
                "age": age(context.clock() - newest, say) if newest else "—",
                "last": last.astimezone(zone).strftime("%m-%d %H:00") if last else say("sources.never"),
            }
        )
    return pd.DataFrame(table)


def _titles(context: Context) -> dict[str, str]:
    keys = (
        "name",
        "spider",
        "mentions",
        "asked",
        "answered",
        "refused",
        "failed",
        "incomplete",
        "newest",
        "age",
        "last",
    )
    return {key: context.words(f"sources.{key}") for key in keys}


def _notes(context: Context, covered: dict[str, measures.Coverage]) -> None:
    notes = [f"**{c.source}**: {note}" for c in covered.values() for note in c.notes]
    if notes:
        with st.expander(context.words("sources.notes"), expanded=True):
            st.markdown("\n\n".join(notes))


def _days(context: Context, rows: list[SourceHealth]) -> None:
    """Published mentions by source and day beside what was asked: a white day is one on which nothing came."""
    say, zone = context.words, context.project.timezone
    series = context.index.series(Everything(), "day", zone, split="source")
    failing = {
        (r.source, r.hour.astimezone(context.project.zone()).date()) for r in rows if r.failed and not r.answered
    }
    frame = [
        {
            "day": start.replace(tzinfo=None),
            "source": source,
            "n": n,
            "state": "failing" if (source, start.date()) in failing else "ok" if n else "none",
        }
        for source, counts in series.counts.items()
        for start, n in list(zip(series.starts, counts, strict=True))[-DAYS:]
    ]
    if frame:
        st.subheader(say("sources.days"))
        st.altair_chart(charts.coverage(pd.DataFrame(frame), chart_labels(say)), width="stretch")


def _crawl(context: Context, configured: list[str]) -> None:
    say = context.words
    if not configured:
        return
    left, right = st.columns([2, 1], vertical_alignment="bottom")
    name = left.selectbox(say("sources.name"), configured, key="crawl-source")
    if right.button(say("sources.crawl"), width="stretch"):
        context.desk.ask(Request(secrets.token_hex(8), "crawl", name, context.clock()))
        st.success(say("sources.asked_crawl"))
