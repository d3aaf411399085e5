"""Sudden rises: counts in trailing windows far above what rhythm, growth and volume explain.

Both count and share are watched: the expected count grows with how much is said of the brand in the same window
(without the negatives in question), so a busy day with the usual share of complaints is no incident.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import stats

from alerts.detect.baseline import WARM_UP, Baseline, Columns, Floats, Rhythm
from alerts.detect.counts import Cell, Counts, Hours

WINDOWS: dict[int, float] = {1: 6.3, 6: 5.5, 24: 4.8}
"""Window in hours -> how small chance must be, as -log10 p. Shorter windows are looked at more often. With these, three
brands of twenty-five attributes over 90 days raise a false alarm in about one world of five (docs/alerts.md)."""
SPREADING = WINDOWS | {72: 4.6}
"""For what needs days to go round: rumours, campaigns."""
STRONG = 1.0
"""A score (-log10 p over what its window asks) from here on opens an incident."""
WEAK = 0.4
"""From here on it keeps one alive, and can explain another's excess."""
_VOLUME_PRIOR = 4.0
_LEAST_WEAK = 3


@dataclass(frozen=True, slots=True)
class Signal:
    """One cell in one window that ends with a column. `score` 1.0 is the threshold."""

    cell: Cell
    column: int
    window: int
    observed: int
    expected: float
    score: float

    @property
    def excess(self) -> float:
        return self.observed - self.expected


@dataclass(frozen=True, slots=True)
class Watched:
    """What is counted, the volume that explains part of it (by brand), and the rhythm of all mentions."""

    counted: Counts
    volume: Counts
    rhythm: Rhythm


def signals(
    watched: Watched,
    columns: range,
    floor: int,
    sensitivity: float = 1.0,
    windows: Mapping[int, float] = WINDOWS,
) -> Iterator[Signal]:
    """Signals at these columns by column, then cell: for each cell the window with the best score.

    `floor` is the fewest mentions that open an incident, `sensitivity` above 1 asks for less.
    """
    first = max(columns.start, WARM_UP)
    if first >= columns.stop or not watched.counted.cells:
        return
    baseline, volumes = Baseline(watched.counted, watched.rhythm), Baseline(watched.volume, watched.rhythm)
    best: dict[tuple[int, int], Signal] = {}
    for window, asked in windows.items():
        found = _window(watched, baseline, volumes, range(first, columns.stop), window)
        for row, column, observed, expected, score in zip(*found, strict=True):
            scaled = float(score) / asked * sensitivity
            scaled = scaled if observed >= floor else min(scaled, STRONG - 0.01)
            known = best.get((int(column), int(row)))
            if scaled >= WEAK and (known is None or scaled > known.score):
                cell = watched.counted.cells[row]
                best[int(column), int(row)] = Signal(cell, int(column), window, int(observed), float(expected), scaled)
    yield from (best[key] for key in sorted(best))


def _window(
    watched: Watched, baseline: Baseline, volumes: Baseline, columns: range, window: int
) -> tuple[Columns, Columns, Hours, Floats, Floats]:
    """Row, column, observed, expected and -log10 p of every pair with enough mentions."""
    counted = watched.counted.trailing(window)
    rows, offsets = np.nonzero(counted[:, columns.start : columns.stop] >= _LEAST_WEAK)
    at = offsets + columns.start
    observed = counted[rows, at]
    expected, dispersion = baseline.expected(rows, at, window)
    ratio, unsure = _volume_ratio(watched, volumes, rows, at, window, observed, expected)
    expected, dispersion = expected * ratio, dispersion + unsure
    return rows, at, observed, expected, chance(observed, expected, dispersion)


def chance(observed: npt.NDArray[np.int64], expected: Floats, dispersion: Floats) -> Floats:
    """-log10 of the probability of at least so many under a negative binomial."""
    size = 1 / dispersion
    tail = stats.nbinom.logsf(observed - 1, size, size / (size + expected))
    return np.asarray(-tail / np.log(10), dtype=np.float64)


def _volume_ratio(
    watched: Watched, volumes: Baseline, rows: Columns, at: Columns, window: int, observed: Hours, expected: Floats
) -> tuple[Floats, Floats]:
    """How many times more than usual is said of the brand beside the negatives in question; at least 1.

    Second, the dispersion that not knowing this ratio better adds.
    """
    of_brand = {cell.brand: row for row, cell in enumerate(watched.volume.cells)}
    brands = np.array([of_brand.get(cell.brand, -1) for cell in watched.counted.cells], dtype=np.intp)[rows]
    ratio, unsure = np.ones(len(rows)), np.zeros(len(rows))
    known = np.flatnonzero(brands >= 0)
    said = watched.volume.trailing(window)[brands[known], at[known]]
    usual, _ = volumes.expected(brands[known], at[known], window)
    other = np.maximum(said - observed[known], 0) + _VOLUME_PRIOR
    ratio[known] = other / (np.maximum(usual - expected[known], 0) + _VOLUME_PRIOR)
    unsure[known] = np.where(ratio[known] > 1, 1 / other, 0.0)
    return np.maximum(ratio, 1.0), unsure
