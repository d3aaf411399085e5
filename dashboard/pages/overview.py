"""Overview: is our reputation moving, and why."""

from __future__ import annotations

from datetime import timedelta

import streamlit as st

from core.models import POLARITIES
from core.tree import Term, both
from dashboard import queries
from dashboard.context import Context
from dashboard.empty import explain_nothing
from dashboard.figure import figure
from dashboard.headline import headline
from dashboard.incident_card import summary
from dashboard.labels import chart_labels
from dashboard.numbers import percent, powered, signed
from dashboard.table import Column, Row, Share, table
from index import measures
from reports import charts

FEW_BARS, TOP_COMPLAINTS, INCIDENTS = 8, 6, 4


def draw(context: Context) -> None:
    if explain_nothing(context, queries.about_brand(context, context.filters.brand)):
        return
    headline(context)
    left, right = st.columns([3, 2], gap="large")
    with left:
        _moved(context)
    with right:
        _incidents(context)
    _volume(context)
    left, right = st.columns([3, 2], gap="large")
    with left:
        _complaints(context)
    with right:
        _voice(context)
    _footer(context)


def _incidents(context: Context) -> None:
    st.subheader(context.words("overview.incidents"))
    found = [i for i in context.store.incidents() if i.status != "closed"]
    if not found:
        st.info(context.words("overview.no_incidents"))
        st.page_link(context.page("alerts"), label=context.words("overview.past_alerts"))
        return
    for incident in found[:INCIDENTS]:
        summary(incident, context)
    st.page_link(context.page("alerts"), label=context.words("overview.more_alerts", n=len(found)))


def _volume(context: Context) -> None:
    say, zone = context.words, context.project.timezone
    asked = queries.about_brand(context, context.filters.brand)
    split = context.index.series(asked, "day", zone, split="polarity")
    rows = [
        {"start": start.replace(tzinfo=None), "polarity": p, "n": n}
        for p in POLARITIES
        for start, n in zip(split.starts, split.counts.get(p, ()), strict=False)
    ]
    st.subheader(say("overview.volume"))
    if not rows:
        st.info(say("overview.undated", n=f"{split.undated:,}"))
        return
    health = queries.health(context)
    seen = measures.volume_in_time(context.index, asked, "day", zone, health)
    gaps = [
        {"start": s.replace(tzinfo=None), "end": s.replace(tzinfo=None) + timedelta(days=1), "note": ", ".join(u)}
        for s, u in zip(seen.starts, seen.unhealthy, strict=True)
        if u
    ]
    figure(charts.volume(rows, gaps, chart_labels(say)))
    if split.undated:
        st.caption(say("overview.undated", n=f"{split.undated:,}"))
    if gaps:
        blind_to = sorted({source for u in seen.unhealthy for source in u})
        st.caption(say("overview.gaps", sources=", ".join(blind_to)))


def _complaints(context: Context) -> None:
    say, brand = context.words, context.filters.brand
    st.subheader(say("overview.complaints"))
    found = measures.complaints(context.index, queries.chosen(context), brand, context.labelled())
    rows = [r for r in found if r.complaints.count]
    top = [r for r in rows if "/" not in r.attribute][:TOP_COMPLAINTS]
    if not top:
        st.info(say("complaints.none", brand=brand, n=context.index.count(queries.about_brand(context, brand))))
        return
    columns = [
        Column(say("complaints.attribute"), figure=False),
        Column(say("complaints.of_mentions"), hint=say("complaints.of_mentions_help")),
        Column(say("complaints.rate")),
        Column(say("measure.impact"), hint=say("measure.impact_help")),
    ]
    table(columns, [_complaint(context, r) for r in top])
    st.page_link(context.page("complaints"), label=say("overview.more_complaints"))


def _complaint(context: Context, row: measures.AttributeRow) -> Row:
    rate = row.complaints
    cost = measures.impact(context.index, queries.chosen(context), context.filters.brand, row.attribute).value
    points = "—" if cost is None else f"{cost * 100:+.1f}"
    of = f"{rate.count:,} / {rate.n:,}"
    share = Share(rate.value or 0.0, powered(rate, 0) or percent(rate.value, 0))
    return Row([context.attribute(row.attribute), of, share, points], grey=bool(rate.reason))


def _voice(context: Context) -> None:
    say, names = context.words, list(queries.brands(context))
    st.subheader(say("overview.voice"))
    shares = measures.share_of_voice(context.index, queries.chosen(context), names)
    rows = [{"name": s.brand, "value": s.rate.value, "n": s.rate.count} for s in shares if s.rate.value is not None]
    if not rows:
        st.info(say("compare.one_brand"))
        return
    figure(charts.shares(rows, say("measure.share_of_voice"), chart_labels(say)))
    st.caption(say("compare.voice_note"))


def _moved(context: Context) -> None:
    say, earlier = context.words, queries.period_before(context)
    st.subheader(say("overview.moved"))
    if earlier is None:
        st.info(say("overview.moved_all_time"))
        return
    brand = Term("brand", context.filters.brand)
    fall = measures.waterfall(context.index, both(earlier, brand), both(queries.chosen(context), brand))
    if fall.reason or not fall.bars:
        st.info(say("overview.moved_none", now=f"{fall.after.n:,}", then=f"{fall.before.n:,}"))
        return
    figure(charts.waterfall(_bars(context, fall), say("overview.points"), chart_labels(say)))
    then, now = signed(fall.before.value), signed(fall.after.value)
    st.caption(say("overview.moved_note", then=then, now=now, n=f"{fall.after.n:,}", m=f"{fall.before.n:,}"))


def _bars(context: Context, fall: measures.Waterfall) -> list[dict[str, object]]:
    """The largest bars, the rest as one, so that they still add up to the change."""
    none = context.words("overview.no_attribute")
    rows = [(context.attribute_in_full(b.attribute) if b.attribute else none, b.change) for b in fall.bars]
    kept, rest = rows[:FEW_BARS], rows[FEW_BARS:]
    if rest:
        kept.append((context.words("overview.rest", n=len(rest)), sum(c for _, c in rest)))
    total = float(fall.exact)
    at = 0.0
    steps: list[dict[str, object]] = []
    for name, change in kept:
        steps.append({"name": name, "low": min(at, at + change), "high": max(at, at + change), "change": change})
        at += change
    steps.append(
        {"name": context.words("overview.change"), "low": min(0.0, total), "high": max(0.0, total), "change": total}
    )
    return steps


def _footer(context: Context) -> None:
    say, filters = context.words, context.filters
    extra = [say(f"filter.{n}") for n in ("duplicates", "irrelevant") if getattr(filters, n)]
    population = say("overview.population_all", what=", ".join(extra)) if extra else say("overview.population_default")
    bad = queries.troubled(context)
    covered = say("overview.coverage_bad", sources=", ".join(bad)) if bad else say("overview.coverage_ok")
    st.caption(
        say(
            "overview.footer",
            generation=context.index.generation(),
            zone=context.project.timezone,
            population=population,
            coverage=covered,
        )
    )
