"""What a typed query means, and what a wrong one is told."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from core.errors import QueryError
from core.tree import And, Everything, Near, Node, Not, Or, Phrase, Range, SameOpinion, Term, Word
from index.query import parse, wording

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 8, 2, 20, tzinfo=UTC)
KNOWN = {"brand": ("雷鸟", "Aurora"), "attribute": ("battery", "battery/charging", "screen")}


def read(query: str) -> Node:
    return parse(query, SHANGHAI, author_digest=lambda name: f"d{len(name)}", clock=lambda: NOW)


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc, arg-type]


@pytest.mark.parametrize(
    ("query", "tree"),
    [
        ("*", Everything()),
        ("充电", Word("充电")),
        ('"充电慢"', Phrase("充电慢")),
        ("“充电慢”", Phrase("充电慢")),
        ("电池 充电", And((Word("电池"), Word("充电")))),
        ("a AND b OR c", Or((And((Word("a"), Word("b"))), Word("c")))),
        ("a b OR c", Or((And((Word("a"), Word("b"))), Word("c")))),
        ("NOT a AND b", And((Not(Word("a")), Word("b")))),
        ("a -b +c", And((Word("a"), Not(Word("b")), Word("c")))),
        ("a AND (b OR （c d）)", And((Word("a"), Or((Word("b"), And((Word("c"), Word("d")))))))),
        ("brand:雷鸟 polarity:负面", And((Term("brand", "雷鸟"), Term("polarity", "negative")))),
        ("品牌：雷鸟", Term("brand", "雷鸟")),
        ('brand:("Au Rora" OR 雷鸟)', Or((Term("brand", "Au Rora"), Term("brand", "雷鸟")))),
        ("brand: 雷鸟", Term("brand", "雷鸟")),
        ("duplicate:是", Term("duplicate", "yes")),
        ("author:小明同学", Term("author", "d4")),
        ("author:#abc", Term("author", "abc")),
        ("rating:>=4", Range("rating", 0.75, None)),
        ("rating:4", Range("rating", 0.75, 0.75)),
        ("rating:[1 TO 2]", Range("rating", 0.0, 0.25)),
        ("rating:1..2", Range("rating", 0.0, 0.25)),
        ("likes:[10 TO *]", Range("likes", 10.0, None)),
        ("score:<=-0.5", Range("score", None, -0.5)),
        ("views:*", Range("views", None, None)),
        ("date:2026-11-01", Range("date", utc(2026, 10, 31, 16), utc(2026, 11, 1, 16))),
        ("date:2026-11-01..2026-11-07", Range("date", utc(2026, 10, 31, 16), utc(2026, 11, 7, 16))),
        ("date:[2026-11-01 TO 2026-11-07]", Range("date", utc(2026, 10, 31, 16), utc(2026, 11, 7, 16))),
        ("date:[2026-11-01 TO 2026-11-07}", Range("date", utc(2026, 10, 31, 16), utc(2026, 11, 6, 16))),
        ("date:2026-12", Range("date", utc(2026, 11, 30, 16), utc(2026, 12, 31, 16))),
        ("date:>2026", Range("date", utc(2026, 12, 31, 16), None)),
        ("date:>=2026-11-01T09:30", Range("date", utc(2026, 11, 1, 1, 30), None)),
        ("date:7d", Range("date", utc(2026, 11, 1, 16), utc(2026, 11, 8, 16))),
        ("date:今天", Range("date", utc(2026, 11, 7, 16), utc(2026, 11, 8, 16))),
        ("collected:24h", Range("collected", utc(2026, 11, 7, 3), utc(2026, 11, 8, 3))),
        (
            "opinion:(brand:X attribute:battery polarity:negative)",
            SameOpinion("X", "battery", "negative"),
        ),
        (
            "opinion:(attribute:(battery OR screen) polarity:差评)",
            Or((SameOpinion("", "battery", "negative"), SameOpinion("", "screen", "negative"))),
        ),
        ("opinion:(phrase:充電慢)", SameOpinion(phrase="充电慢")),
        ("(a OR b) NEAR/5 (c OR d)", Near(("a", "b"), ("c", "d"), 5)),
        ('x 充电 NEAR/3 "很 慢" y', And((Word("x"), Near(("充电",), ("很 慢",), 3), Word("y")))),
        ("NOT a NEAR/0 a", Not(Near(("a",), ("a",), 0))),
        ("好吗?", Word("好吗?")),
        ("C++", Word("C++")),
        ("\\AND", Word("AND")),
        ('NEAR/3x\\"y', Word('NEAR/3x"y')),
        ('"a\\"b"', Phrase('a"b')),
        ("and or", And((Word("and"), Word("or")))),
    ],
)
def test_meaning(query: str, tree: Node) -> None:
    assert read(query) == tree
    assert read(wording(tree)) == tree


def test_stars_take_what_rounds_to_them() -> None:
    found = read("stars:4")
    assert isinstance(found, Range)
    assert found.low == 0.625 and 0.8749999 < found.high < 0.875  # type: ignore[operator]
    assert read(wording(found)) == found


def test_names_and_known_values() -> None:
    names = {"attribute": {"电池": "battery"}}
    assert parse("属性:電池", SHANGHAI, names=names, known=KNOWN) == Term("attribute", "battery")
    assert parse("brand:AURORA", SHANGHAI, known=KNOWN) == Term("brand", "Aurora")
    with pytest.raises(QueryError, match="there are: Aurora") as caught:
        parse("x brand:Auora", SHANGHAI, known=KNOWN)
    assert caught.value.position == 8 and caught.value.suggestion == "Aurora"


@pytest.mark.parametrize(
    ("query", "position", "suggestion", "says"),
    [
        ("", 0, "*", "empty"),
        ("   ", 0, "*", "empty"),
        ("a brnd:x", 2, "brand", "did you mean brand:"),
        ("polarty:x", 0, "polarity", "did you mean"),
        ('a "b', 2, 'a "b"', "not closed"),
        ("a (b", 2, "a (b)", "not closed"),
        ("a b)", 3, "a b", "closes nothing"),
        ("a ()", 2, "", "nothing between"),
        ("a AND", 2, "a", "nothing after AND"),
        ("OR a", 0, '"OR"', "nothing before OR"),
        ("a AND OR b", 6, '"OR"', "nothing before OR"),
        ("brand:", 0, "", "needs a value"),
        ("brand:AND b", 0, "", "needs a value"),
        ("brand:\\ ", 6, "", "needs a value"),
        ("polarity:bad", 9, "", "there are: positive"),
        ("polarity:negativ", 9, "negative", "Did you mean negative"),
        ("rating:9", 7, "rating:>=4", "1 to 5"),
        ("rating:good", 7, "rating:>=1", "needs a number"),
        ("rating:[4 TO 2]", 7, "", "swap"),
        ("date:2026-13-01", 5, "", "calendar"),
        ("date:soon", 5, "date:2026-11-03", "no date"),
        ("date:[2026-11-07 TO 2026-11-01]", 5, "", "swap"),
        ("batt*", 0, '"batt"', "no wildcards"),
        ("*ery", 0, '"ery"', "no wildcards"),
        ("[怒]", 0, "", "square"),
        ("opinion:(battery)", 9, "opinion:(attribute:battery polarity:negative)", "needs its field"),
        ("opinion:(source:x)", 9, "", "outside the brackets"),
        ("opinion:(NOT brand:x)", 19, "opinion:(attribute:battery polarity:negative)", "NOT opinion"),
        ("opinion:(polarity:unsure)", 18, "", "never unsure"),
        ("a NEAR/3 b NEAR/3 c", 11, "", "two sides"),
        ("brand:x NEAR/3 b", 8, "", "field"),
        ("(a b) NEAR/3 c", 6, "", "words and phrases"),
        ("a NEAR/900 c", 2, "NEAR/100", "too far"),
        ("brand:(source:x)", 7, "", "inside brand"),
        ("https://shop.example/a", 0, "", "no field"),
    ],
)
def test_mistakes_are_told_with_their_place(query: str, position: int, suggestion: str, says: str) -> None:
    with pytest.raises(QueryError, match=says) as caught:
        read(query)
    assert (caught.value.position, caught.value.suggestion) == (position, suggestion)


@pytest.mark.parametrize(
    "query",
    [
        "(" * 5000,
        "(" * 30 + "a" + ")" * 30,
        "NOT " * 500 + "a",
        "a " * 1000,
        "x" * 5000,
        f"({' OR '.join('abcdefghi')}) NEAR/2 ({' OR '.join('abcdefghi')})",
        f"opinion:(attribute:({' OR '.join('abcdefghi')}) brand:({' OR '.join('abcdefghi')}))",
        "date:99999d",
    ],
)
def test_queries_made_to_be_slow_are_refused(query: str) -> None:
    with pytest.raises(QueryError):
        read(query)


def test_authors_need_the_secret() -> None:
    with pytest.raises(QueryError, match="digest"):
        parse("author:x", SHANGHAI)


VOCABULARY = """a b 电池 brand: polarity: rating: date: opinion: ( ) （ ） " “ ” AND OR NOT NEAR/3 NEAR/ [ ] {} TO * 7d
>=4 \\ : ： 雷鸟 negative 2026-11-01 1..2 - + 1e999 x:y battery phrase: attribute: stars: author:"""
PARTS = st.sampled_from(VOCABULARY.split())
TYPED = st.text(max_size=40) | st.lists(PARTS, max_size=14).map(" ".join) | st.lists(PARTS, max_size=10).map("".join)


@settings(max_examples=400, deadline=None)
@given(TYPED)
@example("rating:>0")
@example("views:>0")
@example("date:9999")
@example("date:0001-01-01")
@example("\ud800")
def test_nothing_else_is_ever_raised_and_trees_have_a_wording(query: str) -> None:
    try:
        tree = read(query)
    except QueryError as error:
        assert 0 <= error.position <= max(len(query), 1)  # noqa: PT017
        return
    assert read(wording(tree)) == tree


TEXTS = st.text(st.characters(exclude_characters="\r\n"), min_size=1, max_size=8).filter(lambda t: t.strip())
LEAVES = (
    TEXTS.map(Phrase)
    | TEXTS.map(Word)
    | st.builds(Term, st.sampled_from(["brand", "product", "topic"]), TEXTS.map(str.strip))
    | st.builds(Near, st.lists(TEXTS, min_size=1, max_size=2).map(tuple), st.tuples(TEXTS), st.integers(0, 9))
    | st.builds(
        lambda low, width: Range("score", low, low + width),
        st.floats(-1, 1, allow_nan=False),
        st.floats(0, 1, allow_nan=False),
    )
    | st.builds(SameOpinion, TEXTS.map(str.strip), st.just("battery"), st.sampled_from(["", "negative"]))
)


def _joined(parts: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    several = st.lists(parts, min_size=2, max_size=3)
    return (
        several.filter(lambda found: not any(isinstance(p, And) for p in found)).map(lambda found: And(tuple(found)))
        | several.filter(lambda found: not any(isinstance(p, Or) for p in found)).map(lambda found: Or(tuple(found)))
        | parts.map(Not)
    )


@settings(max_examples=150, deadline=None)
@given(st.recursive(LEAVES, _joined, max_leaves=6))
def test_every_tree_reads_back(tree: Node) -> None:
    assert read(wording(tree)) == tree


@pytest.mark.parametrize(
    "query", ["屏幕 （", "a AND (", "brand:(", "(", '"', "a ((b", "a (b OR", 'x "', "(a) (", "NOT ("]
)
def test_what_is_suggested_is_itself_a_query(query: str) -> None:
    with pytest.raises(QueryError) as told:
        parse(query, SHANGHAI)
    if told.value.suggestion:
        parse(told.value.suggestion, SHANGHAI)
