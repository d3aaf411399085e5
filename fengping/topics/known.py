"""Topics as earlier runs knew them, and which of them a topic of now is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from core.interfaces import Store
from core.topics import TopicRun
from fengping.topics.gather import vectors
from nlp.topics.linking import linked
from nlp.topics.rule import Ints, TopicRule

_PAGE = 10_000


@dataclass(frozen=True, slots=True)
class Known:
    """What stays of a topic from run to run: its id, what it is called, and when it was first seen."""

    id: str
    label: str
    phrases: tuple[str, ...]
    first_seen: datetime


def known(run: TopicRun) -> list[Known]:
    """The topics of a run in the order of its rule."""
    found = {t.id: Known(t.id, t.label, t.phrases, t.first_seen) for t in run.topics}
    return [found[i] for i in run.columns if i in found]


def linked_to(
    store: Store, earlier: TopicRun, ids: Sequence[str], now: Ints, topics: int, model: str
) -> dict[int, Known]:
    """Topic of now -> the earlier run's topic that it is. `now` places the mentions `ids`.

    The earlier rule says where it would have put them; where its vectors were another model's, it is only known
    where it did put those that are in both.
    """
    were = known(earlier)
    if not were or len(were) != len(earlier.columns):
        return {}
    then = _by_rule(store, earlier, ids) if earlier.model == model else _by_members(store, earlier, ids)
    common = then >= -1
    return {a: were[b] for a, b in linked(now[common], then[common], topics, len(were)).items()}


def _by_rule(store: Store, earlier: TopicRun, ids: Sequence[str]) -> Ints:
    rule = TopicRule.from_bytes(store.topic_rule(earlier.id))
    then = np.full(len(ids), -2, np.intp)
    for places, rows in vectors(store, ids, len(rule.middle)):
        if len(places):
            then[places] = rule.assign(rows)[0]
    return then


def _by_members(store: Store, earlier: TopicRun, ids: Sequence[str]) -> Ints:
    """-2 where the earlier run did not have the mention."""
    where: dict[str, int] = {}
    for number, topic in enumerate(earlier.columns):
        skip = 0
        while page := store.topic_members(earlier.id, topic, skip, _PAGE):
            where.update((i, number) for i in page)
            skip += len(page)
    return np.array([where.get(i, -2) for i in ids], np.intp)
