"""The Store's contract: erasure, and what it leaves."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from store_case import (
    START,
    TurnedClock,
    claim,
    index_all,
    mention,
    read_all,
    reading,
    relate_all,
    through,
)

from core.errors import InputError
from core.interfaces import Signature, Store
from core.models import Evidence, Incident, Relation


def incident(*evidence: Evidence) -> Incident:
    return Incident(
        id="i1", rule="r", kind="negative_spike", brand="星河", attribute="battery", status="open", severity="red",
        severity_parts={"excess": 3.0}, started_at=START, detected_at=START, last_seen_at=START, closed_at=None,
        observed=12.0, expected=3.5, query="brand:星河", evidence=evidence,
    )  # fmt: skip


def test_everything_made_of_a_mention_goes(store: Store):
    through(store, mention("a", author="x" * 64, raw="page1"), mention("b", raw="page1"))
    through(store, mention("a", "又写了一遍", author="x" * 64, raw="page2"))
    store.save_signatures([Signature("a", "x", START, "e", ("k",), b"\x01")])
    store.save_incidents([incident(Evidence("a", "没电了", START), Evidence("b", "电池", START))])
    receipt, ids = store.erase(author="x" * 64)
    assert ids == ("a",)
    assert receipt.counts == {
        "mentions": 1, "readings": 1, "relations": 1, "history": 1, "signatures": 1, "incident_quotes": 1,
        "raw_pages": 2,
    }  # fmt: skip
    assert store.mentions(["a"]) == [] and store.signatures(["a"]) == {} and store.band_members(["k", "exact:e"]) == {}
    assert [u.mention.id for g in (1, 2) for u in store.documents_at(g)] == ["b", "b"]
    left = store.incidents()[0]
    assert [e.mention_id for e in left.evidence] == ["b"]
    assert (left.observed, left.expected, left.severity_parts) == (12.0, 3.5, {"excess": 3.0})
    assert store.totals().total == 1


def test_a_receipt_proves_without_telling(store: Store, clock: TurnedClock):
    store.add_mentions([mention("secret-id", "很长很长的秘密", author="someone", source="secret-source")])
    receipt, _ = store.erase(mention="secret-id")
    assert receipt.at == clock.now and not receipt.dry_run and len(receipt.digests) == 1
    told = repr(store.receipts())
    assert not any(word in told for word in ("secret-id", "秘密", "someone", "secret-source"))
    assert store.receipts() == [receipt]


def test_a_dry_run_counts_and_changes_nothing(store: Store):
    through(store, mention("a", author="x"))
    dry, ids = store.erase(author="x", dry_run=True)
    assert dry.dry_run and ids == ("a",) and store.receipts() == [] and store.erasures_pending() == ((), ())
    assert store.totals().total == 1
    wet, _ = store.erase(author="x")
    assert wet.counts == dry.counts and wet.digests == dry.digests


def test_before_takes_the_publishing_time_and_collection_where_there_is_none(store: Store):
    store.add_mentions(
        [
            mention("old", published_at=START - timedelta(days=9)),
            mention("new", published_at=START),
            mention("undated"),
            mention("undated long ago", collected_at=START - timedelta(days=9)),
        ]
    )
    _, ids = store.erase(before=START - timedelta(days=1))
    assert sorted(ids) == ["old", "undated long ago"]


def test_exactly_one_selector(store: Store):
    with pytest.raises(InputError, match="exactly one"):
        store.erase()
    with pytest.raises(InputError, match="exactly one"):
        store.erase(author="x", mention="a")


def test_erasing_what_is_not_there_leaves_a_receipt_of_nothing(store: Store):
    receipt, ids = store.erase(mention="never seen")
    assert ids == () and receipt.counts["mentions"] == 0 and store.receipts() == [receipt]


def test_an_erased_mention_does_not_come_back(store: Store):
    store.add_mentions([mention("a"), mention("b")])
    store.erase(mention="a")
    added = store.add_mentions([mention("a"), mention("a", "换一种说法"), mention("c")])
    assert (added.new, added.same) == (("c",), ("a", "a"))
    assert store.known(["a", "b", "c"]) == {"b", "c"}


def test_an_erased_author_comes_back_only_with_something_new(store: Store, clock: TurnedClock):
    store.add_mentions([mention("a", author="x", published_at=START)])
    clock.turn(3600)
    store.erase(author="x")
    later = START + timedelta(hours=2)
    added = store.add_mentions(
        [
            mention("edited", "改了几个字", author="x", published_at=START),
            mention("undated", author="x"),
            mention("after", author="x", published_at=later),
            mention("other", author="y", published_at=START),
        ]
    )
    assert added.new == ("after", "other")


def test_duplicates_of_an_erased_mention_are_related_again(store: Store):
    store.add_mentions([mention("a"), mention("b"), mention("c")])
    read_all(store)
    batch = claim(store, "relate")
    copies = [Relation(i, "r1", duplicate_of="a", duplicate_kind="exact") for i in ("b", "c")]
    store.save_relations(batch.token, [Relation("a", "r1"), *copies])
    index_all(store)
    store.erase(mention="a")
    again = claim(store, "relate")
    assert again.ids == ("b", "c")
    store.save_relations(again.token, [Relation("b", "r1"), Relation("c", "r1", duplicate_of="b")])
    assert claim(store, "index").ids == ("b", "c")


def test_what_others_must_remove_is_remembered_until_done(store: Store):
    store.add_mentions([mention("a", raw="p1"), mention("b", raw="p2")])
    store.add_mentions([mention("a", raw="p3")])
    store.erase(mention="a")
    assert store.erasures_pending() == (("a",), ("p1", "p3"))
    store.erasure_done(["a"], ["p1"])
    assert store.erasures_pending() == ((), ("p3",))
    store.erasure_done([], ["p3"])
    assert store.erasures_pending() == ((), ())


def test_pages_that_are_pruned_are_forgotten(store: Store, clock: TurnedClock):
    store.add_mentions([mention("a", raw="p1")])
    store.add_mentions([mention("a", raw="p2")])
    clock.turn(60)
    store.add_mentions([mention("a", raw="p3")])
    clock.turn(60)
    store.add_mentions([mention("a", raw="p2")])
    assert store.forget_pages(clock.now - timedelta(seconds=30)) == 1
    store.erase(mention="a")
    assert store.erasures_pending()[1] == ("p1", "p2")


def test_what_comes_back_by_another_way_is_to_be_removed_again(store: Store):
    store.add_mentions([mention("a", raw="p1")])
    read_all(store)
    relate_all(store)
    batch = claim(store, "index")
    store.erase(mention="a")
    store.erasure_done(*store.erasures_pending())
    store.mark_indexed(batch.token, batch.ids)
    store.add_mentions([mention("a", raw="p9")])
    assert store.erasures_pending() == (("a",), ("p9",))


def test_readings_of_an_erased_mention_are_refused(store: Store):
    store.add_mentions([mention("a")])
    batch = claim(store, "read")
    store.erase(mention="a")
    assert store.save_readings(batch.token, [reading(mention("a"))]) == 0
    store.save_signatures([Signature("a", "", None, "e", ("k",), b"")])
    assert store.band_members(["k"]) == {}


def test_an_incident_saved_again_does_not_bring_quotes_back(store: Store):
    store.add_mentions([mention("a")])
    told = incident(Evidence("a", "没电了", None))
    store.save_incidents([told])
    store.erase(mention="a")
    store.save_incidents([told])
    assert store.incidents()[0].evidence == ()


def test_receipts_can_be_completed(store: Store):
    receipt, _ = store.erase(mention="a")
    whole = replace(receipt, counts={**receipt.counts, "exports": 2})
    store.save_receipt(whole)
    assert store.receipts() == [whole]
