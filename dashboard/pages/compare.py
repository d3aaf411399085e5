"""Compare: where are we better and worse than our rivals, honestly."""

from __future__ import annotations

import streamlit as st

from core.tree import Everything
from dashboard import queries
from dashboard.address import keep, take, take_many, take_switch
from dashboard.context import Context
from dashboard.empty import explain_nothing
from dashboard.figure import figure
from dashboard.labels import chart_labels
from dashboard.numbers import percent
from dashboard.table import Column, Row, table
from index import measures
from reports import charts

ATTRIBUTES, MOST = 10, 4


def draw(context: Context) -> None:
    say, every = context.words, list(queries.brands(context))
    if explain_nothing(context, Everything()):
        return
    if len(every) < 2:
        st.info(say("compare.one_brand"))
        return
    take_many("compare", every, every[:MOST])
    picked = st.multiselect(say("compare.brands"), every, key="compare")
    keep("compare", picked, every[:MOST])
    if len(picked) < 2:
        st.info(say("compare.fewer"))
        return
    left, right = st.columns(2, gap="large")
    with left:
        _voice(context, picked)
    with right:
        _net(context, picked)
    attributes = _attributes(context, picked)
    if not attributes:
        st.info(say("compare.nothing", brands=", ".join(picked)))
        return
    _rates(context, picked, attributes)
    ours = context.filters.brand if context.filters.brand in picked else picked[0]
    _difference(context, ours, _rival(context, [b for b in picked if b != ours]), attributes)


def _rival(context: Context, rivals: list[str]) -> str:
    """Whom to compare with like for like: one at a time, since every pair asks for each stratum of each attribute."""
    take("rival", rivals, rivals[0])
    if len(rivals) > 1:
        st.segmented_control(context.words("compare.rival"), rivals, key="rival", required=True)
    chosen: str = st.session_state["rival"]
    keep("rival", chosen, rivals[0])
    return chosen


def _voice(context: Context, picked: list[str]) -> None:
    say = context.words
    st.subheader(say("measure.share_of_voice"))
    shares = measures.share_of_voice(context.index, queries.chosen(context), picked)
    rows = [{"name": s.brand, "value": s.rate.value or 0.0, "n": s.rate.count} for s in shares]
    figure(charts.shares(rows, say("measure.share_of_voice"), chart_labels(say)))
    st.caption(say("compare.voice_note"))


def _net(context: Context, picked: list[str]) -> None:
    say = context.words
    st.subheader(say("compare.net"))
    rows = [
        {"name": brand, "value": f.value, "low": f.low, "high": f.high, "n": f.n, "grey": bool(f.reason)}
        for brand, f in measures.net_of(context.index, queries.chosen(context), picked)
        if f.value is not None
    ]
    if rows:
        figure(charts.rates(rows, say("measure.net_sentiment"), chart_labels(say), signed=True))
        st.caption(say("compare.net_note"))
    else:
        st.info(say("compare.nothing", brands=", ".join(picked)))


def _attributes(context: Context, picked: list[str]) -> list[str]:
    """First-level attributes by how often any of the brands is judged on them."""
    seen: dict[str, int] = {}
    for brand in picked:
        for row in measures.complaints(context.index, queries.chosen(context), brand):
            if "/" not in row.attribute:
                seen[row.attribute] = seen.get(row.attribute, 0) + row.attention.count
    return sorted(seen, key=lambda a: (-seen[a], a))[:ATTRIBUTES]


def _rates(context: Context, picked: list[str], attributes: list[str]) -> None:
    say = context.words
    st.subheader(say("compare.rates"))
    cells = []
    for brand in picked:
        rows = {r.attribute: r.complaints for r in measures.complaints(context.index, queries.chosen(context), brand)}
        for attribute in attributes:
            rate = rows.get(attribute)
            if rate is not None and rate.value is not None:
                row = {"row": context.attribute(attribute), "column": brand, "value": rate.value, "n": rate.n}
                cells.append({**row, "grey": bool(rate.reason)})
    figure(charts.heat(cells, picked, say("measure.complaint_rate"), chart_labels(say)))
    st.caption(f"{say('compare.rates_note')} {say('complaints.grey')}")


def _difference(context: Context, ours: str, theirs: str, attributes: list[str]) -> None:
    say = context.words
    st.subheader(say("compare.difference", ours=ours, theirs=theirs))
    st.caption(say("compare.difference_help"))
    key = f"stars-{theirs}"
    take_switch(key, False)
    stars = st.toggle(say("compare.equal_stars"), key=key, help=say("compare.equal_stars_help"))
    keep(key, stars, False)
    found = [(a, _difference_of(context, ours, theirs, a, stars)) for a in attributes]
    bars = [_bar(context, a, f) for a, f in found if f.value is not None]
    if bars:
        title = say("compare.axis", ours=ours, theirs=theirs)
        figure(charts.rates(bars, title, chart_labels(say), signed=True))
    columns = [
        Column(say("complaints.attribute"), figure=False),
        Column(say("compare.verdict", ours=ours), figure=False),
        Column(ours),
        Column(theirs),
        Column(say("chart.difference")),
        Column(say("compare.coverage"), hint=say("compare.coverage_help")),
        Column(say("measure.opportunity"), hint=say("compare.opportunity")),
    ]
    table(columns, [_row(context, ours, theirs, a, f) for a, f in found])
    _head_to_head(context, ours, theirs)


def _difference_of(context: Context, ours: str, theirs: str, attribute: str, stars: bool) -> measures.Difference:
    zone = context.project.timezone
    return measures.like_for_like(context.index, queries.chosen(context), ours, theirs, attribute, zone, stars)


def _bar(context: Context, attribute: str, found: measures.Difference) -> dict[str, object]:
    return {
        "name": context.attribute(attribute),
        "value": found.value,
        "low": found.low,
        "high": found.high,
        "n": found.n + found.other_n,
        "grey": not found.ranks,
    }


def _row(context: Context, ours: str, theirs: str, attribute: str, found: measures.Difference) -> Row:
    chance = measures.opportunity(context.index, queries.chosen(context), ours, theirs, attribute)
    between = f"{_points(found.value)} [{_points(found.low)}, {_points(found.high)}]"
    verdict = _verdict(found)
    cells = [
        context.attribute(attribute),
        context.words(f"compare.{verdict}"),
        f"{percent(found.ours, 0)} (n={found.n:,})",
        f"{percent(found.theirs, 0)} (n={found.other_n:,})",
        between if found.value is not None else "—",
        percent(found.coverage, 0),
        _points(chance.value),
    ]
    return Row(cells, grey=verdict == "unknown")


def _points(value: float | None) -> str:
    return "—" if value is None else f"{value * 100:+.1f}"


def _verdict(found: measures.Difference) -> str:
    if found.value is None or found.reason:
        return "unknown"
    if not found.ranks:
        return "open"
    return "worse" if found.value > 0 else "better"


def _head_to_head(context: Context, ours: str, theirs: str) -> None:
    say = context.words
    found = measures.head_to_head(context.index, queries.chosen(context), ours, theirs)
    decided = found.won + found.lost
    if found.rate.reason:
        st.caption(f"{say('compare.head')}: {say('compare.head_few', n=decided)}")
        return
    line = say("compare.head_line", brand=ours, other=theirs, won=found.won, decided=decided, ties=found.ties)
    st.markdown(f"**{say('compare.head')}**: {line} ({percent(found.rate.low)} – {percent(found.rate.high)})")
