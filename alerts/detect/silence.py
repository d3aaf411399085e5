"""Sources that stop delivering: a gap that their own rhythm makes too unlikely, or pages asked and none answered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

import numpy as np

from alerts.detect.baseline import WARM_UP, Baseline, Rhythm
from alerts.detect.counts import Counts
from alerts.detect.spike import Signal
from core.models import SourceHealth

LEAST_CHANCE = 4.0
"""-log10 of the chance of nothing in such a gap."""
LEAST_EXPECTED = 6.0


def silences(sources: Counts, columns: range, silent_after: Mapping[str, float]) -> Iterator[Signal]:
    """Signals of sources of which nothing was published for `silent_after` hours, though others were heard.

    Where nothing at all was published, nobody can tell silence from not having looked: that stretch is left out.
    """
    if not sources.cells or sources.hours <= WARM_UP:
        return
    heard = sources.hourly > 0
    rows = [r for r, cell in enumerate(sources.cells) if cell.brand in silent_after and heard[r].any()]
    baseline, hourly = Baseline(sources, Rhythm(sources)), Rhythm(sources).share(1)
    passed = np.concatenate([[0.0], np.cumsum(hourly)])
    last = _last_heard(heard)
    for row in rows:
        elsewhere = _last_heard(np.asarray(np.delete(heard, row, axis=0).any(axis=0))[None, :])[0]
        for column in range(max(columns.start, WARM_UP), columns.stop):
            since, known = int(last[row, column]), int(elsewhere[column])
            if since < WARM_UP or known - since < silent_after[sources.cells[row].brand]:
                continue
            signal = _silent(sources, baseline, row, since, column, passed[known + 1] - passed[since + 1])
            if signal.score >= 1:
                yield signal


def _silent(sources: Counts, baseline: Baseline, row: int, since: int, column: int, days: float) -> Signal:
    """How unlikely it is that a source published nothing for so many of its days after column `since`."""
    daily, dispersion = baseline.expected(np.array([row]), np.array([since]), 24)
    rhythm = baseline.day_share(since)
    expected = float(daily[0]) / rhythm * days
    chance = float(np.log10(1 + dispersion[0] * expected) / dispersion[0])
    score = min(chance / LEAST_CHANCE, expected / LEAST_EXPECTED)
    return Signal(sources.cells[row], column, column - since, 0, expected, score)


def _last_heard(heard: np.ndarray) -> np.ndarray:
    """For every column the last one up to it with anything; -1 before the first."""
    columns = np.where(heard, np.arange(heard.shape[1]), -1)
    return np.asarray(np.maximum.accumulate(columns, axis=1))


def unanswered(health: Sequence[SourceHealth], until: datetime, silent_after: Mapping[str, float]) -> dict[str, str]:
    """Sources that were asked during the last hours they may be silent, and answered nothing; with what happened."""
    found = {}
    for source, hours in silent_after.items():
        rows = [h for h in health if h.source == source]
        recent = [h for h in rows if until - timedelta(hours=hours) <= h.hour <= until]
        asked, failed = sum(h.asked for h in recent), sum(h.failed for h in recent)
        if len(recent) >= 3 and asked and not any(h.answered for h in recent) and any(h.answered for h in rows):
            found[source] = f"{asked} pages asked, none answered, {failed} failed"
    return found
