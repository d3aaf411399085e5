"""A run: topics found, or the last run's rule applied to what is new; counted, named, linked, kept."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from core.errors import InputError
from core.interfaces import Index, Store
from core.topics import Topic, TopicQuote, TopicRun
from core.tree import Node
from fengping.topics.figures import Tally, tallies
from fengping.topics.gather import Gathered, Progress, Wanted, began, documents, gather, vectors
from fengping.topics.known import Known, known, linked_to
from nlp.segment import Segmenter, normalise
from nlp.topics.discover import discover, place
from nlp.topics.names import Name, names
from nlp.topics.quotes import LOOKED_AT, quotes
from nlp.topics.rule import Ints, TopicRule

RULE_HOLDS = timedelta(days=7)
"""A rule younger than this places new mentions without being found again."""
MOST_UNPLACED = 0.1
"""Unless more than this share belongs nowhere: then people talk of something that it does not know."""


@dataclass(frozen=True, slots=True)
class Placed:
    """Where every mention gathered belongs (-1: nowhere), how surely, and which have been read."""

    topics: Ints
    scores: np.ndarray[tuple[int], np.dtype[np.float32]]
    read: np.ndarray[tuple[int], np.dtype[np.bool_]]


def run(
    store: Store,
    index: Index,
    tree: Node,
    wanted: Wanted,
    model: str,
    at: datetime,
    progress: Progress,
    never: frozenset[str] = frozenset(),
) -> TopicRun:
    """The topics of a query, kept in the store too. `model` is the version whose vectors the readings have; `never`
    are normalised names that name no topic.

    Raises InputError where there is too little to find topics in.
    """
    gathered = gather(index, tree, wanted, progress)
    earlier = store.topic_runs(wanted.query)
    last = None if wanted.anew else next((r for r in earlier[:1] if _holds(r, wanted, model, at)), None)
    if last is not None:
        rule = TopicRule.from_bytes(store.topic_rule(last.id))
        placed = _placed(store, rule, gathered, progress)
        if _share_unplaced(gathered, placed) <= MOST_UNPLACED:
            kept = known(last)
            return _kept(store, index, wanted, _Made(last.fitted_at, model, at), gathered, rule, placed, kept)
    rule = _found(store, gathered, wanted, progress)
    placed = _placed(store, rule, gathered, progress)
    named = _named(gathered, placed, rule.topics, never)
    ids = _known_again(store, earlier, gathered, placed, named, model, wanted.query, at)
    return _kept(store, index, wanted, _Made(at, model, at), gathered, rule, placed, ids)


@dataclass(frozen=True, slots=True)
class _Made:
    """When the rule was found, by the vectors of which model, and when this run is."""

    fitted_at: datetime
    model: str
    at: datetime


def _holds(last: TopicRun, wanted: Wanted, model: str, at: datetime) -> bool:
    """Whether the last run's rule answers the same question still."""
    alike = last.model == model and last.detail == wanted.detail and bool(last.columns)
    if (last.start is None) != (wanted.start is None) or not alike or at - last.fitted_at >= RULE_HOLDS:
        return False
    if last.start is None or wanted.start is None:
        return True
    return abs((last.end - last.start) - (wanted.end - wanted.start)) < timedelta(days=1)


def _found(store: Store, gathered: Gathered, wanted: Wanted, progress: Progress) -> TopicRule:
    ids = sorted(gathered.texts)
    parts = list(vectors(store, ids))
    kept = [ids[k] for places, _ in parts for k in places]
    if not kept and ids:
        raise InputError(f"none of the {len(ids)} mentions is read yet. Run `fengping read`, then ask again.")
    progress("topics", 0, 1)
    rows = np.concatenate([rows for places, rows in parts if len(places)]) if kept else np.empty((0, 1), np.float32)
    rule = discover([gathered.texts[i] for i in kept], rows, Segmenter(), wanted.detail)
    progress("topics", 1, 1)
    return rule


def _placed(store: Store, rule: TopicRule, gathered: Gathered, progress: Progress) -> Placed:
    ids = [m.id for m in gathered.mentions]
    topics, scores = np.full(len(ids), -1, np.intp), np.full(len(ids), -np.inf, np.float32)
    read = np.zeros(len(ids), np.bool_)
    for places, rows in vectors(store, ids, len(rule.middle)):
        if len(places):
            found = place(rule, rows)
            topics[places], scores[places], read[places] = found.topics, found.scores, True
            progress("placed", int(places[-1]) + 1, len(ids))
    return Placed(topics, scores, read)


def _share_unplaced(gathered: Gathered, placed: Placed) -> float:
    now = np.array([m.now for m in gathered.mentions], np.bool_) & placed.read
    return float((placed.topics[now] < 0).mean()) if now.any() else 0.0


