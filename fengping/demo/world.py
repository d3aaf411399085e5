"""The demo world: everything posted in the months before `end`, from a seed, with the truth about it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from heapq import merge
from operator import attrgetter
from random import Random
from typing import Literal

from core.errors import InputError
from fengping.demo.calm import Calm, first_midnight
from fengping.demo.planting import Grown, Silence, grow, silences
from fengping.demo.plants import CalmCounts
from fengping.demo.realise import Posted, Realiser
from fengping.demo.records import Draft, MentionTruth, Planted, Truth, World, WorldPost
from fengping.demo.schedules import drawn, story

Scenario = Literal["story", "drawn"]
SEED, PER_DAY, DAYS = 7, 80.0, 90
"""The world of `fengping demo`: about 7,000 posts in 90 days."""


@dataclass(frozen=True, slots=True)
class Blueprint:
    """A world before its words: small enough to keep whole, however large the world."""

    seed: int
    per_day: float
    days: int
    end: datetime
    drafts: tuple[Draft, ...]
    grown: tuple[Grown, ...]
    quiet: tuple[Silence, ...]

    def posts(self) -> Iterator[Posted]:
        """Every post with its truth, oldest first, written as they are asked for."""
        realiser = Realiser(self.seed, self.per_day, self.days, list(self.quiet))
        planted = sorted((d for g in self.grown for d in g.drafts), key=attrgetter("when"))
        return realiser.realise(merge(self.drafts, planted, key=attrgetter("when")))


def blueprint(seed: int, per_day: float, days: int, end: datetime, scenario: Scenario = "story") -> Blueprint:
    """Draws times, subjects, opinions and what is planted. `end` is aware; raises InputError for senseless numbers."""
    if end.tzinfo is None:
        raise InputError("the end of a demo world needs a time zone; pass an aware datetime.")
    if not 0 < per_day <= 1_000_000 or not 1 <= days <= 3650:
        raise InputError(f"{per_day:g} posts a day over {days} days make no world; use 1–1000000 and 1–3650.")
    last = end.astimezone(UTC).timestamp()
    start = first_midnight(last, days)
    calm = [d for day in Calm(seed, per_day).days(start, days) for d in day if d.when < last]
    random = Random(f"{seed}:plants")
    quiet, plans = [], story(start, last)
    if scenario == "drawn":
        plans = drawn(CalmCounts(start, last, _negatives(calm, [])), start, last, random)
    quiet = silences(plans)
    counts = CalmCounts(start, last, _negatives(calm, quiet))
    grown = tuple(grow(plan, number, counts, quiet, last, random) for number, plan in enumerate(plans, start=1))
    return Blueprint(seed, per_day, days, end, tuple(calm), grown, tuple(quiet))


def generate(
    seed: int = SEED,
    per_day: float = PER_DAY,
    days: int = DAYS,
    *,
    end: datetime,
    scenario: Scenario = "story",
) -> World:
    """The whole world in memory; the same for the same arguments. Nothing in it is later than `end`."""
    plan = blueprint(seed, per_day, days, end, scenario)
    posted = list(plan.posts())
    posts = tuple(post for post, _ in posted)
    mentions = tuple(truth for _, truth in posted)
    return World(posts, Truth(seed, per_day, days, end, with_ids(plan.grown, posted), mentions))


class Native:
    """Collects the ids of what was planted while a world is being written."""

    def __init__(self, grown: Iterable[Grown]) -> None:
        self._grown = tuple(grown)
        self._silences = [g.planted for g in self._grown if g.planted.kind == "silence"]
        self._ids: dict[str, list[str]] = {g.planted.id: [] for g in self._grown}

    def note(self, post: WorldPost, truth: MentionTruth) -> None:
        if truth.plant:
            self._ids[truth.plant].append(truth.id)
        if not post.delivered:
            for silence in self._silences:
                if silence.source == post.source and silence.start <= post.time < silence.end:
                    self._ids[silence.id].append(truth.id)

    def planted(self) -> tuple[Planted, ...]:
        """What was planted, each with the ids of its mentions; a silence's size is what it kept back."""
        found = []
        for grown in self._grown:
            ids = tuple(self._ids[grown.planted.id])
            found.append(replace(grown.planted, native_ids=ids, size=len(ids)))
        return tuple(found)


def with_ids(grown: Iterable[Grown], posted: Iterable[Posted]) -> tuple[Planted, ...]:
    """What was planted, each with the ids of its mentions."""
    native = Native(grown)
    for post, truth in posted:
        native.note(post, truth)
    return native.planted()


def _negatives(drafts: Iterable[Draft], quiet: list[Silence]) -> Iterator[tuple[float, str, str]]:
    """Time, brand and attribute of every complaint that somebody listening could have counted."""
    for draft in drafts:
        if any(silence.keeps_back(draft) for silence in quiet):
            continue
        complaints = [(o.target, o.attribute) for o in draft.opinions if o.polarity == "negative"]
        above = [(target, path.partition("/")[0]) for target, path in complaints]
        for target, path in dict.fromkeys(complaints + above):
            yield draft.when, target, path
