"""Figures as people read them: percent, points, intervals, ages."""

from __future__ import annotations

from datetime import timedelta

from dashboard.words import Words
from index.measures import Figure, Rate

NOTHING = "—"


def percent(value: float | None, digits: int = 1) -> str:
    return NOTHING if value is None else f"{value:.{digits}%}"


def signed(value: float | None, digits: int = 1) -> str:
    return NOTHING if value is None else f"{value:+.{digits}%}"


def interval(figure: Figure | Rate, say: Words, plus: bool = False) -> str:
    """The 95 % interval in words; "" where a figure has none. Put right by labels, it is the rate ± half of it."""
    if figure.low is None or figure.high is None:
        return ""
    if isinstance(figure, Rate) and figure.estimate is not None:
        return say("measure.powered", rate=powered(figure), labels=figure.labels)
    show = signed if plus else percent
    return say("measure.interval", low=show(figure.low), high=show(figure.high))


def powered(rate: Rate, digits: int = 1) -> str:
    """A rate put right by labels, ± half its interval; "" for any other."""
    if rate.estimate is None or rate.low is None or rate.high is None:
        return ""
    half = max(rate.high - rate.estimate, rate.estimate - rate.low)
    return f"{percent(rate.estimate, digits)} ± {half * 100:.{digits}f}"


def age(passed: timedelta, say: Words) -> str:
    hours = passed.total_seconds() / 3600
    return say("sources.hours", n=f"{hours:.0f}") if hours < 72 else say("sources.daysago", n=f"{hours / 24:.0f}")
