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
    """The 95 % interval in words; "" where a figure has none."""
    if figure.low is None or figure.high is None:
        return ""
    show = signed if plus else percent
    return say("measure.interval", low=show(figure.low), high=show(figure.high))


def age(passed: timedelta, say: Words) -> str:
    hours = passed.total_seconds() / 3600
    return say("sources.hours", n=f"{hours:.0f}") if hours < 72 else say("sources.daysago", n=f"{hours / 24:.0f}")
