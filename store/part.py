"""What every part of the store has in common: the file and the clock."""

from __future__ import annotations

from core.interfaces import Clock
from store.codec import to_ticks
from store.database import Database


class Part:
    """Some of the Store's methods over one file; SqliteStore puts the parts together."""

    _db: Database
    _clock: Clock

    def _now(self) -> int:
        return to_ticks(self._clock())
