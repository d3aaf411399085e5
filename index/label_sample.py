"""The sample that people label: which mentions are drawn, and how many each stands for.

Strata are source × predicted polarity × brand; their shares of the sample go by the square root of their sizes (power
allocation, Bankier 1988), so that rare ones get more than their part. Within a stratum every mention has the same
chance. A mention's weight is one over its chance to be drawn by any drawing, which keeps weighted figures unbiased.
"""

from __future__ import annotations

import hashlib
import heapq
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from math import prod, sqrt

from core.interfaces import Understood
from core.labels import Draw, Sampled
from core.models import RELEVANT, Polarity

PAGE = 1000
MOST_SCANNED = 50_000
"""A home larger than this is first sampled by id: ids are digests, so a stretch of them is a random sample."""
MEMBERS_A_STRATUM = 3
"""Brands, then sources, are taken together where the sample would have fewer a stratum on the average."""
_JOIN = " · "


@dataclass(frozen=True, slots=True)
class Candidate:
    """A counted mention that may be drawn; `strata` from the finest to the coarsest."""

    mention_id: str
    revision: str
    strata: tuple[str, str, str]
    predicted: Polarity
    collected_at: datetime
    published_at: datetime | None
    brands: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be drawn: how many mentions, only those about a brand ("" is any) published since."""

    n: int
    seed: int
    brand: str = ""
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Former:
    """What was drawn before: the drawings, their members, and those members as they now are (by id)."""

    draws: Sequence[Draw] = ()
    sample: Sequence[Sampled] = ()
    present: Mapping[str, Candidate] | None = None


def candidate(understood: Understood) -> Candidate | None:
    """A mention that measures count: read in this revision, relevant, no duplicate; None for any other."""
    mention, reading, relation = understood.mention, understood.reading, understood.relation
    if reading is None or relation is None or reading.revision != mention.revision:
        return None
    if reading.relevance < RELEVANT or relation.duplicate_of:
        return None
    brands = tuple(dict.fromkeys(b for b in (mention.brand, *reading.brands) if b))
    parts = (reading.polarity, mention.source, brands[0] if brands else "–")
    return Candidate(
        mention.id,
        mention.revision,
        (_JOIN.join(parts), _JOIN.join(parts[:2]), parts[0]),
        reading.polarity,
        mention.collected_at,
        mention.published_at,
        brands,
    )


def gathered(
    scan: Callable[[str, int], Sequence[Understood]],
    total: int,
    seed: int,
    report: Callable[[int, int], None] | None = None,
    most: int = MOST_SCANNED,
) -> tuple[list[Candidate], float]:
    """Candidates, and the share of all mentions that was looked at: a stretch of ids where there are more than `most`.

    `scan(after, n)` gives mentions by id, as a Store's does.
    """
    start = hashlib.sha256(f"drawing {seed}".encode()).hexdigest()[:32] if total > most else ""
    found: list[Candidate] = []
    seen, after, turned = 0, start, not start
    while seen < most:
        page = scan(after, PAGE)
        if not page and turned:
            break
        if not page:
            after, turned = "", True
            continue
        after = page[-1].mention.id
        kept = [u for u in page if not (turned and start and u.mention.id > start)]
        found += [c for c in map(candidate, kept) if c is not None]
        seen += len(kept)
        if report is not None:
            report(min(seen, total), min(total, most))
        if len(kept) < len(page):
            break
    return found, min(seen / total, 1.0) if total else 1.0


def allocation(sizes: Mapping[str, int], n: int) -> dict[str, int]:
    """How many of each stratum: at least one, at most all, else by the square root of its size."""
    if n >= sum(sizes.values()):
        return dict(sizes)
    given = dict.fromkeys(sorted(sizes), 1)
    queue = [(-sqrt(size) / 2, name) for name, size in sorted(sizes.items()) if size > 1]
    heapq.heapify(queue)
    for _ in range(n - len(given)):
        _, name = heapq.heappop(queue)
        given[name] += 1
        if given[name] < sizes[name]:
            heapq.heappush(queue, (-sqrt(sizes[name]) / (given[name] + 1), name))
    return given


def draw(
    candidates: Sequence[Candidate], share: float, wanted: Wanted, at: datetime, former: Former | None = None
) -> tuple[Draw, list[Sampled]]:
    """A drawing and its mentions in random order, with the members of former drawings at their new weights."""
    former = former or Former()
    members = {s.mention_id for s in former.sample}
    pool = [c for c in candidates if c.mention_id not in members and _eligible(c, wanted.brand, wanted.since)]
    strata = _strata(pool, wanted.n)
    rng = random.Random(wanted.seed)
    counts = allocation({name: len(some) for name, some in strata.items()}, wanted.n)
    rates = {name: share * counts[name] / len(some) for name, some in strata.items()}
    drawing = Draw(at, wanted.seed, rates, wanted.since, wanted.brand)
    picked = [
        (name, c)
        for name in sorted(strata)
        for c in rng.sample(sorted(strata[name], key=lambda c: c.mention_id), counts[name])
    ]
    rng.shuffle(picked)
    first = max((s.place for s in former.sample), default=-1) + 1
    new = [_sampled(c, name, [*former.draws, drawing], first + k) for k, (name, c) in enumerate(picked)]
    present = former.present or {}
    return drawing, [*(_reweighted(s, present.get(s.mention_id), drawing) for s in former.sample), *new]


def _eligible(candidate: Candidate, brand: str, since: datetime | None) -> bool:
    if brand and brand not in candidate.brands:
        return False
    return since is None or (candidate.published_at is not None and candidate.published_at >= since)


def _strata(pool: Sequence[Candidate], n: int) -> dict[str, list[Candidate]]:
    """By the finest strata that leave the sample enough members in each."""
    for level in range(3):
        found: dict[str, list[Candidate]] = {}
        for c in pool:
            found.setdefault(c.strata[level], []).append(c)
        if len(found) * MEMBERS_A_STRATUM <= n or len(pool) <= n:
            break
    return found


def _chance(candidate: Candidate, drawing: Draw) -> float:
    """How likely a drawing was to take a mention that was not taken before."""
    if candidate.collected_at > drawing.at or not _eligible(candidate, drawing.brand, drawing.since):
        return 0.0
    return next((drawing.rates[s] for s in candidate.strata if s in drawing.rates), 0.0)


def _sampled(candidate: Candidate, stratum: str, draws: Sequence[Draw], place: int) -> Sampled:
    missed = prod(1 - _chance(candidate, d) for d in draws[:-1]) * (1 - draws[-1].rates[stratum])
    weight = 1 / (1 - missed)
    return Sampled(candidate.mention_id, candidate.revision, stratum, weight, place, candidate.predicted)


def _reweighted(member: Sampled, present: Candidate | None, drawing: Draw) -> Sampled:
    """A member that could have been drawn again stands for fewer; one that is counted no more stays as it was."""
    again = _chance(present, drawing) if present is not None else 0.0
    return replace(member, weight=1 / (1 - (1 - 1 / member.weight) * (1 - again)))
