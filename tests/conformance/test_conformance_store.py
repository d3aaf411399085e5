"""The Store's contract: mentions and their way through the stages."""

from __future__ import annotations

from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path

import pytest
from store_case import (
    FIRST,
    IMPLEMENTATIONS,
    START,
    TurnedClock,
    claim,
    index_all,
    mention,
    opened,
    read_all,
    reading,
    relate_all,
    through,
)

from core.interfaces import Store
from core.models import Relation, Totals, Versions

# A process that forks with threads running is warned of from Python 3.12 on; here the child only uses the store.
pytestmark = pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")


# --- adding


def test_a_mention_is_new_once_and_the_same_after(store: Store):
    assert store.add_mentions([mention("a"), mention("b")]).new == ("a", "b")
    again = store.add_mentions([mention("b"), mention("c")])
    assert (again.new, again.changed, again.same) == (("c",), (), ("b",))
    assert store.totals() == Totals(3, 0, 0, 0)
    assert store.known(["a", "c", "x"]) == {"a", "c"}


def test_every_mention_handed_in_is_reported_once_even_when_repeated(store: Store):
    added = store.add_mentions([mention("a"), mention("a"), mention("a", "别的话")])
    assert (added.new, added.same, added.changed) == (("a",), ("a",), ("a",))
    assert store.mentions(["a"])[0].text == "别的话"
    assert store.totals().total == 1


def test_more_than_one_batch_from_an_iterator(store: Store):
    added = store.add_mentions(mention(f"{i:05}") for i in range(2500))
    assert len(added.new) == store.totals().total == store.waiting("read") == 2500


def test_another_text_is_another_revision_and_starts_over(store: Store):
    through(store, mention("a"))
    changed = mention("a", "换了电池，好多了")
    assert store.add_mentions([changed]).changed == ("a",)
    known = store.understood(["a"])[0]
    assert (known.mention, known.reading, known.relation) == (changed, None, None)
    assert store.totals() == Totals(1, 0, 0, 0)


def test_other_counters_are_indexed_again_but_not_read_again(store: Store):
    through(store, mention("a", likes=1, rating=0.5, rating_scale=(1.0, 5.0)))
    added = store.add_mentions([mention("a", likes=7, views=30, rating=1.0, rating_scale=(1.0, 5.0))])
    assert (added.same, added.changed) == (("a",), ())
    known = store.understood(["a"])[0]
    assert (known.mention.likes, known.mention.views, known.mention.rating) == (7, 30, 1.0)
    assert known.reading is not None and known.relation is not None
    assert (store.waiting("read"), store.waiting("relate"), store.waiting("index")) == (0, 0, 1)


def test_numbers_not_given_again_stay(store: Store):
    store.add_mentions([mention("a", views=30, author_followers=5)])
    store.add_mentions([mention("a")])
    assert (store.mentions(["a"])[0].views, store.mentions(["a"])[0].author_followers) == (30, 5)


def test_collecting_again_without_a_change_leaves_everything_in_place(store: Store):
    through(store, mention("a", likes=1))
    store.add_mentions([mention("a", likes=1, run="another", collected_at=START.replace(hour=12))])
    assert store.totals() == Totals(1, 1, 1, 1)


# --- claims


def test_claims_are_in_order_of_arrival_and_exclude_each_other(store: Store):
    store.add_mentions([mention(i) for i in ("c", "a", "b")])
    one, two, three = claim(store, "read", 2), claim(store, "read", 2), claim(store, "read", 2)
    assert (one.ids, two.ids, three.ids) == (("c", "a"), ("b",), ())
    assert three.token == ""
    assert store.waiting("read") == 3


def test_a_claim_ends_and_its_token_with_it(store: Store, clock: TurnedClock):
    store.add_mentions([mention("a")])
    late = claim(store, "read", seconds=60)
    clock.turn(59)
    assert claim(store, "read").ids == ()
    clock.turn(1)
    assert store.save_readings(late.token, [reading(mention("a"))]) == 0
    again = claim(store, "read")
    assert again.ids == ("a",)
    assert store.save_readings(late.token, [reading(mention("a"))]) == 0
    assert store.save_readings(again.token, [reading(mention("a"))]) == 1


def test_a_claim_given_back_is_free_at_once(store: Store):
    store.add_mentions([mention("a")])
    batch = claim(store, "read")
    store.give_back(batch.token)
    assert store.save_readings(batch.token, [reading(mention("a"))]) == 0
    assert claim(store, "read").ids == ("a",)


