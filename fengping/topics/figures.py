"""The figures of each topic: how many, what they feel, against the period before, and whether it is new."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from fengping.topics.gather import WEEK, Counted, Wanted
from index.emerging import FALSE_DISCOVERIES, LEAST_WEEKS, WEEKS, tested

FLOOR = 3
"""A topic said less often this week is not called emerging; as for terms."""


@dataclass(slots=True)
class Tally:
    """Counts of one topic. `weeks`: the baseline weeks, oldest first, then the seven days before the end."""

    n: int = 0
    positive: int = 0
    negative: int = 0
    before: int | None = None
    weeks: tuple[int, ...] = ()
    q: float | None = None
    members: list[int] = field(default_factory=list)

    @property
    def emerging(self) -> bool:
        return self.q is not None and self.q < FALSE_DISCOVERIES


def tallies(
    mentions: Sequence[Counted], placed: Sequence[int], topics: int, wanted: Wanted, first: datetime | None
) -> list[Tally]:
    """A tally a topic; `placed` says of each mention where it belongs, -1 nowhere. `first`: see `began`."""
    baseline = baseline_weeks(wanted.end, first)
    found = [Tally(before=None if wanted.start is None else 0) for _ in range(topics)]
    weekly = [[0] * (baseline + 1) for _ in range(topics)]
    for place, (mention, where) in enumerate(zip(mentions, placed, strict=True)):
        if where < 0:
            continue
        _count(found[where], mention, place, wanted)
        if mention.at is not None and (week := (wanted.end - mention.at) // WEEK) in range(baseline + 1):
            weekly[where][baseline - week] += 1
    if baseline >= LEAST_WEEKS:
        _test(found, weekly)
    return found


def baseline_weeks(end: datetime, first: datetime | None) -> int:
    """Whole weeks of collecting before the last seven days, at most WEEKS."""
    return 0 if first is None else max(min(WEEKS, (end - WEEK - first) // WEEK), 0)


def _count(tally: Tally, mention: Counted, place: int, wanted: Wanted) -> None:
    if mention.now:
        tally.n += 1
        tally.positive += mention.polarity == "positive"
        tally.negative += mention.polarity == "negative"
        tally.members.append(place)
    elif tally.before is not None and mention.at is not None and wanted.start is not None:
        tally.before += mention.at >= wanted.start - (wanted.end - wanted.start)


def _test(found: Sequence[Tally], weekly: Sequence[Sequence[int]]) -> None:
    """All topics of the run are tested together (measures.md: emerging topic)."""
    often = [k for k, weeks in enumerate(weekly) if weeks[-1] >= FLOOR]
    rows = [("topic", str(k), weekly[k][-1], tuple(weekly[k][:-1])) for k in often]
    for k, term in zip(often, tested(rows), strict=True):
        found[k].q = term.q
    for tally, weeks in zip(found, weekly, strict=True):
        tally.weeks = tuple(weeks)
