"""The world: the same from the same seed, in the past only, as mixed as promised, and rarely alike by accident."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta

import pytest

from core.errors import InputError
from fengping.demo.market import market
from fengping.demo.records import World
from fengping.demo.words import words
from fengping.demo.world import generate

END = datetime(2026, 5, 20, 7, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def world() -> World:
    return generate(end=END)


def test_the_same_arguments_give_the_same_world_and_another_seed_another(world: World) -> None:
    assert generate(end=END) == world
    assert generate(8, end=END).posts != world.posts


def test_ninety_days_hold_six_thousand_mentions_all_in_the_past(world: World) -> None:
    assert len(world.posts) >= 6000
    assert sum(p.delivered for p in world.posts) >= 6000
    times = [p.time for p in world.posts]
    assert times == sorted(times)
    assert times[-1] <= END
    assert timedelta(days=89) < END - times[0] <= timedelta(days=90)


def test_every_post_has_an_id_of_its_own_and_its_truth(world: World) -> None:
    ids = [p.id for p in world.posts]
    assert len(set(ids)) == len(ids)
    assert [m.id for m in world.truth.mentions] == ids
    assert all(p.text and p.brand and p.url.endswith(p.id) for p in world.posts)
    parents = {p.parent for p in world.posts if p.parent}
    assert parents and parents <= set(ids)


def test_noise_languages_duplicates_and_genres_come_as_promised(world: World) -> None:
    mentions = world.truth.mentions
    share = {noise: n / len(mentions) for noise, n in Counter(m.noise for m in mentions).items()}
    assert sum(n for noise, n in share.items() if noise) >= 0.10
    assert set(share) == {"", "other_meaning", "lottery", "default_review", "advertisement", "off_topic", "empty"}
    assert 0.07 <= sum(m.language == "en" for m in mentions) / len(mentions) <= 0.13
    genres = Counter(m.genre for m in mentions)
    assert min(genres[g] for g in ("sarcasm", "comparison", "followup", "copy", "repost", "praise")) >= 50
    assert 0.01 <= sum(bool(m.duplicate_of) for m in mentions) / len(mentions) <= 0.06


def test_truth_agrees_with_itself(world: World) -> None:
    by_id = {p.id: p for p in world.posts}
    brands = {b.name for b in market()}
    for mention in world.truth.mentions:
        post = by_id[mention.id]
        assert all(o.target in brands for o in mention.opinions)
        assert not (mention.noise and mention.opinions)
        if mention.duplicate_of:
            assert by_id[mention.duplicate_of].time <= post.time
            assert by_id[mention.duplicate_of].text in post.text
        if mention.genre == "sarcasm":
            assert mention.polarity == "negative" and post.rating in {None, 1, 2}
        if mention.genre == "followup" and post.parent:
            assert by_id[post.parent].product == post.product
            assert by_id[post.parent].time < post.time - timedelta(days=2)


def test_where_the_page_names_no_brand_the_post_does(world: World) -> None:
    names = {b.name: (b.name, *b.aliases) for b in market()}
    for post, truth in zip(world.posts, world.truth.mentions, strict=True):
        if post.source in {"forum", "microblog"} and truth.genre not in {"other_meaning", "advertisement"}:
            assert any(n in post.title + post.text for n in names[post.brand]), post.text


def test_days_and_hours_have_a_rhythm(world: World) -> None:
    hours = Counter((p.time + timedelta(hours=8)).hour for p in world.posts)
    assert sum(hours[h] for h in (19, 20, 21)) > 5 * sum(hours[h] for h in (2, 3, 4))
    days = Counter((p.time + timedelta(hours=8)).date() for p in world.posts)
    counts = [n for day, n in days.items() if day < END.date()]
    mean = sum(counts) / len(counts)
    variance = sum((n - mean) ** 2 for n in counts) / len(counts)
    assert variance > 1.2 * mean, "days must differ more than a Poisson count would"


def test_unrelated_posts_are_rarely_alike(world: World) -> None:
    texts = [
        post.text
        for post, truth in zip(world.posts, world.truth.mentions, strict=True)
        if not truth.duplicate_of and truth.noise not in {"default_review", "empty"} and truth.genre != "campaign"
    ]
    assert len(_alike(texts, 0.6)) / len(texts) < 0.01


def test_planted_complaints_are_no_copies_of_each_other() -> None:
    for seed in (1, 2):
        planted = generate(seed, 120, 60, end=END, scenario="drawn")
        plants = {p.id for p in planted.truth.planted if p.kind in {"negative_spike", "slow_burn"}}
        texts = [p.text for p, m in zip(planted.posts, planted.truth.mentions, strict=True) if m.plant in plants]
        assert texts and len(_alike(texts, 0.6)) <= 0.05 * len(texts)


def test_every_attribute_has_its_place_in_the_lexicon() -> None:
    import tomllib
    from pathlib import Path

    lexicon = tomllib.loads(
        (Path(__file__).resolve().parents[2] / "lexicons/electronics/attributes.toml").read_text(encoding="utf-8")
    )
    assert {a.path.partition("/")[0] for a in words().attributes} <= set(lexicon)


@pytest.mark.parametrize(("per_day", "days"), [(0, 10), (10, 0), (-1, 5), (float("nan"), 5)])
def test_senseless_sizes_are_refused(per_day: float, days: int) -> None:
    with pytest.raises(InputError, match="make no world"):
        generate(1, per_day, days, end=END)


def test_an_end_without_a_zone_is_refused() -> None:
    with pytest.raises(InputError, match="time zone"):
        generate(1, 10, 10, end=datetime(2026, 1, 1))


def test_tiny_worlds_are_worlds() -> None:
    world = generate(3, 0.5, 2, end=END)
    assert all(p.time <= END for p in world.posts)


def _alike(texts: list[str], least: float) -> set[int]:
    """Places of texts that share `least` of their character 3-grams (Jaccard) with an earlier or later one."""
    grams = [frozenset(t[i : i + 3] for i in range(max(1, len(t) - 2))) for t in texts]
    holders: dict[str, list[int]] = defaultdict(list)
    found: set[int] = set()
    for place, own in enumerate(grams):
        shared = Counter(other for gram in own if len(holders[gram]) < 300 for other in holders[gram])
        for other, _ in shared.most_common(3):
            common = len(own & grams[other])
            if common / (len(own) + len(grams[other]) - common) >= least:
                found.update((place, other))
        for gram in own:
            holders[gram].append(place)
    return found
