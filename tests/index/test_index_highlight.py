"""Marking what a query found, and what NEAR means, text by text."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.models import DocumentOpinion, Span
from core.tree import And, Near, Node, Not, Or, Phrase, SameOpinion, Term, Word
from index.highlight import opinion_spans, spans
from index.near import near
from nlp.segment import Segmenter
from tests.conformance.brute import _near
from tests.conformance.corpus import documents

SEGMENTER = Segmenter()
TEXT = "手機充電慢死了！Battery 很差，充电慢"


@pytest.mark.parametrize(
    ("tree", "marked"),
    [
        (Phrase("充电慢"), ["充電慢", "充电慢"]),
        (Phrase("batt"), ["Batt"]),
        (Word("手机"), ["手機"]),
        (And((Word("battery"), Not(Phrase("差")))), ["Battery"]),
        (Or((Phrase("充电"), Phrase("电慢"))), ["充電慢", "充电慢"]),
        (Near(("battery",), ("差",), 2), ["Battery", "差"]),
        (Near(("手机",), ("差",), 50), []),
        (Term("brand", "x"), []),
        (Phrase("没有"), []),
    ],
)
def test_what_is_marked(tree: Node, marked: list[str]) -> None:
    assert [span.of(TEXT) for span in spans(TEXT, tree, SEGMENTER)] == marked


def test_a_word_without_segmenter_is_marked_as_written() -> None:
    assert [s.of(TEXT) for s in spans(TEXT, Word("电慢"))] == ["電慢", "电慢"]
    assert spans(TEXT, Word("电慢"), SEGMENTER) == []


def test_quotes_of_opinions() -> None:
    made = replace(
        documents(1)[0],
        opinions=(
            DocumentOpinion("雷鸟", "battery/charging", "negative", "充电慢", "充电", Span(0, 5)),
            DocumentOpinion("雷鸟", "screen", "negative", "", "", Span(3, 8)),
            DocumentOpinion("星河", "battery", "negative", "", "", Span(20, 22)),
        ),
    )
    assert opinion_spans(made, SameOpinion("雷鸟", "battery", "negative")) == [Span(0, 5)]
    assert opinion_spans(made, SameOpinion(polarity="negative")) == [Span(0, 8), Span(20, 22)]


LETTERS = st.text(alphabet="ab慢電1 ，。!\n", max_size=25)
SIDES = st.lists(st.text(alphabet="ab慢电1，", min_size=1, max_size=2), min_size=1, max_size=2).map(tuple)


@settings(max_examples=300, deadline=None)
@given(LETTERS, SIDES, SIDES, st.integers(0, 4))
def test_near_is_what_counting_every_pair_says(
    text: str, left: tuple[str, ...], right: tuple[str, ...], n: int
) -> None:
    question = Near(left, right, n)
    assert near(text, question) == _near(text, question)
    assert bool(spans(text, question)) == near(text, question)


@settings(max_examples=200, deadline=None)
@given(LETTERS, st.sampled_from(["a", "慢", "电1", " "]))
def test_marks_stand_on_the_phrase(text: str, phrase: str) -> None:
    found = spans(text, Or((Phrase(phrase), Phrase("慢"))))
    assert found == sorted(found)
    assert all(0 <= s.start < s.end <= len(text) for s in found)
    assert all(one.end < other.start for one, other in itertools.pairwise(found))
