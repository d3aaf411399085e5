"""The words that charts need, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping

from core.models import POLARITIES
from dashboard.words import Words

KEYS = ("n", "time", "gap", "name", "brand", "low", "high", "polarity", "state", "ok", "failing", "none")


def chart_labels(say: Words) -> Mapping[str, str]:
    """Names of axes, tooltips and polarities."""
    return {**{k: say(f"chart.{k}") for k in KEYS}, **{p: say(f"polarity.{p}") for p in POLARITIES}}
