"""Between the Store and those who label: drawing into it, whose turn is next, what is read of the labelled."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from core.interfaces import Understood
from core.labels import Draw, Judged, Label, LabelledOpinion, Sampled
from core.models import Opinion, SearchDocument, Totals
from index.label_report import Read, read
from index.label_sample import Former, Wanted, candidate, draw, gathered
from index.labelled import NOTHING_LABELLED, Labelled, labelled
from index.powered import FEWEST_LABELS


class Known(Protocol):
    """What labelling reads of a Store."""

    def understood(self, ids: Sequence[str]) -> list[Understood]: ...

    def sample(self) -> list[Sampled]: ...

    def labels(self, by: str = "") -> list[Label]: ...


class Documents(Protocol):
    """What is asked of an index."""

    def get(self, ids: Sequence[str]) -> list[SearchDocument]: ...


class Drawable(Known, Protocol):
    """What drawing asks besides."""

    def totals(self) -> Totals: ...

    def scan(self, after: str = "", n: int = 1000) -> list[Understood]: ...

    def draws(self) -> list[Draw]: ...

    def add_draw(self, draw: Draw, sample: Sequence[Sampled], former: int | None = None) -> int: ...


@dataclass(frozen=True, slots=True)
class Turn:
    """A mention to label next, and what this person has said of it so far."""

    member: Sampled
    understood: Understood
    label: Label | None

    @property
    def opinions(self) -> tuple[Opinion, ...]:
        """The opinions found that a person is asked about: those with an attribute, each attribute and side once."""
        reading = self.understood.reading
        if reading is None or reading.revision != self.understood.mention.revision:
            return ()
        unique = {as_labelled(o): o for o in reversed(reading.opinions) if o.attribute}
        return tuple(sorted(unique.values(), key=lambda o: (o.quote, o.attribute, o.polarity)))


def as_labelled(opinion: Opinion) -> LabelledOpinion:
    """An opinion as a person judges it."""
    return LabelledOpinion(opinion.target, opinion.attribute, opinion.polarity)


def draw_into(store: Drawable, wanted: Wanted, at: datetime, report: Callable[[int, int], None] | None = None) -> int:
    """Draws so many more mentions; returns how many there were to draw. Raises Busy where another drew meanwhile."""
    former, before = store.draws(), store.sample()
    present = {c.mention_id: c for c in map(candidate, store.understood([s.mention_id for s in before])) if c}
    candidates, share = gathered(store.scan, store.totals().total, wanted.seed, report)
    drawing, sample = draw(candidates, share, wanted, at, Former(former, before, present))
    if len(sample) == len(before):
        return 0
    return store.add_draw(drawing, sample, len(former)) - len(before)


def waiting(sample: Sequence[Sampled], labels: Sequence[Label], attributes: bool = True) -> list[Sampled]:
    """Members that a person has still to label, in turn; `labels` are that person's.

    With `attributes`, those whose attributes were not gone through come first: they were left half-way.
    """
    said = {label.mention_id: label for label in labels}
    half = [s for s in sample if attributes and s.mention_id in said and not _done(said[s.mention_id])]
    return [*half, *(s for s in sample if s.mention_id not in said)]


def _done(label: Label) -> bool:
    return label.complete or label.polarity == "skipped"


def turn(store: Known, member: Sampled, by: str) -> Turn | None:
    """The mention of a member with what this person said of it; None where it is gone."""
    found = store.understood([member.mention_id])
    if not found or found[0].mention.revision != member.revision:
        return None
    label = next((x for x in store.labels(by) if x.mention_id == member.mention_id), None)
    return Turn(member, found[0], label)


def left_to_judge(turn: Turn) -> list[Opinion]:
    """The opinions found of which this person has not yet said whether they are right."""
    said = {j.opinion for j in turn.label.judged} if turn.label else set()
    return [o for o in turn.opinions if as_labelled(o) not in said]


def reads_of(store: Known) -> list[Read]:
    """The labelled members as they are read now."""
    labels, sample = store.labels(), store.sample()
    named = {label.mention_id for label in labels}
    known = store.understood([s.mention_id for s in sample if s.mention_id in named])
    return read(known, sample, labels)


def labelled_of(index: Documents, store: Known) -> Labelled:
    """The labelled sample as the index holds it, for measures; nothing while there are too few labels for any."""
    labels = store.labels()
    if len(labels) < FEWEST_LABELS:
        return NOTHING_LABELLED
    sample = store.sample()
    return labelled(index.get([s.mention_id for s in sample]), sample, labels)


def judged_by_list(
    turn: Turn, named: Sequence[LabelledOpinion]
) -> tuple[tuple[Judged, ...], tuple[LabelledOpinion, ...]]:
    """What a complete list of the opinions in a mention says of those found, and which of it were missed."""
    found = [as_labelled(o) for o in turn.opinions]
    judged = tuple(Judged(o, o in named) for o in found)
    return judged, tuple(o for o in dict.fromkeys(named) if o not in found)
