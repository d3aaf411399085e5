"""What the stages made: readings, relations, and what the index has committed."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from core.models import Reading, Relation, Versions
from store import erased, history
from store.claims import DONE, STAGES, held
from store.codec import identifier, storable, without_gc
from store.part import Part
from store.rows import array, reading_body, relation_body

_READ, _RELATE, _INDEX = STAGES["read"], STAGES["relate"], STAGES["index"]
_IN = " IN (SELECT value FROM json_each(?))"


class Saving(Part):
    """Moving mentions from stage to stage."""

    def save_readings(self, token: str, readings: Sequence[Reading]) -> int:
        """Saves what still belongs to the token and to the stored revision; returns how many."""
        with self._db.write() as connection:
            claim = held(connection, token, self._now())
            if claim is None or claim.stage != _READ:
                return 0
            rows = _claimed_for_reading(connection, claim.id, readings)
            return _save_readings(connection, rows, self._now())

    def save_relations(self, token: str, relations: Sequence[Relation]) -> int:
        """As `save_readings`; relations outside the batch are saved for mentions that are related already.

        A mention whose document did not change by it, and which the index holds, is not indexed again.
        """
        with self._db.write() as connection:
            claim = held(connection, token, self._now())
            if claim is None or claim.stage != _RELATE:
                return 0
            rows = _relatable(connection, claim.id, relations)
            return _save_relations(connection, rows, self._now())

    def mark_indexed(self, token: str, ids: Sequence[str]) -> int:
        """Counts one more generation if any of the ids still belongs to the token; returns the generation."""
        with self._db.write() as connection:
            claim = held(connection, token, self._now())
            if claim is None or claim.stage != _INDEX:
                return generation(connection)
            return _mark(connection, claim.id, ids, self._now())

    def generation(self) -> int:
        with self._db.read() as connection:
            return generation(connection)

    def stale(self, part: Literal["model", "lexicon", "brands", "relate", "index"], version: str) -> int:
        """Sends mentions made with another version of the part back to its stage; returns how many.

        Readings stay until they are replaced, so that a lexicon is re-mapped without the encoder. For `index` the
        version becomes the one that everything indexed from now on carries; a lost index is made again by asking for
        version "" first, then for the present one.
        """
        with self._db.write() as connection:
            history.keep_claimed(connection, self._now())
            if part == "index":
                return _stale_index(connection, storable(version))
            if part == "relate":
                return _stale_relate(connection, storable(version))
            return _stale_read(connection, part, storable(version))


def generation(connection: sqlite3.Connection) -> int:
    return int(connection.execute("SELECT value FROM meta WHERE key = 'generation'").fetchone()[0])


def _index_version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("SELECT value FROM meta WHERE key = 'index_version'").fetchone()[0])


def label(connection: sqlite3.Connection, name: str) -> int:
    """The number of a version's name."""
    connection.execute("INSERT OR IGNORE INTO labels (name) VALUES (?)", (name,))
    return int(connection.execute("SELECT id FROM labels WHERE name = ?", (name,)).fetchone()[0])


def made(connection: sqlite3.Connection, versions: Versions) -> int:
    names = (storable(versions.model), storable(versions.lexicon), storable(versions.brands))
    connection.execute("INSERT OR IGNORE INTO versions (model, lexicon, brands) VALUES (?, ?, ?)", names)
    row = connection.execute("SELECT id FROM versions WHERE model = ? AND lexicon = ? AND brands = ?", names)
    return int(row.fetchone()[0])


# --- readings


def _claimed_for_reading(
    connection: sqlite3.Connection, claim: int, readings: Sequence[Reading]
) -> list[tuple[int, Reading]]:
    """The readings that still belong to the claim and to the stored text, with their n."""
    stored = {
        id: (n, revision)
        for id, n, revision in connection.execute(
            "SELECT m.id, m.n, m.revision FROM progress p JOIN mentions m ON m.n = p.n WHERE p.claim = ?", (claim,)
        )
    }
    found: dict[int, Reading] = {}
    for reading in readings:
        n, revision = stored.get(identifier(reading.mention_id), (0, ""))
        if n and revision == storable(reading.revision):
            found[n] = reading
    return list(found.items())


def _save_readings(connection: sqlite3.Connection, rows: Sequence[tuple[int, Reading]], now: int) -> int:
    former = dict(
        connection.execute(
            f"""SELECT n, body FROM readings WHERE n IN (
                SELECT n FROM progress WHERE reading IS NOT NULL AND n{_IN})""",  # noqa: S608
            (array(n for n, _ in rows),),
        ).fetchall()
    )
    with without_gc():
        bodies = [(n, storable(r.revision), reading_body(r), r.vector) for n, r in rows]
    history.keep(connection, [n for n, _, body, _ in bodies if former.get(n) not in {None, body}], now)
    connection.executemany("INSERT OR REPLACE INTO readings VALUES (?, ?, ?, ?)", bodies)
    connection.executemany("DELETE FROM ahead WHERE n = ?", [(n,) for n, _ in rows])
    by = {v: made(connection, v) for v in {r.versions for _, r in rows}}
    connection.executemany(
        "UPDATE progress SET stage = 1, claim = NULL, reading = ? WHERE n = ?", [(by[r.versions], n) for n, r in rows]
    )
    return len(rows)


