"""Carrying plans out: drafts for each plan, and what the truth will say of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from random import Random

from fengping.demo.calm import SOURCES
from fengping.demo.market import MarketBrand, market
from fengping.demo.plants import CalmCounts, Plan, burn_times, incident_times, smallest, spread_times
from fengping.demo.records import Draft, Genre, OpinionTruth, Planted
from fengping.demo.rhythm import DAY
from fengping.demo.schedules import PRIVACY


@dataclass(frozen=True, slots=True)
class Grown:
    """A planted thing before its posts have ids."""

    planted: Planted
    drafts: tuple[Draft, ...]


@dataclass(frozen=True, slots=True)
class Silence:
    """A site that serves nothing of what is posted from `start` until `end`."""

    source: str
    start: float
    end: float

    def keeps_back(self, draft: Draft) -> bool:
        return draft.source == self.source and self.start <= draft.when < self.end


def silences(plans: list[Plan]) -> list[Silence]:
    return [Silence(p.source, p.start, p.start + p.days * DAY) for p in plans if p.kind == "silence"]


def grow(plan: Plan, number: int, counts: CalmCounts, quiet: list[Silence], end: float, random: Random) -> Grown:
    """Draws the drafts of a plan; `end` is that of the world."""
    brand = market()[plan.brand]
    path = plan.attributes[0]
    deviation = counts.deviation(brand.name, path) if path else 0.0
    least = smallest(deviation)
    identity = f"plant-{number}"
    times, first_day = _times(plan, least, counts.weekly(brand.name, path), end, random)
    drafts = tuple(_draft(plan, identity, brand, t, i, quiet, random) for i, t in enumerate(times))
    lasts = _last(plan, times, end)
    return Grown(
        Planted(
            id=identity,
            kind=plan.kind,
            name=plan.name,
            brand="" if plan.kind == "silence" else brand.name,
            product="" if plan.kind in {"silence", "slow_burn"} else brand.products[plan.product].name,
            attributes=tuple(a for a in plan.attributes if a),
            source=plan.source,
            start=_moment(plan.start),
            end=_moment(lasts),
            shape=plan.shape,
            first_day=first_day,
            size=len(times),
            deviation=round(deviation, 4),
            exact=plan.kind == "negative_spike" and plan.factor == 1.0,
        ),
        drafts,
    )


def _times(plan: Plan, least: int, weekly: float, end: float, random: Random) -> tuple[list[float], int]:
    if plan.kind == "negative_spike":
        first_day = round(least * plan.factor)
        return incident_times(plan, first_day, end, random), first_day
    if plan.kind == "slow_burn":
        times = burn_times(plan, max(weekly, 4.0), end, random)
    elif plan.kind == "silence":
        times = []
    else:
        count = max(14, 2 * least) if plan.kind == "campaign" else max(12, 2 * least)
        times = spread_times(plan, count, end, random)
    return times, sum(t < plan.start + DAY for t in times)


def _last(plan: Plan, times: list[float], end: float) -> float:
    if plan.kind == "silence":
        return min(end, plan.start + plan.days * DAY)
    if plan.kind == "slow_burn":
        return min(end, plan.start + plan.weeks * 7 * DAY)
    return max(times[-1], min(end, plan.start + DAY))


def _draft(
    plan: Plan, identity: str, brand: MarketBrand, when: float, index: int, quiet: list[Silence], random: Random
) -> Draft:
    genre: Genre = "opinion"
    opinions: tuple[OpinionTruth, ...] = ()
    sources = {"shop": 0.42, "microblog": 0.33, "forum": 0.25}
    if plan.kind == "rumour":
        genre = "rumour" if index % 2 == 0 else "rumour_repost"
        sources = {"microblog": 0.85, "forum": 0.15} if genre == "rumour" else {"microblog": 1.0}
        opinions = (OpinionTruth(brand.name, PRIVACY, "negative"),)
    elif plan.kind == "campaign":
        genre, sources = "campaign", {"shop": 0.6, "microblog": 0.4}
    else:
        genre = "recall" if plan.name == "recall" else "opinion"
        opinions = (OpinionTruth(brand.name, plan.attributes[0], "negative"),)
        if genre == "opinion" and random.random() < 0.3:
            opinions += (OpinionTruth(brand.name, _other(plan, brand, random), "positive"),)
    product = _product(plan, brand, random)
    source = _source(sources, when, quiet, random)
    return Draft(when, genre, source, plan.brand, product, opinions, False, identity)


def _product(plan: Plan, brand: MarketBrand, random: Random) -> int:
    if plan.kind != "slow_burn":
        return plan.product
    fitting = [i for i, p in enumerate(brand.products) if any(a.path == plan.attributes[0] for a in p.attributes)]
    return fitting[int(random.random() * len(fitting))]


def _other(plan: Plan, brand: MarketBrand, random: Random) -> str:
    top = plan.attributes[0].partition("/")[0]
    paths = [a.path for a in brand.products[plan.product].attributes if a.path.partition("/")[0] != top]
    return paths[int(random.random() * len(paths))]


def _source(wanted: dict[str, float], when: float, quiet: list[Silence], random: Random) -> str:
    """A site that delivers at that time: what is planted must be there to be found."""
    silent = {s.source for s in quiet if s.start <= when < s.end}
    open_ones = {s: w for s, w in wanted.items() if s not in silent} or {s: 1.0 for s in SOURCES if s not in silent}
    u = random.random() * sum(open_ones.values())
    for source, weight in open_ones.items():
        u -= weight
        if u < 0:
            return source
    return next(reversed(open_ones))


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(int(seconds), UTC)
