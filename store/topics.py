"""Discovered topics: runs with their rules, and which mentions belong where.

Members and quotes are rows beside the run, by the mention's number: triggers of the schema remove a member with its
mention, and its quote when the text changes.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import groupby

from core.errors import InputError
from core.models import Span
from core.topics import Topic, TopicQuote, TopicRun
from store.codec import decode, dumps, encode, identifier, loads, storable, to_ticks
from store.part import Part
from store.rows import array

RUNS_KEPT = 8
"""Of one query: enough to know a topic again that was away for some weeks."""
_IN_COLUMNS = frozenset(("id", "query"))
_MEMBERS = "INSERT INTO topic_members VALUES (?, ?, ?, (SELECT n FROM mentions WHERE id = ?), ?, ?, ?)"


class TopicTables(Part):
    """core.topics.TopicRuns over one file."""

    def save_topic_run(self, run: TopicRun, rule: bytes, members: Mapping[str, Sequence[str]]) -> None:
        bare = replace(run, topics=tuple(replace(t, quotes=()) for t in run.topics))
        with self._db.write() as connection:
            known = _known(connection, [i for ids in members.values() for i in ids])
            number = connection.execute(
                "INSERT INTO topic_runs (id, query, at, body, rule) VALUES (?, ?, ?, ?, ?) RETURNING seq",
                (identifier(run.id), storable(run.query), to_ticks(run.at), dumps(encode(bare, _IN_COLUMNS)), rule),
            ).fetchone()[0]
            for topic in run.topics:
                rows = _rows(number, topic, [i for i in members.get(topic.id, ()) if identifier(i) in known])
                connection.executemany(_MEMBERS, rows)
            _forget_old(connection, run.query)

    def topic_runs(self, query: str | None = None) -> list[TopicRun]:
        asked = None if query is None else storable(query)
        with self._db.read() as connection:
            rows = connection.execute(
                "SELECT seq, id, query, body FROM topic_runs WHERE ? IS NULL OR query = ? ORDER BY at DESC, seq DESC",
                (asked, asked),
            ).fetchall()
            quotes = _quotes(connection)
        return [_run(quotes.get(seq, {}), id, asked, body) for seq, id, asked, body in rows]

    def topic_rule(self, run: str) -> bytes:
        with self._db.read() as connection:
            row = connection.execute("SELECT rule FROM topic_runs WHERE id = ?", (identifier(run),)).fetchone()
        if row is None:
            raise InputError(f"no topic run has the id {run!r}; `topic_runs()` lists those that are kept.")
        return bytes(row[0])

    def topic_members(self, run: str, topic: str, skip: int = 0, n: int = 20) -> list[str]:
        with self._db.read() as connection:
            rows = connection.execute(
                """SELECT m.id FROM topic_members t JOIN topic_runs r ON r.seq = t.run JOIN mentions m ON m.n = t.n
                   WHERE r.id = ? AND t.topic = ? ORDER BY t.place LIMIT ? OFFSET ?""",
                (identifier(run), storable(topic), n, skip),
            ).fetchall()
        return [id for (id,) in rows]

    def vectors(self, ids: Sequence[str]) -> Mapping[str, bytes]:
        with self._db.read() as connection:
            rows = connection.execute(
                """SELECT m.id, r.vector FROM mentions m JOIN readings r ON r.n = m.n
                   WHERE m.id IN (SELECT value FROM json_each(?)) AND length(r.vector) > 0""",
                (array(ids),),
            ).fetchall()
        return dict(rows)


def _known(connection: sqlite3.Connection, ids: Sequence[str]) -> frozenset[str]:
    """Which mentions are still there: one may have been erased since it was placed."""
    rows = connection.execute("SELECT id FROM mentions WHERE id IN (SELECT value FROM json_each(?))", (array(ids),))
    return frozenset(id for (id,) in rows)


def _rows(number: int, topic: Topic, ids: Sequence[str]) -> list[tuple[object, ...]]:
    """Run, topic, place, mention, and which of the topic's quotes it gives, from where to where."""
    quotes = {q.mention_id: (k, q.quote.start, q.quote.end) for k, q in enumerate(topic.quotes)}
    return [(number, topic.id, place, identifier(i), *quotes.get(i, (None, None, None))) for place, i in enumerate(ids)]


def _forget_old(connection: sqlite3.Connection, query: str) -> None:
    old = connection.execute(
        "SELECT seq FROM topic_runs WHERE query = ? ORDER BY at DESC, seq DESC LIMIT -1 OFFSET ?",
        (storable(query), RUNS_KEPT),
    ).fetchall()
    for table, column in (("topic_members", "run"), ("topic_runs", "seq")):
        connection.executemany(f"DELETE FROM {table} WHERE {column} = ?", old)  # noqa: S608 - names of our own


def _quotes(connection: sqlite3.Connection) -> dict[int, dict[str, tuple[TopicQuote, ...]]]:
    """Quotes of every run kept, by run and topic, in their order."""
    rows = connection.execute(
        """SELECT t.run, t.topic, m.id, t.quote_start, t.quote_end FROM topic_members t JOIN mentions m ON m.n = t.n
           WHERE t.quoted IS NOT NULL ORDER BY t.run, t.topic, t.quoted"""
    ).fetchall()
    found: dict[int, dict[str, tuple[TopicQuote, ...]]] = {}
    for (run, topic), group in groupby(rows, key=lambda row: (row[0], row[1])):
        found.setdefault(run, {})[topic] = tuple(TopicQuote(id, Span(start, end)) for _, _, id, start, end in group)
    return found


def _run(quotes: Mapping[str, tuple[TopicQuote, ...]], id: str, query: str, body: str) -> TopicRun:
    run = decode(TopicRun, {**loads(body), "id": id, "query": query})
    return replace(run, topics=tuple(replace(t, quotes=quotes.get(t.id, ())) for t in run.topics))
