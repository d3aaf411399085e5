"""Source health as pages hold it: hours long past do not change, so only the latest are read from the store again."""

from __future__ import annotations

from datetime import datetime, timedelta
from threading import Lock

from core.models import SourceHealth
from store.scoped import Scoped

OPEN_FOR = timedelta(hours=3)
"""A crawl adds to the hour it runs in; longer than this after, nobody does."""
FORGET_AFTER = timedelta(hours=1)
"""All is read anew now and then, since retention takes old hours away."""


class Hours:
    """The health rows of one store, shared by all viewers of one scope."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._past: list[SourceHealth] = []
        self._until: datetime | None = None
        self._read_at: datetime | None = None

    def rows(self, store: Scoped, now: datetime) -> list[SourceHealth]:
        """Every row, in the order of the hours within the past and within the present."""
        with self._lock:
            if self._read_at is None or self._until is None or not timedelta(0) <= now - self._read_at < FORGET_AFTER:
                self._until, self._read_at = _whole_hour(now - OPEN_FOR), now
                every = store.health()
                self._past = [r for r in every if r.hour < self._until]
                return every
            return [*self._past, *store.health(self._until)]


def _whole_hour(moment: datetime) -> datetime:
    return moment.replace(minute=0, second=0, microsecond=0)
