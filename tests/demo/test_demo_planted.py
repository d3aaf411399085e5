"""What is planted has the size it claims, recomputed from the world alone."""

from __future__ import annotations

import statistics
from datetime import UTC, datetime, timedelta
from math import ceil

import pytest

from fengping.demo.records import Planted, World
from fengping.demo.world import generate

END = datetime(2026, 5, 20, 7, 30, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def story() -> World:
    return generate(end=END)


def complaints(world: World, brand: str, path: str, planted: bool) -> list[datetime]:
    """When the delivered mentions came that complain of an attribute, planted ones apart from the others."""
    return [
        post.time
        for post, truth in zip(world.posts, world.truth.mentions, strict=True)
        if post.delivered and not truth.duplicate_of and bool(truth.plant) == planted
        and any(
            o.target == brand and o.polarity == "negative" and f"{o.attribute}/".startswith(f"{path}/")
            for o in truth.opinions
        )
    ]  # fmt: skip


def clean_deviation(world: World, brand: str, path: str, days: int) -> float:
    """Standard deviation of the count in all 24-hour windows at full hours from the first local midnight."""
    midnight = (END + timedelta(hours=8)).replace(hour=0, minute=0, second=0) - timedelta(hours=8)
    start = midnight - (days - 1) * DAY
    hours = [int((t - start) // timedelta(hours=1)) for t in complaints(world, brand, path, planted=False)]
    total = ceil((END - start) / timedelta(hours=1))
    return statistics.pstdev(sum(h <= hour < h + 24 for hour in hours) for h in range(total - 23))


def test_the_story_tells_of_six_things(story: World) -> None:
    planted = {p.name: p for p in story.truth.planted}
    assert [p.kind for p in planted.values()].count("negative_spike") == 2
    assert {p.kind for p in planted.values()} == {"negative_spike", "slow_burn", "rumour", "campaign", "silence"}
    heating = planted["battery heating after an update"]
    assert heating.brand == "澜柯" and heating.attributes[0] == "battery/heat"
    assert planted["recall"].brand != "澜柯"


@pytest.mark.parametrize("seed", range(6))
def test_an_incident_adds_what_it_must_in_its_first_day(seed: int) -> None:
    world = generate(seed, 150, 55, end=END, scenario="drawn")
    spikes = [p for p in world.truth.planted if p.kind == "negative_spike"]
    assert spikes
    for spike in spikes:
        path = spike.attributes[0]
        deviation = clean_deviation(world, spike.brand, path, 55)
        assert spike.deviation == pytest.approx(deviation, abs=1e-3)
        least = max(8, ceil(6 * deviation - 1e-9))
        added = _first_day(world, spike)
        assert added == spike.first_day
        assert added == least if spike.exact else least < added <= 2 * least + 1


def test_half_of_the_incidents_are_of_the_smallest_size_and_all_shapes_occur() -> None:
    spikes = [
        p
        for seed in range(40)
        for p in generate(seed, 15, 60, end=END, scenario="drawn").truth.planted
        if p.kind == "negative_spike"
    ]
    assert 0.4 <= sum(p.exact for p in spikes) / len(spikes) <= 0.6
    assert {p.shape for p in spikes} == {"step", "ramp", "pulse"}
    assert len({p.attributes for p in spikes}) > 10 and len({p.brand for p in spikes}) == 3


def test_nothing_is_planted_in_the_first_three_weeks_and_all_of_it_is_delivered() -> None:
    for seed in range(10):
        world = generate(seed, 30, 75, end=END, scenario="drawn")
        first = END - 74 * DAY - timedelta(hours=24)
        times = {p.id: (p.time, p.delivered) for p in world.posts}
        for planted in world.truth.planted:
            assert planted.start >= first + timedelta(days=20)
            if planted.kind != "silence":
                assert planted.size == len(planted.native_ids) > 0
                assert all(times[i][1] for i in planted.native_ids)
                assert all(
                    planted.start - timedelta(seconds=1) <= times[i][0] <= planted.end for i in planted.native_ids
                )


def test_a_slow_burn_grows_by_about_a_third_each_week(story: World) -> None:
    burn = next(p for p in story.truth.planted if p.kind == "slow_burn")
    weeks = [0] * 7
    for time in complaints(story, burn.brand, burn.attributes[0], planted=True):
        weeks[int((time - burn.start) // (7 * DAY))] += 1
    assert weeks == sorted(weeks) and weeks[-1] >= 3 * weeks[1]


def test_a_silent_site_keeps_back_what_is_posted(story: World) -> None:
    silence = next(p for p in story.truth.planted if p.kind == "silence")
    kept_back = {p.id for p in story.posts if not p.delivered}
    assert kept_back == set(silence.native_ids)
    assert all(p.source == silence.source and p.time >= silence.start for p in story.posts if p.id in kept_back)
    assert silence.size == len(kept_back) >= 20


def test_a_campaign_is_praise_by_strangers_in_like_words(story: World) -> None:
    ids = set(next(p for p in story.truth.planted if p.kind == "campaign").native_ids)
    posts = [p for p in story.posts if p.id in ids]
    truths = [m for m in story.truth.mentions if m.id in ids]
    others = {p.author for p in story.posts if p.id not in ids}
    assert all(m.promotion and m.polarity == "positive" for m in truths)
    assert all(p.rating in {5, None} and p.author not in others for p in posts)


def test_a_rumour_is_passed_on(story: World) -> None:
    rumour = next(p for p in story.truth.planted if p.kind == "rumour")
    truths = [m for m in story.truth.mentions if m.plant == rumour.id]
    assert sum(bool(m.duplicate_of) for m in truths) >= 4
    assert sum(not m.duplicate_of for m in truths) >= 6


def _first_day(world: World, planted: Planted) -> int:
    added = complaints(world, planted.brand, planted.attributes[0], planted=True)
    ids = {p.id: p.time for p in world.posts}
    own = [ids[i] for i in planted.native_ids if ids[i] < planted.start + DAY]
    assert len([t for t in added if planted.start <= t < planted.start + DAY]) >= len(own)
    return len(own)
