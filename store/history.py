"""Superseded states. What the index held at a generation stays known until it is pruned.

A state is kept at the moment it is overwritten, if the index holds it (`since` is its first generation) or if
somebody is indexing it just now (then the row carries their claim until `mark_indexed` says which generation).
"""

from __future__ import annotations

import sqlite3
import zlib
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from core.interfaces import Understood
from core.rereading import Words
from store.codec import from_ticks, storable, to_ticks
from store.part import Part
from store.rows import Row, all_understood, array, fetch_understood, frozen, thawed

_PAGE = 1000
_KEPT = """ WHERE m.n IN (SELECT value FROM json_each(?))
    AND (p.since IS NOT NULL OR (p.stage = 2 AND p.claim IS NOT NULL))"""
_NOT_KEPT = "NOT EXISTS (SELECT 1 FROM history h WHERE h.n = progress.n AND h.claim = progress.claim)"


def keep(connection: sqlite3.Connection, ns: Sequence[int], now: int) -> None:
    """Must be called before the state of these mentions is overwritten."""
    if not ns:
        return
    wanted = array(ns)
    bodies = {row[0]: _pack(row) for row in fetch_understood(connection, _KEPT, (wanted,))}
    if not bodies:
        return
    connection.executemany(
        f"""INSERT INTO history (n, since, claim, at, body)
            SELECT n, since, CASE WHEN since IS NULL THEN claim END, ?, ? FROM progress WHERE n = ?
            AND (since IS NOT NULL OR {_NOT_KEPT})""",  # noqa: S608
        [(now, body, n) for n, body in bodies.items()],
    )
    connection.execute("UPDATE progress SET since = NULL WHERE n IN (SELECT value FROM json_each(?))", (wanted,))


def keep_claimed(connection: sqlite3.Connection, now: int) -> None:
    """Must be called before claims for indexing are taken from their holders: they may have put the state already."""
    rows = fetch_understood(connection, " WHERE p.stage = 2 AND p.claim IS NOT NULL AND p.since IS NULL", ())
    connection.executemany(
        f"INSERT INTO history (n, claim, at, body) SELECT n, claim, ?, ? FROM progress WHERE n = ? AND {_NOT_KEPT}",  # noqa: S608
        [(now, _pack(row), row[0]) for row in rows],
    )


def claimed(connection: sqlite3.Connection, claim: int) -> list[Understood]:
    """The mentions of a claim; those overwritten while being indexed as they were before."""
    current = fetch_understood(connection, " WHERE p.claim = ?", (claim,))
    former = connection.execute("SELECT n, body FROM history WHERE claim = ?", (claim,)).fetchall()
    return _by_arrival(current, former)


def settle(connection: sqlite3.Connection, ns: Sequence[int], claim: int, generation: int) -> int:
    """Closes what a newly indexed batch replaced; returns how many of it were overwritten while being indexed.

    Those get the generation too: the index holds what they were.
    """
    wanted = array(ns)
    still = connection.execute(
        "SELECT n FROM progress WHERE claim = ? AND n IN (SELECT value FROM json_each(?))", (claim, wanted)
    ).fetchall()
    # A copy made in case the claim would be taken away counts for nothing where it was not: the state itself is there.
    connection.execute(
        "DELETE FROM history WHERE claim = ? AND n IN (SELECT value FROM json_each(?))",
        (claim, array(n for (n,) in still)),
    )
    caught = connection.execute(
        "SELECT n FROM history WHERE claim = ? AND n IN (SELECT value FROM json_each(?))", (claim, wanted)
    ).fetchall()
    connection.execute(
        "UPDATE history SET until = ? WHERE until IS NULL AND since IS NOT NULL"
        " AND n IN (SELECT value FROM json_each(?))",
        (generation, array(n for (n,) in caught + still)),
    )
    connection.execute(
        "UPDATE history SET since = ?, claim = NULL WHERE claim = ? AND n IN (SELECT value FROM json_each(?))",
        (generation, claim, array(n for (n,) in caught)),
    )
    return len(caught)


def _pack(row: Row) -> bytes:
    return zlib.compress(frozen(row).encode(), 6)


def _unpack(body: bytes) -> Understood:
    return thawed(zlib.decompress(body).decode())


class History(Part):
    """Reading and pruning of superseded states."""

    def documents_at(self, generation: int) -> Iterator[Understood]:
        """What the index held after that generation, superseded states included (their vectors are not kept)."""
        after = 0
        while True:
            with self._db.read() as connection:
                rows = connection.execute(
                    "SELECT n, since FROM progress WHERE n > ? ORDER BY n LIMIT ?", (after, _PAGE)
                ).fetchall()
                found = _held(connection, [n for n, _ in rows], generation)
            if not rows:
                return
            yield from found
            after = rows[-1][0]

    def keep_words(self, body: str) -> None:
        """Says how questions are understood from the next generation on, where that is not known already."""
        with self._db.write() as connection:
            last = connection.execute("SELECT body FROM words ORDER BY since DESC LIMIT 1").fetchone()
            if last is None or last[0] != storable(body):
                following = connection.execute("SELECT value + 1 FROM meta WHERE key = 'generation'").fetchone()[0]
                connection.execute("INSERT OR REPLACE INTO words VALUES (?, ?)", (following, storable(body)))

    def words_at(self, generation: int) -> Words:
        """How questions were understood at a generation; `body` is "" and `at` None where that was not kept."""
        with self._db.read() as connection:
            body = connection.execute(
                "SELECT body FROM words WHERE since <= ? ORDER BY since DESC LIMIT 1", (generation,)
            ).fetchone()
            at = connection.execute("SELECT at FROM generations WHERE generation = ?", (generation,)).fetchone()
        return Words(body[0] if body else "", from_ticks(at[0]) if at else None)

    def missing_at(self, generation: int) -> int:
        """How many mentions the index held then that erasure or pruning has removed since."""
        with self._db.read() as connection:
            row = connection.execute(
                "SELECT coalesce(sum(count), 0) FROM missing WHERE since <= ? AND until > ?", (generation, generation)
            ).fetchone()
            return int(row[0])

    def prune_history(self, before: datetime) -> int:
        """Removes states superseded before that time; returns how many. Their number stays known."""
        with self._db.write() as connection:
            old = (to_ticks(before),)
            connection.execute(
                """INSERT INTO missing SELECT since, until, count(*) FROM history
                   WHERE at < ? AND until IS NOT NULL GROUP BY since, until""",
                old,
            )
            return connection.execute("DELETE FROM history WHERE at < ? AND until IS NOT NULL", old).rowcount


def _held(connection: sqlite3.Connection, ns: Sequence[int], generation: int) -> list[Understood]:
    wanted = array(ns)
    current = fetch_understood(
        connection, " WHERE m.n IN (SELECT value FROM json_each(?)) AND p.since <= ?", (wanted, generation)
    )
    former = connection.execute(
        """SELECT n, body FROM history WHERE n IN (SELECT value FROM json_each(?))
           AND since <= ? AND (until IS NULL OR until > ?)""",
        (wanted, generation, generation),
    ).fetchall()
    return _by_arrival(current, former)


def _by_arrival(current: Sequence[Row], former: Iterable[tuple[int, bytes]]) -> list[Understood]:
    """Present states and kept ones together; a kept one counts where there are both."""
    found = dict(zip((row[0] for row in current), all_understood(current), strict=True))
    found.update((n, _unpack(body)) for n, body in former)
    return [found[n] for n in sorted(found)]
