"""Prediction-powered intervals hold the truth as often as they say, and are the classical ones without a reader."""

from __future__ import annotations

from dataclasses import replace
from math import sqrt

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from core.labels import Judged, Label, LabelledOpinion, Sampled
from core.models import DocumentOpinion, SearchDocument, Span
from core.tree import Everything, Term
from index import measures
from index.embedded import TantivyIndex
from index.intervals import wilson
from index.labelled import labelled
from index.powered import FEWEST_JUDGED, FEWEST_LABELS, Sample, powered_rate, powered_ratio
from tests.conformance.corpus import START, documents

Z = 1.959963984540054


def flags(rng: np.random.Generator, n: int, chance: float) -> np.ndarray:
    return (rng.random(n) < chance).astype(float)


# --- what is known of the method


@settings(max_examples=60, deadline=None)
@given(st.integers(FEWEST_LABELS, 600), st.floats(0.1, 0.9), st.booleans(), st.integers(0, 9999))
def test_without_information_in_the_reading_it_is_the_classical_interval(n, chance, constant, seed):
    truth = flags(np.random.default_rng(seed), n, chance)
    assume(0.05 < truth.mean() < 0.95)
    found = powered_rate(10_000 * constant, 10_000, Sample(truth, np.full(n, float(constant)), np.ones(n)))
    half = Z * sqrt(truth.var(ddof=1) / n)
    assert found is not None and found.labels == n
    assert (found.value, found.low, found.high) == pytest.approx(
        (truth.mean(), max(truth.mean() - half, 0), min(truth.mean() + half, 1))
    )


@settings(max_examples=60, deadline=None)
@given(st.integers(FEWEST_LABELS, 500), st.integers(0, 9999), st.floats(0.05, 40))
def test_only_the_proportions_of_the_weights_count(n, seed, factor):
    rng = np.random.default_rng(seed)
    truth, read, weight = flags(rng, n, 0.4), flags(rng, n, 0.4), rng.uniform(0.5, 9, n)
    one = powered_rate(400, 1000, Sample(truth, read, weight))
    other = powered_rate(400, 1000, Sample(truth, read, weight * factor))
    assert one is not None and other is not None
    assert (one.value, one.low, one.high) == pytest.approx((other.value, other.low, other.high))


@settings(max_examples=60, deadline=None)
@given(st.integers(FEWEST_LABELS, 500), st.integers(0, 9999))
def test_the_estimate_lies_within_and_both_within_bounds(n, seed):
    rng = np.random.default_rng(seed)
    found = powered_rate(20, 1000, Sample(flags(rng, n, 0.1), flags(rng, n, 0.02), rng.uniform(1, 50, n)))
    assert found is not None and 0 <= found.low <= found.value <= found.high <= 1


def test_a_good_reader_makes_it_narrower_and_a_faultless_one_does_not_make_it_certain():
    rng = np.random.default_rng(1)
    truth = flags(rng, 300, 0.3)
    blind = powered_rate(0, 100_000, Sample(truth, np.zeros(300), np.ones(300)))
    good = np.where(rng.random(300) < 0.05, 1 - truth, truth)
    read = powered_rate(30_000, 100_000, Sample(truth, good, np.ones(300)))
    faultless = powered_rate(30_000, 100_000, Sample(truth, truth, np.ones(300)))
    widths = [f.high - f.low for f in (blind, read, faultless) if f is not None]
    assert len(widths) == 3 and widths[0] > 1.5 * widths[1] > 1.5 * widths[2] > 0.01


def test_fewer_labels_than_needed_say_nothing():
    few = np.ones(FEWEST_LABELS - 1)
    assert powered_rate(10, 100, Sample(few, few, few)) is None
    assert powered_rate(0, 0, Sample(np.ones(300), np.ones(300), np.ones(300))) is None
    rare = np.zeros(300)
    rare[: FEWEST_JUDGED - 1] = 1
    same = Sample(rare, rare, np.ones(300))
    assert powered_ratio(10, 100, 1000, same, same) is None


# --- coverage, by simulation: a population of which a stratified sample is labelled, again and again


def coverage(trial, times: int = 400) -> float:
    return sum(trial(np.random.default_rng(seed)) for seed in range(times)) / times


