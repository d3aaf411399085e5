"""The words that are quoted of a complaint, and what it is about where it names nothing."""

from __future__ import annotations

from functools import cache

import pytest

from core.models import AspectTerm, Opinion, Reading, Side, Span, Triplet, Versions
from nlp.lexicon import load_lexicon
from nlp.mapping import Mapper
from nlp.opinions import opinions
from nlp.phrases import divided
from nlp.scene import scene
from nlp.sentences import clauses


@cache
def mapper(industry: str) -> Mapper:
    return Mapper(load_lexicon(industry))


def span(text: str, words: str) -> Span:
    start = text.index(words)
    return Span(start, start + len(words))


def found(text: str, industry: str, side: float, *terms: str, triplets: tuple[Triplet, ...] = ()) -> list[Opinion]:
    """Opinions of a text whose clauses and terms the model took for `side`."""
    named: Side = "negative" if side < 0 else "positive"
    parts = tuple(AspectTerm(s, named, side) for s in clauses(text))
    seen = tuple(AspectTerm(span(text, t), named, side) for t in terms)
    reading = Reading("m", "r", Versions(), named, side, aspect_terms=seen, triplets=triplets, clauses=parts)
    return list(opinions(reading, scene(text, mapper(industry), (), ""), mapper(industry)))


@pytest.mark.parametrize(
    ("text", "term", "side", "aspect", "words"),
    [
        ("手机充电慢死了", "充电", "negative", "充电", "慢死了"),
        ("这破手机三天两头死机", "死机", "negative", "死机", "这破手机三天两头死机"),
        ("用了三天就黑屏了", "黑屏", "negative", "黑屏", "用了三天就黑屏了"),
        ("黑屏了", "黑屏", "negative", None, "黑屏了"),
        ("说好的赠品没给", "赠品", "negative", "赠品", "没给"),
        ("手感没有描述的好", "描述", "negative", "描述", "没有描述的好"),
        ("文字、内容、排版都不好", "文字", "negative", "文字", "都不好"),
        ("想要换货的单", "换货", "negative", "换货", "想要换货的单"),
        ("屏幕看久了眼睛有一点点难受", "屏幕", "negative", "屏幕", "有一点点难受"),
        ("但是屏幕却不清楚", "屏幕", "negative", "屏幕", "不清楚"),
        ("屏幕很好", "屏幕", "positive", "屏幕", "很好"),
    ],
)
def test_a_term_and_the_words_that_judge_it(text: str, term: str, side: Side, aspect: str | None, words: str):
    place = scene(text, mapper("electronics"), (), "")
    first, second = divided(span(text, term), side, place)
    assert (first and first.of(text), second and second.of(text)) == (aspect, words)


def test_a_complaint_that_nothing_was_found_in_is_its_worst_clause():
    [said] = found("买回来放着，用了两天就这样", "electronics", -0.9)
    assert said.opinion is not None and said.polarity == "negative"
    assert said.opinion.of("买回来放着，用了两天就这样") in ("买回来放着", "用了两天就这样")
    assert found("说明书在哪找？", "electronics", -0.9) == [], "a question complains of nothing"
    assert found("买回来放着，用了两天", "electronics", 0.9) == [], "nor does praise need words"


def test_words_that_run_on_over_clauses_are_cut():
    text = "环境太差了，" + "十四个人给了一张只坐得下十个人的桌子，" * 3
    triplet = Triplet(span(text, "环境"), Span(2, len(text)), "negative", 0.9)
    [said] = [o for o in found(text, "restaurant", -0.9, triplets=(triplet,)) if o.aspect]
    assert said.opinion is not None and said.opinion.of(text) == "太差了"


@pytest.mark.parametrize(
    ("industry", "text", "side", "paths"),
    [
        ("electronics", "又贵又慢", -0.9, ["price", "performance/speed"]),
        ("electronics", "收货速度很慢", -0.9, ["delivery/speed"]),
        ("general", "加热要一个小时，太慢", -0.9, ["function", "function"]),
        ("electronics", "指纹功能失灵了", -0.9, ["controls/unlock"]),
        ("electronics", "太让人失望了", -0.9, ["overall"]),
    ],
)
def test_what_is_implied_carried_over_or_said_of_the_whole(industry: str, text: str, side: float, paths: list[str]):
    terms = ("指纹功能",) if "指纹" in text else ()
    assert [o.attribute for o in found(text, industry, side, *terms)] == paths


def test_a_fault_after_a_name_is_said_of_what_is_named():
    [said] = [o for o in found("用了两天，电池坏了", "electronics", -0.9) if o.aspect]
    assert (said.attribute, said.aspect, said.opinion) == ("battery", Span(5, 7), Span(7, 9))


def test_the_room_that_is_too_dear_is_about_the_price():
    for terms in (("房间",), ()):
        [said] = found("房间太贵", "hotel", -0.9, *terms)
        assert (said.attribute, said.aspect) == ("price", Span(0, 2))
