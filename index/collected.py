"""What was collected and what was not: volume in time that tells silence from blindness, and the coverage table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from core.interfaces import Interval
from core.models import SourceHealth
from core.tree import Node
from index.figures import Counts, population

_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Volume:
    """Mentions a bucket. None is "not collected": nothing came, and no source was reached for that time or later.

    `unhealthy` names, a bucket, the sources that were not reached for it; `undated` mentions stand in no bucket.
    """

    starts: tuple[datetime, ...]
    counts: tuple[int | None, ...]
    unhealthy: tuple[tuple[str, ...], ...]
    n: int
    undated: int
    query: Node


@dataclass(frozen=True, slots=True)
class Coverage:
    """What one source gave between two times. `age` is that of the newest item at the end, None where there is none."""

    source: str
    asked: int
    answered: int
    refused: int
    failed: int
    items: int
    incomplete: int
    newest: datetime | None
    age: timedelta | None
    hours: int
    hours_without: int
    notes: tuple[str, ...]


def volume_in_time(
    index: Counts,
    tree: Node,
    interval: Interval,
    timezone: str,
    health: Sequence[SourceHealth],
    until: datetime | None = None,
) -> Volume:
    """n a bucket in the viewer's zone.

    A source that answered after a bucket began was collected for it: crawls walk back to known ground. Sources without
    any health, such as imported files, are taken as collected.
    """
    asked = population(tree)
    series = index.series(asked, interval, timezone, until=until)
    reached = last_answers(health)
    counts: list[int | None] = []
    unhealthy: list[tuple[str, ...]] = []
    for start, count in zip(series.starts, series.counts[""], strict=True):
        blind = tuple(source for source, last in sorted(reached.items()) if last is None or last <= start)
        unhealthy.append(blind)
        counts.append(None if not count and reached and len(blind) == len(reached) else count)
    n = sum(series.counts[""]) + series.undated
    return Volume(series.starts, tuple(counts), tuple(unhealthy), n, series.undated, asked)


def last_answers(health: Sequence[SourceHealth]) -> dict[str, datetime | None]:
    """For each source the end of the last hour in which it answered; None where it never did."""
    found: dict[str, datetime | None] = {}
    for row in health:
        known = found.setdefault(row.source, None)
        if row.answered:
            end = row.hour + _HOUR
            found[row.source] = end if known is None else max(known, end)
    return found


def coverage(health: Sequence[SourceHealth], since: datetime, until: datetime) -> tuple[Coverage, ...]:
    """The table of sources between two times, by name."""
    rows: dict[str, list[SourceHealth]] = {}
    for row in health:
        rows.setdefault(row.source, [])
        if since <= row.hour < until:
            rows[row.source].append(row)
    return tuple(_covered(source, found, since, until) for source, found in sorted(rows.items()))


def _covered(source: str, rows: Sequence[SourceHealth], since: datetime, until: datetime) -> Coverage:
    newest = max((row.newest for row in rows if row.newest is not None), default=None)
    first = since.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    hours = max(-((first - until) // _HOUR), 0)
    with_answers = len({row.hour for row in rows if row.answered})
    return Coverage(
        source,
        sum(row.asked for row in rows),
        sum(row.answered for row in rows),
        sum(row.refused for row in rows),
        sum(row.failed for row in rows),
        sum(row.items for row in rows),
        sum(row.incomplete for row in rows),
        newest,
        None if newest is None else until - newest,
        hours,
        max(hours - with_answers, 0),
        tuple(dict.fromkeys(note for row in rows for note in row.notes)),
    )
