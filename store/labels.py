"""The sample that people label, and what they said. Both belong to a revision of a mention and go with it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence

from core.errors import Busy
from core.labels import Draw, Label, Sampled
from store.codec import decode, dumps, encode, identifier, loads, storable, to_ticks
from store.part import Part
from store.rows import array

_IN = " IN (SELECT value FROM json_each(?))"
_SAMPLED = frozenset(("mention_id", "revision", "weight", "place"))
_LABEL = frozenset(("mention_id", "revision", "by", "at"))


class People(Part):
    """core.labels.Labels over one file."""

    def add_draw(self, draw: Draw, sample: Sequence[Sampled], former: int | None = None) -> int:
        with self._db.write() as connection:
            if former is not None and former != connection.execute("SELECT count(*) FROM label_draws").fetchone()[0]:
                raise Busy("somebody else drew a sample at the same time. Look at it, then draw again for more.")
            numbers = _numbers(connection, [(s.mention_id, s.revision) for s in sample])
            rows = [
                (n, storable(s.revision), s.weight, s.place, dumps(encode(s, _SAMPLED)))
                for s, n in zip(sample, numbers, strict=True)
                if n
            ]
            connection.executemany("INSERT OR REPLACE INTO label_sample VALUES (?, ?, ?, ?, ?)", rows)
            connection.execute(
                "INSERT INTO label_draws (at, body) VALUES (?, ?)", (to_ticks(draw.at), dumps(encode(draw)))
            )
            _changed(connection)
        return len(rows)

    def draws(self) -> list[Draw]:
        with self._db.read() as connection:
            rows = connection.execute("SELECT body FROM label_draws ORDER BY at, id").fetchall()
        return [decode(Draw, loads(body)) for (body,) in rows]

    def sample(self) -> list[Sampled]:
        with self._db.read() as connection:
            rows = connection.execute(
                """SELECT m.id, s.revision, s.weight, s.place, s.body FROM label_sample s
                   JOIN mentions m ON m.n = s.n AND m.revision = s.revision ORDER BY s.place, m.id"""
            ).fetchall()
        names = ("mention_id", "revision", "weight", "place")
        return [decode(Sampled, {**loads(row[4]), **dict(zip(names, row[:4], strict=True))}) for row in rows]

    def save_label(self, label: Label) -> bool:
        with self._db.write() as connection:
            (n,) = _numbers(connection, [(label.mention_id, label.revision)])
            if not n:
                return False
            connection.execute(
                """INSERT INTO label_answers (n, revision, who, at, body) VALUES (?, ?, ?, ?, ?)
                   ON CONFLICT (n, revision, who) DO UPDATE SET at = excluded.at, body = excluded.body""",
                (n, storable(label.revision), storable(label.by), to_ticks(label.at), dumps(encode(label, _LABEL))),
            )
            _changed(connection)
        return True

    def drop_label(self, mention_id: str, by: str) -> bool:
        with self._db.write() as connection:
            dropped = connection.execute(
                """DELETE FROM label_answers WHERE who = ? AND (n, revision) IN (
                       SELECT n, revision FROM mentions WHERE id = ?)""",
                (storable(by), identifier(mention_id)),
            ).rowcount
            if dropped:
                _changed(connection)
        return bool(dropped)

    def labels(self, by: str = "") -> list[Label]:
        who = storable(by)
        with self._db.read() as connection:
            rows = connection.execute(
                """SELECT m.id, a.revision, a.who, a.at, a.body FROM label_answers a
                   JOIN mentions m ON m.n = a.n AND m.revision = a.revision
                   WHERE ? IN ('', a.who) ORDER BY a.at, a.id""",
                (who,),
            ).fetchall()
        names = ("mention_id", "revision", "by", "at")
        return [decode(Label, {**loads(row[4]), **dict(zip(names, row[:4], strict=True))}) for row in rows]

    def labels_version(self) -> int:
        with self._db.read() as connection:
            row = connection.execute("SELECT value FROM meta WHERE key = 'labels'").fetchone()
            return int(row[0])


def count_labels(connection: sqlite3.Connection, ns: Sequence[int]) -> int:
    """How many labels these mentions carry, former revisions among them."""
    row = connection.execute(f"SELECT count(*) FROM label_answers WHERE n{_IN}", (array(ns),)).fetchone()  # noqa: S608
    return int(row[0])


def forget_labels(connection: sqlite3.Connection, ns: Sequence[int]) -> None:
    """Removes the labels of mentions and their places in the sample; of a drawing, only shares are kept."""
    for table in ("label_answers", "label_sample"):
        connection.execute(f"DELETE FROM {table} WHERE n{_IN}", (array(ns),))  # noqa: S608
    _changed(connection)


def _changed(connection: sqlite3.Connection) -> None:
    connection.execute("UPDATE meta SET value = value + 1 WHERE key = 'labels'")


def _numbers(connection: sqlite3.Connection, wanted: Iterable[tuple[str, str]]) -> list[int]:
    """The number of each mention of that id and revision; 0 where there is none."""
    found = []
    for id, revision in wanted:
        row = connection.execute(
            "SELECT n FROM mentions WHERE id = ? AND revision = ?", (identifier(id), storable(revision))
        ).fetchone()
        found.append(int(row[0]) if row else 0)
    return found