def _named(gathered: Gathered, placed: Placed, topics: int, never: frozenset[str]) -> list[Name]:
    where = {m.id: int(t) for m, t in zip(gathered.mentions, placed.topics, strict=True) if m.id in gathered.texts}
    ids = sorted(gathered.texts)
    return names([gathered.texts[i] for i in ids], [where[i] for i in ids], topics, Segmenter(), never)


def _known_again(
    store: Store,
    earlier: Sequence[TopicRun],
    gathered: Gathered,
    placed: Placed,
    named: Sequence[Name],
    model: str,
    query: str,
    at: datetime,
) -> list[Known]:
    """Each topic with the id it had in the newest earlier run that knew it, else with a new one."""
    now = [k for k, m in enumerate(gathered.mentions) if m.now]
    ids = [gathered.mentions[k].id for k in now]
    found: dict[int, Known] = {}
    for one in earlier:
        free = [k for k in range(len(named)) if k not in found]
        if not free:
            break
        taken = {k.id for k in found.values()}
        for topic, was in linked_to(store, one, ids, placed.topics[now], len(named), model).items():
            if topic in free and was.id not in taken:
                found[topic] = Known(was.id, *_called(named[topic], was), was.first_seen)
    return [found.get(k) or _new(name, query, at, k) for k, name in enumerate(named)]


def _called(name: Name, was: Known) -> tuple[str, tuple[str, ...]]:
    """A topic keeps what it is called as long as that is among its phrases."""
    for written, key in zip(name.phrases, name.keys, strict=True):
        if normalise(was.label) in {key, normalise(written)}:
            return was.label, (was.label, *(p for p in name.phrases if p != written))
    return (name.phrases[0] if name.phrases else was.label), name.phrases


def _new(name: Name, query: str, at: datetime, number: int) -> Known:
    digest = hashlib.sha256(f"{query}\n{at.isoformat()}\n{number}".encode("utf-8", "replace")).hexdigest()
    return Known(f"t{digest[:8]}", name.phrases[0] if name.phrases else "", name.phrases, at)


def _kept(
    store: Store,
    index: Index,
    wanted: Wanted,
    made: _Made,
    gathered: Gathered,
    rule: TopicRule,
    placed: Placed,
    ids: Sequence[Known],
) -> TopicRun:
    counted = tallies(gathered.mentions, placed.topics.tolist(), rule.topics, wanted, began(index, wanted.end))
    members: dict[str, list[str]] = {}
    topics = []
    for topic, tally in zip(ids, counted, strict=True):
        tally.members.sort(key=lambda k: (-float(placed.scores[k]), gathered.mentions[k].id))
        members[topic.id] = [gathered.mentions[k].id for k in tally.members]
        topics.append(_topic(topic, tally, _quotes(index, members[topic.id], topic)))
    now = np.array([m.now for m in gathered.mentions], np.bool_)
    before = None if wanted.start is None else _before(gathered, wanted, placed)
    digest = hashlib.sha256(f"{wanted.query}\n{made.at.isoformat()}".encode("utf-8", "replace")).hexdigest()
    kept = TopicRun(
        id=f"r{digest[:12]}",
        query=wanted.query,
        start=wanted.start,
        end=wanted.end,
        at=made.at,
        fitted_at=made.fitted_at,
        generation=index.generation(),
        model=made.model,
        detail=wanted.detail,
        n=int(now.sum()),
        unplaced=int((now & placed.read & (placed.topics < 0)).sum()),
        unread=int((now & ~placed.read).sum()),
        topics=tuple(sorted(topics, key=lambda t: (-t.n, t.id))),
        before=before,
        columns=tuple(k.id for k in ids),
    )
    store.save_topic_run(kept, rule.to_bytes(), members)
    return kept


def _before(gathered: Gathered, wanted: Wanted, placed: Placed) -> int:
    """Read mentions of the stretch of the same length just before."""
    assert wanted.start is not None
    from_ = wanted.start - (wanted.end - wanted.start)
    counted = zip(gathered.mentions, placed.read, strict=True)
    return sum(1 for m, read in counted if read and not m.now and m.at is not None and m.at >= from_)


def _topic(known: Known, tally: Tally, quoted: tuple[TopicQuote, ...]) -> Topic:
    return Topic(
        id=known.id,
        label=known.label,
        phrases=known.phrases,
        n=tally.n,
        positive=tally.positive,
        negative=tally.negative,
        first_seen=known.first_seen,
        before=tally.before,
        weeks=tally.weeks,
        q=tally.q,
        emerging=tally.emerging,
        quotes=quoted,
    )


def _quotes(index: Index, ranked: Sequence[str], topic: Known) -> tuple[TopicQuote, ...]:
    found = documents(index, ranked[:LOOKED_AT])
    ids = [i for i in ranked[:LOOKED_AT] if i in found]
    texts = [found[i].text for i in ids]
    keys = [normalise(p) for p in topic.phrases]
    return tuple(TopicQuote(ids[k], span) for k, span in quotes(texts, range(len(ids)), keys, Segmenter()))
