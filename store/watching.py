"""Incidents, the sentences behind them, and what people were told."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from core.models import Delivery, Evidence, Incident
from store import erased
from store.codec import decode, dumps, encode, identifier, loads, storable, to_ticks
from store.part import Part


class Watching(Part):
    """Incidents keep their figures when erasure takes their quotes."""

    def save_incidents(self, incidents: Sequence[Incident]) -> None:
        """Inserts or replaces by id; sentences of erased mentions are left out."""
        with self._db.write() as connection:
            for incident in incidents:
                _save(connection, incident)

    def incidents(self, status: str = "", since: datetime | None = None) -> list[Incident]:
        """Newest start first, then by id; `since` compares when an incident was last seen."""
        with self._db.read() as connection:
            rows = connection.execute(
                "SELECT id, body FROM incidents WHERE ? IN ('', status) ORDER BY started DESC, id", (status,)
            ).fetchall()
            found = [_incident(connection, id, body) for id, body in rows]
        return [i for i in found if since is None or i.last_seen_at >= since]

    def save_deliveries(self, deliveries: Sequence[Delivery]) -> None:
        with self._db.write() as connection:
            connection.executemany(
                "INSERT INTO deliveries (message, body) VALUES (?, ?)",
                [(storable(d.message_id), dumps(encode(d))) for d in deliveries],
            )

    def deliveries(self, message_id: str = "") -> list[Delivery]:
        """In the order they were saved."""
        with self._db.read() as connection:
            rows = connection.execute(
                "SELECT body FROM deliveries WHERE ? IN ('', message) ORDER BY id", (storable(message_id),)
            ).fetchall()
        return [decode(Delivery, loads(body)) for (body,) in rows]


def _save(connection: sqlite3.Connection, incident: Incident) -> None:
    body = encode(incident, frozenset(("evidence",)))
    id = storable(incident.id)
    connection.execute(
        "INSERT OR REPLACE INTO incidents VALUES (?, ?, ?, ?)",
        (id, incident.status, to_ticks(incident.started_at), dumps(body)),
    )
    connection.execute("DELETE FROM evidence WHERE incident = ?", (id,))
    connection.executemany(
        "INSERT INTO evidence VALUES (?, ?, ?, ?)",
        [
            (id, place, identifier(e.mention_id), dumps(encode(e)))
            for place, e in enumerate(incident.evidence)
            if not erased.is_erased(connection, e.mention_id)
        ],
    )


def _incident(connection: sqlite3.Connection, id: str, body: str) -> Incident:
    rows = connection.execute("SELECT body FROM evidence WHERE incident = ? ORDER BY place", (id,)).fetchall()
    evidence = tuple(decode(Evidence, loads(text)) for (text,) in rows)
    return replace(decode(Incident, loads(body)), evidence=evidence)
