"""Erasing from the store: everything made of a mention goes in one transaction, and a receipt stays."""

from __future__ import annotations

import hashlib
import secrets
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from core.errors import InputError
from core.models import Receipt
from store import erased, erasure_list
from store.codec import decode, dumps, encode, from_ticks, identifier, loads, storable, to_ticks
from store.labels import count_labels, forget_labels
from store.migrate import backups
from store.part import Part
from store.rows import array
from store.saving import generation

_IN = " IN (SELECT value FROM json_each(?))"


class Erasing(Part):
    """Removing, and proving it."""

    def erase(
        self, *, author: str = "", mention: str = "", before: datetime | None = None, dry_run: bool = False
    ) -> tuple[Receipt, tuple[str, ...]]:
        """Removes mentions and all that was made of them; returns the receipt and the ids for the index to delete.

        `before` compares the publishing time, or that of collection where there is none. What the index, the raw
        pages and the exports have still to remove is remembered until `erasure_done`. Raises InputError unless
        exactly one selector is given.
        """
        selector, where, value = _selection(author, mention, before)
        at = self._clock()
        with self._db.write() as connection:
            rows = connection.execute(f"SELECT n, id FROM mentions WHERE {where} ORDER BY n", (value,)).fetchall()  # noqa: S608
            chosen = _chosen(connection, rows)
            receipt = _receipt(selector, at, dry_run, chosen)
            if not dry_run:
                keys = [erased.key("mention", i) for i in chosen.ids] + (
                    [erased.key("author", author)] if author else []
                )
                erasure_list.append(connection, self._db.path, [(key, to_ticks(at)) for key in keys])
                _carry_out(connection, receipt, chosen, [(key, to_ticks(at)) for key in keys])
        if not dry_run:
            self._wipe()
        return receipt, chosen.ids

    def _repeat_erasures(self) -> None:
        """After a backup was restored: erases again what the list beside the file says, and completes the list."""
        differs, unwiped = self._unfinished()
        if differs:
            self._repeat()
        if differs or unwiped:
            self._wipe()

    def _unfinished(self) -> tuple[bool, bool]:
        """Whether the erasure list says something else than the file, and whether the log has still to be emptied."""
        with self._db.read() as connection:
            log = connection.execute("SELECT 1 FROM pending WHERE kind = 'log'").fetchone()
            return erasure_list.carried_out(connection) != erasure_list.lines(self._db.path), log is not None

    def _repeat(self) -> None:
        with self._db.write() as connection:
            listed = erasure_list.read(self._db.path)
            held = dict(connection.execute("SELECT key, at FROM erased").fetchall())
            lost = [(key, at) for key, at in held.items() if at > listed.get(key, -1)]
            erasure_list.append(connection, self._db.path, lost)
            new = {key: at for key, at in listed.items() if at > held.get(key, -1)}
            rows = [
                (n, id)
                for n, id in connection.execute("SELECT n, id FROM mentions ORDER BY n")
                if erased.key("mention", id) in new
            ]
            chosen = _chosen(connection, rows)
            _carry_out(connection, _receipt("erasure list", self._clock(), False, chosen), chosen, list(new.items()))

    def _wipe(self) -> None:
        """Empties the log, and removes copies made before a migration: they hold what was erased.

        Where a reader holds the log, that stays pending for the next erasure or start.
        """
        for backup in backups(self._db.path):
            backup.unlink(missing_ok=True)
        if self._db.wipe_log():
            with self._db.write() as connection:
                connection.execute("DELETE FROM pending WHERE kind = 'log'")

    def erasures_pending(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Ids that the index and exports, and digests that the raw pages, may still hold after an erasure."""
        with self._db.read() as connection:
            rows = connection.execute("SELECT kind, value FROM pending ORDER BY kind, value").fetchall()
        return tuple(v for k, v in rows if k == "mention"), tuple(v for k, v in rows if k == "raw")

    def erasure_done(self, ids: Sequence[str], raws: Sequence[str]) -> None:
        """Says that index and exports no longer hold the ids, and the raw pages no longer the digests."""
        with self._db.write() as connection:
            for kind, values in (("mention", ids), ("raw", raws)):
                connection.execute(f"DELETE FROM pending WHERE kind = ? AND value{_IN}", (kind, array(values)))  # noqa: S608

    def forget_pages(self, before: datetime) -> int:
        """Forgets on which raw pages mentions were last seen before that time; for when those pages are pruned."""
        with self._db.write() as connection:
            return connection.execute("DELETE FROM sightings WHERE at < ?", (to_ticks(before),)).rowcount

    def save_receipt(self, receipt: Receipt) -> None:
        """Inserts or replaces by id."""
        with self._db.write() as connection:
            _save_receipt(connection, receipt)

    def receipts(self) -> list[Receipt]:
        """Oldest first; dry runs leave none."""
        with self._db.read() as connection:
            rows = connection.execute("SELECT body FROM receipts ORDER BY seq").fetchall()
        return [decode(Receipt, loads(body)) for (body,) in rows]


def _selection(author: str, mention: str, before: datetime | None) -> tuple[str, str, object]:
    """What the receipt says was asked (an id or author as a digest), the condition, and its value."""
    given = [bool(author), bool(mention), before is not None]
    if sum(given) != 1:
        raise InputError("an erasure needs exactly one of author, mention and before. Give one, and run it again.")
    if before is not None:
        ticks = to_ticks(before)
        return f"before {from_ticks(ticks).isoformat()}", "coalesce(published, collected) < ?", ticks
    if author:
        return f"author {erased.key('author', author).hex()}", "author = ?", storable(author)
    return f"mention {erased.key('mention', mention).hex()}", "id = ?", identifier(mention)


@dataclass(frozen=True, slots=True)
class _Chosen:
    """What is to be erased, with what is known of it."""

    ns: tuple[int, ...]
    ids: tuple[str, ...]
    raws: tuple[str, ...]
    counts: dict[str, int]


def _chosen(connection: sqlite3.Connection, rows: Sequence[tuple[int, str]]) -> _Chosen:
    ns, ids = tuple(n for n, _ in rows), tuple(id for _, id in rows)
    raws = _raws(connection, ns)
    return _Chosen(ns, ids, raws, _count(connection, ns, ids) | {"raw_pages": len(raws)})


def _receipt(selector: str, at: datetime, dry_run: bool, chosen: _Chosen) -> Receipt:
    return Receipt(
        id=secrets.token_hex(8),
        at=at,
        selector=selector,
        dry_run=dry_run,
        counts=chosen.counts,
        digests=tuple(hashlib.sha256(i.encode()).hexdigest() for i in chosen.ids),
    )


def _carry_out(
    connection: sqlite3.Connection, receipt: Receipt, chosen: _Chosen, entries: Sequence[erasure_list.Entry]
) -> None:
    _remove(connection, chosen.ns, chosen.ids, to_ticks(receipt.at))
    connection.executemany("INSERT OR REPLACE INTO erased VALUES (?, ?)", entries)
    erased.remember_pending(connection, chosen.ids, chosen.raws)
    connection.execute("INSERT OR IGNORE INTO pending VALUES ('log', '')")
    _save_receipt(connection, receipt)


def _raws(connection: sqlite3.Connection, ns: Sequence[int]) -> tuple[str, ...]:
    wanted = array(ns)
    rows = connection.execute(
        f"""SELECT raw FROM mentions WHERE raw <> '' AND n{_IN} UNION SELECT raw FROM sightings WHERE n{_IN}
            ORDER BY raw""",  # noqa: S608
        (wanted, wanted),
    )
    return tuple(raw for (raw,) in rows)


def _count(connection: sqlite3.Connection, ns: Sequence[int], ids: Sequence[str]) -> dict[str, int]:
    counts = {"mentions": len(ns)}
    for table in ("readings", "relations", "history", "signatures"):
        row = connection.execute(f"SELECT count(*) FROM {table} WHERE n{_IN}", (array(ns),)).fetchone()  # noqa: S608
        counts[table] = int(row[0])
    row = connection.execute(f"SELECT count(*) FROM evidence WHERE mention{_IN}", (array(ids),)).fetchone()  # noqa: S608
    labels = count_labels(connection, ns)
    return counts | {"incident_quotes": int(row[0])} | ({"labels": labels} if labels else {})


def _remove(connection: sqlite3.Connection, ns: Sequence[int], ids: Sequence[str], now: int) -> None:
    wanted = (array(ns),)
    reached = generation(connection) + 1
    connection.execute(
        f"""INSERT INTO missing SELECT since, until, count(*) FROM (
                SELECT since, {reached} AS until FROM progress WHERE since IS NOT NULL AND n{_IN}
                UNION ALL
                SELECT since, coalesce(until, {reached}) FROM history WHERE since IS NOT NULL AND n{_IN})
            GROUP BY since, until""",  # noqa: S608
        wanted * 2,
    )
    erased.forget_understanding(connection, ns, now)
    forget_labels(connection, ns)
    for table in ("history", "sightings", "progress", "mentions"):
        connection.execute(f"DELETE FROM {table} WHERE n{_IN}", wanted)  # noqa: S608
    connection.execute(f"DELETE FROM evidence WHERE mention{_IN}", (array(ids),))  # noqa: S608


def _save_receipt(connection: sqlite3.Connection, receipt: Receipt) -> None:
    connection.execute(
        "INSERT INTO receipts (id, body) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET body = excluded.body",
        (receipt.id, dumps(encode(receipt))),
    )
