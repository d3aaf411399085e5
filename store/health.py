"""What each source did in each hour. Rows add up."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import datetime

from core.models import SourceHealth
from store.codec import decode, dumps, encode, loads, storable, to_ticks
from store.part import Part

_EVER = -(2**62)
_COUNTS = ("asked", "answered", "refused", "failed", "items", "incomplete")


class Health(Part):
    """Adding and reading them."""

    def add_health(self, rows: Sequence[SourceHealth]) -> None:
        with self._db.write() as connection:
            add_health(connection, rows)

    def health(self, since: datetime | None = None, source: str = "") -> list[SourceHealth]:
        """By source, then hour; the hour that holds `since` is the first."""
        first = _EVER if since is None else _hour(since)
        name = storable(source)
        with self._db.read() as connection:
            rows = connection.execute(
                """SELECT source, hour, body FROM health WHERE hour >= ? AND (? = '' OR source = ?)
                   ORDER BY source, hour""",
                (first, name, name),
            ).fetchall()
        return [_row(*row) for row in rows]


def add_health(connection: sqlite3.Connection, rows: Sequence[SourceHealth]) -> None:
    """Adds inside the caller's transaction. Counts are summed, the newest item and all notes are kept."""
    sums: dict[tuple[str, int], SourceHealth] = {}
    for row in rows:
        key = storable(row.source), _hour(row.hour)
        former = sums.get(key) or _stored(connection, key)
        sums[key] = row if former is None else _sum(former, row)
    connection.executemany(
        "INSERT OR REPLACE INTO health VALUES (?, ?, ?)", [(*key, _body(row)) for key, row in sums.items()]
    )


def _hour(moment: datetime) -> int:
    return to_ticks(moment) // 3_600_000_000 * 3_600_000_000


def _stored(connection: sqlite3.Connection, key: tuple[str, int]) -> SourceHealth | None:
    row = connection.execute("SELECT source, hour, body FROM health WHERE source = ? AND hour = ?", key).fetchone()
    return None if row is None else _row(*row)


def _sum(one: SourceHealth, other: SourceHealth) -> SourceHealth:
    counts = {name: getattr(one, name) + getattr(other, name) for name in _COUNTS}
    newest = max((n for n in (one.newest, other.newest) if n is not None), default=None)
    notes = tuple(dict.fromkeys((*one.notes, *other.notes)))
    return SourceHealth(source=one.source, hour=one.hour, newest=newest, notes=notes, **counts)


def _body(row: SourceHealth) -> str:
    body = encode(row)
    del body["source"], body["hour"]
    return dumps(body)


def _row(source: str, hour: int, body: str) -> SourceHealth:
    return decode(SourceHealth, {**loads(body), "source": source, "hour": hour})
