"""What labels say of the reader, counted again by hand; people's agreement against known values."""

from __future__ import annotations

import random
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.inter_rater import aggregate_raters, cohens_kappa, fleiss_kappa

from core.interfaces import Understood
from core.labels import Judged, Label, LabelledOpinion, Sampled
from core.models import Mention, Opinion, Reading, Span, Versions
from index.intervals import wilson
from index.label_agreement import SAID, agreements
from index.label_report import SIDES, Read, macro_f1, rate, read, reliability, report
from tests.conformance.corpus import START

ANY = st.sampled_from(("positive", "neutral", "negative"))
READS = st.sampled_from(("positive", "neutral", "negative", "unsure"))


def label(id: str, polarity: str, by: str = "li", **more: object) -> Label:
    return replace(Label(id, "r", by, polarity, START), **more)


def one(id: str, predicted: str, *people: str, weight: float = 1.0, stratum: str = "s", **more: object) -> Read:
    labels = tuple(label(id, p, f"p{k}") for k, p in enumerate(people))
    made = Read(
        id,
        "话",
        stratum,
        weight,
        predicted,
        {"positive": 0.9, "negative": -0.9}.get(predicted, 0.1),
        frozenset(),
        labels,
    )
    return replace(made, **more)


def opinion(attribute: str, polarity: str = "negative") -> LabelledOpinion:
    return LabelledOpinion("星禾", attribute, polarity)


def judged(
    id: str, found: set[LabelledOpinion], right: set[LabelledOpinion], missed: set[LabelledOpinion], weight=1.0
) -> Read:
    said = label(
        id, "negative", judged=tuple(Judged(o, o in right) for o in found), missed=tuple(missed), complete=True
    )
    return replace(one(id, "negative", weight=weight), found=frozenset(found), labels=(said,))


# --- rates


@settings(max_examples=60, deadline=None)
@given(st.lists(st.booleans(), min_size=2, max_size=300))
def test_equal_weights_give_the_plain_rate_and_nearly_wilsons_interval(answers):
    reads = [one(str(k), "positive", "positive" if a else "negative") for k, a in enumerate(answers)]
    found = report(reads, ()).accuracy
    low, high = wilson(sum(answers), len(answers))
    assert found.value == pytest.approx(np.mean(answers)) and found.n == len(answers)
    assert found.low == pytest.approx(low, abs=0.06) and found.high == pytest.approx(high, abs=0.06)
    assert found.low <= found.value <= found.high


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(READS, ANY, st.integers(1, 4)), min_size=1, max_size=40))
def test_a_weight_of_two_is_the_mention_twice(rows):
    weighted = [one(str(k), r, p, weight=float(w)) for k, (r, p, w) in enumerate(rows)]
    repeated = [one(f"{k}-{i}", r, p) for k, (r, p, w) in enumerate(rows) for i in range(w)]
    here, there = report(weighted, ()), report(repeated, ())
    for name in ("accuracy", "macro_f1", "named", "right_when_named"):
        assert getattr(here, name).value == pytest.approx(getattr(there, name).value), name
    shares = [{(c.people, c.reader): c.share for c in r.confusions} for r in (here, there)]
    assert shares[0] == pytest.approx(shares[1])
    assert sum(shares[0].values()) == pytest.approx(1 - here.accuracy.value)


def test_ninety_five_intervals_of_a_hundred_hold_the_accuracy():
    def holds(seed: int) -> bool:
        rnd = random.Random(seed)
        reads = []
        for stratum, right, weight, n in (("common", 0.9, 20.0, 150), ("rare", 0.5, 2.0, 90)):
            for k in range(n):
                said = "positive" if rnd.random() < right else "negative"
                reads.append(one(f"{stratum}{k}", "positive", said, weight=weight, stratum=stratum))
        found = rate(reads, lambda r: float(r.labels[0].polarity == "positive"), lambda _: 1.0)
        truth = (20 * 150 * 0.9 + 2 * 90 * 0.5) / (20 * 150 + 2 * 90)
        return found.low <= truth <= found.high

    assert np.mean([holds(seed) for seed in range(400)]) >= 0.92


