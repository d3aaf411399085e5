"""Reading a Frame from the Index: seven kinds of questions, whatever the number of attributes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

import numpy as np

from alerts.detect.counts import HOUR, Cell, Frame, Hours, counts
from alerts.questions import COUNTED, NEGATIVE, POSITIVE, PRAISE, RUMOUR, SEEN
from core.interfaces import Index, Series
from core.tree import SEPARATOR, Everything, Node, Range, both

LONGEST_REPLAY = timedelta(days=400)


def read_frame(index: Index, brands: Sequence[str], first: datetime, until: datetime, query: Node) -> Frame:
    """Counts of published mentions by the hour from `first` (a whole UTC hour) to the hour that holds `until`.

    `query` narrows everything but the sources. Undated mentions are in none of it.
    """
    hours = max(int((until - first) / HOUR) + 1, 0)
    asked = _Asked(index, first, until, hours)
    counted = both(COUNTED, query)
    per_brand = {Cell(b): asked.none for b in brands}
    negatives = per_brand | asked.by(both(counted, NEGATIVE), "brand", _brand(brands))
    for brand in brands:
        negatives |= asked.by(counted, "opinion", _negative(brand), brand + SEPARATOR)
    return Frame(
        negatives=counts(first, hours, negatives),
        volume=counts(first, hours, per_brand | asked.by(counted, "brand", _brand(brands))),
        rumours=counts(first, hours, per_brand | asked.by(both(SEEN, RUMOUR, query), "brand", _brand(brands))),
        praise=counts(first, hours, per_brand | asked.by(both(SEEN, PRAISE, POSITIVE, query), "brand", _brand(brands))),
        sources=counts(first, hours, asked.by(Everything(), "source", Cell)),
    )


def first_day(index: Index, until: datetime) -> datetime | None:
    """The first UTC day with any dated mention, at most 400 days back; None without one."""
    earliest = until - LONGEST_REPLAY
    days = index.series(both(COUNTED, Range("date", earliest, None)), "day", "UTC", until=until)
    seen = (start for start, n in zip(days.starts, days.counts.get("", ()), strict=False) if n)
    first = next(seen, None)
    return None if first is None else first.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)


class _Asked:
    """Hourly series laid over the hours of one frame."""

    def __init__(self, index: Index, first: datetime, until: datetime, hours: int) -> None:
        self._index, self._first, self._until, self._hours = index, first, until, hours
        self.none: Hours = np.zeros(hours, dtype=np.int64)

    def by(self, tree: Node, field: str, cell: Callable[[str], Cell | None], prefix: str = "") -> dict[Cell, Hours]:
        """A row for each key that `cell` wants."""
        narrowed = both(tree, Range("date", self._first, self._first + self._hours * HOUR))
        series = self._index.series(narrowed, "hour", "UTC", split=field, until=self._until, prefix=prefix)
        named = ((cell(key), key) for key in series.counts)
        return {c: self._laid(series, key) for c, key in named if c is not None}

    def _laid(self, series: Series, key: str) -> Hours:
        row = self.none.copy()
        if series.starts:
            start = int((series.starts[0] - self._first) / HOUR)
            values = np.asarray(series.counts[key], dtype=np.int64)
            low, high = max(start, 0), min(start + len(values), self._hours)
            row[low:high] = values[low - start : high - start]
        return row


def whole_hour(moment: datetime) -> datetime:
    """The UTC hour that holds a moment."""
    return moment.astimezone(UTC).replace(minute=0, second=0, microsecond=0)


def _brand(brands: Sequence[str]) -> Callable[[str], Cell | None]:
    wanted = set(brands)
    return lambda key: Cell(key) if key in wanted else None


def _negative(brand: str) -> Callable[[str], Cell | None]:
    def cell(key: str) -> Cell | None:
        target, attribute, polarity = key.split(SEPARATOR)
        return Cell(brand, attribute) if target == brand and attribute and polarity == "negative" else None

    return cell
