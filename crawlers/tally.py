"""Counting what a source did, by the hour, until the counts are stored with the pages they belong to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime

from core.models import Mention, SourceHealth
from crawlers.visit import Visit

MOST_NOTES = 12


class Tally:
    """Makes rows of SourceHealth. Every page asked is answered, refused or failed."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._noted: set[str] = set()

    def row(
        self,
        visits: Sequence[Visit],
        mentions: Sequence[Sequence[Mention]],
        at: datetime,
        remarks: Sequence[str] = (),
    ) -> SourceHealth:
        """One batch of finished pages, with the mentions of each, in the hour of `at`."""
        outcomes = Counter(visit.outcome for visit in visits)
        items = sum(len(visit.parsed.items) for visit in visits)
        dates = (m.published_at for found in mentions for m in found if m.published_at is not None)
        return SourceHealth(
            source=self._source,
            hour=_hour(at),
            asked=len(visits),
            answered=outcomes["answered"],
            refused=outcomes["refused"],
            failed=outcomes["failed"],
            items=items,
            incomplete=sum(visit.parsed.incomplete for visit in visits) + items - sum(map(len, mentions)),
            newest=max((date for date in dates if date <= at), default=None),
            notes=self._notes((*(visit.note or visit.parsed.broken for visit in visits), *remarks)),
        )

    def remark(self, text: str, at: datetime) -> SourceHealth:
        """A row of words alone."""
        return SourceHealth(source=self._source, hour=_hour(at), notes=(text,))

    def _notes(self, texts: Iterable[str]) -> tuple[str, ...]:
        """A site that fails a thousand times in a thousand ways is told by its first dozen."""
        found: dict[str, None] = {}
        for text in texts:
            if text and (text in self._noted or len(self._noted) < MOST_NOTES):
                self._noted.add(text)
                found[text] = None
        return tuple(found)


def summed(rows: Iterable[SourceHealth]) -> tuple[SourceHealth, ...]:
    """Rows of one source with those of the same hour added up, by hour."""
    total: dict[datetime, SourceHealth] = {}
    for row in rows:
        former = total.get(row.hour)
        total[row.hour] = row if former is None else _added(former, row)
    return tuple(total[hour] for hour in sorted(total))


def _added(one: SourceHealth, other: SourceHealth) -> SourceHealth:
    newest = max((n for n in (one.newest, other.newest) if n is not None), default=None)
    return SourceHealth(
        one.source,
        one.hour,
        one.asked + other.asked,
        one.answered + other.answered,
        one.refused + other.refused,
        one.failed + other.failed,
        one.items + other.items,
        one.incomplete + other.incomplete,
        newest,
        tuple(dict.fromkeys((*one.notes, *other.notes))),
    )


def _hour(at: datetime) -> datetime:
    return at.replace(minute=0, second=0, microsecond=0)
