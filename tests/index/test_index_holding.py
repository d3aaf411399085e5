"""A document asked alone gives the answer that the index gives for it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import QueryError
from core.tree import And, Everything, Near, Node, Not, Or, Phrase, Range, SameOpinion, Term, Word
from index.embedded import TantivyIndex
from index.holding import holds
from tests.conformance.corpus import ATTRIBUTES, BRANDS, START, documents

DOCUMENTS = documents(250, seed=5)
DAYS = st.integers(0, 80).map(lambda d: START + timedelta(days=d))
LEAVES = st.one_of(
    st.just(Everything()),
    st.sampled_from(BRANDS).map(lambda b: Term("brand", b)),
    st.sampled_from(("positive", "negative", "unsure")).map(lambda p: Term("polarity", p)),
    st.sampled_from(("yes", "no")).map(lambda d: Term("duplicate", d)),
    st.tuples(st.none() | DAYS, st.none() | DAYS).map(lambda d: Range("date", *d)),
    st.tuples(st.none() | st.floats(0, 1), st.none() | st.floats(0, 1)).map(lambda r: Range("rating", *r)),
    st.just(Range("relevance", 0.5, None)),
    st.builds(
        SameOpinion, st.sampled_from(("", *BRANDS)), st.sampled_from(ATTRIBUTES), st.sampled_from(("", "negative"))
    ),
    st.sampled_from(("慢", "电池", "充电", "ok")).map(Phrase),
    st.sampled_from(("电池", "客服", "iPhone15")).map(Word),
    st.just(Near(("充电",), ("慢",), 5)),
)
TREES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map(lambda p: And(tuple(p))),
        st.lists(inner, min_size=1, max_size=3).map(lambda p: Or(tuple(p))),
        inner.map(Not),
    ),
    max_leaves=5,
)


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory):
    made = TantivyIndex(tmp_path_factory.mktemp("holding"), write=True)
    made.put(DOCUMENTS, 1)
    yield made
    made.close()


@settings(max_examples=120, deadline=None)
@given(tree=TREES)
def test_it_agrees_with_the_index(index: TantivyIndex, tree: Node) -> None:
    found = {hit.document.id for hit in index.search(tree, "newest", "", len(DOCUMENTS)).hits}
    assert {d.id for d in DOCUMENTS if holds(d, tree)} == found


@pytest.mark.parametrize("tree", [Term("colour", "red"), Range("colour", 0.0, 1.0)])
def test_a_field_that_is_none_is_an_error_as_in_the_index(index: TantivyIndex, tree: Node) -> None:
    with pytest.raises(QueryError):
        index.count(tree)
    with pytest.raises(QueryError):
        holds(DOCUMENTS[0], tree)
