"""Buckets of time. Edges lie on UTC quarter hours; days, weeks and months begin at local midnight."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from core.errors import QueryError
from core.interfaces import Interval
from core.tree import And, Node, Range

MAX_BUCKETS = 100_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
QUARTER = 900_000_000
"""Microseconds of a quarter of an hour."""
_HOUR = timedelta(hours=1)


def microseconds(moment: datetime) -> int:
    """Since 1970, UTC."""
    return (moment - _EPOCH) // _MICROSECOND


def quarter(moment: datetime) -> int:
    """Quarters of an hour since 1970, UTC."""
    return microseconds(moment) // QUARTER


def from_quarter(number: int) -> datetime:
    return _EPOCH + timedelta(minutes=15 * number)


def starts(first: datetime, last: datetime, interval: Interval, zone: ZoneInfo) -> list[datetime]:
    """The beginnings, in `zone`, of the buckets from that of `first` to that of `last`. QueryError if too many."""
    found = [floor(first, interval, zone)]
    while True:
        following = _after(found[-1], interval, zone)
        if following > last:
            return found
        found.append(following)
        if len(found) > MAX_BUCKETS:
            raise QueryError(
                f"from {first:%Y-%m-%d} to {last:%Y-%m-%d} there are more than {MAX_BUCKETS} buckets "
                f"of one {interval}; ask for a longer interval or fewer days."
            )


def floor(moment: datetime, interval: Interval, zone: ZoneInfo) -> datetime:
    """The beginning of the bucket that holds a moment."""
    local = moment.astimezone(zone)
    if interval == "15m":
        return local.replace(minute=local.minute // 15 * 15, second=0, microsecond=0)
    if interval == "hour":
        return local.replace(minute=0, second=0, microsecond=0)
    midnight = datetime(local.year, local.month, local.day, tzinfo=zone)
    if interval == "week":
        midnight -= timedelta(days=midnight.weekday())
    return midnight.replace(day=1) if interval == "month" else midnight


def _after(start: datetime, interval: Interval, zone: ZoneInfo) -> datetime:
    if interval == "hour":
        # Where clocks move by half an hour (Lord Howe), an hour is half as long, or half as long again.
        here = start.astimezone(UTC)
        following = floor(here + _HOUR, "hour", zone)
        return following if following.astimezone(UTC) > here else floor(here + 2 * _HOUR, "hour", zone)
    if interval == "15m":
        return (start.astimezone(UTC) + _HOUR / 4).astimezone(zone)
    if interval == "month":
        years, month = divmod(start.month, 12)
        return start.replace(year=start.year + years, month=month + 1)
    return start + timedelta(days=7 if interval == "week" else 1)


def asked(tree: Node, field: str) -> tuple[datetime | None, datetime | None]:
    """The half-open range of a date field that every match must lie in, as far as the tree's ANDs say so."""
    low: datetime | None = None
    high: datetime | None = None
    for part in _conditions(tree):
        if isinstance(part, Range) and part.field == field:
            if isinstance(part.low, datetime):
                low = part.low if low is None else max(low, part.low)
            if isinstance(part.high, datetime):
                high = part.high if high is None else min(high, part.high)
    return low, high


def _conditions(tree: Node) -> Iterator[Node]:
    """What must hold at once: measures and scopes put ANDs around the AND that was asked."""
    if isinstance(tree, And):
        for part in tree.parts:
            yield from _conditions(part)
    else:
        yield tree


def extent(
    found: tuple[datetime, datetime] | None,
    asked_range: tuple[datetime | None, datetime | None],
    until: datetime | None,
) -> tuple[datetime, datetime] | None:
    """First and last moment of a series: as asked, else as found; None where there is neither."""
    low, high = asked_range
    if until is not None:
        high = until if high is None else min(high, until)
    first = low if low is not None else found[0] if found else None
    last = high - _MICROSECOND if high is not None else found[1] if found else None
    if first is None or last is None:
        only = first or last
        return None if only is None or found is None else (min(found[0], only), max(found[1], only))
    return None if first > last else (first, last)
