"""Pages as they came, compressed, in one SQLite file.

As fast as one file a page (about 3,000 pages of 25 kB a second either way, most of it compression), and better at
the rest: kill -9 leaves no half page, pruning a million pages is one statement, and what is deleted is overwritten.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from store.codec import identifier, storable, to_ticks
from store.database import Database, damaged
from store.migrate import prepare
from store.rows import array

_LEVEL = 1
"""Level 6 takes three times as long for a tenth less: a crawler waits for every page."""
_STEPS = (
    """
CREATE TABLE pages (
    n INTEGER PRIMARY KEY, digest TEXT NOT NULL UNIQUE, at INTEGER NOT NULL, url TEXT NOT NULL, body BLOB NOT NULL
);
CREATE INDEX pages_at ON pages (at);
""",
)


class RawFolder:
    """core.interfaces.RawPages in a folder, made at the first page. Threads and processes may share it."""

    def __init__(self, path: Path | str, busy_seconds: float = 30) -> None:
        self._folder = Path(path)
        self._db = Database(self._folder / "pages.sqlite", busy_seconds)
        self._ready = False

    def put(self, body: bytes, url: str, at: datetime) -> str:
        """Stores a page and returns its digest; a page known already is kept from its newest time on."""
        digest = hashlib.sha256(body).hexdigest()[:32]
        packed = zlib.compress(body, _LEVEL)
        self._prepare()
        with self._db.write() as connection:
            connection.execute(
                """INSERT INTO pages (digest, at, url, body) VALUES (?, ?, ?, ?)
                   ON CONFLICT (digest) DO UPDATE SET at = max(at, excluded.at)""",
                (digest, to_ticks(at), storable(url), packed),
            )
        return digest

    def get(self, digest: str) -> bytes | None:
        if not self._exists():
            return None
        with self._db.read() as connection:
            row = connection.execute("SELECT body FROM pages WHERE digest = ?", (identifier(digest),)).fetchone()
        return None if row is None else self._unpack(row[0])

    def delete(self, digests: Iterable[str]) -> int:
        """Removes pages and overwrites their place; returns how many there were."""
        return self._remove("digest IN (SELECT value FROM json_each(?))", array(digests))

    def prune(self, before: datetime) -> int:
        """Removes pages last seen before that time; returns how many."""
        return self._remove("at < ?", to_ticks(before))

    def close(self) -> None:
        self._db.close()

    def _unpack(self, packed: bytes) -> bytes:
        try:
            return zlib.decompress(packed)
        except zlib.error as error:
            raise damaged(self._db.path, str(error)) from error

    def _remove(self, where: str, value: object) -> int:
        if not self._exists():
            return 0
        with self._db.write() as connection:
            gone = connection.execute(f"DELETE FROM pages WHERE {where}", (value,)).rowcount  # noqa: S608
        if gone:
            self._db.wipe_log()
        return gone

    def _exists(self) -> bool:
        if not self._ready and not self._db.path.exists():
            return False
        self._prepare()
        return True

    def _prepare(self) -> None:
        if not self._ready:
            self._folder.mkdir(parents=True, exist_ok=True)
            prepare(self._db, _STEPS)
            self._ready = True
