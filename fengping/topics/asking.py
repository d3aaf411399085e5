"""Answering a question for topics, whoever asks: the command line, or a page through its request."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from core.errors import InputError
from core.interfaces import Index
from core.topics import TopicQuestion, TopicRun
from core.tree import And, Node, Not, Or, Term
from core.tree_json import tree_to_json
from fengping.assembly import Assembly
from fengping.topics.gather import Progress, Wanted
from index.query_dates import moment_range
from nlp.segment import normalise

_ONE_DAY = datetime(2000, 1, 1, tzinfo=UTC)
"""The today of dates such as 7d in a key: a question keeps its key from day to day."""


def discovered(assembly: Assembly, index: Index, asked: TopicQuestion, progress: Progress) -> TopicRun:
    """Answers a question and keeps the run. Raises QueryError, InputError."""
    # Finding topics loads a graph library, and reading its model's files: no other command waits for them.
    from fengping.topics.run import run
    from nlp.reader import versions

    start, end = _period(assembly, asked)
    tree = assembly.parse(asked.query, index)
    wanted = Wanted(_key(assembly, index, asked.query, tree), start, end, asked.detail, asked.anew)
    model = versions(assembly.project, assembly.home.lexicons).model
    brands = frozenset(normalise(name) for b in assembly.project.brands for name in (b.name, *b.aliases))
    return run(assembly.store, index, tree, wanted, model, assembly.clock(), progress, brands)


def _key(assembly: Assembly, index: Index, query: str, tree: Node) -> str:
    """What runs of a query are kept under: the query, unless it names an author, whose name is never stored."""
    if not _names_author(tree):
        return query
    return tree_to_json(replace(assembly, clock=lambda: _ONE_DAY).parse(query, index))


def _names_author(tree: Node) -> bool:
    if isinstance(tree, And | Or):
        return any(_names_author(part) for part in tree.parts)
    return _names_author(tree.part) if isinstance(tree, Not) else isinstance(tree, Term) and tree.field == "author"


def _period(assembly: Assembly, asked: TopicQuestion) -> tuple[datetime | None, datetime]:
    zone, now = assembly.project.zone(), assembly.clock()
    if not asked.since:
        if asked.until:
            raise InputError("--until needs --since: a period has two ends. Without both it is all time.")
        return None, now
    start = moment_range(asked.since, zone, now, 0)[0]
    end = moment_range(asked.until, zone, now, 0)[1] if asked.until else now
    if end <= start:
        raise InputError(f"the period from {start} to {end} is empty; give --since the earlier date.")
    return start, end