def drawn(rng: np.random.Generator, read: np.ndarray, sizes: tuple[int, int]) -> tuple[np.ndarray, np.ndarray]:
    """A sample of so many that were read as 0 and as 1, with its weights."""
    picked, weights = [], []
    for side, size in enumerate(sizes):
        stratum = np.flatnonzero(read == side)
        picked.append(rng.choice(stratum, size, replace=False))
        weights.append(np.full(size, len(stratum) / size))
    return np.concatenate(picked), np.concatenate(weights)


@pytest.mark.parametrize(
    ("rate", "missed", "false", "sizes"),
    [
        (0.3, 0.1, 0.05, (150, 150)),
        (0.1, 0.3, 0.02, (120, 100)),
        (0.5, 0.2, 0.2, (200, 60)),
        (0.05, 0.1, 0.1, (250, 80)),
    ],
)
def test_ninety_five_intervals_of_a_hundred_hold_the_rate(rate, missed, false, sizes):
    def holds_it(rng: np.random.Generator) -> bool:
        truth = flags(rng, 8000, rate)
        read = np.where(truth == 1, 1 - flags(rng, 8000, missed), flags(rng, 8000, false))
        picked, weight = drawn(rng, read, sizes)
        found = powered_rate(int(read.sum()), 8000, Sample(truth[picked], read[picked], weight))
        assert found is not None
        return found.low <= rate <= found.high

    assert coverage(holds_it) >= 0.925


def test_what_was_read_alone_does_not_hold_the_rate():
    """Else the simulation would show nothing: a biased reader's own Wilson interval is nearly always wrong."""

    def holds_it(rng: np.random.Generator) -> bool:
        read = flags(rng, 8000, 0.3 * 0.8 + 0.7 * 0.02)
        low, high = wilson(int(read.sum()), 8000)
        return low <= 0.3 <= high

    assert coverage(holds_it, 100) < 0.1


@pytest.mark.parametrize(("any_", "rate", "error"), [(0.4, 0.6, 0.1), (0.25, 0.3, 0.2)])
def test_ninety_five_intervals_of_a_hundred_hold_a_ratio(any_, rate, error):
    def holds_it(rng: np.random.Generator) -> bool:
        whole = flags(rng, 8000, any_)
        part = whole * flags(rng, 8000, rate)
        seen = np.where(rng.random(8000) < error, 1 - whole, whole)
        bad = seen * np.where(rng.random(8000) < error, flags(rng, 8000, 0.5), part)
        picked, weight = drawn(rng, seen, (200, 150))
        parts = Sample(part[picked], bad[picked], weight)
        wholes = Sample(whole[picked], seen[picked], weight)
        found = powered_ratio(int(bad.sum()), int(seen.sum()), 8000, parts, wholes)
        assert found is not None
        return found.low <= rate <= found.high

    assert coverage(holds_it, 300) >= 0.925


# --- through the measures

N = 400
BATTERY = DocumentOpinion("星河", "battery/charging", "negative", "充电慢", "充电", Span(0, 3))
TOLD = LabelledOpinion("星河", "battery", "negative")


def corpus() -> list[SearchDocument]:
    made = documents(N, seed=3, brands=("星河",), relevance=1.0, duplicate_of="", opinions=())
    return [
        replace(d, polarity="negative" if i % 4 == 0 else "positive", opinions=(BATTERY,) if i % 2 else ())
        for i, d in enumerate(made)
    ]


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory):
    made = TantivyIndex(tmp_path_factory.mktemp("powered"), write=True)
    made.put(corpus(), 1)
    yield made
    made.close()


def said(document: SearchDocument, polarity: str, by: str = "li", *opinions: LabelledOpinion) -> Label:
    judged = tuple(Judged(o, True) for o in opinions)
    return Label(document.id, document.revision, by, polarity, START, judged, (), True)


def member(document: SearchDocument, weight: float = 2.0) -> Sampled:
    return Sampled(document.id, document.revision, "s", weight, 0, document.polarity)


def test_two_hundred_labels_put_the_rates_right(index: TantivyIndex):
    found = corpus()[:FEWEST_LABELS]
    labels = [said(d, "negative" if i % 4 < 2 else "positive") for i, d in enumerate(found)]
    known = labelled(found, [member(d) for d in found], labels)
    plain, put_right = measures.polarities(index, Everything()), measures.polarities(index, Everything(), labels=known)
    assert (put_right.negative.value, put_right.negative.count) == (plain.negative.value, plain.negative.count)
    assert put_right.negative.labels == FEWEST_LABELS and plain.negative.labels == 0
    assert put_right.negative.estimate == pytest.approx(0.5)
    assert put_right.negative.low < 0.5 < put_right.negative.high < plain.negative.high + 0.5
    assert plain.negative.high < 0.31


