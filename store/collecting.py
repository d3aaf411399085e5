"""Mentions as they come in: new, changed or the same."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import islice

from core.models import Added, Mention
from store import erased, history
from store.codec import dumps, identifier, loads
from store.part import Part
from store.rows import COUNTERS, FACTS, Row, array, mention_body, mention_row, revision

_BATCH = 1000


class Collecting(Part):
    """Adding mentions, and asking which are there."""

    def add_mentions(self, mentions: Iterable[Mention]) -> Added:
        """Idempotent; one transaction a thousand.

        `same` holds mentions whose text is known: those whose counters or stars moved are indexed again, and so are
        erased ones, which are not stored again. Every mention handed in appears in exactly one of the three.
        """
        rest, parts = iter(mentions), []
        while batch := list(islice(rest, _BATCH)):
            with self._db.write() as connection:
                parts.append(add(connection, batch, self._now()))
        return joined(parts)

    def known(self, ids: Sequence[str]) -> frozenset[str]:
        with self._db.read() as connection:
            rows = connection.execute(
                "SELECT id FROM mentions WHERE id IN (SELECT value FROM json_each(?))", (array(ids),)
            )
            return frozenset(id for (id,) in rows)


def joined(parts: Sequence[Added]) -> Added:
    return Added(
        new=tuple(i for p in parts for i in p.new),
        changed=tuple(i for p in parts for i in p.changed),
        same=tuple(i for p in parts for i in p.same),
    )


@dataclass(slots=True)
class _Known:
    n: int
    revision: str
    raw: str
    body: str


@dataclass(slots=True)
class _Work:
    """What a batch asks to be written, by n."""

    fresh: dict[int, Row] = field(default_factory=dict)
    changed: dict[int, Row] = field(default_factory=dict)
    moved: dict[int, str] = field(default_factory=dict)
    seen: list[tuple[int, str, int]] = field(default_factory=list)


def add(connection: sqlite3.Connection, mentions: Sequence[Mention], now: int) -> Added:
    """Stores one batch inside the caller's transaction."""
    known = _known(connection, [identifier(m.id) for m in mentions])
    blocked = erased.blocked(connection, [m for m in mentions if identifier(m.id) not in known])
    last = connection.execute("SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'mentions'").fetchone()[0]
    # A page that brings an erased mention again is itself to be removed from the raw pages.
    erased.remember_pending(
        connection, (), {identifier(m.raw) for m in mentions if m.raw and identifier(m.id) in blocked}
    )
    work, new, changed, same = _Work(), [], [], []
    for mention in mentions:
        id = identifier(mention.id)
        if id in blocked:
            same.append(id)
        elif (former := known.get(id)) is None:
            last += 1
            known[id] = _note_new(work, last, mention)
            new.append(id)
        elif former.revision != revision(mention):
            _note_changed(work, former, mention, now)
            changed.append(id)
        else:
            _note_same(work, former, mention, now)
            same.append(id)
    _write(connection, work, now)
    return Added(tuple(new), tuple(changed), tuple(same))


def _known(connection: sqlite3.Connection, ids: Sequence[str]) -> dict[str, _Known]:
    rows = connection.execute(
        "SELECT id, n, revision, raw, body FROM mentions WHERE id IN (SELECT value FROM json_each(?))", (array(ids),)
    )
    return {id: _Known(*row) for id, *row in rows}


def _note_new(work: _Work, n: int, mention: Mention) -> _Known:
    row = mention_row(mention)
    work.fresh[n] = row
    return _Known(n, row[5], row[6], row[7])


def _note_changed(work: _Work, former: _Known, mention: Mention, now: int) -> None:
    row = mention_row(mention)
    if former.raw and former.raw != row[6]:
        work.seen.append((former.n, former.raw, now))
    former.revision, former.raw, former.body = row[5:]
    work.moved.pop(former.n, None)
    (work.fresh if former.n in work.fresh else work.changed)[former.n] = row


def _note_same(work: _Work, former: _Known, mention: Mention, now: int) -> None:
    """Numbers that are given replace those known; the page is remembered so that erasure finds it."""
    given, known = mention_body(mention), loads(former.body)
    body = {k: v for k, v in known.items() if k not in COUNTERS} | {k: given[k] for k in FACTS if k in given}
    if body != known:
        former.body = work.moved[former.n] = dumps(body)
    if mention.raw and mention.raw != former.raw:
        work.seen.append((former.n, identifier(mention.raw), now))


def _write(connection: sqlite3.Connection, work: _Work, now: int) -> None:
    if work.fresh:
        connection.executemany(
            "INSERT INTO mentions (n, id, source, author, published, collected, revision, raw, body)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [(n, *row) for n, row in work.fresh.items()],
        )
        connection.executemany("INSERT INTO progress (n) VALUES (?)", [(n,) for n in work.fresh])
    history.keep(connection, [*work.changed, *(n for n in work.moved if n not in work.fresh)], now)
    if work.changed:
        _rewrite(connection, work.changed, now)
    if work.moved:
        _recount(connection, work.moved)
    if work.seen:
        connection.executemany("INSERT OR REPLACE INTO sightings VALUES (?, ?, ?)", work.seen)


def _rewrite(connection: sqlite3.Connection, changed: dict[int, Row], now: int) -> None:
    """Another text: what was understood of the former one is gone, and whoever relied on it is related again."""
    connection.executemany(
        "UPDATE mentions SET source = ?2, author = ?3, published = ?4, collected = ?5, revision = ?6, raw = ?7,"
        " body = ?8 WHERE n = ?9 AND id = ?1",
        [(*row, n) for n, row in changed.items()],
    )
    erased.forget_understanding(connection, list(changed), now)
    connection.execute(
        "UPDATE progress SET stage = 0, claim = NULL, reading = NULL, relation = NULL"
        " WHERE n IN (SELECT value FROM json_each(?))",
        (array(changed),),
    )


def _recount(connection: sqlite3.Connection, moved: dict[int, str]) -> None:
    """Other numbers: only the index has to know. Whoever is indexing the former ones no longer holds the mention."""
    connection.executemany("UPDATE mentions SET body = ? WHERE n = ?", [(text, n) for n, text in moved.items()])
    connection.execute(
        "UPDATE progress SET stage = 2, claim = NULL WHERE stage >= 2 AND n IN (SELECT value FROM json_each(?))",
        (array(moved),),
    )
