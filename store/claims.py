"""Who works on which mentions: claims with a token and an end, taken in batches."""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from core.interfaces import Stage, Understood
from core.models import Batch
from store import history
from store.codec import storable, to_ticks
from store.part import Part
from store.rows import array

STAGES: dict[Stage, int] = {"read": 0, "relate": 1, "index": 2}
DONE = 3


class Claims(Part):
    """Claiming, and giving back."""

    def claim(self, stage: Stage, n: int, lease_seconds: float, mapped_by: str = "") -> Batch:
        """Up to n mentions that wait for the stage, in order of arrival; the token is "" when none wait.

        For `read` the order is: never read, then as `put_ahead` said, then by arrival. `mapped_by` names a model: only
        mentions whose reading it made.
        """
        start = self._clock()
        expires, token = start + timedelta(seconds=lease_seconds), secrets.token_hex(8)
        with self._db.write() as connection:
            _expire(connection, to_ticks(start))
            ns = _mapped(connection, n, mapped_by) if mapped_by else _first(connection, STAGES[stage], max(n, 0))
            ids = _take(connection, STAGES[stage], ns, token, to_ticks(expires))
        return Batch(stage, token if ids else "", expires, ids)

    def claimed(self, token: str) -> list[Understood]:
        """The mentions of a claim, by order of arrival; empty when it has ended.

        A mention that changed while claimed for `index` is given as it was, which is what `mark_indexed` records; one
        that changed while claimed for another stage is left out.
        """
        with self._db.read() as connection:
            claim = held(connection, token, self._now())
            return [] if claim is None else history.claimed(connection, claim.id)

    def waiting(self, stage: Stage) -> int:
        """How many have still to go through the stage, claimed ones included."""
        with self._db.read() as connection:
            row = connection.execute("SELECT count(*) FROM progress WHERE stage = ? AND stage < 3", (STAGES[stage],))
            return int(row.fetchone()[0])

    def give_back(self, token: str) -> None:
        with self._db.write() as connection:
            row = connection.execute("DELETE FROM claims WHERE token = ? RETURNING id", (token,)).fetchone()
            if row is not None:
                _free(connection, row[0])

    def forfeit(self, leases: Sequence[str]) -> int:
        """Ends every claim and the leases so named; returns how many mentions are free again."""
        with self._db.write() as connection:
            connection.executemany("DELETE FROM leases WHERE name = ?", [(storable(name),) for name in leases])
            freed = connection.execute("SELECT count(*) FROM progress WHERE claim IS NOT NULL").fetchone()[0]
            for (claim,) in connection.execute("DELETE FROM claims RETURNING id").fetchall():
                _free(connection, claim)
        return int(freed)


@dataclass(frozen=True, slots=True)
class Held:
    """A claim that still holds."""

    id: int
    stage: int


def held(connection: sqlite3.Connection, token: str, now: int) -> Held | None:
    """The claim of a token, unless it has ended."""
    row = connection.execute("SELECT id, stage FROM claims WHERE token = ? AND expires > ?", (token, now)).fetchone()
    return None if row is None else Held(*row)


_FREE = "SELECT n FROM progress WHERE stage = ? AND stage < 3 AND claim IS NULL ORDER BY n LIMIT ?"
_NEVER_READ = "SELECT n FROM progress WHERE stage = 0 AND reading IS NULL AND claim IS NULL ORDER BY n LIMIT ?"
_AHEAD = """SELECT a.n FROM ahead a CROSS JOIN progress p ON p.n = a.n
            WHERE p.stage = 0 AND p.claim IS NULL ORDER BY a.place LIMIT ?"""
_MAPPED = """SELECT n FROM progress WHERE stage = 0 AND claim IS NULL
             AND reading IN (SELECT id FROM versions WHERE model = ?) ORDER BY n LIMIT ?"""


def _first(connection: sqlite3.Connection, stage: int, n: int) -> list[int]:
    """Up to n that are free, in the order of the stage."""
    found: dict[int, None] = {}
    if stage == STAGES["read"]:
        for query in (_NEVER_READ, _AHEAD):
            if len(found) < n:
                found.update(dict.fromkeys(k for (k,) in connection.execute(query, (n,))))
    if len(found) < n:
        found.update(dict.fromkeys(k for (k,) in connection.execute(_FREE, (stage, n))))
    return list(found)[:n]


def _mapped(connection: sqlite3.Connection, n: int, model: str) -> list[int]:
    return [k for (k,) in connection.execute(_MAPPED, (storable(model), n))]


def _take(connection: sqlite3.Connection, stage: int, ns: Sequence[int], token: str, expires: int) -> tuple[str, ...]:
    """Their ids, in the order given."""
    if not ns:
        return ()
    claim = connection.execute(
        "INSERT INTO claims (token, stage, expires) VALUES (?, ?, ?)", (token, stage, expires)
    ).lastrowid
    connection.executemany("UPDATE progress SET claim = ? WHERE n = ?", [(claim, n) for n in ns])
    rows = connection.execute("SELECT n, id FROM mentions WHERE n IN (SELECT value FROM json_each(?))", (array(ns),))
    ids = dict(rows.fetchall())
    return tuple(ids[n] for n in ns)


def _expire(connection: sqlite3.Connection, now: int) -> None:
    for (claim,) in connection.execute("DELETE FROM claims WHERE expires <= ? RETURNING id", (now,)).fetchall():
        _free(connection, claim)


def _free(connection: sqlite3.Connection, claim: int) -> None:
    connection.execute("UPDATE progress SET claim = NULL WHERE claim = ?", (claim,))
    connection.execute("DELETE FROM history WHERE claim = ?", (claim,))
