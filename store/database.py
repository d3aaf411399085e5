"""Connections to one SQLite file: one per thread and process, short transactions, errors that say what to do."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from core.errors import Busy, FengpingError, HomeError, Unreachable
from store.holders import writer

_BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
_BROKEN = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_FORMAT}
_REASONS = {
    sqlite3.SQLITE_FULL: "the disk is full. Free some space and start again",
    sqlite3.SQLITE_IOERR: "the disk failed to read or write it. Look at it (full, removed, failing) and start again",
    sqlite3.SQLITE_READONLY: "it may only be read. Give this user the right to write it and its folder",
    sqlite3.SQLITE_CANTOPEN: "it cannot be opened. See that its folder exists and this user may write there",
    sqlite3.SQLITE_PERM: "this user may not open it. Give this user the right to",
    sqlite3.SQLITE_AUTH: "this user may not open it. Give this user the right to",
    sqlite3.SQLITE_NOMEM: "there is no memory left. Close something and start again",
}
_ATTEMPTS = 100
_PATIENCE = 2.0
"""Seconds to wait for readers before the log is left for later."""
# Write-ahead log: readers never wait, and a commit is in the operating system's hands before it returns, so
# kill -9 loses nothing committed. NORMAL leaves out one fsync per commit: a power cut may take back the last
# commits as a whole (never half of one), which crawling and reading simply do again. Erasures ask for FULL.
# A log of up to 32 MB between checkpoints: ids fall on random pages, which are then written back once, not often.
# secure_delete: what is erased is overwritten, not only unlinked.
_PRAGMAS = (
    "PRAGMA synchronous = NORMAL",
    "PRAGMA secure_delete = ON",
    "PRAGMA wal_autocheckpoint = 8000",
    "PRAGMA cache_size = -16000",
    "PRAGMA journal_size_limit = 67108864",
    "PRAGMA temp_store = MEMORY",
)


class Database:
    """One file. Safe to share between threads and across a fork: each thread and process opens its own."""

    def __init__(self, path: Path, busy_seconds: float = 30) -> None:
        self.path = path
        self._busy = busy_seconds
        self._begin_process()

    @contextmanager
    def read(self) -> Iterator[sqlite3.Connection]:
        """One consistent view of the file."""
        with self._transaction("BEGIN") as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[sqlite3.Connection]:
        """All or nothing. Raises Busy when another process writes for longer than the time-out."""
        with self._transaction("BEGIN IMMEDIATE") as connection:
            yield connection

    @contextmanager
    def bare(self) -> Iterator[sqlite3.Connection]:
        """The connection outside a transaction, for backups and checkpoints."""
        with self._explained():
            yield self._connection()

    def wipe_log(self) -> bool:
        """Moves the write-ahead log into the file and empties it, so that erased text is in neither.

        False when somebody was reading throughout: then the log still holds what it held.
        """
        with self.bare() as connection:
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute(f"PRAGMA busy_timeout = {int(min(self._busy, _PATIENCE) * 1000)}")
            blocked = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()[0][0]
            connection.execute(f"PRAGMA busy_timeout = {int(self._busy * 1000)}")
            connection.execute("PRAGMA synchronous = NORMAL")
        return not blocked

    def close(self) -> None:
        with self._lock:
            for connection in self._open.values():
                connection.close()
            self._open.clear()
            self._local = threading.local()

    @contextmanager
    def _transaction(self, begin: str) -> Iterator[sqlite3.Connection]:
        with self._explained():
            connection = self._connection()
            connection.execute(begin)
            try:
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise

    def _begin_process(self) -> None:
        self._pid = os.getpid()
        self._lock = threading.Lock()
        self._open: dict[threading.Thread, sqlite3.Connection] = {}
        self._local = threading.local()

    def _connection(self) -> sqlite3.Connection:
        if self._pid != os.getpid():
            # Closing a parent's connection in a child would touch the parent's locks: keep them, untouched.
            self._inherited = self._open
            self._begin_process()
        held: sqlite3.Connection | None = getattr(self._local, "held", None)
        if held is None:
            held = self._local.held = self._connect()
        return held

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self.path, timeout=self._busy, isolation_level=None, check_same_thread=False, cached_statements=256
        )
        try:
            _use_log(connection)
            for pragma in _PRAGMAS:
                connection.execute(pragma).fetchall()
        except BaseException:
            connection.close()
            raise
        with self._lock:
            self._close_left_behind()
            self._open[threading.current_thread()] = connection
        return connection

    def _close_left_behind(self) -> None:
        for thread in [t for t in self._open if not t.is_alive()]:
            self._open.pop(thread).close()

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.DatabaseError as error:
            raise explain(error, self.path) from error


def _use_log(connection: sqlite3.Connection) -> None:
    """Switches a new file to the write-ahead log. Unlike a transaction, the switch does not wait for others who do it
    at the same moment: so wait by an empty transaction, and look again."""
    for attempt in range(_ATTEMPTS):
        try:
            connection.execute("PRAGMA journal_mode = WAL").fetchall()
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF not in _BUSY or attempt == _ATTEMPTS - 1:
                raise
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("COMMIT")


def explain(error: sqlite3.DatabaseError, path: Path) -> Exception:
    """The same trouble in the program's own terms; an error of our own SQL stays what it is."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code in _BUSY:
        return Busy(f"{path} is being written by {writer(path)}, and waiting did not help. Let it finish, or end it.")
    if code in _BROKEN:
        return damaged(path, str(error))
    if code in _REASONS:
        return Unreachable(f"{path} cannot be used: {_REASONS[code]} ({error}).")
    return error


def damaged(path: Path, why: str) -> FengpingError:
    return HomeError(
        f"{path} is damaged ({why}), probably by a failing disk or a copy made while it was written. Stop fengping,"
        " move the file and those beside it ending in -wal and -shm away, and put a backup in its place; without one,"
        f" `sqlite3 {path.name} .recover` saves what can still be read."
    )
