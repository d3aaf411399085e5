"""The Store's contract: generations, and what the index held then."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from store_case import (
    FIRST,
    TurnedClock,
    claim,
    index_all,
    mention,
    read_all,
    relate_all,
    through,
)

from core.interfaces import Store
from core.models import Relation


def texts(store: Store, generation: int) -> dict[str, str]:
    return {u.mention.id: u.mention.text for u in store.documents_at(generation)}


def likes(store: Store, generation: int) -> dict[str, int]:
    return {u.mention.id: u.mention.likes for u in store.documents_at(generation)}


def test_each_batch_counts_one_generation(store: Store):
    assert store.generation() == 0
    assert through(store, mention("a"), mention("b")) == 1
    assert through(store, mention("c")) == 2
    assert texts(store, 0) == {}
    assert set(texts(store, 1)) == {"a", "b"}
    assert set(texts(store, 2)) == {"a", "b", "c"}


def test_a_batch_that_nothing_came_of_counts_nothing(store: Store, clock: TurnedClock):
    store.add_mentions([mention("a")])
    read_all(store)
    relate_all(store)
    batch = claim(store, "index", seconds=10)
    clock.turn(10)
    assert store.mark_indexed(batch.token, batch.ids) == 0
    assert store.generation() == 0


def test_superseded_states_are_found_at_their_generation(store: Store):
    through(store, mention("a", "第一版"))
    through(store, mention("a", "第二版"))
    store.add_mentions([mention("a", "第三版")])
    assert [texts(store, g) for g in (1, 2, 3)] == [{"a": "第一版"}, {"a": "第二版"}, {"a": "第二版"}]
    through(store)
    assert [texts(store, g) for g in (1, 2, 3)] == [{"a": "第一版"}, {"a": "第二版"}, {"a": "第三版"}]


def test_counters_readings_and_relations_are_superseded_too(store: Store):
    through(store, mention("a", likes=1))
    store.add_mentions([mention("a", likes=2)])
    assert index_all(store) == 2
    store.stale("lexicon", "l2")
    read_all(store, replace(FIRST, lexicon="l2"), "positive")
    relate_all(store)
    assert index_all(store) == 3
    store.stale("relate", "r2")
    batch = claim(store, "relate")
    store.save_relations(batch.token, [Relation("a", "r2", topic="续航")])
    assert index_all(store) == 4
    assert [likes(store, g)["a"] for g in (1, 2, 3)] == [1, 2, 2]
    states = [next(iter(store.documents_at(g))) for g in (2, 3, 4)]
    assert [s.reading.polarity for s in states if s.reading] == ["negative", "positive", "positive"]
    assert [s.relation.topic for s in states if s.relation] == ["", "", "续航"]


def test_a_state_that_the_index_never_held_is_not_history(store: Store):
    through(store, mention("a", "第一版"))
    store.add_mentions([mention("a", "没人看见")])
    through(store, mention("a", "第二版"))
    assert [texts(store, g) for g in (1, 2)] == [{"a": "第一版"}, {"a": "第二版"}]


def test_what_changes_while_it_is_indexed_was_indexed_as_claimed(store: Store):
    store.add_mentions([mention("a", likes=1), mention("b")])
    read_all(store)
    relate_all(store)
    batch = claim(store, "index")
    store.add_mentions([mention("a", likes=2)])
    assert [u.mention.likes for u in store.claimed(batch.token)] == [1, 0]
    assert store.mark_indexed(batch.token, batch.ids) == 1
    assert claim(store, "index").ids == ("a",)
    assert likes(store, 1) == {"a": 1, "b": 0}


def test_what_changes_while_it_is_indexed_is_indexed_again(store: Store):
    store.add_mentions([mention("a", likes=1)])
    read_all(store)
    relate_all(store)
    batch = claim(store, "index")
    store.add_mentions([mention("a", likes=2)])
    store.add_mentions([mention("a", likes=3)])
    store.mark_indexed(batch.token, batch.ids)
    assert index_all(store) == 2
    assert [likes(store, g) for g in (1, 2)] == [{"a": 1}, {"a": 3}]


def test_what_was_indexed_before_and_changes_while_it_is_indexed_again_stays_known(store: Store):
    store.stale("index", "v1")
    through(store, mention("a", likes=1), mention("b"))
    store.stale("index", "v2")
    batch = claim(store, "index")
    store.add_mentions([mention("a", likes=2)])
    assert store.mark_indexed(batch.token, batch.ids) == 2
    assert likes(store, 2) == {"a": 1, "b": 0}
    assert index_all(store) == 3
    assert [likes(store, g)["a"] for g in (1, 2, 3)] == [1, 1, 2]


def test_a_change_during_an_indexing_that_fails_leaves_nothing_behind(store: Store, clock: TurnedClock):
    store.add_mentions([mention("a", likes=1)])
    read_all(store)
    relate_all(store)
    claim(store, "index", seconds=10)
    store.add_mentions([mention("a", likes=2)])
    clock.turn(10)
    assert index_all(store) == 1
    assert likes(store, 1) == {"a": 2}


def test_taking_back_a_claim_does_not_hide_what_was_indexed(store: Store):
    store.add_mentions([mention("a")])
    read_all(store)
    relate_all(store)
    batch = claim(store, "index")
    store.stale("relate", "r2")
    assert store.mark_indexed(batch.token, batch.ids) == 1
    assert set(texts(store, 1)) == {"a"}
    assert store.waiting("relate") == 1


def test_claimed_gives_the_batch_and_ends_with_it(store: Store, clock: TurnedClock):
    store.add_mentions([mention("b"), mention("a")])
    batch = claim(store, "read", seconds=10)
    assert [u.mention.id for u in store.claimed(batch.token)] == ["b", "a"]
    clock.turn(10)
    assert store.claimed(batch.token) == []


def test_pruned_history_is_counted_as_missing(store: Store, clock: TurnedClock):
    through(store, mention("a", "第一版"), mention("b"))
    through(store, mention("a", "第二版"))
    assert store.prune_history(clock.now) == 0
    clock.turn(86400)
    assert store.prune_history(clock.now - timedelta(hours=1)) == 1
    assert set(texts(store, 1)) == {"b"}
    assert [store.missing_at(g) for g in (0, 1, 2)] == [0, 1, 0]


def test_erased_mentions_are_counted_as_missing(store: Store):
    through(store, mention("a", "第一版"), mention("b"))
    through(store, mention("a", "第二版"))
    store.erase(mention="a")
    through(store, mention("c"))
    assert [store.missing_at(g) for g in (0, 1, 2, 3)] == [0, 1, 1, 0]
    assert [set(texts(store, g)) for g in (1, 2, 3)] == [{"b"}, {"b"}, {"b", "c"}]


def test_a_state_is_missing_once_though_others_lost_their_claim_while_it_was_indexed(store: Store):
    """Erasing one of a batch keeps copies of what is being indexed, in case it is taken away; it is not."""
    store.add_mentions([mention("a"), mention("b"), mention("c")])
    read_all(store)
    relate_all(store)
    batch = claim(store, "index")
    store.erase(mention="b")
    store.erase(mention="c")
    assert store.mark_indexed(batch.token, ["a"]) == 1
    store.erase(mention="a")
    assert (store.missing_at(1), texts(store, 1)) == (1, {})
