"""Sources: what was asked, answered, refused and failed, so that "not collected" is never read as "nothing said"."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from html import escape

import streamlit as st

from core.models import Request, SourceHealth
from core.tree import Everything
from dashboard import queries
from dashboard.context import Context
from dashboard.figure import figure
from dashboard.labels import chart_labels
from dashboard.notes import note_in_words
from dashboard.numbers import age
from dashboard.table import Column, Row, table
from index import measures
from reports import charts

DAYS, HOURS, NOTES_OPEN = 28, 72, 6
HOUR = timedelta(hours=1)
COUNTED = ("asked", "answered", "refused", "failed", "incomplete")
COLUMNS = ("name", "spider", "mentions", *COUNTED, "hours_with", "newest", "age", "last")


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
    _table(context, names, counts, covered, rows)
    _notes(context, covered)
    _hours(context, rows)
    _days(context, rows)
    _crawl(context, list(configured))


def _warnings(context: Context, covered: dict[str, measures.Coverage]) -> None:
    for source in context.project.sources:
        found = covered.get(source.name)
        if found is None or found.newest is None:
            continue
        passed = context.clock() - found.newest
        if passed > timedelta(hours=source.silent_after_hours):
            hours, limit = f"{passed / HOUR:.0f}", f"{source.silent_after_hours:g}"
            st.warning(context.words("sources.silent", source=source.name, hours=hours, limit=limit))


def _table(
    context: Context,
    names: list[str],
    counts: dict[str, int],
    covered: dict[str, measures.Coverage],
    rows: list[SourceHealth],
) -> None:
    say = context.words
    texts = ("name", "spider")
    columns = [Column(say(f"sources.{key}"), figure=key not in texts) for key in COLUMNS]
    spiders = {s.name: s.spider for s in context.project.sources}
    last = {r.source: r.hour for r in sorted(rows, key=lambda r: r.hour)}
    table(
        columns,
        [Row(_cells(context, n, spiders.get(n, "file"), counts.get(n, 0), covered.get(n), last.get(n))) for n in names],
    )


def _cells(
    context: Context,
    name: str,
    spider: str,
    mentions: int,
    found: measures.Coverage | None,
    last: datetime | None,
) -> list[str]:
    say, zone = context.words, context.project.zone()
    asked = [f"{getattr(found, f):,}" if found else "—" for f in COUNTED]
    newest = found.newest if found else None
    return [
        name,
        say.or_plain(f"spider.{spider}", spider),
        f"{mentions:,}",
        *asked,
        f"{found.hours - found.hours_without:,} / {found.hours:,}" if found else "—",
        newest.astimezone(zone).strftime("%m-%d %H:%M") if newest else "—",
        age(context.clock() - newest, say) if newest else "—",
        last.astimezone(zone).strftime("%m-%d %H:00") if last else say("sources.never"),
    ]


def _notes(context: Context, covered: dict[str, measures.Coverage]) -> None:
    """What went wrong, in words; as HTML that is escaped, since addresses come from outside."""
    say = context.words
    notes = [
        f"<p><strong>{escape(c.source)}</strong>: {escape(note_in_words(note, say))}</p>"
        for c in covered.values()
        for note in c.notes
    ]
    if notes:
        with st.expander(say("sources.notes"), expanded=len(notes) <= NOTES_OPEN):
            st.html("".join(notes))


def _hours(context: Context, rows: list[SourceHealth]) -> None:
    """Health hour by hour: an hour in which nothing was asked says nothing about what people said."""
    say, zone = context.words, context.project.zone()
    st.subheader(say("sources.by_hour", n=HOURS))
    end = context.clock().replace(minute=0, second=0, microsecond=0)
    hours = [end - HOUR * back for back in range(HOURS - 1, -1, -1)]
    known = {(r.source, r.hour): r for r in rows}
    cells = [
        {
            "day": hour.astimezone(zone).replace(tzinfo=None),
            "source": source,
            "n": row.answered if row else 0,
            "state": state_of(row),
        }
        for source in sorted({r.source for r in rows})
        for hour in hours
        for row in (known.get((source, hour)),)
    ]
    if not cells:
        st.info(say("sources.never_asked"))
        return
    figure(charts.hours(cells, chart_labels(say)))


def state_of(row: SourceHealth | None) -> str:
    """What became of an hour: a key of `charts.STATES`."""
    if row is None or not row.asked:
        return "unasked"
    if not row.answered:
        return "failing"
    return "partly" if row.failed else "ok"


def _days(context: Context, rows: list[SourceHealth]) -> None:
    """Published mentions by source and day: a grey day is one of which nothing is there."""
    say, zone = context.words, context.project.timezone
    series = context.index.series(Everything(), "day", zone, split="source")
    failing = {
        (r.source, r.hour.astimezone(context.project.zone()).date()) for r in rows if r.failed and not r.answered
    }
    cells = [
        {
            "day": start.replace(tzinfo=None),
            "source": source,
            "n": n,
            "state": "ok" if n else "failing" if (source, start.date()) in failing else "quiet",
        }
        for source, counts in series.counts.items()
        for start, n in list(zip(series.starts, counts, strict=True))[-DAYS:]
    ]
    st.subheader(say("sources.days", n=DAYS))
    if not cells:
        st.info(say("empty.nothing"))
        return
    figure(charts.coverage(cells, chart_labels(say)))
    st.caption(say("sources.days_help"))


def _crawl(context: Context, configured: list[str]) -> None:
    say = context.words
    if not configured:
        return
    left, right = st.columns([2, 1], vertical_alignment="bottom")
    name = left.selectbox(say("sources.name"), configured, key="crawl-source")
    if right.button(say("sources.crawl"), width="stretch"):
        context.desk.ask(Request(secrets.token_hex(8), "crawl", name, context.clock()))
        st.success(say("sources.asked_crawl"))
