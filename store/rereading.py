"""Readings that are made again: what is claimed first, and what is as it was."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from core.models import Versions
from store.claims import STAGES, held
from store.codec import identifier, storable
from store.part import Part
from store.rows import array
from store.saving import back_in_place, made

VIEWS_KEPT = 100
_READ = STAGES["read"]
_IN = " IN (SELECT value FROM json_each(?))"


class Rereading(Part):
    """Order and short cuts of the stage `read`."""

    def waiting_mapped(self, model: str) -> int:
        """How many wait for `read` whose reading that model made: they need only be mapped again."""
        with self._db.read() as connection:
            row = connection.execute(
                """SELECT count(*) FROM progress WHERE stage = 0
                   AND reading IN (SELECT id FROM versions WHERE model = ?)""",
                (storable(model),),
            ).fetchone()
            return int(row[0])

    def keep_readings(self, token: str, ids: Sequence[str], versions: Versions) -> int:
        """Says that the stored readings of a claim's mentions are those of these versions too; returns how many.

        Such a mention goes back to where it was: related and indexed already, it is so still.
        """
        with self._db.write() as connection:
            claim = held(connection, token, self._now())
            if claim is None or claim.stage != _READ:
                return 0
            ns = _with_readings(connection, claim.id, ids)
            back_in_place(connection, ns, made(connection, versions))
            return len(ns)

    def note_view(self, query: str) -> None:
        """Remembers that somebody looked at a query just now; the last hundred are remembered, each once."""
        with self._db.write() as connection:
            connection.execute("INSERT OR REPLACE INTO viewed VALUES (?, ?)", (storable(query), self._now()))
            connection.execute(
                "DELETE FROM viewed WHERE query NOT IN (SELECT query FROM viewed ORDER BY at DESC, query LIMIT ?)",
                (VIEWS_KEPT,),
            )

    def views(self, n: int = 20) -> list[str]:
        """Queries that were looked at, the latest first."""
        with self._db.read() as connection:
            rows = connection.execute("SELECT query FROM viewed ORDER BY at DESC, query LIMIT ?", (n,)).fetchall()
            return [query for (query,) in rows]

    def put_ahead(self, ids: Sequence[str]) -> int:
        """Which of the mentions waiting to be read again come first, in this order; returns how many of them wait.

        Replaces an earlier order. Mentions never read come before them all, the others by arrival after them.
        """
        wanted = array(ids)
        with self._db.write() as connection:
            connection.execute("DELETE FROM ahead")
            return connection.execute(
                """INSERT OR IGNORE INTO ahead (place, n)
                   SELECT w.key, p.n FROM json_each(?) w JOIN mentions m ON m.id = w.value JOIN progress p ON p.n = m.n
                   WHERE p.stage = 0 AND p.reading IS NOT NULL ORDER BY w.key""",
                (wanted,),
            ).rowcount


def _with_readings(connection: sqlite3.Connection, claim: int, ids: Sequence[str]) -> list[int]:
    rows = connection.execute(
        f"""SELECT p.n FROM progress p JOIN mentions m ON m.n = p.n
            WHERE p.claim = ? AND p.reading IS NOT NULL AND m.id{_IN}""",  # noqa: S608
        (claim, array(identifier(i) for i in ids)),
    ).fetchall()
    return [n for (n,) in rows]
