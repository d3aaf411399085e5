"""The words that charts need, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping

from core.models import POLARITIES
from dashboard.words import Words
from reports.charts import STATES

KEYS = ("n", "answered", "time", "gap", "name", "brand", "low", "high", "polarity", "state")


def chart_labels(say: Words) -> Mapping[str, str]:
    """Names of axes, tooltips and polarities."""
    return {
        **{k: say(f"chart.{k}") for k in KEYS},
        **{p: say(f"polarity.{p}") for p in POLARITIES},
        **{s: say(f"state.{s}") for s in STATES},
    }
