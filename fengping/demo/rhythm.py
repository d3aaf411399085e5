"""When people post: the hours of a day and the days of a week in China."""

from __future__ import annotations

from bisect import bisect
from itertools import accumulate
from random import Random

DAY = 86_400
LOCAL = 8 * 3600
"""Seconds that China's clocks are ahead of UTC, all year."""
_HOURS = (
    1.6, 0.9, 0.5, 0.35, 0.3, 0.5, 1.1, 2.2, 3.4, 4.3, 4.9, 5.1,
    5.8, 5.2, 4.6, 4.5, 4.6, 4.7, 5.0, 5.9, 7.0, 7.4, 6.3, 3.7,
)  # fmt: skip
_WEEK = (0.96, 0.94, 0.95, 0.97, 1.02, 1.12, 1.09)
_BOUNDS = [b / sum(_HOURS) for b in accumulate(_HOURS)][:-1]


def moment(local_midnight: float, random: Random) -> float:
    """A second within the day that begins at `local_midnight`, more likely in the evening."""
    return local_midnight + (bisect(_BOUNDS, random.random()) + random.random()) * 3600


def busy(second: float) -> float:
    """How busy the hour of a moment is; the mean over a day is 1."""
    hour = int((second + LOCAL) % DAY // 3600)
    return _HOURS[hour] * 24 / sum(_HOURS)


def of_week(second: float) -> float:
    """How busy the weekday of a moment is; the mean over a week is about 1."""
    return _WEEK[int((second + LOCAL) // DAY + 3) % 7]