def test_macro_f1_by_hand_and_its_interval_around_it():
    rows = [("positive", "positive")] * 6 + [("negative", "negative")] * 3 + [("positive", "negative")] * 2
    rows += [("unsure", "negative")] * 1 + [("neutral", "neutral")] * 2 + [("positive", "neutral")] * 2
    assert macro_f1([one(str(k), r, p) for k, (r, p) in enumerate(rows)]).low is None  # too few for the bootstrap
    rows *= 3
    found = macro_f1([one(str(k), r, p) for k, (r, p) in enumerate(rows)])
    by_hand = [2 * 6 / (6 + 10), 2 * 2 / (4 + 2), 2 * 3 / (6 + 3)]
    assert found.value == pytest.approx(np.mean(by_hand))
    assert 0 < found.low < found.value < found.high < 1
    assert found == macro_f1([one(str(k), r, p) for k, (r, p) in enumerate(rows)])


def test_a_side_that_nobody_names_does_not_count_against_the_reader():
    reads = [one(str(k), s, s) for k, s in enumerate(("positive", "negative") * 5)]
    assert macro_f1(reads).value == 1.0


def test_people_who_differ_count_in_part():
    found = report([one("a", "positive", "positive", "negative"), one("b", "negative", "negative")], ())
    assert found.accuracy.value == pytest.approx(0.75)
    assert [(c.people, c.reader, c.labels) for c in found.confusions] == [("negative", "positive", 0.5)]


def test_unsure_people_name_no_side_and_an_unsure_reader_is_not_right():
    reads = [one("a", "positive", "unsure"), one("b", "unsure", "positive"), one("c", "positive", "positive")]
    found = report(reads, [label("d", "skipped")])
    assert (found.mentions, found.unsure, found.skipped) == (3, 1, 1)
    assert found.accuracy.value == 0.5 and found.right_when_named.value == 1.0
    assert found.named.value == pytest.approx(2 / 3)


# --- attributes


def test_precision_and_recall_of_attributes_by_hand():
    battery, screen, price = opinion("battery"), opinion("screen"), opinion("price")
    praise = opinion("screen", "positive")
    reads = [
        judged("a", {battery, screen}, {battery}, {price}),
        judged("b", {screen}, set(), {praise}),
        judged("c", set(), set(), {battery}),
    ]
    found = report(reads, ())
    assert found.attribute_precision.value == pytest.approx(2 / 3) and found.attribute_recall.value == pytest.approx(
        2 / 4
    )
    assert found.opinion_precision.value == pytest.approx(1 / 3) and found.opinion_recall.value == pytest.approx(1 / 4)
    errors = {e.attribute: (e.right, e.wrong, e.missed) for e in found.attributes}
    assert errors == {"battery": (1, 0, 1), "screen": (1, 1, 0), "price": (0, 0, 1)}
    assert {e.attribute: e.examples for e in found.attributes}["battery"] == ("c",)


def test_labels_not_gone_through_say_nothing_of_attributes():
    said = replace(judged("a", {opinion("battery")}, set(), set()).labels[0], complete=False)
    found = report([replace(one("a", "negative"), found=frozenset({opinion("battery")}), labels=(said,))], ())
    assert found.attribute_precision.value is None and found.attributes == ()


# --- scores


def test_reliability_counts_the_side_that_the_score_leans_to():
    reads = [one(str(k), "positive", "positive" if k < 9 else "negative") for k in range(10)]
    reads += [replace(one(f"u{k}", "unsure", "negative"), score=-0.3) for k in range(4)]
    bins = reliability(reads)
    assert [(b.low, b.right.value, b.right.n) for b in bins] == [(0.2, 1.0, 4), (0.8, 0.9, 10)]
    assert bins[-1].score == pytest.approx(0.9)
    assert len(reliability([replace(one("x", "positive", "positive"), score=1.0)])) == 1


def test_nothing_labelled_gives_a_report_that_says_nothing():
    found = report([], ())
    assert (found.mentions, found.accuracy.value, found.macro_f1.value, found.confusions) == (0, None, None, ())


# --- putting it together


