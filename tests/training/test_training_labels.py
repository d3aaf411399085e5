"""Labels in characters come out on the right tokens, and joined texts keep every label where it was."""

from __future__ import annotations

import random
import string

from hypothesis import given
from hypothesis import strategies as st

from core.models import Span
from training.alignment import HEAD, LONGEST, Aligner, example
from training.joined import KINDS, Parts, parts_of
from training.marked import NEGATIVE, NEUTRAL, POSITIVE, UNKNOWN, Marked, agreed, bare
from training.sets import product_text, triplet_text
from training.written import statement, two_comparisons


def tokenised(text: str, size: int = 1) -> tuple[list[int], list[tuple[int, int]]]:
    """Pieces of `size` characters between two framing tokens."""
    pieces = [(k, min(k + size, len(text))) for k in range(0, len(text), size)]
    return [0, *(100 + ord(text[a]) % 50 for a, _ in pieces), 2], [(0, 0), *pieces, (0, 0)]


def device(text: str, *terms: tuple[str, int], source: str = "phone") -> Marked:
    return product_text(source, text, [(Span(at := text.index(t), at + len(t)), side) for t, side in terms])


def compared(text: str, *parts: str, preference: int = 1, source: str = "coqe_car") -> Marked:
    spans = [Span(text.index(p), text.index(p) + len(p)) if p else None for p in parts]
    quintuple = (spans[0], spans[1], spans[2], spans[3], preference)
    return Marked(source, text, group="comparison", comparative=1, quintuples=(quintuple,))


CLAUSES = [
    device("屏幕很亮。", ("屏幕", POSITIVE)),
    device("电池不耐用", ("电池", NEGATIVE)),
    device("镜头清楚！", ("镜头", POSITIVE), source="camera"),
    device("键盘和屏幕都不错", ("键盘", POSITIVE), ("屏幕", POSITIVE), source="notebook"),
]
COMPARED = [
    compared("云岫的油耗比青竹低", "云岫", "青竹", "油耗", "低"),
    compared("空间不如上一代。", "", "上一代", "空间", "不如", preference=-1),
    Marked("coqe_car", "昨天提的车", group="comparison", comparative=0),
]
MEALS = [
    triplet_text("aste", "面很筋道", [(Span(0, 1), Span(1, 4), POSITIVE)]),
    triplet_text("aste", "上菜慢。", [(Span(0, 2), Span(2, 3), NEGATIVE), (None, Span(2, 3), NEGATIVE)]),
]
SIDED = [Marked("jd_sentiment", "快递很快", polarity=POSITIVE), Marked("jd_sentiment", "刚到手", polarity=NEUTRAL)]
PARTS = parts_of([*CLAUSES, *COMPARED, *MEALS, *SIDED])


def words(text: Marked) -> list[str]:
    return [text.text[s.start : s.end] for s in text.terms]


def test_a_term_lands_on_its_tokens_with_the_characters_to_cut() -> None:
    text = device("这屏幕真亮", ("屏幕", POSITIVE))
    one = example(text, *tokenised(text.text))
    assert one.spans == ((2, 2, 3),) and one.aspects == ((2, 3, POSITIVE),)
    assert one.cuts == ((2, 0, 0), (3, 1, 0))
    two = example(text, *tokenised(text.text, 2))
    assert two.spans == ((2, 1, 2),) and two.cuts == ((1, 0, 1), (2, 1, 1))


