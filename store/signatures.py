"""What `relate` remembers: MinHashes, and which mentions share a band.

A band key is stored as a 64-bit digest: bands only propose candidates, whose MinHashes are compared in full.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from hashlib import blake2b

from core.interfaces import Signature
from store.codec import dumps, identifier, loads, maybe_ticks, maybe_time, storable
from store.part import Part
from store.rows import array

_UNDATED = 2**62
"""Stands for "no date" in order: after every date."""


class Signatures(Part):
    """Saving and finding them."""

    def save_signatures(self, signatures: Sequence[Signature]) -> None:
        """Inserts or replaces; a mention that is not stored (any more) gets none."""
        by_id = {identifier(s.mention_id): s for s in signatures}
        with self._db.write() as connection:
            ns = connection.execute(
                "SELECT id, n FROM mentions WHERE id IN (SELECT value FROM json_each(?))", (array(by_id),)
            ).fetchall()
            drop(connection, [n for _, n in ns])
            rows = [(n, by_id[id]) for id, n in ns]
            connection.executemany(
                "INSERT INTO signatures VALUES (?, ?, ?, ?, ?, ?)",
                [(n, *_row(s)) for n, s in rows],
            )
            connection.executemany(
                "INSERT OR IGNORE INTO bands VALUES (?, ?, ?)",
                [(k, _order(maybe_ticks(s.published_at)), n) for n, s in rows for k in _keys(s.exact, s.bands)],
            )

    def band_members(self, bands: Sequence[str], limit: int = 200) -> Mapping[str, tuple[str, ...]]:
        """For each key the ids that share it, earliest published first (then by id), at most `limit`.

        `exact:` before a signature's `exact` finds its equals. Keys that nobody shares are left out.
        """
        found = {}
        with self._db.read() as connection:
            for band in dict.fromkeys(bands):
                rows = connection.execute(
                    """SELECT m.id FROM bands b JOIN mentions m ON m.n = b.n WHERE b.key = ?
                       ORDER BY b.published, m.id LIMIT ?""",
                    (_key(band), limit),
                ).fetchall()
                if rows:
                    found[band] = tuple(id for (id,) in rows)
        return found

    def signatures(self, ids: Sequence[str]) -> Mapping[str, Signature]:
        with self._db.read() as connection:
            rows = connection.execute(
                """SELECT m.id, s.author, s.published, s.exact, s.bands, s.minhash
                   FROM signatures s JOIN mentions m ON m.n = s.n
                   WHERE m.id IN (SELECT value FROM json_each(?))""",
                (array(ids),),
            ).fetchall()
        return {
            id: Signature(id, author, maybe_time(published), exact, tuple(loads(bands)), minhash)
            for id, author, published, exact, bands, minhash in rows
        }


def company(connection: sqlite3.Connection, ns: Sequence[int]) -> list[int]:
    """Who shares a key with these: what was said of them may rest on these."""
    rows = connection.execute(
        "SELECT exact, bands FROM signatures WHERE n IN (SELECT value FROM json_each(?))", (array(ns),)
    ).fetchall()
    keys = {k for exact, bands in rows for k in _keys(exact, loads(bands))}
    found = connection.execute(
        "SELECT DISTINCT n FROM bands WHERE key IN (SELECT value FROM json_each(?))", (array(keys),)
    ).fetchall()
    return [n for (n,) in found]


def drop(connection: sqlite3.Connection, ns: Sequence[int]) -> int:
    """Removes signatures and their bands; returns how many signatures."""
    old = connection.execute(
        "SELECT n, published, exact, bands FROM signatures WHERE n IN (SELECT value FROM json_each(?))", (array(ns),)
    ).fetchall()
    connection.executemany(
        "DELETE FROM bands WHERE key = ? AND published = ? AND n = ?",
        [(k, _order(published), n) for n, published, exact, bands in old for k in _keys(exact, loads(bands))],
    )
    connection.executemany("DELETE FROM signatures WHERE n = ?", [(row[0],) for row in old])
    return len(old)


def _row(signature: Signature) -> tuple[object, ...]:
    return (
        storable(signature.author),
        maybe_ticks(signature.published_at),
        storable(signature.exact),
        dumps(signature.bands),
        signature.minhash,
    )


def _keys(exact: str, bands: Iterable[str]) -> set[int]:
    keys = {_key(band) for band in bands}
    return keys | {_key(f"exact:{exact}")} if exact else keys


def _key(band: str) -> int:
    return int.from_bytes(blake2b(storable(band).encode(), digest_size=8).digest(), "big", signed=True)


def _order(published: int | None) -> int:
    return _UNDATED if published is None else published