def test_only_members_of_the_sample_in_the_present_revision_are_read():
    def known(id: str, revision: str = "r") -> Understood:
        mention = Mention(id, "shop", "reviews", "review", "充电慢", START, revision=revision)
        found = (
            Opinion("星禾", "battery", Span(0, 2), None, "negative", 0.9, Span(0, 3)),
            Opinion("星禾", "", Span(0, 2), None, "negative", 0.9, Span(0, 3)),
        )
        return Understood(mention, Reading(id, revision, Versions(), "negative", -0.8, opinions=found), None)

    sample = [Sampled(i, "r", "s", 2.0, 0, "negative") for i in ("a", "b", "c")]
    labels = [
        label("a", "negative"),
        label("b", "skipped"),
        label("x", "negative"),
        label("c", "negative", revision="q"),
    ]
    (only,) = read([known(i) for i in ("a", "b", "c", "x")], sample, labels)
    assert (only.mention_id, only.weight, only.found) == ("a", 2.0, frozenset({opinion("battery")}))


# --- agreement


def test_kappa_of_two_people_is_cohens():
    """The example of Cohen (1960) as it is usually told: 50 grants, both yes 20, both no 15, kappa .40."""
    rows = [("positive", "positive")] * 20 + [("positive", "negative")] * 5 + [("negative", "positive")] * 10
    rows += [("negative", "negative")] * 15
    labels = [label(str(k), side, by) for k, row in enumerate(rows) for by, side in zip("ab", row, strict=True)]
    (found,) = agreements(labels)
    assert (found.people, found.n, found.agreed) == (("a", "b"), 50, 0.7)
    assert found.kappa == pytest.approx(0.4) and found.low < 0.4 < found.high


def test_three_people_are_held_against_each_other_and_together():
    rng = random.Random(4)
    truth = [rng.choice(SIDES) for _ in range(60)]
    labels = [
        label(str(k), t if rng.random() < 0.8 else rng.choice(SIDES), by) for k, t in enumerate(truth) for by in "abc"
    ]
    found = agreements(labels)
    assert [len(a.people) for a in found] == [2, 2, 2, 3] and all(0.4 < a.kappa < 1 for a in found)
    everybody = found[-1]
    assert min(a.kappa for a in found[:3]) <= everybody.kappa <= max(a.kappa for a in found[:3])


def test_where_kappa_means_nothing_it_is_not_given():
    same = [label(str(k), "positive", by) for k in range(5) for by in "ab"]
    assert [(a.agreed, a.kappa) for a in agreements(same)] == [(1.0, None)]
    assert agreements([label("1", "positive", "a"), label("2", "positive", "b"), label("3", "skipped", "a")]) == ()


ROWS = st.lists(
    st.tuples(*[st.sampled_from(("positive", "neutral", "negative", "unsure"))] * 3), min_size=2, max_size=60
)


@pytest.mark.filterwarnings("ignore::RuntimeWarning")  # of statsmodels, where its z divides by nothing
@settings(max_examples=80, deadline=None)
@given(ROWS)
def test_kappas_are_those_of_statsmodels(rows):
    labels = [label(str(k), side, by) for k, row in enumerate(rows) for by, side in zip("abc", row, strict=True)]
    *pairs, everybody = agreements(labels)
    for found, (i, j) in zip(pairs, ((0, 1), (0, 2), (1, 2)), strict=True):
        table = np.zeros((4, 4))
        for row in rows:
            table[SAID.index(row[i]), SAID.index(row[j])] += 1
        if found.kappa is not None:
            known = cohens_kappa(table)
            assert found.kappa == pytest.approx(known.kappa)
            if np.isnan(known.kappa_low):  # it takes the root of a variance a hair below 0
                known = SimpleNamespace(kappa_low=known.kappa, kappa_upp=known.kappa)
            assert found.low == pytest.approx(max(known.kappa_low, -1), abs=1e-6)
            assert found.high == pytest.approx(min(known.kappa_upp, 1), abs=1e-6)
    counts, _ = aggregate_raters(np.array([[SAID.index(a) for a in row] for row in rows]), 4)
    if everybody.kappa is not None:
        assert everybody.kappa == pytest.approx(fleiss_kappa(counts))
