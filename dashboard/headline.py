"""The first line of the overview: is our reputation moving, in five figures and one sentence."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import Literal

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.tree import Node
from dashboard import queries
from dashboard.context import Context
from dashboard.numbers import interval, percent, signed
from index import measures
from index.intervals import difference

Tone = Literal["normal", "inverse", "off"]


@dataclass(frozen=True, slots=True)
class Figures:
    """The five figures of one period."""

    n: int
    net: measures.NetSentiment
    sides: measures.Polarities
    stars: measures.Figure
    paid: measures.Rate


def figures(context: Context, tree: Node) -> Figures:
    """The figures of the chosen brand within a tree."""
    index, asked = context.index, measures.about(tree, context.filters.brand)
    return Figures(
        index.count(measures.population(asked)),
        measures.net_sentiment(index, asked),
        measures.polarities(index, asked, labels=context.labelled()),
        measures.average_rating(index, asked),
        measures.promotion_share(index, asked),
    )


def headline(context: Context) -> None:
    """The sentence, then the figures with change, denominator and interval."""
    earlier = queries.period_before(context)
    now = figures(context, queries.chosen(context))
    then = figures(context, earlier) if earlier is not None else None
    if then is not None:
        _verdict(context, now, then)
    say, of = context.words, context.words("measure.of_n", n=f"{now.n:,}")
    cells = st.columns(5)
    change = f"{(now.n - then.n) / then.n:+.0%}" if then and then.n else None
    _figure(cells[0], say("measure.volume"), f"{now.n:,}", change, "off", "")
    net, negative = now.net.of_all, now.sides.negative
    hint = say("measure.net_sentiment_help", other=signed(now.net.of_sides.value))
    moved = _points(net.value, then.net.of_all.value if then else None)
    note = f"{of} · {interval(net, say, True)}"
    _figure(cells[1], say("measure.net_sentiment"), signed(net.value), moved, "normal", note, hint)
    moved = _points(negative.value, then.sides.negative.value if then else None)
    note = f"{negative.count:,} / {negative.n:,} · {interval(negative, say)}"
    put_right = say("measure.powered_help", read=percent(negative.value)) if negative.labels else None
    _figure(cells[2], say("measure.negative_rate"), percent(negative.value), moved, "inverse", note, put_right)
    _rating(cells[3], context, now, then)
    paid = now.paid
    note = f"{paid.count:,} / {paid.n:,} · {interval(paid, say)}"
    moved = _points(paid.value, then.paid.value if then else None)
    _figure(cells[4], say("measure.promotion"), percent(paid.value), moved, "off", note)
    if then is not None:
        st.caption(say("overview.against", days=context.filters.days, n=f"{then.n:,}"))


def _rating(cell: DeltaGenerator, context: Context, now: Figures, then: Figures | None) -> None:
    say, was = context.words, then.stars.value if then else None
    if now.stars.value is None:
        _figure(cell, say("measure.rating"), "—", None, "off", say("measure.no_ratings"))
        return
    change = f"{now.stars.value - was:+.2f}" if was is not None else None
    note = say("measure.of_rated", n=f"{now.stars.n:,}")
    _figure(cell, say("measure.rating"), f"{now.stars.value:.2f}", change, "normal", note)


def _figure(
    cell: DeltaGenerator, name: str, value: str, change: str | None, tone: Tone, note: str, hint: str | None = None
) -> None:
    cell.metric(name, value, change, delta_color=tone, help=hint)
    if note:
        cell.caption(note)


def _points(now: float | None, then: float | None) -> str | None:
    return f"{(now - then) * 100:+.1f} pp" if now is not None and then is not None else None


def _verdict(context: Context, now: Figures, then: Figures) -> None:
    """Better, worse, or no more than chance: by the interval of the difference of the negative rates."""
    say, new, old = context.words, now.sides.negative, then.sides.negative
    if min(new.n, old.n) < measures.FEWEST:
        st.html(f'<div class="verdict">{escape(say("overview.verdict_few", now=new.n, then=old.n))}</div>')
        return
    low, high = difference(new.count, new.n, old.count, old.n)
    kind = "worse" if low > 0 else "better" if high < 0 else "same"
    places = {
        "brand": context.filters.brand,
        "days": context.filters.days,
        "now": percent(new.value),
        "then": percent(old.value),
        "low": f"{low * 100:+.1f}",
        "high": f"{high * 100:+.1f}",
    }
    st.html(f'<div class="verdict {kind}">{escape(say(f"overview.verdict_{kind}", **places))}</div>')
