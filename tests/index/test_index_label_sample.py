"""The sample for labelling: seeded, more from rare strata, and weights that keep weighted figures unbiased."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.interfaces import Understood
from core.labels import Sampled
from core.models import Mention, Reading, Relation, Versions
from index.label_sample import Former, Wanted, allocation, candidate, draw, gathered
from tests.conformance.corpus import START

SIDES = ("positive", "positive", "positive", "positive", "negative", "neutral")


def understood(i: int, **more: object) -> Understood:
    rnd = random.Random(i)
    id = sha256(str(i).encode()).hexdigest()[:32]
    at = START + timedelta(days=i % 50)
    mention = Mention(
        id, rnd.choice(("shop", "shop", "shop", "forum")), "reviews", "review", "话", at, published_at=at, revision="r",
        brand=rnd.choice(("星禾", "星禾", "云岭", "")),
    )  # fmt: skip
    reading = Reading(id, "r", Versions(), rnd.choice(SIDES), 0.5)
    return replace(Understood(mention, reading, Relation(id, "1")), **more)


def home(n: int) -> list[Understood]:
    return sorted((understood(i) for i in range(n)), key=lambda u: u.mention.id)


def scan_of(known: Sequence[Understood]):
    return lambda after, n: [u for u in known if u.mention.id > after][:n]


def at(days: int) -> datetime:
    return START + timedelta(days=days)


KNOWN = home(3000)
POOL = [c for c in map(candidate, KNOWN) if c]


def strata(sample: Sequence[Sampled]) -> Counter[str]:
    return Counter(s.stratum for s in sample)


def test_one_seed_gives_one_sample_in_any_order_of_arrival() -> None:
    backwards = list(reversed(POOL))
    assert draw(POOL, 1.0, Wanted(200, 7), at(60)) == draw(backwards, 1.0, Wanted(200, 7), at(60))
    assert draw(POOL, 1.0, Wanted(200, 8), at(60))[1] != draw(POOL, 1.0, Wanted(200, 7), at(60))[1]


def test_rare_strata_get_more_than_their_part_and_weights_add_up() -> None:
    drawing, sample = draw(POOL, 1.0, Wanted(240, 1), at(60))
    sizes, drawn = Counter(c.strata[0] for c in POOL), strata(sample)
    rarest, commonest = min(sizes, key=sizes.__getitem__), max(sizes, key=sizes.__getitem__)
    assert len(sample) == 240 and set(drawn) == set(sizes) == set(drawing.rates)
    assert drawn[rarest] / sizes[rarest] > 2 * drawn[commonest] / sizes[commonest]
    assert sum(s.weight for s in sample) == pytest.approx(len(POOL))
    for stratum, size in sizes.items():
        assert sum(s.weight for s in sample if s.stratum == stratum) == pytest.approx(size)
    assert [s.place for s in sample] == list(range(240))


def test_weighted_figures_are_unbiased_over_many_seeds() -> None:
    truth = np.mean([c.predicted == "negative" for c in POOL])
    found, plain = [], []
    for seed in range(60):
        _, sample = draw(POOL, 1.0, Wanted(120, seed), at(60))
        weights = np.array([s.weight for s in sample])
        hits = np.array([int(s.mention_id, 16) % 7 == 0 for s in sample])
        found.append(float(weights @ hits / weights.sum()))
        plain.append(np.mean([s.predicted == "negative" for s in sample]))
    expected = np.mean([int(c.mention_id, 16) % 7 == 0 for c in POOL])
    assert np.mean(found) == pytest.approx(expected, abs=0.012)
    assert np.mean(plain) > truth + 0.02


def test_the_beginning_of_the_sample_stands_for_everything_too() -> None:
    """People stop when they like: what they did must not be one stratum."""
    _, sample = draw(POOL, 1.0, Wanted(300, 3), at(60))
    first = strata(sample[:100])
    assert len(first) >= 0.8 * len(strata(sample))


def test_a_second_drawing_takes_others_and_weighs_everything_anew() -> None:
    once = draw(POOL, 1.0, Wanted(150, 1), at(60))
    present = {c.mention_id: c for c in POOL}
    _, both = draw(POOL, 1.0, Wanted(150, 2), at(70), Former([once[0]], once[1], present))
    assert len({s.mention_id for s in both}) == 300
    assert [s.mention_id for s in both[:150]] == [s.mention_id for s in once[1]]
    assert sum(s.weight for s in both) == pytest.approx(len(POOL), rel=0.03)
    assert all(later.weight < early.weight or early.weight == 1 for early, later in zip(once[1], both, strict=False))


def test_what_arrived_between_two_drawings_stands_for_itself() -> None:
    old, new = POOL[:2000], [replace(c, collected_at=at(65)) for c in POOL[2000:]]
    first = draw(old, 1.0, Wanted(150, 1), at(60))
    present = {c.mention_id: c for c in old}
    _, both = draw([*old, *new], 1.0, Wanted(250, 2), at(70), Former([first[0]], first[1], present))
    late = {c.mention_id for c in new}
    assert sum(s.weight for s in both if s.mention_id in late) == pytest.approx(len(new), rel=0.15)
    assert sum(s.weight for s in both if s.mention_id not in late) == pytest.approx(len(old), rel=0.1)


def test_a_drawing_of_one_brand_and_period_leaves_the_others_alone() -> None:
    first = draw(POOL, 1.0, Wanted(100, 1), at(60))
    wanted = Wanted(80, 2, "星禾", at(25))
    present = {c.mention_id: c for c in POOL}
    _, both = draw(POOL, 1.0, wanted, at(70), Former([first[0]], first[1], present))
    known = {c.mention_id: c for c in POOL}
    for s in both[100:]:
        assert "星禾" in known[s.mention_id].brands and known[s.mention_id].published_at >= at(25)
    for early, later in zip(first[1], both, strict=False):
        within = "星禾" in known[early.mention_id].brands and known[early.mention_id].published_at >= at(25)
        assert (later.weight < early.weight) == (within and early.weight > 1)
    inside = [s for s in both if "星禾" in known[s.mention_id].brands and known[s.mention_id].published_at >= at(25)]
    size = sum("星禾" in c.brands and c.published_at >= at(25) for c in POOL)
    assert sum(s.weight for s in inside) == pytest.approx(size, rel=0.25)


def test_strata_are_taken_together_where_there_are_too_many() -> None:
    _, few = draw(POOL, 1.0, Wanted(12, 1), at(60))
    assert {s.stratum for s in few} <= {"positive", "negative", "neutral"} and len(few) == 12


@pytest.mark.parametrize("known", [[], home(5)])
def test_a_small_home_is_drawn_whole(known: list[Understood]) -> None:
    pool = [c for c in map(candidate, known) if c]
    _, sample = draw(pool, 1.0, Wanted(300, 1), at(60))
    assert len(sample) == len(known) and all(s.weight == 1 for s in sample)


def test_only_what_measures_count_is_drawn() -> None:
    one = understood(1)
    assert candidate(one) is not None
    assert candidate(replace(one, reading=None)) is None
    assert candidate(replace(one, relation=None)) is None
    assert candidate(replace(one, reading=replace(one.reading, revision="former"))) is None
    assert candidate(replace(one, reading=replace(one.reading, relevance=0.4))) is None
    assert candidate(replace(one, relation=replace(one.relation, duplicate_of="x"))) is None


def test_a_large_home_is_looked_at_in_part_and_the_weights_know_it() -> None:
    told: list[tuple[int, int]] = []
    shares = set()
    seen: Counter[str] = Counter()
    for seed in range(12):
        some, share = gathered(scan_of(KNOWN), 3000, seed, lambda *n: told.append(n), most=1000)
        assert 1000 <= len(some) < 3000 and len({c.mention_id for c in some}) == len(some)
        assert share == pytest.approx(len(some) / 3000)
        _, sample = draw(some, share, Wanted(100, seed), at(60))
        assert sum(s.weight for s in sample) == pytest.approx(3000, rel=0.001)
        shares.add(share)
        seen.update(c.mention_id for c in some)
    assert len(seen) > 2500 and told[-1][0] <= told[-1][1] * 3


def test_a_home_that_is_looked_at_whole_is_looked_at_once() -> None:
    some, share = gathered(scan_of(KNOWN), 3000, 1)
    assert (len(some), share) == (3000, 1.0)


@settings(max_examples=80, deadline=None)
@given(st.dictionaries(st.text(max_size=3), st.integers(1, 400), min_size=1, max_size=8), st.integers(1, 500))
def test_allocation_keeps_within_what_there_is(sizes: dict[str, int], n: int) -> None:
    given_ = allocation(sizes, n)
    assert given_.keys() == sizes.keys()
    assert all(1 <= given_[name] <= sizes[name] for name in sizes)
    assert sum(given_.values()) == min(max(n, len(sizes)), sum(sizes.values()))
