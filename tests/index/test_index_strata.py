"""Like-for-like, emerging topics, volume with health, coverage and intervals against recounts and published figures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from core.models import SearchDocument, SourceHealth
from core.tree import Everything, Range, Term
from index import intervals, measures
from index.document import stars
from index.embedded import TantivyIndex
from index.emerging import surprise
from tests.conformance.corpus import START, documents

SHANGHAI = ZoneInfo("Asia/Shanghai")
DOCUMENTS = documents(1500, seed=5, kind="review", relevance=1.0, duplicate_of="")
OURS, THEIRS = "雷鸟", "星河"
END = START + timedelta(days=75)


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TantivyIndex]:
    made = TantivyIndex(tmp_path_factory.mktemp("strata"), write=True)
    made.put(DOCUMENTS, 1)
    yield made
    made.close()


def _week(d: SearchDocument) -> str:
    assert d.published_at is not None
    local = d.published_at.astimezone(SHANGHAI)
    return str((local - timedelta(days=local.weekday())).date())


def _stratum(d: SearchDocument, equal_stars: bool) -> tuple[str, ...]:
    return (d.source, d.kind, _week(d), stars(d.rating) if equal_stars else "")


def _judging(brand: str, negative: bool) -> list[SearchDocument]:
    return [
        d
        for d in DOCUMENTS
        if brand in d.brands
        and any(
            o.target == brand and o.attribute.split("/")[0] == "battery" and (not negative or o.polarity == "negative")
            for o in d.opinions
        )
    ]


def _strata(found: Sequence[SearchDocument], equal_stars: bool) -> Counter[tuple[str, ...]]:
    return Counter(_stratum(d, equal_stars) for d in found if d.published_at is not None)


@pytest.mark.parametrize("equal_stars", [False, True])
def test_like_for_like_is_the_weighted_difference_over_common_strata(index: TantivyIndex, equal_stars: bool) -> None:
    answer = measures.like_for_like(
        index, Everything(), OURS, THEIRS, "battery", "Asia/Shanghai", equal_stars=equal_stars
    )
    n, other = (_strata(_judging(b, False), equal_stars) for b in (OURS, THEIRS))
    bad, other_bad = (_strata(_judging(b, True), equal_stars) for b in (OURS, THEIRS))
    common = set(n) & set(other)
    pooled = sum(n[k] + other[k] for k in common)
    expected = sum((n[k] + other[k]) / pooled * (bad[k] / n[k] - other_bad[k] / other[k]) for k in common)
    assert answer.value == pytest.approx(expected)
    assert (answer.n, answer.other_n) == (len(_judging(OURS, False)), len(_judging(THEIRS, False)))
    assert answer.coverage == pytest.approx(pooled / (answer.n + answer.other_n))
    assert answer.strata == len(common)
    assert answer.low < answer.value < answer.high  # type: ignore[operator]
    assert answer.reason == ("coverage" if answer.coverage < 0.7 else "")
    assert index.count(answer.query) == answer.n and index.count(answer.other) == answer.other_n


def test_like_for_like_without_common_ground_says_nothing(index: TantivyIndex) -> None:
    answer = measures.like_for_like(index, Everything(), OURS, "nobody", "battery", "UTC")
    assert (answer.value, answer.reason, answer.ranks) == (None, "empty", False)


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 200), st.integers(1, 200), st.data())
def test_one_stratum_is_newcombes_interval(n: int, m: int, drawn: st.DataObject) -> None:
    x, y = drawn.draw(st.integers(0, n)), drawn.draw(st.integers(0, m))
    low, high = intervals.stratified_difference([intervals.Stratum(x, n, y, m, 1.0)])
    expected = confint_proportions_2indep(x, n, y, m, method="newcomb", compare="diff")
    assert (low, high) == pytest.approx(expected, abs=1e-9)


@settings(max_examples=100, deadline=None)
@given(st.integers(1, 10**7), st.integers(1, 10**7), st.data())
def test_intervals_are_those_of_statsmodels(n: int, m: int, drawn: st.DataObject) -> None:
    x, y = drawn.draw(st.integers(0, n)), drawn.draw(st.integers(0, m))
    assert intervals.wilson(x, n) == pytest.approx(proportion_confint(x, n, method="wilson"), abs=1e-9)
    expected = confint_proportions_2indep(x, n, y, m, method="newcomb", compare="diff")
    assert intervals.difference(x, n, y, m) == pytest.approx(expected, abs=1e-9)


def test_a_difference_of_newcombes_paper() -> None:
    """Newcombe 1998, table II, method 10: 56/70 against 48/80 is .2 with .0524 to .3339."""
    assert intervals.difference(56, 70, 48, 80) == pytest.approx((0.0524, 0.3339), abs=1e-4)


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 60), st.integers(0, 60), st.integers(0, 60))
def test_net_intervals_hold_their_value(positive: int, negative: int, others: int) -> None:
    n = positive + negative + others
    if n:
        low, high = intervals.net(positive, negative, n)
        assert -1 <= low <= (positive - negative) / n + 1e-12 and (positive - negative) / n - 1e-12 <= high <= 1
        mirrored = intervals.net(negative, positive, n)
        assert mirrored == pytest.approx((-high, -low))


def test_emerging_finds_what_is_new_and_nothing_else(index: TantivyIndex) -> None:
    fresh = documents(
        40, seed=99, topic="update", relevance=1.0, duplicate_of="", published_at=END - timedelta(days=2), opinions=()
    )
    index.put(fresh, 2)
    answer = measures.emerging(index, Everything(), END)
    index.delete([d.id for d in fresh])
    assert [(t.field, t.key, t.count, t.baseline) for t in answer.terms] == [("topic", "update", 40, (0,) * 8)]
    recount = Counter(d.topic for d in DOCUMENTS if d.topic and d.published_at and d.published_at >= END - _WEEK)
    quiet = measures.emerging(index, Everything(), END)
    assert quiet.terms == () and quiet.tested >= len(recount)
    assert answer.terms[0].q <= 0.01 and answer.weeks == 8


_WEEK = timedelta(days=7)


def test_emerging_needs_a_past(index: TantivyIndex) -> None:
    answer = measures.emerging(index, Everything(), END, first=END - timedelta(days=20))
    assert (answer.terms, answer.reason, answer.weeks) == ((), "short_baseline", 1)


@pytest.mark.parametrize(
    ("count", "baseline", "rare"),
    [(30, (10,) * 8, True), (14, (10,) * 8, False), (30, (2, 25, 3, 30, 1, 28, 4, 22), False), (3, (0,) * 8, True)],
)
def test_surprise(count: int, baseline: tuple[int, ...], rare: bool) -> None:
    assert (surprise(count, baseline) < 0.001) == rare


def health(source: str, hour: datetime, answered: int = 3, **more: int) -> SourceHealth:
    return SourceHealth(source, hour, asked=4, answered=answered, failed=4 - answered, **more)  # type: ignore[arg-type]


def test_no_mentions_is_zero_only_where_a_source_was_reached(index: TantivyIndex) -> None:
    low, high = END, END + timedelta(days=4)
    asked = Range("date", low - timedelta(days=1), high)
    rows = [health("shop", low + timedelta(hours=30)), health("forum", low + timedelta(hours=50), answered=0)]
    answer = measures.volume_in_time(index, asked, "day", "UTC", rows)
    expected = sum(d.published_at is not None and d.published_at >= low - timedelta(days=1) for d in DOCUMENTS)
    assert answer.counts == (expected, 0, 0, None, None)
    assert answer.unhealthy[0] == ("forum",) and answer.unhealthy[-1] == ("forum", "shop")
    assert measures.volume_in_time(index, asked, "day", "UTC", ()).counts[-1] == 0
    everything = measures.volume_in_time(index, Everything(), "week", "UTC", ())
    assert everything.n == len(DOCUMENTS)
    assert everything.undated == sum(d.published_at is None for d in DOCUMENTS)


def test_coverage() -> None:
    start = datetime(2026, 11, 1, tzinfo=UTC)
    rows = [
        health("shop", start, items=10, incomplete=1, newest=start),  # type: ignore[arg-type]
        health("shop", start + timedelta(hours=2), answered=0, items=5),
        health("forum", start - timedelta(hours=5)),
    ]
    forum, shop = measures.coverage(rows, start, start + timedelta(hours=3))
    assert (shop.asked, shop.answered, shop.failed, shop.items, shop.incomplete) == (8, 3, 5, 15, 1)
    assert (shop.hours, shop.hours_without, shop.age) == (3, 2, timedelta(hours=3))
    assert (forum.source, forum.asked, forum.hours_without, forum.age) == ("forum", 0, 3, None)


def test_an_open_question_by_brand_has_every_brand(index: TantivyIndex) -> None:
    found = dict(measures.net_of(index, Everything(), (OURS, THEIRS)))
    for brand, figure in found.items():
        mine = [d for d in DOCUMENTS if brand in d.brands]
        sides = sum({"positive": 1, "negative": -1}.get(d.polarity, 0) for d in mine)
        assert figure.value == pytest.approx(sides / len(mine))
        assert index.count(figure.query) == index.count(Term("brand", brand)) == figure.n
