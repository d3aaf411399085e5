"""The embedded Store: one SQLite file, many threads and processes."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from core.interfaces import Clock
from store.claims import Claims
from store.collecting import Collecting
from store.database import Database
from store.desk import Desk
from store.erase import Erasing
from store.frontier import FrontierTable
from store.health import Health
from store.history import History
from store.labels import People
from store.lookups import Lookups
from store.migrate import prepare
from store.rereading import Rereading
from store.saving import Saving
from store.signatures import Signatures
from store.topics import TopicTables
from store.watching import Watching


def _utc_now() -> datetime:
    return datetime.now(UTC)


class SqliteStore(
    Collecting, Claims, Saving, Lookups, History, Signatures, Erasing, FrontierTable, Health, Watching, Desk, People,
    TopicTables, Rereading,
):  # fmt: skip
    """core.interfaces.Store over one file, made or brought forward when opened.

    Raises HomeError when the file is damaged or of a later version, Busy when another process writes for longer
    than `busy_seconds`, Unreachable when the disk refuses.
    """

    def __init__(self, path: Path | str, clock: Clock = _utc_now, busy_seconds: float = 30) -> None:
        self._clock = clock
        self._db = Database(Path(path), busy_seconds)
        prepare(self._db)
        self._repeat_erasures()

    @property
    def path(self) -> Path:
        return self._db.path

    def close(self) -> None:
        self._db.close()
