"""What every Index must answer: compared, question by question, with looking at each document."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from core.errors import QueryError
from core.interfaces import Index
from core.tree import (
    FACET_FIELDS,
    RANGE_FIELDS,
    TERM_FIELDS,
    And,
    Everything,
    Near,
    Node,
    Not,
    Or,
    Phrase,
    Range,
    SameOpinion,
    Term,
    Word,
)
from index.document import joined, term_keys
from index.embedded import TantivyIndex
from index.order import SORTS
from tests.conformance.brute import Brute
from tests.conformance.corpus import ATTRIBUTES, BRANDS, POLARITIES, START, WORDS, cut, documents

DOCUMENTS = documents(400)
LATER = documents(60, seed=8)
BRUTE = Brute(DOCUMENTS)


def embedded(folder: Path) -> Index:
    return TantivyIndex(folder / "index", write=True)


IMPLEMENTATIONS: dict[str, Callable[[Path], Index]] = {"embedded": embedded}


@pytest.fixture(scope="module", params=sorted(IMPLEMENTATIONS))
def index(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    made = IMPLEMENTATIONS[request.param](tmp_path_factory.mktemp("index"))
    for start in range(0, len(DOCUMENTS), 250):
        made.put(DOCUMENTS[start : start + 250], generation=start // 250 + 1)
    yield made
    made.close()


@pytest.fixture(params=sorted(IMPLEMENTATIONS))
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Index]:
    made = IMPLEMENTATIONS[request.param](tmp_path)
    yield made
    made.close()


def leaf(rnd: random.Random) -> Node:
    texts = [d.text for d in DOCUMENTS[:50]]
    day = START + timedelta(hours=rnd.randrange(24 * 80))
    field = rnd.choice([f for f in TERM_FIELDS if f != "id"])
    values = [k for d in DOCUMENTS[:80] for k in term_keys(d, field)] or [""]
    return rnd.choice(
        (
            Term(field, rnd.choice(values)),
            Term("id", rnd.choice(DOCUMENTS).id),
            Range("date", day, day + timedelta(days=rnd.randrange(30))),
            Range("collected", day, None),
            Range("rating", rnd.choice((None, 0.25)), rnd.choice((None, 0.75))),
            Range("engagement", 1.0, None),
            Range("relevance", 0.5, None),
            Phrase(cut(rnd, texts)),
            Word(rnd.choice(WORDS).strip() or "慢"),
            Near((rnd.choice(WORDS), rnd.choice(WORDS)), (rnd.choice(WORDS),), rnd.randrange(6)),
            SameOpinion(
                rnd.choice(("", *BRANDS)),
                rnd.choice(ATTRIBUTES),
                rnd.choice(("", *POLARITIES)),
                rnd.choice(("", "充电慢")),
            ),
        )
    )


def tree(rnd: random.Random, depth: int = 2) -> Node:
    if depth == 0 or rnd.random() < 0.3:
        return leaf(rnd)
    parts = tuple(tree(rnd, depth - 1) for _ in range(rnd.randint(2, 3)))
    return rnd.choice((And(parts), Or(parts), Not(parts[0])))


TREES = [Everything(), *(tree(random.Random(seed)) for seed in range(60))]
SOME = TREES[:14]


def test_counts(index: Index) -> None:
    assert [index.count(t) for t in TREES] == [BRUTE.count(t) for t in TREES]


@pytest.mark.parametrize("field", RANGE_FIELDS)
def test_open_ranges_find_what_has_a_value(index: Index, field: str) -> None:
    assert index.count(Range(field, None, None)) == BRUTE.count(Range(field, None, None))


def test_phrases_are_substrings(index: Index) -> None:
    rnd = random.Random(3)
    texts = [d.text for d in DOCUMENTS] + [d.title for d in DOCUMENTS]
    phrases = [Phrase(cut(rnd, texts)) for _ in range(250)] + [Phrase(p) for p in ("phone", "0", ".*", "不在", " ", "")]
    assert {p.text: index.count(p) for p in phrases} == {p.text: BRUTE.count(p) for p in phrases}


def test_near_needs_one_sentence_and_distinct_places(index: Index) -> None:
    words = ("慢", "充电", "a", "aa", "15pro")
    questions = [Near((a,), (b,), n) for a in words for b in words for n in (0, 3)]
    assert [index.count(q) for q in questions] == [BRUTE.count(q) for q in questions]


@pytest.mark.parametrize("field", FACET_FIELDS)
def test_facets(index: Index, field: str) -> None:
    for t in SOME:
        assert index.facets(t, field, 1000) == BRUTE.facets(t, field, 1000)
        assert index.facets(t, field, 3) == BRUTE.facets(t, field, 3)
        assert index.distinct(t, field) == len(BRUTE.counter(t, field))


def test_none_asked_is_none_given(index: Index) -> None:
    assert index.facets(Everything(), "brand", 0) == index.phrases(Everything(), SameOpinion(), 0) == ()
    assert index.table(Everything(), "brand", "source", 0).cells == {}


def test_facets_with_a_prefix(index: Index) -> None:
    prefix = joined("雷鸟", "")
    assert index.facets(Everything(), "opinion", 5, prefix) == BRUTE.facets(Everything(), "opinion", 5, prefix)
    assert index.facets(Everything(), "opinion", 5, "nobody") == ()


def test_phrases_of_one_opinion_leave_out_what_else_the_mention_says(index: Index) -> None:
    for wanted in (SameOpinion(), SameOpinion(polarity="negative"), SameOpinion("雷鸟", "battery", "negative")):
        for t in SOME:
            assert index.phrases(t, wanted, 1000) == BRUTE.phrases(t, wanted, 1000)
            assert index.phrases(t, wanted, 3) == BRUTE.phrases(t, wanted, 3)


@pytest.mark.parametrize("sort", SORTS)
def test_pages_follow_the_order_without_gap_or_repeat(index: Index, sort: str) -> None:
    for t in SOME:
        found: list[str] = []
        after = ""
        while True:
            page = index.search(t, sort, after, 37)  # type: ignore[arg-type]
            assert page.total == BRUTE.count(t)
            found += [hit.document.id for hit in page.hits]
            after = page.next
            if not after:
                break
        assert found == BRUTE.ids(t, sort)


def test_relevance_finds_the_same_mentions(index: Index) -> None:
    for t in [*SOME, Word("充电"), Or((Word("慢"), Phrase("电池")))]:
        found: list[str] = []
        page = index.search(t, "relevance", "", 50)
        while True:
            found += [hit.document.id for hit in page.hits]
            if not page.next:
                break
            page = index.search(t, "relevance", page.next, 50)
        assert len(found) == len(set(found)) and set(found) == set(BRUTE.ids(t))


def test_documents_come_back_whole(index: Index) -> None:
    by_id = {d.id: d for d in DOCUMENTS}
    asked = [DOCUMENTS[5].id, "unknown", DOCUMENTS[3].id]
    assert index.get(asked) == [DOCUMENTS[5], DOCUMENTS[3]]
    assert index.get([]) == []
    assert all(by_id[hit.document.id] == hit.document for hit in index.search(Everything(), n=100).hits)


def test_scroll_is_in_order_of_id(index: Index) -> None:
    for t in SOME:
        assert [d.id for d in index.scroll(t, batch=64)] == sorted(d.id for d in BRUTE.matching(t))


@pytest.mark.parametrize("zone", ["Asia/Shanghai", "America/New_York", "Asia/Kolkata", "UTC"])
@pytest.mark.parametrize("interval", ["15m", "hour", "day", "week", "month"])
def test_series(index: Index, interval: str, zone: str) -> None:
    for t in SOME[:6]:
        for split in (None, "polarity", "opinion"):
            answer = index.series(t, interval, zone, split)  # type: ignore[arg-type]
            counts = BRUTE.series(t, interval, zone, split)
            found = {
                key: {s.astimezone(UTC): c for s, c in zip(answer.starts, row, strict=True) if c}
                for key, row in answer.counts.items()
            }
            assert {k: r for k, r in found.items() if r} == counts
            assert answer.undated == BRUTE.count(And((t, Not(Range("date", None, None)))))
            in_utc = [s.astimezone(UTC) for s in answer.starts]
            assert in_utc == sorted(set(in_utc))
            assert all(s.tzinfo == ZoneInfo(zone) for s in answer.starts)


def test_series_fill_what_was_asked(index: Index) -> None:
    low, high = datetime(2026, 8, 30, 16, tzinfo=UTC), datetime(2026, 11, 29, 16, tzinfo=UTC)
    answer = index.series(And((Term("brand", "雷鸟"), Range("date", low, high))), "day", "Asia/Shanghai")
    assert (answer.starts[0], answer.starts[-1]) == (low, high - timedelta(days=1))
    nothing = index.series(And((Term("brand", "nobody"), Range("date", low, high))), "day", "Asia/Shanghai")
    assert nothing.counts == {"": (0,) * 91}
    assert index.series(Term("brand", "nobody"), "day", "Asia/Shanghai").counts == {"": ()}
    within = And((And((Term("brand", "雷鸟"), Range("date", low, high))), Term("duplicate", "no")))
    assert index.series(within, "day", "Asia/Shanghai").starts == answer.starts


def test_series_over_the_end_of_summer_time(index: Index) -> None:
    answer = index.series(Everything(), "day", "America/New_York")
    around = [s for s in answer.starts if s.month == 11 and s.day in {1, 2}]
    assert [s.hour for s in around] == [0, 0]
    assert around[1].astimezone(UTC) - around[0].astimezone(UTC) == timedelta(hours=25)


def test_hours_begin_on_the_hour_where_clocks_move_by_half_an_hour(index: Index) -> None:
    low, high = datetime(2026, 9, 30, 13, 30, tzinfo=UTC), datetime(2026, 10, 7, 13, tzinfo=UTC)
    for first, last in ((low, high), (datetime(2026, 4, 1, 13, tzinfo=UTC), datetime(2026, 4, 8, 13, 30, tzinfo=UTC))):
        answer = index.series(Range("date", first, last), "hour", "Australia/Lord_Howe")
        starts = [s.astimezone(UTC) for s in answer.starts]
        assert {s.minute for s in answer.starts} == {0} and starts == sorted(set(starts))
        assert len(starts) == 24 * 7
        assert sum(answer.counts[""]) == BRUTE.count(Range("date", first, last))


def test_series_until_and_by_collection(index: Index) -> None:
    until = START + timedelta(days=20, hours=5)
    answer = index.series(Everything(), "hour", "UTC", until=until)
    expected = BRUTE.series(Everything(), "hour", "UTC", until=until)[""]
    assert sum(answer.counts[""]) == sum(expected.values())
    assert answer.starts[-1] < until
    by_arrival = index.series(Everything(), "hour", "UTC", "source", time="collected", prefix="sh")
    assert set(by_arrival.counts) == {"shop"} and sum(by_arrival.counts["shop"]) == BRUTE.count(Term("source", "shop"))


def test_tables(index: Index) -> None:
    for t in SOME[:6]:
        for rows, columns, n in (("brand", "attribute", 50), ("attribute", "brand", 2), ("opinion", "source", 9)):
            assert index.table(t, rows, columns, n) == BRUTE.table(t, rows, columns, n)


def test_sums(index: Index) -> None:
    fields = ("rating", "score", "likes", "replies", "shares", "engagement", "views", "author_followers", "promotion")
    for t in SOME:
        answer, expected = index.sums(t, fields), BRUTE.sums(t, fields)
        assert (answer.n, answer.present) == (expected.n, expected.present)
        assert answer.total == pytest.approx(expected.total)


def test_wrong_questions_are_refused(index: Index) -> None:
    for wrong in (
        lambda: index.count(Term("colour", "red")),
        lambda: index.count(Range("brand", 1.0, None)),
        lambda: index.facets(Everything(), "text"),
        lambda: index.sums(Everything(), ["colour"]),
        lambda: index.search(Everything(), "best"),  # type: ignore[arg-type]
        lambda: index.search(Everything(), after="x"),
    ):
        with pytest.raises(QueryError):
            wrong()


def test_put_replaces_and_delete_removes(empty: Index) -> None:
    assert (empty.count(Everything()), empty.generation(), empty.facets(Everything(), "brand")) == (0, 0, ())
    empty.put(LATER, generation=4)
    changed = [replace(d, text="全新的内容", brands=("山岚",)) for d in LATER[:20]]
    empty.put([*changed[:10], LATER[30], *changed[10:]], generation=7)
    now = Brute([*LATER, *changed])
    for t in (Everything(), Term("brand", "山岚"), Phrase("新的"), Word("充电"), Not(Phrase("慢"))):
        assert empty.count(t) == now.count(t)
        assert empty.facets(t, "brand") == now.facets(t, "brand")
    empty.delete([LATER[0].id, LATER[40].id, "unknown"])
    assert empty.get([LATER[0].id]) == []
    assert empty.count(Everything()) == len(LATER) - 2
    assert empty.count(Phrase("新的")) == 19
    assert empty.generation() == 7
    empty.put([], generation=9)
    assert empty.generation() == 9
    empty.clear()
    assert (empty.count(Everything()), empty.generation()) == (0, 0)
    empty.put(LATER[:3], generation=1)
    assert empty.count(Everything()) == 3


def test_the_last_of_one_id_in_a_batch_counts(empty: Index) -> None:
    empty.put([LATER[0], replace(LATER[0], product="T9")])
    assert (empty.count(Everything()), empty.count(Term("product", "T9"))) == (1, 1)


def test_a_word_that_was_cut_ends_where_it_ends(empty: Index) -> None:
    texts = ("ab" * 200 + "-", "a-", "终" + "x" * 255 + "y。", "终" + "x" * 255 + "。")
    held = [replace(d, text=text) for d, text in zip(LATER, texts, strict=False)]
    empty.put(held)
    for phrase in ("a-", "b-", "aba-", "终" + "x" * 255 + "。", "x。"):
        assert empty.count(Phrase(phrase)) == Brute(held).count(Phrase(phrase)), phrase


def test_odd_documents(empty: Index) -> None:
    odd = [
        replace(LATER[0], id="lone", text="坏字\ud83d在此", title="\ud800", author="\udfff"),
        replace(LATER[1], id="long", text="x" * 700 + "终", brands=("长" * 300,)),
        replace(LATER[2], id="huge", text="充电慢。" * 20_000),
        replace(LATER[3], id="empty", text="", title=""),
        replace(LATER[4], id="marks", text="\ue000\ue001\x00\x1f\r\n"),
        replace(LATER[5], id="old", published_at=datetime(1, 1, 1, tzinfo=UTC)),
        replace(LATER[6], id="ahead", published_at=datetime(9999, 12, 31, 23, tzinfo=UTC)),
        replace(LATER[7], id="编号", likes=10**15, engagement=10**15),
    ]
    empty.put(odd)
    brute = Brute(odd)
    for phrase in ("坏字", "字\ud83d在", "x" * 600, "x" * 300 + "终", "xxx", "慢。充", "\x00", "\ue000", "y"):
        assert empty.count(Phrase(phrase)) == brute.count(Phrase(phrase)), phrase
    for sort in SORTS:
        assert [h.document.id for h in empty.search(Everything(), sort).hits] == brute.ids(Everything(), sort)
    assert empty.get(["lone", "编号"]) == [odd[0], odd[7]]
    assert empty.facets(Everything(), "brand", 99) == brute.facets(Everything(), "brand", 99)
    with pytest.raises(QueryError, match="buckets"):
        empty.series(Everything(), "hour", "UTC")