def test_a_sample_of_a_part_says_nothing_of_the_whole(index: TantivyIndex):
    """However many labels there are: they stand for 150 mentions of 400, those of one brand it may be."""
    found = corpus()[:300]
    labels = [said(d, "negative") for d in found]
    partly = labelled(found, [member(d, 0.5) for d in found], labels)
    wholly = labelled(found, [member(d, N / 300) for d in found], labels)
    assert measures.polarities(index, Everything(), labels=partly) == measures.polarities(index, Everything())
    assert measures.polarities(index, Everything(), labels=wholly).negative.labels == 300
    assert measures.complaints(index, Everything(), "星河", partly) == measures.complaints(index, Everything(), "星河")


def test_members_not_labelled_yet_count_as_drawn(index: TantivyIndex):
    """Whoever stopped after two hundred of the four hundred drawn has labelled a random part of them."""
    found = corpus()
    labels = [said(d, "negative") for d in found[:FEWEST_LABELS]]
    known = labelled(found, [member(d, 1.0) for d in found], labels)
    assert measures.polarities(index, Everything(), labels=known).negative.labels == FEWEST_LABELS


@pytest.mark.parametrize("spoilt", ["one too few", "another revision", "skipped", "outside of the sample", "elsewhere"])
def test_what_does_not_count_leaves_wilsons_interval(index: TantivyIndex, spoilt: str):
    found = corpus()[:FEWEST_LABELS]
    labels = [said(d, "negative") for d in found]
    sample = [member(d) for d in found]
    if spoilt == "one too few":
        labels = labels[1:]
    elif spoilt == "another revision":
        labels[0] = replace(labels[0], revision="former")
    elif spoilt == "skipped":
        labels[0] = replace(labels[0], polarity="skipped")
    elif spoilt == "outside of the sample":
        sample = sample[1:]
    tree = Term("brand", "nobody") if spoilt == "elsewhere" else Everything()
    known = labelled(found, sample, labels)
    assert measures.polarities(index, tree, labels=known) == measures.polarities(index, tree)


def test_people_who_differ_count_in_halves(index: TantivyIndex):
    found = corpus()[:FEWEST_LABELS]
    labels = [said(d, side, by) for d in found for by, side in (("li", "negative"), ("wang", "positive"))]
    known = labelled(found, [member(d) for d in found], labels)
    assert measures.polarities(index, Everything(), labels=known).negative.estimate == pytest.approx(0.5)


def test_complaint_rates_are_put_right_with_their_ancestors(index: TantivyIndex):
    """Of those read as complaints every fourth is none; nothing was missed: 1/2 × 3/4 complain, all of 1/2 judge."""
    found = corpus()[:300]
    praise = replace(TOLD, polarity="positive")
    labels = [
        said(d, "negative", "li", *((praise if i % 8 == 1 else TOLD,) if i % 2 else ())) for i, d in enumerate(found)
    ]
    known = labelled(found, [member(d) for d in found], labels)
    rows = {r.attribute: r.complaints for r in measures.complaints(index, Everything(), "星河", known)}
    assert rows["battery"].estimate == pytest.approx(0.75, abs=0.01) and rows["battery"].labels == 150
    assert rows["battery"].value == 1.0 and rows["battery"].low < 0.75 < rows["battery"].high < 1
    assert measures.complaint_rate(index, Everything(), "星河", "battery", known) == rows["battery"]
    plain = {r.attribute: r.complaints for r in measures.complaints(index, Everything(), "星河")}
    assert plain["battery"].labels == 0 and plain["battery"].low > 0.95


def test_labels_that_were_not_gone_through_say_nothing_of_attributes(index: TantivyIndex):
    found = corpus()[:300]
    labels = [replace(said(d, "negative", "li", TOLD), complete=False) for d in found]
    known = labelled(found, [member(d) for d in found], labels)
    assert measures.complaints(index, Everything(), "星河", known) == measures.complaints(index, Everything(), "星河")
