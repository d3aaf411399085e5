"""What an index is given of a mention, and in which order it lists mentions."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.models import Comparison, Mention, Opinion, Reading, Relation, Span, Versions
from core.tree import FACET_FIELDS, SEPARATOR, TERM_FIELDS
from index.document import (
    comparison_keys,
    document,
    judged_keys,
    opinion_keys,
    phrase_key,
    stars,
    term_keys,
    tie_keys,
)
from index.order import SORTS, id_key, sort_key

NOON = datetime(2026, 11, 3, 4, 0, tzinfo=UTC)
TEXT = "雷鸟的充電慢，比星河差"


MENTION = Mention(
    id="a1", source="shop", platform="reviews", kind="review", text=TEXT, collected_at=NOON, published_at=NOON,
    brand="雷鸟", rating=0.75, likes=3, replies=2, shares=1, revision="r1",
)  # fmt: skip
READING = Reading(
    mention_id="a1", revision="r1", versions=Versions(), polarity="negative", score=-0.8, brands=("星河", "雷鸟"),
    opinions=(
        Opinion("雷鸟", "battery/charging", Span(3, 5), Span(5, 6), "negative", 0.9, Span(0, 7)),
        Opinion("雷鸟", "battery/charging", Span(3, 5), Span(10, 11), "negative", 0.9, Span(0, 7)),
        Opinion("雷鸟", "", None, Span(10, 11), "negative", 0.5, Span(7, 11)),
    ),
    comparisons=(
        Comparison(None, Span(8, 10), None, Span(7, 8), "worse", 0.8, "battery", "星河", "雷鸟"),
        Comparison(None, None, None, None, "equal", 0.8, "screen", "雷鸟", "星河"),
    ),
)  # fmt: skip


def test_brands_are_the_pages_first_then_the_recognised() -> None:
    made = document(MENTION, READING, Relation("a1", "1"))
    assert made.brands == ("雷鸟", "星河")
    assert made.engagement == 6


def test_phrases_are_normalised_words() -> None:
    made = document(MENTION, READING, Relation("a1", "1"))
    assert [o.phrase for o in made.opinions] == ["充电慢", "充电差", "差"]
    assert phrase_key("Battery Life", "SHORT") == "battery life short"
    assert phrase_key("", "") == ""


def test_keys_hold_ancestors_and_count_once() -> None:
    made = document(MENTION, READING, Relation("a1", "1", duplicate_of="a0"))
    assert set(term_keys(made, "attribute")) == {"battery", "battery/charging"}
    assert set(opinion_keys(made)) == {
        SEPARATOR.join(("雷鸟", a, "negative")) for a in ("battery", "battery/charging", "")
    }
    assert set(judged_keys(made)) == {SEPARATOR.join(("雷鸟", a)) for a in ("battery", "battery/charging", "")}
    assert comparison_keys(made) == (SEPARATOR.join(("星河", "雷鸟", "battery")),)
    assert tie_keys(made) == (SEPARATOR.join((*sorted(("星河", "雷鸟")), "screen")),)
    assert term_keys(made, "duplicate") == ("yes",)


def test_every_named_field_has_keys() -> None:
    made = document(MENTION, READING, Relation("a1", "1"))
    for field in {*TERM_FIELDS, *FACET_FIELDS}:
        assert "" not in term_keys(made, field)


def test_parts_of_different_mentions_are_refused() -> None:
    with pytest.raises(ValueError, match="differ"):
        document(MENTION, READING, Relation("b2", "1"))
    with pytest.raises(ValueError, match="revision"):
        document(replace(MENTION, revision="r2"), READING, Relation("a1", "1"))


@pytest.mark.parametrize(("rating", "key"), [(None, ""), (0.0, "1"), (0.125, "2"), (0.75, "4"), (1.0, "5")])
def test_stars(rating: float | None, key: str) -> None:
    assert stars(rating) == key


@given(st.lists(st.text(alphabet="0aFfz9:~你", max_size=9) | st.text(max_size=9), min_size=2, max_size=6))
def test_id_keys_never_contradict_the_ids(ids: list[str]) -> None:
    keys = [id_key(i) for i in sorted(ids)]
    assert keys == sorted(keys)
    assert all(0 <= k < 2**31 for k in keys)


def test_sort_keys_fit_and_missing_comes_last() -> None:
    old = document(replace(MENTION, published_at=NOON - timedelta(days=9), rating=0.0), READING, Relation("a1", "1"))
    new = document(replace(MENTION, likes=500), READING, Relation("a1", "1"))
    bare = document(replace(MENTION, published_at=None, rating=None, likes=-5), READING, Relation("a1", "1"))
    far = document(
        replace(MENTION, published_at=datetime(1, 1, 1, tzinfo=UTC), likes=10**12), READING, Relation("a1", "1")
    )
    for sort in SORTS:
        assert all(0 <= sort_key(d, sort) < 2**64 for d in (old, new, bare, far))
        assert sort_key(bare, sort) >= max(sort_key(d, sort) for d in (old, new))
    assert sort_key(new, "newest") < sort_key(old, "newest") and sort_key(old, "oldest") < sort_key(new, "oldest")
    assert sort_key(new, "engagement") < sort_key(old, "engagement")
    assert sort_key(old, "rating_low") < sort_key(new, "rating_low")
    assert sort_key(new, "rating_high") < sort_key(old, "rating_high")
