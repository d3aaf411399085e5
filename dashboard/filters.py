"""What the reader chose to look at: kept in the address, so that a link shows the same thing to somebody else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from core.tree import Node, Range, Term, both, either

PERIODS = {"7d": 7, "28d": 28, "90d": 90, "all": 0}


@dataclass(frozen=True, slots=True)
class Filters:
    """A choice of brand, period, sources and population. `start` and `end` are aware, `end` is exclusive."""

    brand: str
    period: str
    sources: tuple[str, ...]
    duplicates: bool
    irrelevant: bool
    promoted: bool
    start: datetime | None
    end: datetime | None

    @property
    def days(self) -> int:
        return PERIODS[self.period]


def bounds(period: str, today: date, zone: ZoneInfo) -> tuple[datetime | None, datetime | None]:
    """The half-open stretch of whole days, today included, in the project's zone."""
    if not PERIODS[period]:
        return None, None
    end = datetime.combine(today + timedelta(days=1), time(), zone)
    return end - timedelta(days=PERIODS[period]), end


def before(filters: Filters) -> tuple[datetime | None, datetime | None]:
    """The stretch of the same length just before, for comparing."""
    if filters.start is None or filters.end is None:
        return None, None
    return filters.start - timedelta(days=filters.days), filters.start


def conditions(sources: Sequence[str], start: datetime | None, end: datetime | None) -> Node:
    """Sources and period as a query; brand and population are added by the measures."""
    parts: list[Node] = []
    if sources:
        parts.append(either(*(Term("source", s) for s in sources)))
    if start is not None or end is not None:
        parts.append(Range("date", start, end))
    return both(*parts)
