"""The records of a demo world: what is posted, and the truth about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, NamedTuple

from core.models import Kind, Polarity, RelevanceReason, Side

PlantKind = Literal["negative_spike", "slow_burn", "rumour", "campaign", "silence"]
Shape = Literal["step", "ramp", "pulse", ""]
Genre = Literal[
    "opinion", "neutral", "sarcasm", "comparison", "followup", "repost", "copy", "praise",
    "other_meaning", "lottery", "default_review", "advertisement", "off_topic", "empty",
    "recall", "rumour", "rumour_repost", "campaign",
]  # fmt: skip
NOISE: frozenset[str] = frozenset(("other_meaning", "lottery", "default_review", "advertisement", "off_topic", "empty"))


class OpinionTruth(NamedTuple):
    """What a post really says of an attribute of a brand."""

    target: str
    attribute: str
    polarity: Side


class Draft(NamedTuple):
    """A post before its words: when, where, about what, and which way. `when` is seconds since the epoch."""

    when: float
    genre: Genre
    source: str
    brand: int
    product: int
    opinions: tuple[OpinionTruth, ...]
    english: bool
    plant: str = ""


class WorldPost(NamedTuple):
    """One review or post as its site shows it. `delivered` is False where the site has stopped serving new posts."""

    id: str
    source: str
    kind: Kind
    title: str
    text: str
    brand: str
    product: str
    author: str
    followers: int | None
    time: datetime
    rating: int | None
    likes: int
    replies: int
    shares: int
    views: int | None
    region: str
    parent: str
    url: str
    delivered: bool


class MentionTruth(NamedTuple):
    """What is true of one post."""

    id: str
    polarity: Polarity
    opinions: tuple[OpinionTruth, ...]
    noise: RelevanceReason
    duplicate_of: str
    promotion: bool
    genre: Genre
    language: str
    plant: str


@dataclass(frozen=True, slots=True)
class Planted:
    """Something planted, to be found.

    `attributes[0]` is the one hit, the others are named along with it. `first_day` is how many mentions were added in
    the first 24 hours, `deviation` the standard deviation of the clean 24-hour count they were measured against,
    `exact` whether `first_day` is the smallest size that counts. `native_ids` are those of the added mentions; for a
    silence, `source` is the site and `native_ids` what it kept back.
    """

    id: str
    kind: PlantKind
    name: str
    brand: str
    product: str
    attributes: tuple[str, ...]
    source: str
    start: datetime
    end: datetime
    shape: Shape
    first_day: int
    size: int
    deviation: float
    exact: bool
    native_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Truth:
    """All that was planted and, post by post, what is so."""

    seed: int
    per_day: float
    days: int
    end: datetime
    planted: tuple[Planted, ...]
    mentions: tuple[MentionTruth, ...]


@dataclass(frozen=True, slots=True)
class World:
    """Everything that was posted, oldest first, and the truth about it."""

    posts: tuple[WorldPost, ...]
    truth: Truth
