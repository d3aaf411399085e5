"""What people and processes agree on: requests, named leases, settings, the audit log."""

from __future__ import annotations

from datetime import datetime, timedelta

from core.errors import InputError
from core.models import Request
from store.codec import decode, dumps, encode, from_ticks, loads, storable, to_ticks
from store.part import Part


class Desk(Part):
    """Small tables, small methods."""

    def lease_name(self, name: str, owner: str, seconds: float) -> bool:
        """True when the owner now holds the name; asking again lengthens the lease."""
        start = self._clock()
        until = to_ticks(start + timedelta(seconds=seconds))
        with self._db.write() as connection:
            row = connection.execute(
                """INSERT INTO leases VALUES (?, ?, ?) ON CONFLICT (name) DO UPDATE
                   SET owner = excluded.owner, expires = excluded.expires
                   WHERE owner = excluded.owner OR expires <= ? RETURNING name""",
                (storable(name), storable(owner), until, to_ticks(start)),
            ).fetchone()
        return row is not None

    def drop_lease(self, name: str, owner: str) -> None:
        with self._db.write() as connection:
            connection.execute("DELETE FROM leases WHERE name = ? AND owner = ?", (storable(name), storable(owner)))

    def ask(self, request: Request) -> None:
        """Asking twice under one id is asking once."""
        body = encode(request)
        for name in ("id", "state"):
            body.pop(name, None)
        with self._db.write() as connection:
            connection.execute(
                "INSERT OR IGNORE INTO requests (id, state, asked, body) VALUES (?, ?, ?, ?)",
                (storable(request.id), request.state, to_ticks(request.asked_at), dumps(body)),
            )

    def requests(self, state: str = "") -> list[Request]:
        """Oldest first."""
        with self._db.read() as connection:
            rows = connection.execute(
                "SELECT id, state, body FROM requests WHERE ? IN ('', state) ORDER BY asked, seq", (state,)
            ).fetchall()
        return [decode(Request, {**loads(body), "id": id, "state": now}) for id, now, body in rows]

    def set_request(self, id: str, state: str, detail: str = "") -> None:
        """Raises InputError for an id that was never asked."""
        with self._db.write() as connection:
            row = connection.execute("SELECT body FROM requests WHERE id = ?", (storable(id),)).fetchone()
            if row is None:
                raise InputError(f"no request has the id {id!r}; `requests()` lists those there are.")
            body = dumps({**loads(row[0]), "detail": detail})
            connection.execute("UPDATE requests SET state = ?, body = ? WHERE id = ?", (state, body, storable(id)))

    def setting(self, key: str) -> str:
        with self._db.read() as connection:
            row = connection.execute("SELECT value FROM settings WHERE key = ?", (storable(key),)).fetchone()
            return "" if row is None else str(row[0])

    def set_setting(self, key: str, value: str) -> None:
        with self._db.write() as connection:
            connection.execute("INSERT OR REPLACE INTO settings VALUES (?, ?)", (storable(key), storable(value)))

    def audit(self, actor: str, action: str, detail: str) -> None:
        with self._db.write() as connection:
            connection.execute(
                "INSERT INTO audits (at, actor, action, detail) VALUES (?, ?, ?, ?)",
                (self._now(), storable(actor), storable(action), storable(detail)),
            )

    def audits(self, n: int = 100) -> list[tuple[datetime, str, str, str]]:
        """Newest first."""
        with self._db.read() as connection:
            rows = connection.execute(
                "SELECT at, actor, action, detail FROM audits ORDER BY id DESC LIMIT ?", (n,)
            ).fetchall()
        return [(from_ticks(at), actor, action, detail) for at, actor, action, detail in rows]
