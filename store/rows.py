"""Mentions, readings and relations as rows. What SQL must see has a column; the rest is JSON."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from core import identity
from core.interfaces import Understood
from core.models import Mention, Reading, Relation
from store.codec import decode, dumps, encode, loads, maybe_ticks, storable, to_ticks

FACTS: Mapping[str, int | None] = {
    "likes": 0, "replies": 0, "shares": 0,
    "views": None, "author_followers": None, "rating": None, "rating_scale": None,
}  # fmt: skip
"""What may move while the text stays, with its default: a change of these is indexed again, not read again."""
_COLUMNS = ("id", "source", "author", "published_at", "collected_at", "revision", "raw")
UNDERSTOOD = """
    SELECT m.n, m.id, m.source, m.author, m.published, m.collected, m.revision, m.raw, m.facts, m.body,
           v.model, v.lexicon, v.brands, r.revision, r.body, r.vector, l.name, d.body
    FROM mentions m JOIN progress p ON p.n = m.n
    LEFT JOIN readings r ON r.n = m.n LEFT JOIN versions v ON v.id = p.reading
    LEFT JOIN relations d ON d.n = m.n LEFT JOIN labels l ON l.id = p.relation
"""
Row = tuple[Any, ...]


def array(values: Iterable[object]) -> str:
    """Values for `IN (SELECT value FROM json_each(?))`: any number of them in one statement."""
    return dumps(list(values))


def revision(mention: Mention) -> str:
    return storable(mention.revision) or identity.revision(mention.title, mention.text)


def facts(mention: Mention) -> dict[str, Any]:
    """The moving numbers that differ from their defaults, as JSON values."""
    given = {name: getattr(mention, name) for name, default in FACTS.items() if getattr(mention, name) != default}
    if "rating_scale" in given:
        given["rating_scale"] = list(given["rating_scale"])
    return given


def mention_row(mention: Mention) -> Row:
    """id, source, author, published, collected, revision, raw, facts, body."""
    body = encode(mention)
    for name in (*_COLUMNS, *FACTS):
        body.pop(name, None)
    return (
        storable(mention.id),
        storable(mention.source),
        storable(mention.author),
        maybe_ticks(mention.published_at),
        to_ticks(mention.collected_at),
        revision(mention),
        storable(mention.raw),
        dumps(facts(mention)),
        dumps(body),
    )


def to_mention(row: Row) -> Mention:
    """From the columns of `mentions` without n."""
    values: dict[str, Any] = loads(row[8])
    values.update(loads(row[7]))
    values.update(zip(_COLUMNS, row[:7], strict=True))
    if row[3] is None:
        del values["published_at"]
    return decode(Mention, values)


def reading_body(reading: Reading) -> str:
    body = encode(reading)
    for name in ("mention_id", "revision", "versions", "vector"):
        body.pop(name, None)
    return dumps(body)


def relation_body(relation: Relation) -> str:
    body = encode(relation)
    for name in ("mention_id", "version"):
        body.pop(name, None)
    return dumps(body)


def to_understood(row: Row) -> Understood:
    """From a row of UNDERSTOOD."""
    return Understood(to_mention(row[1:10]), _to_reading(row), _to_relation(row))


def _to_reading(row: Row) -> Reading | None:
    if row[14] is None:
        return None
    values: dict[str, Any] = loads(row[14])
    values["mention_id"], values["revision"] = row[1], row[13]
    values["versions"] = {"model": row[10], "lexicon": row[11], "brands": row[12]}
    values["vector"] = row[15]
    return decode(Reading, values)


def _to_relation(row: Row) -> Relation | None:
    if row[17] is None:
        return None
    values: dict[str, Any] = loads(row[17])
    values["mention_id"], values["version"] = row[1], row[16]
    return decode(Relation, values)


def fetch_understood(connection: sqlite3.Connection, where: str, arguments: Sequence[object]) -> list[Row]:
    return connection.execute(UNDERSTOOD + where, arguments).fetchall()


def frozen(understood: Understood) -> str:
    """A whole state as JSON, for the history (without the vector: no index holds it)."""
    reading = None if understood.reading is None else encode(understood.reading)
    if reading is not None:
        reading.pop("vector", None)
    relation = None if understood.relation is None else encode(understood.relation)
    return dumps({"mention": encode(understood.mention), "reading": reading, "relation": relation})


def thawed(text: str) -> Understood:
    values: Mapping[str, Any] = loads(text)
    reading, relation = values["reading"], values["relation"]
    return Understood(
        decode(Mention, values["mention"]),
        None if reading is None else decode(Reading, reading),
        None if relation is None else decode(Relation, relation),
    )
