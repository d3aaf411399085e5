"""What people say of mentions: the sample drawn for them, their labels, and the Store's contract for both."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol

from core.models import Polarity, Side

Answer = Literal["positive", "neutral", "negative", "unsure", "skipped"]
ANSWERS: tuple[Answer, ...] = ("positive", "neutral", "negative", "unsure", "skipped")
"""What a person may say of a whole mention; "unsure": it takes no side that could be named."""


@dataclass(frozen=True, slots=True)
class LabelledOpinion:
    """An attribute of a target with a side, whether a person found it or was shown it."""

    target: str
    attribute: str
    polarity: Side


@dataclass(frozen=True, slots=True)
class Judged:
    """An opinion that the reader found, and whether a person agrees."""

    opinion: LabelledOpinion
    right: bool


@dataclass(frozen=True, slots=True)
class Label:
    """One person's label of one revision of a mention.

    `judged` are the opinions shown, `missed` those the person found besides. `complete` is True once all were gone
    through: only then is what was not named known to be absent.
    """

    mention_id: str
    revision: str
    by: str
    polarity: Answer
    at: datetime
    judged: tuple[Judged, ...] = ()
    missed: tuple[LabelledOpinion, ...] = ()
    complete: bool = False

    @property
    def opinions(self) -> frozenset[LabelledOpinion]:
        """What the mention says, by this person."""
        return frozenset((*(j.opinion for j in self.judged if j.right), *self.missed))


@dataclass(frozen=True, slots=True)
class Sampled:
    """A mention drawn for labelling: `weight` is how many counted mentions it stands for, `place` its turn."""

    mention_id: str
    revision: str
    stratum: str
    weight: float
    place: int
    predicted: Polarity


@dataclass(frozen=True, slots=True)
class Draw:
    """One drawing: the share that was drawn of each stratum of what it could draw from.

    That was what measures count, about `brand` ("" is any), published since `since`.
    """

    at: datetime
    seed: int
    rates: Mapping[str, float] = field(default_factory=dict)
    since: datetime | None = None
    brand: str = ""


class Labels(Protocol):
    """The Store's part for labels. Whoever erases a mention erases its place in the sample and its labels."""

    def add_draw(self, draw: Draw, sample: Sequence[Sampled], former: int | None = None) -> int:
        """Keeps a drawing with its mentions; members drawn before get their new weights. Returns how many it kept.

        Mentions that are no more, or whose text changed since, are left out. `former` is how many drawings the
        weights were made for: raises Busy where there are others by now, and keeps nothing.
        """
        ...

    def draws(self) -> list[Draw]:
        """Oldest first."""
        ...

    def sample(self) -> list[Sampled]:
        """In the order of their turns; members whose text changed since they were drawn are left out."""
        ...

    def save_label(self, label: Label) -> bool:
        """Inserts or replaces by mention, revision and person; False where no mention has this id and revision."""
        ...

    def drop_label(self, mention_id: str, by: str) -> bool:
        """Takes back what a person said of a mention as it now is."""
        ...

    def labels(self, by: str = "") -> list[Label]:
        """Labels of mentions as they now are, in the order they were given; `by` leaves one person's."""
        ...

    def labels_version(self) -> int:
        """Rises with every change of sample and labels."""
        ...