def back_in_place(connection: sqlite3.Connection, ns: Sequence[int], version: int) -> None:
    """Readings that came out as they were: whoever is related and indexed need not be so again."""
    indexed = _index_version(connection)
    connection.executemany(
        """UPDATE progress SET claim = NULL, reading = ?, stage = CASE
           WHEN coalesce(relation, 0) = 0 THEN 1 WHEN since IS NOT NULL AND indexed = ? THEN 3 ELSE 2 END
           WHERE n = ?""",
        [(version, indexed, n) for n in ns],
    )
    connection.executemany("DELETE FROM ahead WHERE n = ?", [(n,) for n in ns])


# --- relations


@dataclass(frozen=True, slots=True)
class _Relatable:
    n: int
    inside: bool
    stage: int
    former: str | None
    relation: Relation


def _relatable(connection: sqlite3.Connection, claim: int, relations: Sequence[Relation]) -> list[_Relatable]:
    """Relations of the claim's own mentions, and of others that have been related under their present text."""
    named = {identifier(r.mention_id): r for r in relations}
    rows = connection.execute(
        f"""SELECT m.id, p.n, p.claim, p.stage, d.body FROM mentions m JOIN progress p ON p.n = m.n
            LEFT JOIN relations d ON d.n = m.n WHERE m.id{_IN}""",  # noqa: S608
        (array(named),),
    ).fetchall()
    found = [_Relatable(n, mine == claim, stage, former, named[id]) for id, n, mine, stage, former in rows]
    return [r for r in found if r.inside or r.stage >= _INDEX or r.former is not None]


def _save_relations(connection: sqlite3.Connection, rows: Sequence[_Relatable], now: int) -> int:
    bodies = {r.n: relation_body(r.relation) for r in rows}
    new = [r for r in rows if r.former != bodies[r.n]]
    history.keep(connection, [r.n for r in new if r.former is not None], now)
    connection.executemany(
        "INSERT OR REPLACE INTO relations VALUES (?, ?, ?)",
        [(r.n, identifier(r.relation.duplicate_of), bodies[r.n]) for r in new],
    )
    labels = {v: label(connection, storable(v)) for v in {r.relation.version for r in rows}}
    connection.executemany(
        "UPDATE progress SET relation = ? WHERE n = ?", [(labels[r.relation.version], r.n) for r in rows]
    )
    again = [r.n for r in new if not r.inside and r.stage >= _INDEX]
    connection.execute(f"UPDATE progress SET stage = 2, claim = NULL WHERE n{_IN}", (array(again),))  # noqa: S608
    connection.execute(
        f"""UPDATE progress SET claim = NULL, stage = CASE WHEN since IS NOT NULL AND indexed = ? THEN 3 ELSE 2 END
            WHERE n{_IN}""",  # noqa: S608
        (_index_version(connection), array(r.n for r in rows if r.inside)),
    )
    return len(rows)


# --- index


def _mark(connection: sqlite3.Connection, claim: int, ids: Sequence[str], now: int) -> int:
    wanted = (array(identifier(i) for i in ids),)
    stored = dict(connection.execute(f"SELECT id, n FROM mentions WHERE id{_IN}", wanted).fetchall())  # noqa: S608
    ns = list(stored.values())
    # Erased while it was being indexed: the index has it again, and has to lose it again.
    back = [i for i in map(storable, ids) if i not in stored and erased.is_erased(connection, i)]
    erased.remember_pending(connection, back, ())
    reached = generation(connection) + 1
    caught = history.settle(connection, ns, claim, reached)
    marked = connection.execute(
        f"""UPDATE progress SET stage = ?, claim = NULL, indexed = ?, since = coalesce(since, ?)
            WHERE claim = ? AND n{_IN}""",  # noqa: S608
        (DONE, _index_version(connection), reached, claim, array(ns)),
    ).rowcount
    if marked + caught == 0:
        return reached - 1
    connection.execute("UPDATE meta SET value = ? WHERE key = 'generation'", (reached,))
    connection.execute("INSERT OR REPLACE INTO generations VALUES (?, ?)", (reached, now))
    return reached


# --- other versions


def _stale_read(connection: sqlite3.Connection, part: str, version: str) -> int:
    column = {"model": "model", "lexicon": "lexicon", "brands": "brands"}[part]
    return connection.execute(
        f"""UPDATE progress SET stage = 0, claim = NULL
            WHERE stage > 0 AND reading IN (SELECT id FROM versions WHERE {column} <> ?)""",  # noqa: S608
        (version,),
    ).rowcount


def _stale_relate(connection: sqlite3.Connection, version: str) -> int:
    number = (label(connection, version),)
    # Those still to be read too: their reading may come out as it was, and they are related again all the same.
    connection.execute("UPDATE progress SET relation = 0 WHERE stage = 0 AND relation <> ?", number)
    return connection.execute(
        "UPDATE progress SET stage = 1, claim = NULL WHERE stage > 1 AND relation IS NOT ?", number
    ).rowcount


def _stale_index(connection: sqlite3.Connection, version: str) -> int:
    number = label(connection, version)
    if number != _index_version(connection):
        connection.execute("UPDATE meta SET value = ? WHERE key = 'index_version'", (number,))
        connection.execute("UPDATE progress SET claim = NULL WHERE stage = 2 AND claim IS NOT NULL")
    back = connection.execute("UPDATE progress SET stage = 2 WHERE stage = 3 AND indexed IS NOT ?", (number,)).rowcount
    # Those on an earlier stage too: whatever comes of it, the index has to be given them again.
    connection.execute("UPDATE progress SET indexed = NULL WHERE indexed <> ?", (number,))
    return back
