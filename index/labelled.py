"""The labelled mentions as measures ask for them: which are within a tree, what was read of them and what is true."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from threading import Lock
from typing import TypeVar

import numpy as np

from core.labels import Label, Sampled
from core.models import SearchDocument
from core.tree import Node
from index.document import ancestors
from index.figures import Rate
from index.holding import holds
from index.powered import Powered, Sample, powered_rate, powered_ratio

COVERED = 0.7
"""The share of a figure's mentions that the sample must have been drawn from; as of strata held against each other."""
Key = TypeVar("Key")
Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class LabelledMention:
    """A member of the sample as the index holds it. `labels` are those that say something; none yet for many."""

    document: SearchDocument
    weight: float
    labels: tuple[Label, ...]


@dataclass(frozen=True, slots=True)
class Opinionated:
    """For each attribute of a brand (ancestors too): the labelled mentions of a population, read and true."""

    parts: Mapping[str, Sample]
    wholes: Mapping[str, Sample]


class Labelled:
    """The labelled sample of one generation. What was asked before is not gone through again."""

    def __init__(self, mentions: Sequence[LabelledMention]) -> None:
        self.mentions = tuple(mentions)
        self._within: dict[Node, tuple[LabelledMention, ...]] = {}
        self._opinionated: dict[tuple[Node, str], Opinionated] = {}
        self._lock = Lock()

    def within(self, tree: Node) -> tuple[LabelledMention, ...]:
        """Those labelled that match."""
        return tuple(m for m in self._members(tree) if m.labels)

    def covers(self, tree: Node, n: int) -> bool:
        """Whether the sample stands for enough of the n mentions that match: a drawing of one brand says nothing of
        another, and what came after the last drawing stands for itself alone."""
        return sum(m.weight for m in self._members(tree)) >= COVERED * n

    def _members(self, tree: Node) -> tuple[LabelledMention, ...]:
        return _once(self._lock, self._within, tree, lambda: tuple(m for m in self.mentions if holds(m.document, tree)))

    def opinions(self, of: Node, brand: str) -> Opinionated:
        """What complaint rates of a brand need, all attributes at once."""
        return _once(self._lock, self._opinionated, (of, brand), lambda: _opinionated(self.within(of), brand))


def _once(lock: Lock, kept: dict[Key, Found], key: Key, make: Callable[[], Found]) -> Found:
    with lock:
        if key in kept:
            return kept[key]
    found = make()
    with lock:
        kept[key] = found
    return found


NOTHING_LABELLED = Labelled(())


def labelled(documents: Iterable[SearchDocument], sample: Sequence[Sampled], labels: Sequence[Label]) -> Labelled:
    """Puts sample, labels and documents together. Only members of the sample count: of others no weight is known."""
    weights = {s.mention_id: s for s in sample}
    said, found = by_mention(labels), []
    for document in documents:
        member = weights.get(document.id)
        own = tuple(x for x in said.get(document.id, ()) if x.revision == document.revision)
        if member is not None and member.revision == document.revision:
            found.append(LabelledMention(document, member.weight, own))
    return Labelled(found)


def by_mention(labels: Iterable[Label]) -> dict[str, list[Label]]:
    """Labels that say something, by the mention they are of."""
    found: dict[str, list[Label]] = {}
    for label in labels:
        if label.polarity != "skipped":
            found.setdefault(label.mention_id, []).append(label)
    return found


def corrected(rate: Rate, found: Powered | None) -> Rate:
    """The rate with the prediction-powered interval, where there is one; value and count stay what was read."""
    if found is None or rate.value is None:
        return rate
    return replace(rate, low=found.low, high=found.high, estimate=found.value, labels=found.labels)


def powered_polarity(labels: Labelled, rate: Rate, polarity: str) -> Rate:
    """A polarity rate, put right by what people said of the mentions it is of."""
    if not labels.covers(rate.of, rate.n):
        return rate
    found = labels.within(rate.of)
    truth = [_share(m, lambda label: label.polarity == polarity) for m in found]
    return corrected(rate, powered_rate(rate.count, rate.n, _sample(found, truth, _read_as(found, polarity))))


def powered_complaints(labels: Labelled, of: Node, brand: str, n: int, rates: Mapping[str, Rate]) -> dict[str, Rate]:
    """Complaint rates of a brand by attribute, put right; as they were for attributes that no labelled mention names.

    `of` finds the mentions about the brand, `n` in number.
    """
    if not labels.mentions or not n or not labels.covers(of, n):
        return dict(rates)
    said = labels.opinions(of, brand)
    return {
        a: corrected(r, powered_ratio(r.count, r.n, n, said.parts[a], said.wholes[a])) if a in said.parts else r
        for a, r in rates.items()
    }


def _opinionated(within: Sequence[LabelledMention], brand: str) -> Opinionated:
    found = [m for m in within if any(label.complete for label in m.labels)]
    read = [_read_keys(m, brand) for m in found]
    true = [_true_keys(m, brand) for m in found]
    names = {a for keys in (*read, *true) for a, _ in keys}
    weight = np.array([m.weight for m in found])

    def sample(attribute: str, side: str) -> Sample:
        key = (attribute, side)
        return Sample(np.array([t.get(key, 0.0) for t in true]), np.array([r.get(key, 0.0) for r in read]), weight)

    return Opinionated({a: sample(a, "negative") for a in names}, {a: sample(a, "") for a in names})


def _share(mention: LabelledMention, says: Callable[[Label], bool]) -> float:
    answers = [says(label) for label in mention.labels]
    return sum(answers) / len(answers)


def _read_as(found: Sequence[LabelledMention], polarity: str) -> list[float]:
    return [float(m.document.polarity == polarity) for m in found]


def _sample(found: Sequence[LabelledMention], truth: Sequence[float], read: Sequence[float]) -> Sample:
    weight = np.array([m.weight for m in found])
    return Sample(np.array(truth), np.array(read), weight)


def _read_keys(mention: LabelledMention, brand: str) -> dict[tuple[str, str], float]:
    """attribute × side ("" is any) of the opinions read on a brand."""
    found = [(o.attribute, o.polarity) for o in mention.document.opinions if brand in {"", o.target}]
    return dict.fromkeys(_keys(found), 1.0)


def _true_keys(mention: LabelledMention, brand: str) -> dict[tuple[str, str], float]:
    """The same of what people found, with the share of them who say so."""
    people = [label for label in mention.labels if label.complete]
    said: dict[tuple[str, str], float] = {}
    for label in people:
        for key in _keys([(o.attribute, o.polarity) for o in label.opinions if brand in {"", o.target}]):
            said[key] = said.get(key, 0.0) + 1 / len(people)
    return said


def _keys(opinions: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
    return {(a, side) for attribute, polarity in opinions for a in ancestors(attribute) for side in (polarity, "")}
