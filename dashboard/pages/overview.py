"""Overview: is our reputation moving, and why."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from core.models import POLARITIES
from core.tree import Term, both
from dashboard import queries
from dashboard.context import Context
from dashboard.empty import explain_nothing
from dashboard.incident_card import summary
from dashboard.labels import chart_labels
from dashboard.numbers import interval, percent, signed
from index import measures
from reports import charts

FEW_BARS = 8
TOP_COMPLAINTS = 6


def draw(context: Context) -> None:
    brand, tree = context.filters.brand, queries.chosen(context)
    ours = both(tree, Term("brand", brand)) if brand else tree
    if explain_nothing(context, ours):
        return
    _headline(context, ours)
    _incidents(context)
    _volume(context, ours)
    left, right = st.columns([3, 2], gap="large")
    with left:
        _complaints(context)
    with right:
        _voice(context)
    _moved(context)
    _footer(context)


def _headline(context: Context, ours: object) -> None:
    say, index, brand = context.words, context.index, context.filters.brand
    tree, earlier = queries.chosen(context), queries.period_before(context)
    asked = measures.about(tree, brand)
    net, rates = measures.net_sentiment(index, asked), measures.polarities(index, asked)
    stars = measures.average_rating(index, asked)
    paid = measures.promotion_share(index, asked)
    old = measures.about(earlier, brand) if earlier is not None else None
    cells = st.columns(5)
    n = index.count(asked)
    cells[0].metric(say("measure.volume"), f"{n:,}", _change(n, index.count(old) if old is not None else 0))
    was = measures.net_sentiment(index, old).of_all.value if old is not None else None
    cells[1].metric(
        say("measure.net_sentiment"),
        signed(net.of_all.value),
        _points(net.of_all.value, was),
        help=say("measure.net_sentiment_help", other=signed(net.of_sides.value))
        + " "
        + interval(net.of_all, say, True),
    )
    before = measures.polarities(index, old).negative.value if old is not None else None
    cells[2].metric(
        say("measure.negative_rate"),
        percent(rates.negative.value),
        _points(rates.negative.value, before),
        delta_color="inverse",
        help=f"{say('measure.of_n', n=n)}; {interval(rates.negative, say)}",
    )
    rated = f"{stars.value:.2f}" if stars.value is not None else "—"
    cells[3].metric(say("measure.rating"), rated, help=say("measure.of_n", n=stars.n))
    cells[4].metric(say("measure.promotion"), percent(paid.value), help=say("measure.of_n", n=paid.n))
    if context.filters.days:
        st.caption(say("overview.against", days=context.filters.days))


def _change(now: int, then: int) -> str | None:
    return f"{(now - then) / then:+.0%}" if then else None


def _points(now: float | None, then: float | None) -> str | None:
    return f"{(now - then) * 100:+.1f} pp" if now is not None and then is not None else None


def _incidents(context: Context) -> None:
    st.subheader(context.words("overview.incidents"))
    found = [i for i in context.store.incidents() if i.status != "closed"]
    if not found:
        st.info(context.words("overview.no_incidents"))
        return
    for incident in found[:5]:
        summary(incident, context)


def _volume(context: Context, ours: object) -> None:
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
        st.info(say("overview.undated", n=split.undated))
        return
    health = queries.health(context)
    seen = measures.volume_in_time(context.index, asked, "day", zone, health)
    gaps = [
        {"start": s.replace(tzinfo=None), "end": s.replace(tzinfo=None) + pd.Timedelta(days=1), "note": ", ".join(u)}
        for s, u in zip(seen.starts, seen.unhealthy, strict=True)
        if u
    ]
    frame, blind = pd.DataFrame(rows), pd.DataFrame(gaps, columns=["start", "end", "note"])
    st.altair_chart(charts.volume(frame, blind, chart_labels(say)), width="stretch")
    if split.undated:
        st.caption(say("overview.undated", n=split.undated))


def _complaints(context: Context) -> None:
    say, brand = context.words, context.filters.brand
    st.subheader(say("overview.complaints"))
    rows = [r for r in measures.complaints(context.index, queries.chosen(context), brand) if r.complaints.count]
    top = [r for r in rows if "/" not in r.attribute][:TOP_COMPLAINTS]
    if not top:
        st.info(say("complaints.none", brand=brand, n=context.index.count(queries.about_brand(context, brand))))
        return
    table = [
        {
            "name": context.attribute(r.attribute),
            "negatives": r.complaints.count,
            "mentions": r.complaints.n,
            "rate": r.complaints.value,
            "impact": measures.impact(context.index, queries.chosen(context), brand, r.attribute).value,
        }
        for r in top
    ]
    st.dataframe(
        pd.DataFrame(table),
        hide_index=True,
        width="stretch",
        column_config={
            "name": say("complaints.attribute"),
            "negatives": st.column_config.NumberColumn(say("complaints.negatives")),
            "mentions": st.column_config.NumberColumn(say("complaints.mentions")),
            "rate": st.column_config.ProgressColumn(say("complaints.rate"), format="percent", max_value=1.0),
            "impact": st.column_config.NumberColumn(say("measure.impact"), format="percent"),
        },
    )


def _voice(context: Context) -> None:
    say, names = context.words, list(queries.brands(context))
    st.subheader(say("overview.voice"))
    shares = measures.share_of_voice(context.index, queries.chosen(context), names)
    rows = [{"name": s.brand, "value": s.rate.value, "n": s.rate.count} for s in shares if s.rate.value is not None]
    if not rows:
        st.info(say("compare.one_brand"))
        return
    st.altair_chart(
        charts.shares(pd.DataFrame(rows), say("measure.share_of_voice"), chart_labels(say)), width="stretch"
    )


def _moved(context: Context) -> None:
    say, earlier = context.words, queries.period_before(context)
    if earlier is None:
        return
    st.subheader(say("overview.moved"))
    brand = Term("brand", context.filters.brand)
    fall = measures.waterfall(context.index, both(earlier, brand), both(queries.chosen(context), brand))
    if fall.reason or not fall.bars:
        st.info(say("overview.moved_none"))
        return
    st.altair_chart(
        charts.waterfall(_bars(context, fall), say("measure.net_sentiment"), chart_labels(say)), width="stretch"
    )


def _bars(context: Context, fall: measures.Waterfall) -> pd.DataFrame:
    """The largest bars, the rest as one, so that they still add up to the change."""
    rows = [(context.attribute(b.attribute) or context.words("overview.no_attribute"), b.change) for b in fall.bars]
    kept, rest = rows[:FEW_BARS], rows[FEW_BARS:]
    if rest:
        kept.append((context.words("overview.rest", n=len(rest)), sum(c for _, c in rest)))
    total = float(fall.exact)
    at, steps = 0.0, []
    for name, change in kept:
        steps.append({"name": name, "low": min(at, at + change), "high": max(at, at + change), "change": change})
        at += change
    steps.append(
        {"name": context.words("overview.change"), "low": min(0.0, total), "high": max(0.0, total), "change": total}
    )
    return pd.DataFrame(steps)


def _footer(context: Context) -> None:
    say, filters = context.words, context.filters
    extra = [say(f"filter.{n}") for n in ("duplicates", "irrelevant") if getattr(filters, n)]
    population = say("overview.population_all", what=", ".join(extra)) if extra else say("overview.population_default")
    silent = sorted({r.source for r in queries.health(context) if r.failed and not r.answered})
    covered = say("overview.coverage_bad", sources=", ".join(silent)) if silent else say("overview.coverage_ok")
    st.caption(
        say(
            "overview.footer",
            generation=context.index.generation(),
            zone=context.project.timezone,
            population=population,
            coverage=covered,
        )
    )
