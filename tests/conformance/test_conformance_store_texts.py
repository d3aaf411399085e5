"""The Store's contract: whatever people write is stored and comes back."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from store_case import FIRST, claim, mention

from core.interfaces import Store, Understood
from core.models import (
    KINDS,
    POLARITIES,
    AspectTerm,
    Comparison,
    Mention,
    Opinion,
    Reading,
    Relation,
    Span,
    Triplet,
    Versions,
)

TEXTS = st.text(max_size=30)
TIMES = st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30), timezones=st.just(UTC))
SPANS = st.builds(Span, st.integers(0, 99_999), st.integers(0, 99_999))
MAYBE = st.none() | SPANS
SIDES = st.sampled_from(("positive", "neutral", "negative"))
SCORES = st.floats(-1, 1)
COUNTS = st.integers(0, 2**70)
IDS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=12)
MENTIONS = st.builds(
    Mention,
    id=IDS, source=TEXTS, platform=TEXTS, kind=st.sampled_from(KINDS), text=TEXTS,
    collected_at=TIMES, url=TEXTS, native_id=TEXTS, parent_id=TEXTS, title=TEXTS, language=TEXTS, author=TEXTS,
    author_followers=st.none() | COUNTS, published_at=st.none() | TIMES,
    published_precision=st.sampled_from(("exact", "minute", "day", "inferred", "none")),
    rating=st.none() | st.floats(0, 1), rating_scale=st.none() | st.tuples(st.floats(0, 9), st.floats(0, 99)),
    likes=COUNTS, replies=COUNTS, shares=COUNTS, views=st.none() | COUNTS, brand=TEXTS, product=TEXTS, region=TEXTS,
    images=st.lists(TEXTS, max_size=3).map(tuple), raw=st.just("") | IDS, run=TEXTS,
    revision=st.text(min_size=1, max_size=9),
)  # fmt: skip
OPINIONS = st.builds(Opinion, TEXTS, TEXTS, MAYBE, MAYBE, SIDES, SCORES, SPANS)
COMPARISONS = st.builds(
    Comparison, MAYBE, MAYBE, MAYBE, MAYBE, st.sampled_from(("better", "worse", "equal", "different")), SCORES, TEXTS,
    TEXTS, TEXTS,
)  # fmt: skip
READINGS = st.builds(
    Reading,
    mention_id=st.just(""), revision=st.just(""), versions=st.builds(Versions, TEXTS, TEXTS, TEXTS),
    polarity=st.sampled_from(POLARITIES), score=SCORES,
    aspect_terms=st.lists(st.builds(AspectTerm, SPANS, SIDES, SCORES), max_size=2).map(tuple),
    triplets=st.lists(st.builds(Triplet, MAYBE, MAYBE, SIDES, SCORES), max_size=2).map(tuple),
    opinions=st.lists(OPINIONS, max_size=2).map(tuple), comparisons=st.lists(COMPARISONS, max_size=2).map(tuple),
    comparative=st.booleans(), intents=st.lists(TEXTS, max_size=2).map(tuple),
    brands=st.lists(TEXTS, max_size=2).map(tuple), industry=TEXTS, relevance=st.floats(0, 1),
    relevance_reason=st.sampled_from(("", "off_topic", "lottery")), vector=st.binary(max_size=16),
)  # fmt: skip
RELATIONS = st.builds(
    Relation, st.just(""), TEXTS, TEXTS, st.sampled_from(("", "exact", "near")), st.floats(0, 1),
    st.lists(TEXTS, max_size=2).map(tuple), TEXTS,
)  # fmt: skip


@settings(
    max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), phases=(Phase.explicit, Phase.generate)
)
@given(written=MENTIONS, understood=READINGS, relation=RELATIONS)
def test_a_whole_mention_comes_back_as_it_was(store: Store, written: Mention, understood: Reading, relation: Relation):
    store.erase(before=datetime(9999, 12, 31, tzinfo=UTC))
    written = replace(written, id=f"{written.id}{len(store.receipts())}")
    understood = replace(understood, mention_id=written.id, revision=written.revision)
    relation = replace(relation, mention_id=written.id)
    assert store.add_mentions([replace(written, author="")]).new == (written.id,)
    written = replace(written, author="")
    store.save_readings(claim(store, "read").token, [understood])
    store.save_relations(claim(store, "relate").token, [relation])
    whole = Understood(written, understood, relation)
    assert store.understood([written.id]) == store.scan() == [whole]
    generation = store.mark_indexed(claim(store, "index").token, [written.id])
    assert list(store.documents_at(generation)) == [whole]
    assert store.add_mentions([written]).same == (written.id,)
    store.stale("relate", f"{relation.version}!")
    store.save_relations(claim(store, "relate").token, [replace(relation, topic=f"{relation.topic}!")])
    kept = replace(whole, reading=replace(understood, vector=b""))
    assert list(store.documents_at(generation)) == [kept]


AWKWARD = (
    "",
    "a",
    "电" * 100_000,
    "\x00中间有零\x00",
    "👨‍👩‍👧‍👦🇨🇳é́́",
    "\u202e右到左\u202c\u200b\ufeff",
    "'; DROP TABLE mentions; --",
    '{"text": [1, 2]} \\u0000 \\ud800',
    "\r\n\t\u2028\u2029\x1f",
)


@pytest.mark.parametrize("text", AWKWARD)
def test_awkward_texts(store: Store, text: str):
    store.add_mentions([mention("a", text, title=text, product=text, source=text or "s")])
    known = store.mentions(["a"])[0]
    assert (known.text, known.title, known.product) == (text, text, text)


def test_a_lone_surrogate_becomes_one_replacement_so_that_spans_hold(store: Store):
    broken = mention("a", "电\ud83d池\udc00坏\ud83d\udc00了", author="\udfff", native_id="\ud800")
    store.add_mentions([broken])
    known = store.mentions(["a"])[0]
    assert known.text == "电\ufffd池\ufffd坏\ufffd\ufffd了"
    assert len(known.text) == len(broken.text)
    assert store.add_mentions([broken]).same == ("a",)


def test_lone_surrogates_anywhere_crash_nothing(store: Store):
    bad = "\ud800"
    made = store.add_mentions([mention(bad, bad)]).new
    assert store.known([bad]) == set(made) == {"\ufffd"}
    batch = claim(store, "read")
    found = store.mentions([bad])[0]
    store.save_readings(batch.token, [Reading(bad, found.revision, FIRST, "neutral", 0.0, intents=(bad,))])
    store.set_setting(bad, bad)
    store.set_cursor(bad, bad)
    store.audit(bad, bad, bad)
    assert store.setting(bad) == store.cursor(bad) == "\ufffd"
    assert store.lease_name(bad, bad, 1)
    assert store.erase(mention=bad)[1] == ("\ufffd",)


def test_ids_with_nul_are_found(store: Store):
    assert store.add_mentions([mention("a\0b", raw="r\0w")]).new == ("a\ufffdb",)
    assert store.known(["a\0b"]) == {"a\ufffdb"}
    assert [m.id for m in store.mentions(["a\0b"])] == ["a\ufffdb"]
    assert store.erase(mention="a\0b")[1] == ("a\ufffdb",)
    assert store.erasures_pending() == (("a\ufffdb",), ("r\ufffdw",))


def test_a_mention_without_revision_gets_one(store: Store):
    plain = replace(mention("a", "第一版"), revision="")
    store.add_mentions([plain])
    assert store.mentions(["a"])[0].revision == mention("a", "第一版").revision
    assert store.add_mentions([replace(plain, text="第二版")]).changed == ("a",)
