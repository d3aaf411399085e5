"""The Store's contract: runs of discovered topics, their members and rules."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from store_case import START, mention, read_all, through

from core.errors import InputError
from core.interfaces import Store
from core.models import Span
from core.topics import Topic, TopicQuote, TopicRun

QUOTES = (TopicQuote("m2", Span(0, 3)), TopicQuote("m1", Span(1, 2)))


def topic(id: str, **more: object) -> Topic:
    made = Topic(id=id, label="充电慢", phrases=("充电慢", "发烫"), n=3, positive=0, negative=2, first_seen=START)
    return replace(made, **more)


def run(id: str, *topics: Topic, query: str = "*", hours: int = 0) -> TopicRun:
    at = START + timedelta(hours=hours)
    return TopicRun(
        id=id, query=query, start=START - timedelta(days=7), end=START, at=at, fitted_at=START, generation=3,
        model="m", detail=1.0, n=9, unplaced=1, unread=1, topics=topics, before=None,
    )  # fmt: skip


def test_a_run_comes_back_as_it_was_saved(store: Store):
    store.add_mentions([mention("m1"), mention("m2"), mention("m3")])
    whole = topic("t1", before=4, weeks=(1, 0, 2), q=0.004, emerging=True, quotes=QUOTES)
    saved = run("r1", whole, topic("t2", label=""))
    store.save_topic_run(saved, b"rule", {"t1": ("m1", "m2"), "t2": ("m3",)})
    assert store.topic_runs() == store.topic_runs("*") == [saved]
    assert store.topic_rule("r1") == b"rule"
    assert store.topic_runs("another") == []
    with pytest.raises(InputError, match="r9"):
        store.topic_rule("r9")


def test_a_query_with_half_a_surrogate_pair_is_found_again(store: Store):
    store.save_topic_run(run("r1", topic("t1"), query="\udcff"), b"", {})
    assert [r.id for r in store.topic_runs("\udcff")] == ["r1"]


def test_members_stand_in_their_order_and_come_a_page_at_a_time(store: Store):
    names = [f"m{k}" for k in range(7)]
    store.add_mentions([mention(i) for i in names])
    store.save_topic_run(run("r1", topic("t1")), b"", {"t1": names[::-1]})
    assert store.topic_members("r1", "t1", 0, 3) == ["m6", "m5", "m4"]
    assert store.topic_members("r1", "t1", 3, 10) == ["m3", "m2", "m1", "m0"]
    assert store.topic_members("r1", "t2") == store.topic_members("r2", "t1") == []


def test_runs_stand_newest_first_and_the_oldest_of_a_query_go(store: Store):
    store.add_mentions([mention("m1")])
    for k in range(10):
        store.save_topic_run(run(f"r{k}", topic("t1"), hours=k), b"", {"t1": ("m1",)})
    store.save_topic_run(run("other", topic("t1"), query="brand:星河"), b"", {"t1": ("m1",)})
    assert [r.id for r in store.topic_runs("*")] == [f"r{k}" for k in range(9, 1, -1)]
    assert len(store.topic_runs()) == 9
    assert store.topic_members("r0", "t1") == [] and store.topic_members("r2", "t1") == ["m1"]


def test_an_erased_mention_leaves_its_topic_and_its_quote(store: Store):
    store.add_mentions([mention("m1"), mention("m2")])
    store.save_topic_run(run("r1", topic("t1", quotes=QUOTES)), b"", {"t1": ("m1", "m2")})
    store.erase(mention="m2")
    assert store.topic_members("r1", "t1") == ["m1"]
    assert store.topic_runs()[0].topics[0].quotes == QUOTES[1:]


def test_one_that_was_erased_before_the_run_was_saved_is_left_out(store: Store):
    store.add_mentions([mention("m1"), mention("m2")])
    store.erase(mention="m2")
    store.save_topic_run(run("r1", topic("t1", quotes=QUOTES)), b"", {"t1": ("m2", "m1")})
    assert store.topic_members("r1", "t1") == ["m1"]


def test_a_rewritten_mention_keeps_its_place_and_loses_its_quote(store: Store):
    store.add_mentions([mention("m1"), mention("m2")])
    store.save_topic_run(run("r1", topic("t1", quotes=QUOTES)), b"", {"t1": ("m1", "m2")})
    store.add_mentions([mention("m1", text="后来改写成另外一段话", revision="")])
    assert store.topic_members("r1", "t1") == ["m1", "m2"]
    assert store.topic_runs()[0].topics[0].quotes == QUOTES[:1]


def test_vectors_are_those_of_readings(store: Store):
    through(store, mention("m1"))
    store.add_mentions([mention("m2"), mention("m3")])
    assert store.vectors(["m1", "m2", "nobody"]) == {"m1": b"\x00\x3c"}
    read_all(store)
    assert sorted(store.vectors(["m1", "m2", "m3"])) == ["m1", "m2", "m3"]
