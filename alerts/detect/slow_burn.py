"""Slow burns: complaints that grow week after week, each step too small for anybody to notice.

A score test for a log-linear trend of weekly counts, given the weekly volume of the brand: with n complaints in K
weeks, week k is expected to hold its share of the volume, and U = Σ k (y_k - n p_k) has variance
n (Σ p_k k² - (Σ p_k k)²) (Cochran-Armitage for rates; Armitage 1955).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from alerts.detect.baseline import DAY, WEEK, Floats
from alerts.detect.counts import Counts
from alerts.detect.spike import Signal, Watched

SPANS = (4, 6, 8)
"""Weeks looked back."""
LEAST_Z = 3.5
LASTING = 2
"""Days on end that a trend must show."""
STILL = 0.6
"""A score from here on says that a slow burn told of before goes on."""
LEAST_GROWTH = 1.15
"""A week."""
_WITHOUT_PEAK_Z = 2.0
_NEAR_PEAK = 0.75
_VOLUME_PRIOR = 5.0


def slow_burns(watched: Watched, columns: range, floor: int, sensitivity: float = 1.0) -> Iterator[Signal]:
    """Signals once a day, at the columns that end a UTC day; `observed` is the last week, `expected` the first."""
    weekly = watched.counted.trailing(WEEK)
    volumes = _volumes(watched)
    for column in columns:
        if watched.counted.end(column).hour == 0 and column >= SPANS[0] * WEEK - 1:
            grown = weekly[:, column] >= 1.2 * weekly[:, column - (SPANS[0] - 1) * WEEK]
            for row in np.flatnonzero(grown & (weekly[:, column] >= floor)):
                signal = _lasting(watched.counted, weekly[row], volumes[row], int(row), column)
                if signal is not None and signal.score * sensitivity >= STILL:
                    yield replace(signal, score=signal.score * sensitivity)


def _lasting(counted: Counts, weekly: Floats, volume: Floats, row: int, column: int) -> Signal | None:
    """The signal of a day, with the least score of this and the days before: what chance piles up is soon gone."""
    found = _best(counted, weekly, volume, row, column)
    for days in range(1, LASTING):
        before = None if found is None else _best(counted, weekly, volume, row, column - days * DAY)
        if found is None or before is None:
            return None
        found = replace(found, score=min(found.score, before.score))
    return found


def _best(counted: Counts, weekly: Floats, volume: Floats, row: int, column: int) -> Signal | None:
    """The span of weeks with the clearest trend, if it is one of growth."""
    found: Signal | None = None
    for span in SPANS:
        at = column - WEEK * np.arange(span - 1, -1, -1)
        if at[0] < WEEK - 1:
            break
        seen, share = weekly[at].astype(float), volume[at] + _VOLUME_PRIOR
        z = _grown(seen, share)
        if z > 0 and (found is None or z / LEAST_Z > found.score):
            cell = counted.cells[row]
            before = float(seen[0] * share[-1] / share[0])
            found = Signal(cell, column, span * WEEK, int(seen[-1]), before, z / LEAST_Z)
    return found


def _grown(seen: Floats, volume: Floats) -> float:
    """z of the trend; 0 where it is too flat, rests on one week, or is over already."""
    z, growth = trend(seen, volume)
    peak = int(np.argmax(seen))
    others = np.arange(len(seen)) != peak
    without, _ = trend(seen[others], volume[others], np.flatnonzero(others))
    rate = seen / volume
    going_on = seen[-1] >= _NEAR_PEAK * seen[peak] and rate[-2:].mean() >= 1.5 * rate[:2].mean()
    return z if growth >= LEAST_GROWTH and without >= _WITHOUT_PEAK_Z and going_on else 0.0


def trend(seen: Floats, volume: Floats, weeks: np.ndarray | None = None) -> tuple[float, float]:
    """z of a rise and the growth a week, given what share of the volume each week holds."""
    k = np.arange(len(seen), dtype=float) if weeks is None else weeks.astype(float)
    n, p = seen.sum(), volume / volume.sum()
    spread = float((p * k**2).sum() - (p * k).sum() ** 2)
    if n == 0 or spread <= 0:
        return 0.0, 1.0
    drift = float((k * (seen - n * p)).sum())
    growth = float(np.exp(drift / (n * spread)))
    fitted = p * np.exp(np.log(growth) * k)
    fitted *= n / fitted.sum()
    restless = max(1.0, float(((seen - fitted) ** 2 / np.maximum(fitted, 0.5)).sum()) / max(len(seen) - 2, 1))
    return drift / float(np.sqrt(n * spread * restless)), growth


def _volumes(watched: Watched) -> Floats:
    """Weekly volume of each cell's brand, by the cell's row."""
    weekly = watched.volume.trailing(WEEK).astype(float)
    of_brand = {cell.brand: row for row, cell in enumerate(watched.volume.cells)}
    rows = [of_brand.get(cell.brand) for cell in watched.counted.cells]
    flat = np.ones(watched.counted.hours)
    return np.stack([flat if row is None else weekly[row] for row in rows]) if rows else np.zeros((0, DAY))
