"""Taking mentions out of the tables, and remembering (as digests) that they must not come back."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable, Sequence

from core.models import Mention
from store import history, signatures
from store.codec import identifier, maybe_ticks
from store.rows import array

_IN = " IN (SELECT value FROM json_each(?))"


def key(kind: str, value: str) -> bytes:
    """What the erasure list holds: a digest, from which neither id nor author can be read."""
    return hashlib.sha256(f"{kind}\x1f{identifier(value)}".encode()).digest()[:16]


def blocked(connection: sqlite3.Connection, mentions: Sequence[Mention]) -> frozenset[str]:
    """Ids that were erased, or are an erased author's from before the erasure."""
    if not mentions or connection.execute("SELECT 1 FROM erased LIMIT 1").fetchone() is None:
        return frozenset()
    return frozenset(identifier(m.id) for m in mentions if _is_blocked(connection, m))


def is_erased(connection: sqlite3.Connection, id: str) -> bool:
    """Whether a mention of this id was erased."""
    return connection.execute("SELECT 1 FROM erased WHERE key = ?", (key("mention", id),)).fetchone() is not None


def remember_pending(connection: sqlite3.Connection, ids: Iterable[str], raws: Iterable[str]) -> None:
    """Notes what index, exports and raw pages have to remove (again)."""
    rows = [("mention", i) for i in ids] + [("raw", r) for r in raws]
    connection.executemany("INSERT OR IGNORE INTO pending VALUES (?, ?)", rows)


def _is_blocked(connection: sqlite3.Connection, mention: Mention) -> bool:
    if is_erased(connection, mention.id):
        return True
    if not mention.author:
        return False
    row = connection.execute("SELECT at FROM erased WHERE key = ?", (key("author", mention.author),)).fetchone()
    published = maybe_ticks(mention.published_at)
    return row is not None and (published is None or published < row[0])


def forget_understanding(connection: sqlite3.Connection, ns: Sequence[int], now: int) -> dict[str, int]:
    """Removes readings, relations and signatures; who duplicates these or shares a key with them is related again."""
    wanted = (array(ns),)
    history.keep_claimed(connection, now)
    _relate_again(connection, [*signatures.company(connection, ns), *_duplicates(connection, ns)])
    counts = {
        table: connection.execute(f"DELETE FROM {table} WHERE n{_IN}", wanted).rowcount  # noqa: S608
        for table in ("readings", "relations")
    }
    return counts | {"signatures": signatures.drop(connection, ns)}


def _relate_again(connection: sqlite3.Connection, ns: Sequence[int]) -> None:
    """Of those being read again it is noted: their reading may come out as it was."""
    wanted = (array(ns),)
    connection.execute(f"UPDATE progress SET stage = 1, claim = NULL WHERE stage >= 2 AND n{_IN}", wanted)  # noqa: S608
    connection.execute(
        f"UPDATE progress SET relation = 0 WHERE stage = 0 AND relation IS NOT NULL AND n{_IN}",  # noqa: S608
        wanted,
    )


def _duplicates(connection: sqlite3.Connection, ns: Sequence[int]) -> list[int]:
    rows = connection.execute(
        f"""SELECT d.n FROM relations d JOIN mentions m ON d.duplicate_of = m.id
            WHERE d.duplicate_of <> '' AND m.n{_IN}""",  # noqa: S608
        (array(ns),),
    ).fetchall()
    return [n for (n,) in rows]
