"""The Store's contract: the sample drawn for labelling, what people said, and what erasure and new texts do to both."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from store_case import IMPLEMENTATIONS, START, mention, opened, through

from core.errors import Busy
from core.interfaces import Store
from core.labels import ANSWERS, Draw, Judged, Label, LabelledOpinion, Sampled

BATTERY = LabelledOpinion("星河", "battery", "negative")
SCREEN = LabelledOpinion("星河", "screen", "positive")


def sampled(id: str, place: int = 0, weight: float = 2.5, **more: object) -> Sampled:
    made = Sampled(id, mention(id).revision, "shop|negative|星河", weight, place, "negative")
    return replace(made, **more)


def label(id: str, by: str = "li", seconds: float = 0, **more: object) -> Label:
    made = Label(id, mention(id).revision, by, "negative", START + timedelta(seconds=seconds))
    return replace(made, **more)


def test_a_drawing_is_kept_in_the_order_of_its_turns(store: Store):
    through(store, mention("a"), mention("b"), mention("c"))
    draw = Draw(START, 7, {"shop|negative|星河": 0.4}, START - timedelta(days=3))
    assert store.add_draw(draw, [sampled("c", 2), sampled("a", 0), sampled("b", 1)]) == 3
    assert [s.mention_id for s in store.sample()] == ["a", "b", "c"]
    assert store.sample()[0] == sampled("a", 0)
    assert store.draws() == [draw]


def test_another_drawing_gives_members_their_new_weights(store: Store):
    through(store, mention("a"), mention("b"))
    store.add_draw(Draw(START, 1), [sampled("a")])
    second = Draw(START + timedelta(hours=1), 2)
    store.add_draw(second, [sampled("a", weight=1.5), sampled("b", 1)])
    assert [(s.mention_id, s.weight) for s in store.sample()] == [("a", 1.5), ("b", 2.5)]
    assert store.draws()[-1] == second


def test_what_is_not_there_is_not_drawn(store: Store):
    through(store, mention("a"))
    assert store.add_draw(Draw(START, 1), [sampled("a"), sampled("x"), sampled("a", revision="older")]) == 1


def test_a_drawing_is_refused_where_another_came_between(store: Store):
    through(store, mention("a"), mention("b"))
    assert store.add_draw(Draw(START, 1), [sampled("a")], former=0) == 1
    version = store.labels_version()
    with pytest.raises(Busy, match="at the same time"):
        store.add_draw(Draw(START, 1), [sampled("a", weight=0.1), sampled("b")], former=0)
    assert store.sample() == [sampled("a")] and len(store.draws()) == 1 and store.labels_version() == version
    assert store.add_draw(Draw(START, 2), [sampled("a"), sampled("b", 1)], former=1) == 2


def test_of_several_drawing_at_once_one_is_kept(store: Store):
    ids = [f"m{k}" for k in range(12)]
    through(store, *map(mention, ids))
    with ThreadPoolExecutor(4) as people:
        drawn = list(people.map(lambda k: _outcome(store, k, ids), range(4)))
    assert sorted(drawn) == [0, 0, 0, 12] and len(store.draws()) == 1
    assert [s.weight for s in store.sample()] == [1.0] * 12


def _outcome(store: Store, seed: int, ids: list[str]) -> int:
    """How many one of several who draw at once gets; all begin when nothing is drawn yet."""
    try:
        return store.add_draw(Draw(START, seed), [sampled(i, k, 1.0) for k, i in enumerate(ids)], former=0)
    except Busy:
        return 0


def test_labels_come_back_whole_in_the_order_given(store: Store):
    through(store, mention("a"), mention("b"))
    whole = label("b", judged=(Judged(BATTERY, True), Judged(SCREEN, False)), missed=(SCREEN,), complete=True)
    later = label("a", "wang", 5, polarity="skipped")
    assert store.save_label(later) and store.save_label(whole)
    assert store.labels() == [whole, later]
    assert store.labels(by="wang") == [later]
    assert whole.opinions == {BATTERY, SCREEN}


def test_saying_it_again_replaces_only_ones_own_label(store: Store):
    through(store, mention("a"))
    store.save_label(label("a", "li"))
    store.save_label(label("a", "wang", polarity="neutral"))
    store.save_label(label("a", "li", 9, polarity="positive", complete=True))
    assert [(one.by, one.polarity, one.complete) for one in store.labels()] == [
        ("wang", "neutral", False), ("li", "positive", True),
    ]  # fmt: skip


def test_a_label_is_taken_back_by_the_one_who_gave_it(store: Store):
    through(store, mention("a"))
    store.save_label(label("a", "li"))
    store.save_label(label("a", "wang"))
    assert store.drop_label("a", "li") and not store.drop_label("a", "li") and not store.drop_label("x", "li")
    assert [one.by for one in store.labels()] == ["wang"]


def test_a_label_belongs_to_its_revision(store: Store):
    through(store, mention("a"))
    store.add_draw(Draw(START, 1), [sampled("a")])
    store.save_label(label("a"))
    through(store, mention("a", "换了一块电池，好多了"))
    assert store.labels() == [] and store.sample() == []
    assert not store.save_label(label("a"))
    through(store, mention("a"))
    assert [one.mention_id for one in store.labels()] == ["a"]


@pytest.mark.parametrize("given_", [label("x"), label("a", revision="another")])
def test_a_label_of_nothing_is_refused(store: Store, given_: Label):
    through(store, mention("a"))
    assert not store.save_label(given_) and store.labels() == []


def test_erasing_a_mention_erases_its_labels_and_the_receipt_counts_them(store: Store):
    through(store, mention("a", author="z" * 64), mention("b"))
    store.add_draw(Draw(START, 1, {"s": 1.0}), [sampled("a"), sampled("b", 1)])
    for by in ("li", "wang"):
        store.save_label(label("a", by))
    store.save_label(label("b"))
    dry, _ = store.erase(author="z" * 64, dry_run=True)
    assert dry.counts["labels"] == 2 and len(store.labels()) == 3
    receipt, _ = store.erase(author="z" * 64)
    assert receipt.counts["labels"] == 2
    assert [one.mention_id for one in store.labels()] == ["b"] == [s.mention_id for s in store.sample()]
    assert store.draws()[0].rates == {"s": 1.0}
    assert not store.save_label(label("a"))


def test_every_change_raises_the_version_and_asking_does_not(store: Store):
    through(store, mention("a"), mention("b"))
    seen = [store.labels_version()]
    for change in (
        lambda: store.add_draw(Draw(START, 1), [sampled("a")]),
        lambda: store.save_label(label("a")),
        lambda: store.drop_label("a", "li"),
        lambda: store.save_label(label("b")),
        lambda: store.erase(mention="b"),
    ):
        change()
        seen.append(store.labels_version())
    assert seen == sorted(set(seen))
    store.labels(), store.sample(), store.drop_label("a", "nobody")
    assert store.labels_version() == seen[-1]


OPINIONS = st.builds(
    LabelledOpinion, st.text(max_size=4), st.text(max_size=6), st.sampled_from(("positive", "neutral", "negative"))
)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    by=st.text(alphabet=st.characters(codec="utf-8"), min_size=1, max_size=8),
    polarity=st.sampled_from(ANSWERS),
    judged=st.lists(st.builds(Judged, OPINIONS, st.booleans()), max_size=3),
    missed=st.lists(OPINIONS, max_size=3),
    complete=st.booleans(),
)
def test_any_label_is_kept_as_it_is(store: Store, by, polarity, judged, missed, complete):
    if not store.known(["a"]):
        through(store, mention("a"))
    said = label("a", by, polarity=polarity, judged=tuple(judged), missed=tuple(missed), complete=complete)
    assert store.save_label(said)
    assert store.labels(by=by) == [said]


@pytest.mark.parametrize("name", IMPLEMENTATIONS)
def test_what_was_said_is_there_when_opened_again(name: str, tmp_path, clock):
    with opened(name, tmp_path, clock) as store:
        through(store, mention("a"))
        store.add_draw(Draw(START, 1), [sampled("a")])
        store.save_label(label("a"))
    with opened(name, tmp_path, clock) as store:
        assert (store.labels(), store.sample()) == ([label("a")], [sampled("a")])