def test_what_the_dead_held_is_free_at_once_when_forfeited(store: Store):
    through(store, mention("a"), mention("b"))
    store.add_mentions([mention("c"), mention("d"), mention("a", likes=9)])
    reading_it, indexing = claim(store, "read", 1), claim(store, "index")
    assert store.lease_name("relate", "dead", 60) and store.lease_name("leader", "alive", 60)
    assert store.forfeit(["relate"]) == 2
    assert store.save_readings(reading_it.token, [reading(mention("c"))]) == 0
    assert (claim(store, "read").ids, claim(store, "index").ids) == (("c", "d"), indexing.ids)
    assert store.lease_name("relate", "heir", 60) and not store.lease_name("leader", "heir", 60)
    assert store.forfeit([]) == 3


def test_a_token_saves_only_its_own_stage_and_its_own_mentions(store: Store):
    store.add_mentions([mention("a"), mention("b")])
    batch = claim(store, "read", 1)
    assert store.save_relations(batch.token, [Relation("a", "r1")]) == 0
    assert store.mark_indexed(batch.token, ["a"]) == 0
    assert store.save_readings("no such token", [reading(mention("a"))]) == 0
    assert store.save_readings(batch.token, [reading(mention(i)) for i in ("a", "b", "never seen")]) == 1
    assert store.waiting("read") == 1


def test_a_reading_of_a_former_text_is_refused(store: Store):
    store.add_mentions([mention("a")])
    batch = claim(store, "read")
    store.add_mentions([mention("a", "新的文字")])
    assert store.save_readings(batch.token, [reading(mention("a"))]) == 0
    fresh = claim(store, "read")
    assert fresh.ids == ("a",)
    assert store.save_readings(fresh.token, [reading(mention("a"))]) == 0
    assert store.save_readings(fresh.token, [reading(mention("a", "新的文字"))]) == 1


def test_a_batch_may_be_saved_in_parts(store: Store):
    store.add_mentions([mention("a"), mention("b")])
    batch = claim(store, "read")
    assert store.save_readings(batch.token, [reading(mention("a"))]) == 1
    assert store.save_readings(batch.token, [reading(mention("a"))]) == 0
    assert store.save_readings(batch.token, [reading(mention("b"))]) == 1


def _take_all(name: str, folder: str, stage: str) -> list[str]:
    with opened(name, Path(folder), TurnedClock()) as store:
        taken: list[str] = []
        while ids := store.claim(stage, 37, 600).ids:  # type: ignore[arg-type]
            taken.extend(ids)
        return taken


@pytest.mark.parametrize("name", IMPLEMENTATIONS)
def test_four_processes_claim_everything_and_nothing_twice(name: str, tmp_path: Path):
    with opened(name, tmp_path, TurnedClock()) as store:
        store.add_mentions(mention(f"{i:06}") for i in range(8000))
    with get_context("fork").Pool(4) as pool:
        taken = pool.starmap(_take_all, [(name, str(tmp_path), "read")] * 4)
    every = [i for part in taken for i in part]
    assert len(every) == len(set(every)) == 8000


# --- stages, versions


def test_stages_follow_each_other(store: Store):
    store.add_mentions([mention("a")])
    assert claim(store, "relate").ids == claim(store, "index").ids == ()
    read_all(store)
    assert store.totals() == Totals(1, 1, 0, 0)
    relate_all(store)
    assert store.totals() == Totals(1, 1, 1, 0)
    assert index_all(store) == store.generation() == 1
    assert store.totals() == Totals(1, 1, 1, 1)


@pytest.mark.parametrize("part", ["model", "lexicon", "brands"])
def test_another_version_of_a_reading_goes_back_to_read_and_keeps_the_reading(store: Store, part: str):
    through(store, mention("a"))
    now = replace(FIRST, **{part: "other"})
    assert store.stale(part, getattr(FIRST, part)) == 0  # type: ignore[arg-type]
    assert store.stale(part, "other") == 1  # type: ignore[arg-type]
    assert store.understood(["a"])[0].reading == reading(mention("a"))
    read_all(store, now)
    assert store.stale(part, "other") == 0  # type: ignore[arg-type]
    assert store.understood(["a"])[0].reading.versions == now  # type: ignore[union-attr]


def test_another_version_of_relate_goes_back_to_relate(store: Store):
    through(store, mention("a"))
    store.add_mentions([mention("b")])
    assert store.stale("relate", "r1") == 0
    assert store.stale("relate", "r2") == 1
    assert (store.waiting("read"), store.waiting("relate")) == (1, 1)
    relate_all(store, "r2")
    assert store.understood(["a"])[0].relation == Relation("a", "r2")


