"""The mentions a run is about: what is counted of them, the texts that topics are found in, and their vectors."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from core.interfaces import Index
from core.models import SearchDocument
from core.topics import TopicRuns
from core.tree import Everything, Node, Range, both
from index.emerging import WEEKS
from index.figures import population
from nlp.topics.likeness import Floats
from nlp.topics.rule import Ints
from nlp.topics.thresholds import MOST_FITTED

WEEK = timedelta(days=7)
_BATCH = 5000
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Whose topics: the counted mentions of a query from `start` (None: all, undated ones too) to `end`.

    `detail` 2 finds about twice as many topics; `anew` finds them again though the last run's still hold.
    """

    query: str
    start: datetime | None
    end: datetime
    detail: float = 1.0
    anew: bool = False

    @property
    def earliest(self) -> datetime | None:
        """Where counting begins: the period before, and the weeks that a new topic is held against."""
        if self.start is None:
            return None
        return min(self.start - (self.end - self.start), self.end - (WEEKS + 1) * WEEK)


@dataclass(frozen=True, slots=True)
class Counted:
    """What is counted of a mention."""

    id: str
    at: datetime | None
    polarity: str
    now: bool
    """Within the period; else before it."""


@dataclass(frozen=True, slots=True)
class Gathered:
    """Every mention counted, by id, and the texts of those in which topics are found (at most MOST_FITTED)."""

    mentions: list[Counted]
    texts: dict[str, str]

    @property
    def now(self) -> list[Counted]:
        return [m for m in self.mentions if m.now]


def gather(index: Index, tree: Node, wanted: Wanted, progress: Progress) -> Gathered:
    """Streams the counted mentions of a query; of the texts only those are held that will be looked into."""
    whole = population(both(tree, _dated(wanted.earliest, wanted)))
    within = index.count(population(both(tree, _dated(wanted.start, wanted))))
    total, step = index.count(whole), max(1, -(-within // MOST_FITTED))
    mentions: list[Counted] = []
    texts: dict[str, str] = {}
    seen = 0
    for document in index.scroll(whole):
        now = wanted.start is None or (document.published_at is not None and document.published_at >= wanted.start)
        mentions.append(Counted(document.id, document.published_at, document.polarity, now))
        if now:
            if seen % step == 0:
                texts[document.id] = document.text
            seen += 1
        if len(mentions) % _BATCH == 0:
            progress("mentions", len(mentions), total)
    progress("mentions", len(mentions), total)
    return Gathered(mentions, texts)


def _dated(start: datetime | None, wanted: Wanted) -> Node:
    return Everything() if start is None else Range("date", start, wanted.end)


def began(index: Index, end: datetime) -> datetime | None:
    """When the oldest mention was published: weeks before are no baseline."""
    hits = index.search(population(Range("date", None, end)), "oldest", "", 1).hits
    return hits[0].document.published_at if hits else None


def vectors(store: TopicRuns, ids: Sequence[str], width: int = 0) -> Iterator[tuple[Ints, Floats]]:
    """Places in `ids` with their vectors [n, width], some thousand at a time; mentions without one are left out.

    `width` 0 takes that of the first.
    """
    for start in range(0, len(ids), _BATCH):
        found = store.vectors(ids[start : start + _BATCH])
        width = width or next((len(v) // 2 for v in found.values()), 0)
        kept = [k for k in range(start, min(start + _BATCH, len(ids))) if len(found.get(ids[k], b"")) == 2 * width > 0]
        rows = np.frombuffer(b"".join(found[ids[k]] for k in kept), "<f2").astype(np.float32).reshape(-1, width or 1)
        yield np.array(kept, np.intp), rows


def documents(index: Index, ids: Sequence[str]) -> dict[str, SearchDocument]:
    return {d.id: d for d in index.get(list(ids))}
