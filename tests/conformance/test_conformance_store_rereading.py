"""The Store's contract: readings that are made again, in which order, and what the words of a question meant then."""

from __future__ import annotations

from dataclasses import replace

from store_case import (
    FIRST,
    START,
    TurnedClock,
    claim,
    index_all,
    mention,
    read_all,
    relate_all,
    through,
)

from core.interfaces import Signature, Store

OTHER_MODEL = replace(FIRST, model="m2")
OTHER_LEXICON = replace(FIRST, lexicon="l2")


def kept(store: Store, *ids: str) -> int:
    batch = claim(store, "read")
    return store.keep_readings(batch.token, ids or batch.ids, OTHER_LEXICON)


def test_the_never_read_come_first_then_those_put_ahead_then_the_oldest(store: Store):
    through(store, *(mention(id) for id in "abcdef"))
    store.add_mentions([mention("new")])
    store.stale("model", "m2")
    assert store.put_ahead(["e", "new", "unknown", "c"]) == 2
    assert claim(store, "read", 2).ids == ("new", "e")
    assert claim(store, "read").ids == ("c", "a", "b", "d", "f")


def test_an_order_holds_for_those_that_still_wait(store: Store):
    through(store, *(mention(id) for id in "abcd"))
    store.stale("model", "m2")
    store.put_ahead(["d", "c"])
    store.erase(mention="d")
    batch = claim(store, "read", 1)
    assert batch.ids == ("c",)
    store.give_back(batch.token)
    assert store.put_ahead(["b", "d"]) == 1
    assert claim(store, "read").ids == ("b", "a", "c")


def test_what_a_model_has_read_is_claimed_apart(store: Store):
    through(store, mention("a"), mention("b"))
    store.add_mentions([mention("c"), mention("b", "另一段话")])
    store.stale("lexicon", "l2")
    assert (store.waiting_mapped("m1"), store.waiting_mapped("m2"), store.waiting("read")) == (1, 0, 3)
    assert store.claim("read", 9, 60, mapped_by="m2").ids == ()
    assert store.claim("read", 9, 60, mapped_by="m1").ids == ("a",)
    assert claim(store, "read").ids == ("b", "c")


def test_a_reading_that_came_out_as_it_was_goes_back_to_its_place(store: Store):
    through(store, mention("a"), mention("b"))
    store.add_mentions([mention("b", likes=3)])  # waits for the index
    store.add_mentions([mention("c")])
    read_all(store)  # waits to be related
    store.stale("lexicon", "l2")
    assert kept(store) == 3
    assert [store.waiting(stage) for stage in ("read", "relate", "index")] == [0, 1, 1]
    assert {u.reading.versions.lexicon for u in store.understood(["a", "b", "c"]) if u.reading} == {"l2"}
    assert store.stale("lexicon", "l2") == 0
    assert store.generation() == 1 and len(list(store.documents_at(1))) == 2


def test_only_a_claim_that_holds_keeps_readings_and_only_its_own(store: Store, clock: TurnedClock):
    through(store, mention("a"), mention("b"))
    store.stale("lexicon", "l2")
    batch = claim(store, "read", 1, seconds=10)
    assert store.keep_readings(batch.token, ["b"], OTHER_LEXICON) == 0
    clock.turn(10)
    assert store.keep_readings(batch.token, ["a"], OTHER_LEXICON) == 0
    assert store.waiting("read") == 2


def test_who_has_to_be_related_again_meanwhile_is(store: Store):
    through(store, *(mention(id) for id in "abc"))
    store.stale("lexicon", "l2")
    store.stale("relate", "r2")
    kept(store)
    assert store.waiting("relate") == 3
    relate_all(store, "r2")
    for id in "ab":
        store.save_signatures([Signature(id, "", START, "same", (), b"")])
    store.stale("lexicon", "l3")
    store.erase(mention="a")
    kept(store)
    assert claim(store, "relate").ids == ("b",)


def test_a_change_while_it_waits_is_indexed_though_the_reading_is_kept(store: Store):
    through(store, mention("a", likes=1))
    store.stale("lexicon", "l2")
    store.add_mentions([mention("a", likes=2)])
    kept(store)
    assert store.waiting("index") == 1
    index_all(store)
    assert [u.mention.likes for g in (1, 2) for u in store.documents_at(g)] == [1, 2]


def test_queries_looked_at_are_remembered_the_latest_first(store: Store, clock: TurnedClock):
    for query in ("one", "two", "one", *(f"q{n}" for n in range(99))):
        clock.turn(1)
        store.note_view(query)
    assert store.views(3) == ["q98", "q97", "q96"]
    assert len(store.views(1000)) == 100 and store.views(1000)[-1] == "one"


def test_the_words_of_a_generation_are_those_it_was_made_under(store: Store, clock: TurnedClock):
    assert store.words_at(0).body == ""
    through(store, mention("a"))
    for body in ("first", "first", "second"):
        store.keep_words(body)
    through(store, mention("b"))
    clock.turn(60)
    store.keep_words("third")
    through(store, mention("c"))
    assert [store.words_at(g).body for g in (1, 2, 3)] == ["", "second", "third"]
    assert [store.words_at(g).at for g in (0, 2, 3, 4)] == [None, START, clock.now, None]
