"""NEAR from codes of all texts at once says what it says text by text."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.tree import And, Near, Phrase
from index.embedded import TantivyIndex
from index.near import near
from tests.conformance.corpus import documents

PIECES = (
    "充",
    "电",
    "慢",
    "快",
    "a",
    "ba",
    "na",
    "12",
    "1",
    " ",
    "，",
    "。",
    "！",
    "\n",
    "x" * 300,
    "İ",
    "①",
    "_",
    "😀",
    ".",
)


def text(rnd: Random) -> str:
    return "".join(rnd.choice(PIECES) if rnd.random() < 0.98 else PIECES[14] for _ in range(rnd.randrange(1, 25)))


DOCUMENTS = [
    documents(1, seed=n, id=f"d{n}", text=text(rnd), title=text(rnd) if n % 3 else "")[0]
    for n, rnd in ((n, Random(n)) for n in range(700))
]
phrases = st.lists(st.sampled_from(PIECES), min_size=1, max_size=3).map("".join)
sides = st.lists(phrases, min_size=1, max_size=3).map(tuple)


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TantivyIndex]:
    made = TantivyIndex(tmp_path_factory.mktemp("near"), write=True)
    made.put(DOCUMENTS[:300], 1)
    made.put(DOCUMENTS[300:], 2)
    yield made
    made.close()


@settings(max_examples=300, deadline=None)
@given(st.builds(Near, sides, sides, st.integers(0, 6)))
def test_the_same_texts_are_found(index: TantivyIndex, question: Near) -> None:
    expected = {d.id for d in DOCUMENTS if near(d.text, question) or near(d.title, question)}
    assert {d.id for d in index.scroll(question)} == expected


def test_beside_another_condition_it_is_the_same(index: TantivyIndex) -> None:
    question = Near(("充",), ("电", "ba"), 2)
    both = {d.id for d in DOCUMENTS if "慢" in d.text + d.title and (near(d.text, question) or near(d.title, question))}
    assert both and {d.id for d in index.scroll(And((question, Phrase("慢"))))} == both
