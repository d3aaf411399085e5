"""Requests of a crawl: 0 waiting, 1 leased until a time, 2 done. A request is done only with all that came of it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from datetime import timedelta

from core.models import Added, FinishedPage, FrontierCounts, FrontierRequest
from store.codec import identifier, storable, to_ticks
from store.collecting import add
from store.health import add_health
from store.part import Part
from store.rows import array


class FrontierTable(Part):
    """Safe against kill -9 at any moment: every method is one transaction."""

    def push(self, crawl: str, requests: Iterable[FrontierRequest]) -> int:
        rows = list(requests)
        with self._db.write() as connection:
            return _push(connection, storable(crawl), rows)

    def lease(self, crawl: str, n: int, seconds: float) -> list[FrontierRequest]:
        start, name = self._clock(), storable(crawl)
        with self._db.write() as connection:
            connection.execute(
                "UPDATE frontier SET state = 0 WHERE crawl = ? AND state = 1 AND expires <= ?", (name, to_ticks(start))
            )
            rows = connection.execute(
                """UPDATE frontier SET state = 1, expires = ? WHERE seq IN (
                       SELECT seq FROM frontier WHERE crawl = ? AND state = 0 ORDER BY priority DESC, seq LIMIT ?)
                   RETURNING -priority, seq, fingerprint, url, callback, meta""",
                (to_ticks(start + timedelta(seconds=seconds)), name, max(n, 0)),
            ).fetchall()
        return [
            FrontierRequest(fingerprint, url, callback, -negative, meta)
            for negative, _, fingerprint, url, callback, meta in sorted(rows)
        ]

    def finish(self, crawl: str, pages: Sequence[FinishedPage]) -> Added:
        """In one transaction. A page that was finished before, by another worker, adds nothing to health again.

        (Unless its row speaks for others: where a page that is not done yet has none of its own.)
        """
        name = storable(crawl)
        with self._db.write() as connection:
            done = _done(connection, name, pages)
            added = add(connection, [m for page in pages for m in page.mentions], self._now())
            shared = any(p.health is None and identifier(p.fingerprint) not in done for p in pages)
            add_health(
                connection, [p.health for p in pages if p.health and (shared or identifier(p.fingerprint) not in done)]
            )
            _push(connection, name, [r for page in pages for r in page.found])
            connection.executemany(
                """INSERT INTO frontier (crawl, fingerprint, state, priority, url, callback, meta)
                   VALUES (?, ?, 2, 0, '', '', '{}')
                   ON CONFLICT (crawl, fingerprint) DO UPDATE SET state = 2""",
                [(name, identifier(page.fingerprint)) for page in pages],
            )
        return added

    def release(self, crawl: str, fingerprints: Sequence[str]) -> None:
        with self._db.write() as connection:
            connection.execute(
                """UPDATE frontier SET state = 0 WHERE crawl = ? AND state = 1
                   AND fingerprint IN (SELECT value FROM json_each(?))""",
                (storable(crawl), array(fingerprints)),
            )

    def counts(self, crawl: str) -> FrontierCounts:
        """An expired lease counts as waiting."""
        with self._db.read() as connection:
            every, waiting, held, leased = connection.execute(
                """SELECT (SELECT count(*) FROM frontier WHERE crawl = :crawl),
                          (SELECT count(*) FROM frontier WHERE crawl = :crawl AND state = 0),
                          (SELECT count(*) FROM frontier WHERE crawl = :crawl AND state = 1),
                          (SELECT count(*) FROM frontier WHERE crawl = :crawl AND state = 1 AND expires > :now)""",
                {"crawl": storable(crawl), "now": self._now()},
            ).fetchone()
        return FrontierCounts(waiting=waiting + held - leased, leased=leased, done=every - waiting - held)

    def forget(self, crawl: str) -> None:
        with self._db.write() as connection:
            connection.execute("DELETE FROM frontier WHERE crawl = ?", (storable(crawl),))

    def cursor(self, subject: str) -> str:
        with self._db.read() as connection:
            row = connection.execute("SELECT value FROM cursors WHERE subject = ?", (storable(subject),)).fetchone()
            return "" if row is None else str(row[0])

    def set_cursor(self, subject: str, value: str) -> None:
        with self._db.write() as connection:
            connection.execute("INSERT OR REPLACE INTO cursors VALUES (?, ?)", (storable(subject), storable(value)))


def _push(connection: sqlite3.Connection, crawl: str, requests: Sequence[FrontierRequest]) -> int:
    before = connection.total_changes
    connection.executemany(
        """INSERT INTO frontier (crawl, fingerprint, state, priority, url, callback, meta) VALUES (?, ?, 0, ?, ?, ?, ?)
           ON CONFLICT (crawl, fingerprint) DO NOTHING""",
        [
            (crawl, identifier(r.fingerprint), r.priority, storable(r.url), storable(r.callback), storable(r.meta))
            for r in requests
        ],
    )
    return connection.total_changes - before


def _done(connection: sqlite3.Connection, crawl: str, pages: Sequence[FinishedPage]) -> frozenset[str]:
    rows = connection.execute(
        """SELECT fingerprint FROM frontier WHERE crawl = ? AND state = 2
           AND fingerprint IN (SELECT value FROM json_each(?))""",
        (crawl, array(p.fingerprint for p in pages)),
    )
    return frozenset(fingerprint for (fingerprint,) in rows)
