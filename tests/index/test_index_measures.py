"""Each measure against a recount over plain documents."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import pytest

from core.models import SearchDocument
from core.tree import Everything, Node, Not, Range, SameOpinion, Term, both
from index import measures
from index.embedded import TantivyIndex
from index.figures import FEW
from tests.conformance.brute import matches
from tests.conformance.corpus import documents

DOCUMENTS = documents(900, seed=21)
QUERIES: tuple[Node, ...] = (Everything(), Term("source", "shop"), Term("product", "T1"), Term("brand", "nobody"))
OURS, THEIRS, ATTRIBUTE = "雷鸟", "星河", "battery"


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TantivyIndex]:
    made = TantivyIndex(tmp_path_factory.mktemp("measures"), write=True)
    made.put(DOCUMENTS, 1)
    yield made
    made.close()


def counted(tree: Node, duplicates: bool = False, irrelevant: bool = False) -> list[SearchDocument]:
    return [
        d
        for d in DOCUMENTS
        if matches(d, tree) and (irrelevant or d.relevance >= 0.5) and (duplicates or not d.duplicate_of)
    ]


def judging(d: SearchDocument, brand: str, attribute: str, polarity: str = "") -> bool:
    return any(
        o.target == brand
        and (o.attribute == attribute or o.attribute.startswith(attribute + "/"))
        and polarity in {"", o.polarity}
        for o in d.opinions
    )


def net(found: list[SearchDocument]) -> Fraction:
    sides = sum({"positive": 1, "negative": -1}.get(d.polarity, 0) for d in found)
    return Fraction(sides, len(found))


@pytest.mark.parametrize("tree", QUERIES)
@pytest.mark.parametrize(("duplicates", "irrelevant"), [(False, False), (True, False), (False, True), (True, True)])
def test_volume_and_its_switches(index: TantivyIndex, tree: Node, duplicates: bool, irrelevant: bool) -> None:
    assert measures.volume(index, tree, duplicates, irrelevant).value == len(counted(tree, duplicates, irrelevant))


def test_population_without_promotion(index: TantivyIndex) -> None:
    asked = measures.population(Everything(), promoted=False)
    assert index.count(asked) == sum(d.promotion < 0.5 for d in counted(Everything()))


@pytest.mark.parametrize("tree", QUERIES)
def test_polarities_and_net_sentiment(index: TantivyIndex, tree: Node) -> None:
    found = counted(tree)
    rates, sentiment = measures.polarities(index, tree), measures.net_sentiment(index, tree)
    for name in ("positive", "neutral", "negative", "unsure"):
        rate = getattr(rates, name)
        assert (rate.count, rate.n) == (sum(d.polarity == name for d in found), len(found))
        assert index.count(rate.query) == rate.count and index.count(rate.of) == rate.n
    if not found:
        assert (rates.positive.value, sentiment.of_all.value, sentiment.of_sides.value) == (None, None, None)
        return
    positive, negative = rates.positive.count, rates.negative.count
    assert sentiment.of_all.value == pytest.approx(float(net(found)))
    assert sentiment.of_sides.value == pytest.approx((positive - negative) / (positive + negative))
    for figure in (sentiment.of_all, sentiment.of_sides):
        assert figure.low < figure.value < figure.high  # type: ignore[operator]


@pytest.mark.parametrize("tree", QUERIES)
def test_ratings(index: TantivyIndex, tree: Node) -> None:
    rated = [d.rating for d in counted(tree) if d.rating is not None]
    good, mean = measures.good_reviews(index, tree), measures.average_rating(index, tree)
    assert (good.count, good.n) == (sum(r >= 0.75 for r in rated), len(rated))
    if not rated:
        assert (good.reason, mean.reason) == ("no_ratings", "no_ratings")
        return
    assert mean.value == pytest.approx(1 + 4 * sum(rated) / len(rated))
    assert measures.average_rating(index, tree, (0, 10)).value == pytest.approx(10 * sum(rated) / len(rated))


@pytest.mark.parametrize("tree", QUERIES)
def test_reach_and_engagement(index: TantivyIndex, tree: Node) -> None:
    found = counted(tree)
    viewed = [d.views for d in found if d.views is not None]
    views, followers = measures.views(index, tree), measures.followers(index, tree)
    assert (views.value, views.n) == ((sum(viewed), len(viewed)) if viewed else (None, 0))
    known = [d.author_followers for d in found if d.author_followers is not None]
    assert (followers.value, followers.n) == ((sum(known), len(known)) if known else (None, 0))
    together = measures.engagement(index, tree)
    if found:
        assert together.together.value == sum(d.likes + d.replies + d.shares for d in found)
        assert together.shares.value == sum(d.shares for d in found)
    else:
        assert together.together.reason == "not_given"


def test_share_of_voice_counts_a_mention_of_two_for_each(index: TantivyIndex) -> None:
    shares = measures.share_of_voice(index, Everything(), (OURS, THEIRS, OURS))
    counts = [sum(b in d.brands for d in counted(Everything())) for b in (OURS, THEIRS)]
    assert [s.rate.count for s in shares] == counts
    assert [s.rate.value for s in shares] == [c / sum(counts) for c in counts]
    assert measures.share_of_voice(index, Everything(), (OURS,))[0].rate.reason == "one_brand"
    assert measures.share_of_voice(index, Everything(), ()) == ()


def test_promotion_share(index: TantivyIndex) -> None:
    found = counted(Everything())
    share = measures.promotion_share(index, Everything())
    assert (share.count, share.n) == (sum(d.promotion >= 0.5 for d in found), len(found))


@pytest.mark.parametrize("tree", QUERIES[:3])
def test_attention_and_complaints(index: TantivyIndex, tree: Node) -> None:
    ours = [d for d in counted(tree) if OURS in d.brands]
    table = {row.attribute: row for row in measures.complaints(index, tree, OURS)}
    for attribute in ("battery", "battery/heat", "screen", "service"):
        judged = sum(judging(d, OURS, attribute) for d in ours)
        negative = sum(judging(d, OURS, attribute, "negative") for d in ours)
        attention = measures.attention(index, tree, OURS, attribute)
        complaint = measures.complaint_rate(index, tree, OURS, attribute)
        assert (attention.count, attention.n) == (judged, len(ours))
        assert (complaint.count, complaint.n) == (negative, judged)
        assert complaint.reason == ("empty" if not judged else FEW if judged < 30 else "")
        if judged:
            assert (table[attribute].attention, table[attribute].complaints) == (attention, complaint)
            assert table[attribute].positive == sum(judging(d, OURS, attribute, "positive") for d in ours)
            assert table[attribute].neutral == sum(judging(d, OURS, attribute, "neutral") for d in ours)
        else:
            assert attribute not in table


def test_impact(index: TantivyIndex) -> None:
    ours = [d for d in counted(Everything()) if OURS in d.brands]
    rest = [d for d in ours if not judging(d, OURS, ATTRIBUTE, "negative")]
    impact = measures.impact(index, Everything(), OURS, ATTRIBUTE)
    assert impact.value == pytest.approx(float(net(rest) - net(ours)))
    assert index.count(impact.query) == len(ours) - len(rest)
    assert measures.impact(index, Term("brand", "nobody"), OURS, ATTRIBUTE).value is None


def test_opportunity(index: TantivyIndex) -> None:
    def rate(brand: str) -> float:
        mine = [d for d in counted(Everything()) if brand in d.brands and judging(d, brand, ATTRIBUTE)]
        return sum(judging(d, brand, ATTRIBUTE, "negative") for d in mine) / len(mine)

    ours = [d for d in counted(Everything()) if OURS in d.brands]
    attention = sum(judging(d, OURS, ATTRIBUTE) for d in ours) / len(ours)
    figure = measures.opportunity(index, Everything(), OURS, THEIRS, ATTRIBUTE)
    assert figure.value == pytest.approx(attention * (rate(THEIRS) - rate(OURS)))
    assert figure.low < figure.value < figure.high  # type: ignore[operator]


def test_head_to_head(index: TantivyIndex) -> None:
    found = counted(Everything())

    def keys(winner: str, loser: str) -> int:
        return sum(
            len({c.attribute for c in d.comparisons
                 if c.preference in {"better", "worse"} and (c.winner, c.loser) == (winner, loser)})
            for d in found
        )  # fmt: skip

    ties = sum(
        len({c.attribute for c in d.comparisons if c.preference == "equal" and {c.winner, c.loser} == {OURS, THEIRS}})
        for d in found
    )
    answer = measures.head_to_head(index, Everything(), OURS, THEIRS)
    assert (answer.won, answer.lost, answer.ties) == (keys(OURS, THEIRS), keys(THEIRS, OURS), ties)
    assert answer.rate.value == answer.won / (answer.won + answer.lost)
    assert measures.head_to_head(index, Term("brand", "nobody"), OURS, THEIRS).rate.value is None


def test_waterfall_adds_up_exactly(index: TantivyIndex) -> None:
    before, after = Term("source", "shop"), Not(Term("source", "shop"))
    old, new = counted(before), counted(after)
    answer = measures.waterfall(index, before, after)
    assert answer.exact == net(new) - net(old)
    assert sum(bar.change for bar in answer.bars) == pytest.approx(float(answer.exact))
    for bar in answer.bars:
        assert bar.before == pytest.approx(float(_part(old, bar.attribute)))
        assert bar.after == pytest.approx(float(_part(new, bar.attribute)))
    assert {bar.attribute for bar in answer.bars} >= {"", "battery", "battery/heat"}
    assert measures.waterfall(index, Term("brand", "nobody"), after).reason == "empty"


def _part(found: list[SearchDocument], attribute: str) -> Fraction:
    total = Fraction(0)
    for d in found:
        held = {o.attribute for o in d.opinions if o.attribute} or {""}
        if attribute in held:
            total += Fraction({"positive": 1, "negative": -1}.get(d.polarity, 0), len(held) * len(found))
    return total


def test_the_queries_behind_figures_find_their_mentions(index: TantivyIndex) -> None:
    row = measures.complaints(index, Everything(), OURS)[0]
    assert index.count(row.complaints.query) == row.complaints.count
    assert index.count(row.complaints.of) == row.complaints.n == row.attention.count
    good = measures.good_reviews(index, Everything())
    assert index.count(good.query) == good.count and index.count(good.of) == good.n
    rated = both(measures.population(Everything()), Range("rating", None, None), SameOpinion(OURS))
    assert index.count(rated) <= good.n
