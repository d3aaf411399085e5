"""Mentions, readings and relations as rows. What SQL must see has a column; the rest is JSON."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from typing import Any

from core import identity
from core.interfaces import Understood
from core.models import Mention, Reading, Relation
from store.codec import decode, dumps, encode, identifier, loads, maybe_ticks, storable, to_ticks, without_gc

FACTS = ("likes", "replies", "shares", "views", "author_followers", "rating", "rating_scale")
"""What may move while the text stays: a change of these is indexed again, not read again."""
COUNTERS = ("likes", "replies", "shares")
_COLUMNS = ("id", "source", "author", "published_at", "collected_at", "revision", "raw")
_IN_COLUMNS = frozenset(_COLUMNS)
_READING_COLUMNS = frozenset(("mention_id", "revision", "versions", "vector"))
_RELATION_COLUMNS = frozenset(("mention_id", "version"))
UNDERSTOOD = """
    SELECT m.n, m.id, m.source, m.author, m.published, m.collected, m.revision, m.raw, m.body,
           v.model, v.lexicon, v.brands, r.revision, r.body, r.vector, l.name, d.body
    FROM mentions m JOIN progress p ON p.n = m.n
    LEFT JOIN readings r ON r.n = m.n LEFT JOIN versions v ON v.id = p.reading
    LEFT JOIN relations d ON d.n = m.n LEFT JOIN labels l ON l.id = p.relation
"""
Row = tuple[Any, ...]


def array(values: Iterable[object]) -> str:
    """Values for `IN (SELECT value FROM json_each(?))`: any number of them in one statement."""
    return dumps([identifier(v) if isinstance(v, str) else v for v in values])


def revision(mention: Mention) -> str:
    return storable(mention.revision) or identity.revision(mention.title, mention.text)


def mention_row(mention: Mention) -> Row:
    """id, source, author, published, collected, revision, raw, body."""
    return (
        identifier(mention.id),
        storable(mention.source),
        storable(mention.author),
        maybe_ticks(mention.published_at),
        to_ticks(mention.collected_at),
        revision(mention),
        identifier(mention.raw),
        dumps(mention_body(mention)),
    )


def mention_body(mention: Mention) -> dict[str, Any]:
    return encode(mention, _IN_COLUMNS)


def to_mention(row: Row) -> Mention:
    """From the columns of `mentions` without n."""
    values: dict[str, Any] = loads(row[7])
    values.update(zip(_COLUMNS, row[:7], strict=True))
    if row[3] is None:
        del values["published_at"]
    return decode(Mention, values)


def reading_body(reading: Reading) -> str:
    return dumps(encode(reading, _READING_COLUMNS))


def relation_body(relation: Relation) -> str:
    return dumps(encode(relation, _RELATION_COLUMNS))


def all_understood(rows: Iterable[Row]) -> list[Understood]:
    """From rows of UNDERSTOOD."""
    with without_gc():
        return [to_understood(row) for row in rows]


def to_understood(row: Row) -> Understood:
    """From a row of UNDERSTOOD."""
    return Understood(to_mention(row[1:9]), _to_reading(row), _to_relation(row))


def _to_reading(row: Row) -> Reading | None:
    if row[13] is None:
        return None
    values: dict[str, Any] = loads(row[13])
    values["mention_id"], values["revision"] = row[1], row[12]
    values["versions"] = [row[9], row[10], row[11]]
    values["vector"] = row[14]
    return decode(Reading, values)


def _to_relation(row: Row) -> Relation | None:
    if row[16] is None:
        return None
    values: dict[str, Any] = loads(row[16])
    values["mention_id"], values["version"] = row[1], row[15]
    return decode(Relation, values)


def fetch_understood(connection: sqlite3.Connection, where: str, arguments: Sequence[object]) -> list[Row]:
    return connection.execute(UNDERSTOOD + where, arguments).fetchall()


def frozen(row: Row) -> str:
    """A whole state as JSON, for the history, from a row of UNDERSTOOD; without the vector, which no index holds.

    The parts are JSON already and are not taken apart for it: a change of lexicon copies many states.
    """
    columns = {name: value for name, value in zip(_COLUMNS, row[1:8], strict=True) if value is not None}
    reading = {"mention_id": row[1], "revision": row[12], "versions": row[9:12]}
    relation = {"mention_id": row[1], "version": row[15]}
    return (
        f'{{"mention":{_joined(columns, row[8])},"reading":{_joined(reading, row[13])},'
        f'"relation":{_joined(relation, row[16])}}}'
    )


def _joined(columns: dict[str, Any], body: str | None) -> str:
    """One JSON object of the columns and of a body that is one; `null` where there is no body."""
    if body is None:
        return "null"
    return f"{dumps(columns)[:-1]}{',' if len(body) > 2 else ''}{body[1:]}"


def thawed(text: str) -> Understood:
    values: dict[str, Any] = loads(text)
    reading, relation = values["reading"], values["relation"]
    return Understood(
        decode(Mention, values["mention"]),
        None if reading is None else decode(Reading, reading),
        None if relation is None else decode(Relation, relation),
    )
