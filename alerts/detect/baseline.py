"""What a cell's count would be if nothing had happened, and how far chance carries it.

For a cell (brand × attribute) and a window that ends at some hour, expected is

    daily rate of the cell  ×  rhythm of the window  ×  how much more is said of the brand than usual

The daily rate comes from the 24-hour counts that ended at the same hour on each of the 2nd to 56th days before
(weights halve every four weeks), each cut off where chance ends, so that an earlier incident does not poison it, and
pulled towards the average cell of all by half a mention. The rhythm is that of all mentions: the same window of the
same weekday in up to eight former weeks, pulled towards the same window of every day where few were counted. Counts
are negative binomial: the dispersion is the cell's own, pulled towards .03, plus what the few counts behind the rate
leave unsure.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from alerts.detect.counts import Counts, Hours

Floats = npt.NDArray[np.float64]
Columns = npt.NDArray[np.intp]

DAY, WEEK = 24, 168
NEAREST, FURTHEST = 2, 56
"""Days before: yesterday is left out, since what begins slowly would excuse itself."""
HALF_LIFE = 28.0
WARM_UP = 14 * DAY
"""Hours of history before anything is judged."""
_PRIOR_COUNT = 0.5
_DISPERSION, _DISPERSION_WEIGHT, _LEAST_DISPERSION = 0.03, 30.0, 0.005
_RHYTHM_COUNT = 60.0
_CUT = 3.0
_PAGE = 20_000


class Rhythm:
    """The share of an average day that a window holds, by the hour at which it ends; from all mentions together."""

    def __init__(self, everything: Counts) -> None:
        self._total = everything.total()
        self._average = self._mean_before(self._total.trailing(DAY)[0], np.arange(NEAREST, FURTHEST + 1))
        self._shares: dict[int, Floats] = {}

    def share(self, window: int) -> Floats:
        """For every column; 1.0 of a whole day where there is too little history."""
        if window not in self._shares:
            self._shares[window] = self._share(window)
        return self._shares[window]

    def _share(self, window: int) -> Floats:
        counted = self._total.trailing(window)[0]
        weekdays = np.arange(7, FURTHEST + 1, 7)
        any_day = self._mean_before(counted, np.arange(NEAREST, FURTHEST + 1))
        same_day = self._mean_before(counted, weekdays)
        seen = same_day * np.minimum(len(weekdays), np.arange(len(counted)) // WEEK)
        blend = (seen * same_day + _RHYTHM_COUNT * any_day) / (seen + _RHYTHM_COUNT)
        share = np.divide(blend, self._average, out=np.full_like(blend, window / DAY), where=self._average > 0)
        early = np.arange(len(counted)) < WARM_UP
        clipped = np.minimum(np.maximum(share, 0.05 * window / DAY), 5.0)
        clipped[early] = window / DAY
        return clipped

    @staticmethod
    def _mean_before(counted: Hours, days: npt.NDArray[np.int64]) -> Floats:
        """Weighted mean of the values that many days before each column, as far as there are any."""
        columns = np.arange(len(counted))[:, None] - days[None, :] * DAY
        weights = np.where(columns >= DAY - 1, _weights(days)[None, :], 0.0)
        total = weights.sum(axis=1)
        sums = (weights * counted[np.maximum(columns, 0)]).sum(axis=1)
        means: Floats = np.divide(sums, total, out=np.zeros(len(counted)), where=total > 0)
        return means


class Baseline:
    """Expected counts and dispersions of any cells at any columns."""

    def __init__(self, counted: Counts, rhythm: Rhythm) -> None:
        self._daily = counted.trailing(DAY).astype(np.float64)
        self._rhythm = rhythm
        self._days = np.arange(NEAREST, FURTHEST + 1)
        self._prior = _average_cell(counted)

    def expected(self, rows: Columns, columns: Columns, window: int) -> tuple[Floats, Floats]:
        """Mean and dispersion (variance = mean + dispersion × mean²) of pairs of cell and column."""
        pages = [
            self._rates(rows[start : start + _PAGE], columns[start : start + _PAGE])
            for start in range(0, len(rows), _PAGE)
        ]
        if not pages:
            return np.zeros(0), np.zeros(0)
        rates = np.concatenate([rate for rate, _ in pages])
        return rates * self._rhythm.share(window)[columns], np.concatenate([d for _, d in pages])

    def day_share(self, column: int) -> float:
        """How much of an average day the 24 hours that end with a column hold."""
        return float(self._rhythm.share(DAY)[column])

    def _rates(self, rows: Columns, columns: Columns) -> tuple[Floats, Floats]:
        before = columns[:, None] - self._days[None, :] * DAY
        weights = np.where(before >= DAY - 1, _weights(self._days)[None, :], 0.0)
        before = np.maximum(before, 0)
        seen = self._daily[rows[:, None], before]
        rhythm = self._rhythm.share(DAY)[before]
        unsure_days = _PRIOR_COUNT / self._prior[columns]
        days = (weights * rhythm).sum(axis=1)
        for _ in range(2):
            rate = ((weights * seen).sum(axis=1) + _PRIOR_COUNT) / (days + unsure_days)
            usual = rate[:, None] * rhythm
            seen = np.minimum(seen, usual + _CUT * np.sqrt(usual + _DISPERSION * usual**2) + 1)
        rate = ((weights * seen).sum(axis=1) + _PRIOR_COUNT) / (days + unsure_days)
        usual = rate[:, None] * rhythm
        extra = (weights * ((seen - usual) ** 2 - usual)).sum(axis=1)
        scale = (weights * usual**2).sum(axis=1)
        own = (extra + _DISPERSION * _DISPERSION_WEIGHT) / (scale + _DISPERSION_WEIGHT)
        unsure = ((weights**2 * seen).sum(axis=1) + _PRIOR_COUNT) / ((weights * seen).sum(axis=1) + _PRIOR_COUNT) ** 2
        return rate, np.maximum(own, _LEAST_DISPERSION) + unsure


def _average_cell(counted: Counts) -> Floats:
    """Mentions a day in the average cell, over the 56 days before each column."""
    recent = counted.trailing(FURTHEST * DAY).sum(axis=0) / max(len(counted.cells), 1)
    days = np.minimum(np.arange(1, counted.hours + 1), FURTHEST * DAY) / DAY
    return np.maximum(np.asarray(recent / days, dtype=np.float64), 1e-3)


def _weights(days: npt.NDArray[np.int64]) -> Floats:
    return np.asarray(0.5 ** (days / HALF_LIFE), dtype=np.float64)
