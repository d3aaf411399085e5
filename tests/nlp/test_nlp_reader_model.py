"""The model's view of texts: offsets, long texts, and the same answer in any company."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import ConfigError
from core.models import Span
from nlp.model import Model
from nlp.model_files import find_model
from nlp.thresholds import MAX_TOKENS
from nlp.tokens import Tokens, readable

TEXTS = (
    "手机充电慢死了",
    "屏幕很清晰，但是电池不如上一代耐用。",
    "送餐太慢，菜都凉了，不过味道还可以",
    "The room was clean but the staff were rude.",
    "华为比小米流畅，比苹果便宜",
    "不贵",
    "",
    "😀",
)
ODD = st.text(max_size=80) | st.text(
    alphabet="电池慢。！，? \n<s>/ab１２e\u0301👨\u200d👩\U00020000\ud800\udfff\ufeff\u3000㍿ﷺ", max_size=120
)


@pytest.fixture(scope="module")
def model() -> Model:
    return Model()


@pytest.fixture(scope="module")
def tokens() -> Tokens:
    return Tokens(find_model("s6").tokenizer)


def test_nothing_depends_on_the_company(model: Model) -> None:
    crowd = [*TEXTS, *(t + "，真的" for t in TEXTS), *(t[::-1] for t in TEXTS), *("好" * n for n in range(1, 24))]
    together = model.see(crowd)
    backwards = model.see(crowd[::-1])[::-1]
    assert together == backwards
    for text, seen in list(zip(crowd, together, strict=True))[::3]:
        assert model.see([text]) == [seen]


def test_one_complaint_in_plain_words(model: Model) -> None:
    seen = model.see(["手机充电慢死了"])[0]
    assert seen.score < -0.9
    assert [(a.span.of("手机充电慢死了"), a.polarity) for a in seen.aspects] == [("充电", "negative")]


def test_two_sides_of_one_sentence(model: Model) -> None:
    text = "屏幕很清晰，但是电池不如上一代耐用。"
    seen = model.see([text])[0]
    assert {(a.span.of(text), a.polarity) for a in seen.aspects} == {("屏幕", "positive"), ("电池", "negative")}
    assert [c.polarity for c in seen.clauses] == ["positive", "negative"]


def test_spans_asked_for_are_answered_in_their_order(model: Model) -> None:
    text = "屏幕很清晰，但是电池不如上一代耐用。"
    asked = [Span(8, 10), Span(0, 2), Span(0, len(text)), Span(len(text) - 1, len(text))]
    seen = model.see([text, text], [asked, asked[::-1]])
    assert [a.span for a in seen[0].asked] == asked
    assert seen[0].asked == seen[1].asked[::-1]
    assert [a.polarity for a in seen[0].asked[:2]] == ["negative", "positive"]


def test_a_span_deep_in_a_long_text_is_judged_where_it_stands(model: Model) -> None:
    text = "今天天气还行。" * 400 + "电池太烂了，屏幕非常漂亮。"
    battery, screen = text.index("电池"), text.index("屏幕")
    asked = model.see([text], [[Span(battery, battery + 2), Span(screen, screen + 2)]])[0].asked
    assert [a.polarity for a in asked] == ["negative", "positive"]


@settings(max_examples=60, deadline=None)
@given(ODD)
def test_spans_are_code_points_of_any_text(model: Model, text: str) -> None:
    seen = model.see([text])[0]
    spans = [a.span for a in (*seen.aspects, *seen.clauses)]
    spans += [s for t in seen.triplets for s in (t.aspect, t.opinion) if s]
    assert all(0 <= s.start < s.end <= len(text) for s in spans)
    assert -1 <= seen.score <= 1
    assert len(seen.vector) == 2 * 384


@settings(max_examples=60, deadline=None)
@given(ODD | st.text(alphabet="好坏，。 a１㍿", min_size=200, max_size=3000))
def test_passages_cover_the_text_and_fit(tokens: Tokens, text: str) -> None:
    passages = tokens.passages([text])[0]
    assert passages[0].start == 0
    assert passages[-1].end == len(text)
    assert all(a.end == b.start for a, b in pairwise(passages))
    assert all(len(p.ids) == len(p.offsets) <= MAX_TOKENS for p in passages)
    assert all(p.start <= a <= b <= p.end for p in passages for a, b in p.offsets[1:-1])


def test_long_texts_are_read_whole(tokens: Tokens, model: Model) -> None:
    text = "物流很快，包装完好。" * 10_000
    passages = tokens.passages([text])[0]
    assert 200 < len(passages) < 600
    short = "物流很快，包装完好。" * 60
    seen = model.see([short])[0]
    assert len(seen.clauses) == 120
    assert seen.score > 0.9


def test_readable_text_has_the_same_length_and_no_surrogates() -> None:
    text = "<s>坏\ud800了</s>\ufeff\n好"
    plain = readable(text)
    assert len(plain) == len(text)
    plain.encode("utf-8")


def test_a_missing_model_names_its_file() -> None:
    with pytest.raises(ConfigError, match=r"t99\.onnx.*Shipped: s6"):
        Model("t99")
