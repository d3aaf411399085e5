"""A member's view: no question shows more than the scope."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from core.models import SearchDocument
from core.scope import ALL, OPEN, Scope
from core.tree import And, Everything, Node, Not, Or, Phrase, Term
from index import measures
from index.embedded import TantivyIndex
from index.figures import Counts
from index.scoped import Scoped
from tests.conformance.brute import Brute
from tests.conformance.corpus import documents

DOCUMENTS = documents(600, seed=33)
BRUTE = Brute(DOCUMENTS)
SCOPES = (
    Scope(brands=("雷鸟",), sources=ALL, regions=ALL),
    Scope(brands=("雷鸟", "山岚"), sources=("shop",), regions=ALL),
    Scope(brands=ALL, sources=("weibo", "forum"), regions=("广东",)),
    Scope(),
)
RIVALRY = Scope(brands=("雷鸟",), rivals=("星河",), sources=ALL, regions=ALL)
QUERIES: tuple[Node, ...] = (
    Everything(), Phrase("慢"), Or((Term("brand", "星河"), Term("brand", "雷鸟"))), Not(Term("source", "shop")),
    Term("id", DOCUMENTS[0].id),
)  # fmt: skip


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TantivyIndex]:
    made = TantivyIndex(tmp_path_factory.mktemp("scoped"), write=True)
    made.put(DOCUMENTS, 3)
    yield made
    made.close()


def visible(scope: Scope) -> list[SearchDocument]:
    return [d for d in DOCUMENTS if scope.sees(d.brands, d.source, d.region)]


@pytest.mark.parametrize("scope", SCOPES)
def test_every_question_stays_within(index: TantivyIndex, scope: Scope) -> None:
    scoped, brute = Scoped(index, scope), Brute(visible(scope))
    for tree in QUERIES:
        assert scoped.count(tree) == brute.count(tree)
        assert scoped.search(tree).total == brute.count(tree)
        assert [d.id for d in scoped.scroll(tree)] == sorted(brute.ids(tree))
        assert scoped.facets(tree, "attribute") == brute.facets(tree, "attribute")
        assert scoped.distinct(tree, "phrase") == len(brute.counter(tree, "phrase"))
        assert scoped.table(tree, "brand", "source") == brute.table(tree, "brand", "source")
        assert scoped.sums(tree, ["likes"]).total == brute.sums(tree, ["likes"]).total
        assert sum(map(sum, scoped.series(tree, "day", "UTC", "source").counts.values())) == sum(
            sum(row.values()) for row in brute.series(tree, "day", "UTC", "source").values()
        )
    assert [d.id for d in scoped.get([d.id for d in DOCUMENTS])] == [d.id for d in visible(scope)]


def test_an_open_scope_is_the_index(index: TantivyIndex) -> None:
    scoped = Scoped(index, OPEN)
    assert scoped.count(Everything()) == len(DOCUMENTS)
    assert scoped.generation() == 3
    assert len(scoped.get([DOCUMENTS[1].id])) == 1


def test_rivals_are_figures_only_and_only_large_ones(index: TantivyIndex) -> None:
    scoped = Scoped(index, Scope(brands=("雷鸟",), rivals=("星河",), sources=ALL, regions=ALL))
    own = Brute([d for d in DOCUMENTS if "雷鸟" in d.brands])
    both = Brute([d for d in DOCUMENTS if {"雷鸟", "星河"} & set(d.brands)])
    rival = Term("brand", "星河")
    assert scoped.count(rival) == both.count(rival) > own.count(rival)
    assert {h.document.id for h in scoped.search(rival, n=500).hits} == set(own.ids(rival))
    assert scoped.get(both.ids(rival)) == index.get([i for i in both.ids(rival) if i in own.documents])
    assert scoped.facets(rival, "phrase") == own.facets(rival, "phrase")
    assert (
        scoped.series(rival, "day", "UTC", "author").counts.keys() == own.series(rival, "day", "UTC", "author").keys()
    )
    few = Term("id", next(i for i in both.ids(rival) if i not in own.documents))
    assert (scoped.count(few), scoped.sums(few, ["likes"]).n, scoped.facets(few, "brand")) == (0, 0, ())
    counts = {f.key: f.count for f in scoped.facets(Everything(), "source", 99)}
    for key, count in counts.items():
        total, seen = both.count(Term("source", key)), own.count(Term("source", key))
        assert count == (total if total - seen >= 30 else seen)
    series = scoped.series(Everything(), "week", "UTC", "attribute")
    for key, row in series.counts.items():
        wide, narrow = (
            sum(b.series(Everything(), "week", "UTC", "attribute").get(key, {}).values()) for b in (both, own)
        )
        assert sum(row) == (wide if wide - narrow >= 30 else narrow)
    cells = scoped.table(Everything(), "attribute", "product").cells
    for cell, count in cells.items():
        total, seen = (b.table(Everything(), "attribute", "product").cells.get(cell, 0) for b in (both, own))
        assert count == (total if total - seen >= 30 else seen)


RIVAL = "星河"
FIGURES: tuple[Callable[[Counts], object], ...] = (
    lambda counts: measures.polarities(counts, Term("brand", RIVAL)),
    lambda counts: measures.net_sentiment(counts, Term("brand", RIVAL)),
    lambda counts: measures.good_reviews(counts, Term("brand", RIVAL)),
    lambda counts: measures.promotion_share(counts, Term("brand", RIVAL)),
    lambda counts: measures.attention(counts, Everything(), RIVAL, "battery"),
    lambda counts: measures.complaint_rate(counts, Everything(), RIVAL, "battery"),
    lambda counts: measures.impact(counts, Everything(), RIVAL, "battery"),
    lambda counts: measures.like_for_like(counts, Everything(), "雷鸟", RIVAL, "battery", "UTC"),
    lambda counts: measures.waterfall(counts, Term("kind", "post"), Term("kind", "review")),
)


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TantivyIndex]:
    made = TantivyIndex(tmp_path_factory.mktemp("many"), write=True)
    made.put(documents(1800, seed=34, brands=("雷鸟",), opinions=()), 1)
    made.put(documents(900, seed=35, brands=(RIVAL,)), 2)
    yield made
    made.close()


@pytest.mark.parametrize("figure", FIGURES)
def test_the_parts_of_a_rivals_figure_are_of_one_population(
    many: TantivyIndex, figure: Callable[[Counts], object]
) -> None:
    """Few complaints among many opinions are few, not none."""
    assert figure(Scoped(many, RIVALRY)) == figure(many)


def test_a_rivals_attribute_is_shown_with_enough_opinions(many: TantivyIndex) -> None:
    everyone = measures.complaints(many, Everything(), RIVAL)
    shown = measures.complaints(Scoped(many, RIVALRY), Everything(), RIVAL)
    assert shown == tuple(row for row in everyone if row.complaints.n >= 30)
    assert 0 < len(shown) < len(everyone)


def test_too_small_a_figure_of_a_rival_is_not_shown(many: TantivyIndex) -> None:
    few = And((Term("brand", RIVAL), Term("region", "广东"), Term("product", "T1"), Term("kind", "post")))
    assert 0 < many.count(measures.population(few)) < 30
    assert measures.good_reviews(Scoped(many, RIVALRY), few).n == 0
    assert measures.polarities(Scoped(many, RIVALRY), few).negative.n == 0


def test_a_folder_that_was_never_written_is_empty(tmp_path: Path) -> None:
    index = TantivyIndex(tmp_path / "none")
    assert (index.count(Everything()), index.generation(), index.search(Phrase("慢")).hits) == (0, 0, ())
    assert index.series(Everything(), "day", "UTC").counts == {"": ()}
    assert index.get(["x"]) == [] and list(index.scroll(Everything())) == []