def test_another_version_of_the_index_goes_back_to_index_once(store: Store):
    assert store.stale("index", "v1") == 0
    through(store, mention("a"), mention("b"))
    assert store.stale("index", "v1") == 0
    assert store.stale("index", "v2") == 2
    assert store.waiting("index") == 2
    index_all(store)
    assert store.stale("index", "v2") == 0


def test_what_was_claimed_for_another_index_version_must_be_claimed_again(store: Store):
    store.stale("index", "v1")
    store.add_mentions([mention("a")])
    read_all(store)
    relate_all(store)
    batch = claim(store, "index")
    store.stale("index", "v2")
    store.mark_indexed(batch.token, batch.ids)
    assert claim(store, "index").ids == ("a",)


# --- relations beyond the batch


def test_a_group_that_moves_is_indexed_again(store: Store):
    through(store, mention("later"))
    store.add_mentions([mention("earlier")])
    read_all(store)
    batch = claim(store, "relate")
    moved = Relation("later", "r1", duplicate_of="earlier", duplicate_kind="exact")
    assert store.save_relations(batch.token, [Relation("earlier", "r1"), moved]) == 2
    assert store.understood(["later"])[0].relation == moved
    assert sorted(claim(store, "index").ids) == ["earlier", "later"]


def test_a_relation_outside_the_batch_is_refused_while_that_text_is_unread(store: Store):
    through(store, mention("a"))
    store.add_mentions([mention("b")])
    read_all(store)
    store.add_mentions([mention("a", "改过的话")])
    batch = claim(store, "relate")
    assert batch.ids == ("b",)
    saved = store.save_relations(batch.token, [Relation("b", "r1"), Relation("a", "r1", duplicate_of="b")])
    assert saved == 1
    assert store.understood(["a"])[0].relation is None


def test_duplicates_of_a_changed_mention_are_related_again(store: Store):
    store.add_mentions([mention("a"), mention("b")])
    read_all(store)
    batch = claim(store, "relate")
    store.save_relations(batch.token, [Relation("a", "r1"), Relation("b", "r1", duplicate_of="a")])
    index_all(store)
    store.add_mentions([mention("a", "完全不同的话")])
    assert claim(store, "relate").ids == ("b",)


# --- reading back


def test_mentions_come_in_the_order_asked(store: Store):
    store.add_mentions([mention(i) for i in "abc"])
    assert [m.id for m in store.mentions(["c", "x", "a", "c"])] == ["c", "a", "c"]
    assert [u.mention.id for u in store.understood(["b", "x", "a"])] == ["b", "a"]
    assert store.mentions([]) == [] and store.understood([]) == []


def test_scan_goes_through_all_by_id(store: Store):
    store.add_mentions([mention(i) for i in ("d", "b", "a", "c")])
    first = store.scan(n=3)
    rest = store.scan(after=first[-1].mention.id, n=3)
    assert [u.mention.id for u in first + rest] == ["a", "b", "c", "d"]
    assert store.scan(after="d") == []


def test_source_counts(store: Store):
    store.add_mentions([mention("a"), mention("b"), mention("c", source="forum")])
    assert store.source_counts() == {"forum": 1, "shop": 2}


def test_another_opening_sees_what_was_stored(tmp_path: Path, clock: TurnedClock, store: Store, request):
    through(store, mention("a"))
    name = request.node.callspec.params["store"]
    with opened(name, tmp_path, clock) as again:
        assert again.understood(["a"]) == store.understood(["a"])
        assert again.totals() == Totals(1, 1, 1, 1)


def test_versions_are_kept_with_each_reading(store: Store):
    store.add_mentions([mention("a"), mention("b")])
    batch = claim(store, "read")
    made = [reading(mention("a")), reading(mention("b"), versions=Versions("m2", "l1", "b1"))]
    store.save_readings(batch.token, made)
    assert [u.reading for u in store.understood(["a", "b"])] == made
    assert store.stale("model", "m2") == 1


def test_a_lost_index_is_made_again(store: Store):
    store.stale("index", "v1")
    through(store, mention("a"), mention("b"))
    assert store.stale("index", "") == 2
    assert store.stale("index", "v1") == 0
    assert index_all(store) == 2
    assert store.stale("index", "v1") == 0
    assert {u.mention.id for u in store.documents_at(1)} == {"a", "b"}


def test_what_is_related_again_while_the_index_is_lost_is_still_indexed(store: Store):
    store.stale("index", "v1")
    through(store, mention("a"), mention("b"))
    store.stale("relate", "r2")
    store.stale("index", "")
    store.stale("index", "v1")
    relate_all(store, "r2")
    assert claim(store, "index").ids == ("a", "b")
