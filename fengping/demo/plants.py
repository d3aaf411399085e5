"""What is planted: where, when, how much. Sizes are measured against the calm world they are planted in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil
from random import Random

import numpy as np
from numpy.typing import NDArray

from fengping.demo.records import PlantKind, Shape
from fengping.demo.rhythm import DAY, busy

HOUR = 3600
LEAST = 8
"""The fewest negatives that an incident adds in its first day."""
DEVIATIONS = 6
WEEKLY_GROWTH = 1.3
_AFTER: dict[Shape, tuple[float, ...]] = {"step": (0.6, 0.3), "ramp": (0.9, 0.5, 0.25), "pulse": (), "": ()}
"""How much more comes on the days after the first, as a part of it."""
SHAPES: tuple[Shape, ...] = ("step", "ramp", "pulse")


@dataclass(frozen=True, slots=True)
class Plan:
    """One thing to plant. `days` is how long a campaign or a silence lasts, `weeks` a slow burn; times in seconds."""

    kind: PlantKind
    name: str
    brand: int
    product: int
    attributes: tuple[str, ...]
    start: float
    shape: Shape = ""
    factor: float = 1.0
    source: str = ""
    days: float = 1.0
    weeks: int = 0


class CalmCounts:
    """Negative mentions of the calm world by brand and attribute, in hours from `start`.

    `negatives` names a mention once for each brand and attribute that it complains of, ancestors included.
    """

    def __init__(self, start: float, end: float, negatives: Iterable[tuple[float, str, str]]) -> None:
        self._hours = max(25, ceil((end - start) / HOUR))
        self._start = start
        times: dict[tuple[str, str], list[float]] = defaultdict(list)
        for when, brand, path in negatives:
            times[brand, path].append(when)
        self._times = times

    def deviation(self, brand: str, path: str) -> float:
        """Standard deviation of the count in every window of 24 hours that begins at a full hour from the start."""
        return float(np.std(self._windows(brand, path)))

    def weekly(self, brand: str, path: str) -> float:
        """Mean count a week."""
        return len(self._times.get((brand, path), ())) * 168 / self._hours

    def _windows(self, brand: str, path: str) -> NDArray[np.float64]:
        hours = (np.asarray(self._times.get((brand, path), ()), dtype=float) - self._start) // HOUR
        counts = np.bincount(hours.astype(int), minlength=self._hours)[: self._hours]
        sums = np.concatenate(([0.0], np.cumsum(counts)))
        return np.asarray(sums[24:] - sums[:-24], dtype=np.float64)


def smallest(deviation: float) -> int:
    """How many negatives an incident adds at least in its first day."""
    return max(LEAST, ceil(DEVIATIONS * deviation))


def incident_times(plan: Plan, first_day: int, end: float, random: Random) -> list[float]:
    """When the mentions of a sudden incident come: exactly `first_day` of them within 24 hours of its start."""
    times = [plan.start + _offset(plan.shape, plan.start, random) for _ in range(first_day)]
    for number, part in enumerate(_AFTER[plan.shape], start=1):
        midnight = plan.start + number * DAY
        later = [midnight + _offset("step", midnight, random) for _ in range(round(first_day * part))]
        times.extend(t for t in later if t < end)
    return sorted(times)


def burn_times(plan: Plan, weekly: float, end: float, random: Random) -> list[float]:
    """When the mentions of a slow burn come: each week's total grows by 30 % over the last."""
    times: list[float] = []
    for week in range(1, plan.weeks + 1):
        begins = plan.start + (week - 1) * 7 * DAY
        for _ in range(round(weekly * (WEEKLY_GROWTH**week - 1))):
            midnight = begins + int(random.random() * 7) * DAY
            times.append(midnight + _offset("step", midnight, random))
    return sorted(t for t in times if t < end)


def spread_times(plan: Plan, count: int, end: float, random: Random) -> list[float]:
    """When the mentions of a rumour or a campaign come: the first half sooner than the second."""
    span = min(plan.days * DAY, end - plan.start)
    return sorted(plan.start + span * random.random() ** 1.3 for _ in range(count))


def _offset(shape: Shape, start: float, random: Random) -> float:
    """Seconds into the day, fewer at night; a ramp rises over the day and a pulse is over in five hours."""
    while True:
        u = random.random()
        seconds = u**0.5 * DAY if shape == "ramp" else u * 5 * HOUR if shape == "pulse" else u * DAY
        if shape == "pulse" or random.random() * 2 < busy(start + seconds) + 0.15:
            return min(seconds, DAY - 1)


def choose_attribute(counts: CalmCounts, brand: str, paths: Sequence[str], least: float, random: Random) -> str:
    """One of the paths that have at least `least` negatives a week, or the one that has most."""
    enough = [p for p in paths if counts.weekly(brand, p) >= least]
    if enough:
        return enough[int(random.random() * len(enough))]
    return max(paths, key=lambda p: (counts.weekly(brand, p), p))
