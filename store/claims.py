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

STAGES: dict[Stage, int] = {"read": 0, "relate": 1, "index": 2}
DONE = 3


class Claims(Part):
    """Claiming, and giving back."""

    def claim(self, stage: Stage, n: int, lease_seconds: float) -> Batch:
        """Up to n mentions that wait for the stage, in order of arrival; the token is "" when none wait."""
        start = self._clock()
        expires, token = start + timedelta(seconds=lease_seconds), secrets.token_hex(8)
        with self._db.write() as connection:
            _expire(connection, to_ticks(start))
            ids = _take(connection, STAGES[stage], n, token, to_ticks(expires))
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


def _take(connection: sqlite3.Connection, stage: int, n: int, token: str, expires: int) -> tuple[str, ...]:
    claim = connection.execute(
        "INSERT INTO claims (token, stage, expires) VALUES (?, ?, ?)", (token, stage, expires)
    ).lastrowid
    rows = connection.execute(
        """UPDATE progress SET claim = ? WHERE n IN (
               SELECT n FROM progress WHERE stage = ? AND stage < 3 AND claim IS NULL ORDER BY n LIMIT ?)
           RETURNING n, (SELECT id FROM mentions WHERE mentions.n = progress.n)""",
        (claim, stage, max(n, 0)),
    ).fetchall()
    if not rows:
        connection.execute("DELETE FROM claims WHERE id = ?", (claim,))
    return tuple(id for _, id in sorted(rows))


def _expire(connection: sqlite3.Connection, now: int) -> None:
    for (claim,) in connection.execute("DELETE FROM claims WHERE expires <= ? RETURNING id", (now,)).fetchall():
        _free(connection, claim)


def _free(connection: sqlite3.Connection, claim: int) -> None:
    connection.execute("UPDATE progress SET claim = NULL WHERE claim = ?", (claim,))
    connection.execute("DELETE FROM history WHERE claim = ?", (claim,))