@given(st.text("屏幕电池很好 ", min_size=1, max_size=20), st.integers(1, 3), st.data())
def test_a_placed_span_covers_its_characters(text: str, size: int, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    _, offsets = tokenised(text, size)
    placed = Aligner(offsets).place(Span(start, end))
    assert placed is not None
    assert offsets[placed.start][0] + placed.skip == start
    assert offsets[placed.end][1] - placed.drop == end


def test_a_stretch_without_a_token_is_left_out() -> None:
    offsets = [(0, 0), (0, 2), (8, 10), (0, 0)]
    assert Aligner(offsets).place(Span(3, 4)) is None
    assert Aligner(offsets).place(Span(1, 9)) is not None


def test_pairs_and_tuples_name_what_is_not_stated_by_the_first_token() -> None:
    meal = example(MEALS[1], *tokenised(MEALS[1].text))
    assert meal.pairs == ((0, 0, 3, 3, NEGATIVE), (1, 2, 3, 3, NEGATIVE))
    assert meal.spans == ((0, 1, 2), (1, 3, 3))
    better = example(COMPARED[1], *tokenised(COMPARED[1].text))
    assert better.tuples == ((0, 0, 5, 7, 1, 2, 3, 4, -1),)


def test_long_texts_keep_head_and_tail_and_long_marked_texts_their_head() -> None:
    letters = string.ascii_lowercase * 20
    ids, offsets = tokenised(letters)
    plain = example(Marked("hotel", letters, polarity=POSITIVE), ids, offsets)
    assert len(plain.ids) == LONGEST
    assert list(plain.ids[:HEAD]) == ids[:HEAD] and list(plain.ids[HEAD:]) == ids[-(LONGEST - HEAD) :]
    terms = tuple(Span(k, k + 3) for k in (5, 400))
    marked = example(Marked("hair", letters, group="product", terms=terms), ids, offsets)
    assert marked.ids[-1] == ids[-1] and list(marked.ids[:-1]) == ids[: LONGEST - 1]
    assert marked.spans == ((2, 6, 8),)


def test_unsure_spans_are_ignored_unless_they_are_terms() -> None:
    text = Marked("reviews", "屏幕亮电池差", group="product", terms=(Span(0, 2),), unsure=(Span(0, 2), Span(3, 5)))
    found = example(text, *tokenised(text.text))
    assert found.spans == ((2, 1, 2),) and found.ignored == ((2, 4, 5),)


@given(st.integers(0, 10_000))
def test_joined_devices_keep_terms_and_sides(seed: int) -> None:
    made = KINDS["joined_devices"](PARTS, random.Random(seed))
    assert made.joined and made.group == "product"
    assert set(words(made)) <= {"屏幕", "电池", "镜头", "键盘"} and len(words(made)) >= 2
    for span, side in made.aspects:
        assert side == (NEGATIVE if made.text[span.start : span.end] == "电池" else POSITIVE)
    assert made.polarity == agreed([side for _, side in made.aspects])


@given(st.integers(0, 10_000))
def test_clauses_with_a_side_alone_teach_no_terms(seed: int) -> None:
    made = KINDS["joined_sides"](PARTS, random.Random(seed))
    assert made.group == "" and made.terms == () and made.aspects
    assert all(0 <= s.start < s.end <= len(made.text) for s, _ in made.aspects)


@given(st.integers(0, 10_000))
def test_several_comparisons_keep_all_their_parts(seed: int) -> None:
    made = KINDS["joined_comparisons"](PARTS, random.Random(seed))
    assert made.comparative == 1 and 1 <= len(made.quintuples) <= 3
    allowed = {("云岫", "青竹", "油耗", "低", 1), ("", "上一代", "空间", "不如", -1)}
    for *spans, preference in made.quintuples:
        assert (*(made.text[s.start : s.end] if s else "" for s in spans), preference) in allowed


@given(st.integers(0, 10_000))
def test_restaurant_sentences_keep_their_triplets(seed: int) -> None:
    made = KINDS["joined_restaurants"](PARTS, random.Random(seed))
    named = {(made.text[a.start : a.end] if a else "", made.text[o.start : o.end], s) for a, o, s in made.triplets if o}
    assert named == {("面", "很筋道", POSITIVE), ("上菜", "慢", NEGATIVE), ("", "慢", NEGATIVE)}


def test_only_parts_of_the_right_kind_are_joined() -> None:
    assert {d: len(texts) for d, texts in PARTS.devices.items()} == {"camera": 1, "notebook": 1, "phone": 2}
    assert len(PARTS.comparing) == 2 and len(PARTS.compared) == 3
    assert [t.text for t in PARTS.sided] == ["快递很快", "刚到手"]
    empty = parts_of([device("长" * 60 + "屏幕", ("屏幕", POSITIVE))])
    assert empty == Parts({}, [], [], [], [])


@given(st.integers(0, 10_000))
def test_written_sentences_carry_what_they_say(seed: int) -> None:
    plain = statement(random.Random(seed))
    assert plain.polarity == NEUTRAL and "{" not in plain.text and plain.text
    several = two_comparisons(random.Random(seed))
    assert len(several.quintuples) in (2, 3)
    for subject, rival, aspect, predicate, preference in several.quintuples:
        assert subject and rival and aspect and predicate
        assert aspect.end <= rival.end and several.text.startswith(several.text[subject.start : subject.end])
        worse = several.text[predicate.start : predicate.end] == "不如"
        assert preference in ((-1,) if worse else (-1, 0, 1))


def test_statements_differ() -> None:
    draw = random.Random(0)
    assert len({statement(draw).text for _ in range(300)}) > 200


def test_a_text_of_marks_alone_stays_as_it_is() -> None:
    assert bare("好！！") == "好" and bare("。。") == "。。"
    assert agreed([]) == UNKNOWN and agreed([1, 2]) == UNKNOWN and agreed([2, 2]) == POSITIVE
