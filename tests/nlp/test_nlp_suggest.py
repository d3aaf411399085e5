"""Suggestions: which terms are offered, in which groups, with which counts, quotes and hints."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.config import Brand, Product
from core.models import AspectTerm, Opinion, Reading, Side, Span, Triplet, Versions
from nlp.kinship import Nearest, grouped
from nlp.lexicon import load_lexicon
from nlp.sentences import clauses
from nlp.suggest import Suggestion, suggestions
from nlp.term_cleaning import TermCleaner

ELECTRONICS = load_lexicon("electronics")
BRANDS = (Brand(name="星禾", aliases=("Xinghe",), products=(Product(name="星云笔"),)), Brand(name="云岫"))
CLEANER = TermCleaner(ELECTRONICS, BRANDS)


def reading(id: str, text: str, *terms: tuple[str, Side]) -> tuple[str, Reading]:
    found = tuple(AspectTerm(Span(text.index(t), text.index(t) + len(t)), side, 0.9) for t, side in terms)
    parts = tuple(AspectTerm(span, "neutral", 0.0) for span in clauses(text))
    return text, Reading(id, "r", Versions(), "neutral", 0.0, aspect_terms=found, industry="electronics", clauses=parts)


def suggested(*readings: tuple[str, Reading], least: int = 1) -> list[Suggestion]:
    return suggestions(readings, ELECTRONICS, BRANDS, least)


NIB = (
    reading("m1", "包装好，笔尖秃了，气人", ("笔尖", "negative")),
    reading("m2", "笔尖顺滑", ("笔尖", "positive")),
    reading("m3", "笔尖软，换笔尖头要拧", ("笔尖", "negative"), ("笔尖头", "neutral")),
    reading("m4", "电池好，云台晃", ("电池", "positive"), ("云台", "negative")),
)


def test_terms_are_grouped_counted_and_quoted():
    nib, gimbal = suggested(*NIB)
    assert (nib.term, nib.industry, nib.mentions, nib.negative) == ("笔尖", "electronics", 3, 2)
    assert [(t.term, t.mentions) for t in nib.terms] == [("笔尖", 3), ("笔尖头", 1)]
    assert [(q.mention_id, q.text) for q in nib.quotes] == [("m1", "笔尖秃了"), ("m3", "笔尖软"), ("m2", "笔尖顺滑")]
    assert (gimbal.term, gimbal.mentions, gimbal.negative) == ("云台", 1, 1)


def test_rare_groups_are_left_out_but_rare_terms_count_in_their_group():
    assert [(s.term, s.mentions) for s in suggested(*NIB, least=3)] == [("笔尖", 3)]
    assert suggested(*NIB, least=4) == []
    assert suggested() == []


def test_a_mention_counts_once_however_often_it_says_a_term():
    text = "笔尖秃，笔尖软，笔尖头掉"
    spans = (Span(0, 2), Span(4, 6), Span(8, 11))
    terms = tuple(AspectTerm(s, "negative", 0.9) for s in spans)
    opinions = tuple(Opinion("", "", s, None, "negative", 0.9, Span(0, len(text))) for s in spans)
    triplets = (Triplet(spans[0], Span(2, 3), "negative", 0.9),)
    twice = Reading("m", "r", Versions(), "negative", -0.9, aspect_terms=terms, triplets=triplets, opinions=opinions)
    [found] = suggested((text, twice))
    assert (found.mentions, found.negative) == (1, 1)
    assert [t.mentions for t in found.terms] == [1, 1]


def test_what_an_opinion_says_outranks_the_bare_term():
    text = "笔尖真行"
    meant = Opinion("", "", Span(0, 2), Span(2, 4), "negative", 0.9, Span(0, 4))
    seen = (AspectTerm(Span(0, 2), "positive", 0.9),)
    [found] = suggested((text, Reading("m", "r", Versions(), "unsure", 0.0, aspect_terms=seen, opinions=(meant,))))
    assert found.negative == 1


@pytest.mark.parametrize(
    ("written", "offered"),
    [
        ("笔尖", "笔尖"),
        ("ＮＩＢ", "nib"),
        ("筆尖", "笔尖"),
        ("我的笔尖", "笔尖"),
        ("这款笔尖的", "笔尖"),
        ("星禾的笔尖", "笔尖"),
        ("Xinghe nib", "nib"),
        ("the nib", "nib"),
        ("“笔尖”", "笔尖"),
        ("目的", "目的"),
        ("电池", ""),
        ("手机的电池盖", ""),
        ("星禾", ""),
        ("XINGHE", ""),
        ("云岫星云笔", ""),
        ("东西", ""),
        ("them", ""),
        ("12", ""),
        ("3天", ""),
        ("一个月", ""),
        ("第二次", ""),
        ("500 ml", ""),
        ("a1200", ""),
        ("星禾X2 Pro", "x2 pro"),
        ("星禾X2", ""),
        ("4K", "4k"),
        ("x", ""),
        ("！", ""),
        ("🙂", ""),
        ("", ""),
        ("垃圾", ""),
        ("打卡", ""),
        ("下次不会再买", ""),
        ("笔" * 13, ""),
    ],
)
def test_what_is_offered_is_clean_and_no_junk(written, offered):
    assert CLEANER.offered(written) == offered


def test_a_clause_that_is_nothing_but_its_term_names_nothing():
    assert suggested(reading("m", "包装行，多次购买！", ("多次购买", "positive"))) == []
    assert [s.term for s in suggested(reading("m", "包装行，笔尖！", ("笔尖", "positive")))] == ["笔尖"]


def test_akin_terms_stand_together_and_others_apart():
    terms = ["充电头", "充电器", "手机充电头", "phone case", "头", "leather case", "case", "器", "cases", "表扣"]
    assert grouped(terms) == [
        ["充电头", "充电器", "手机充电头"],
        ["phone case", "leather case", "case"],
        ["头"],
        ["器"],
        ["cases"],
        ["表扣"],
    ]


def test_groups_do_not_run_into_one_another():
    assert grouped(["包装盒子", "盒子蛋糕", "蛋糕师傅"]) == [["包装盒子"], ["盒子蛋糕"], ["蛋糕师傅"]]


@pytest.mark.parametrize(
    ("term", "path"),
    [("背景灯", "camera/image"), ("power brick", "battery/charging"), ("笔尖", ""), ("nib", ""), ("性格", "")],
)
def test_the_nearest_attribute_shares_two_characters_or_a_word(term, path):
    assert Nearest(ELECTRONICS).path(term) == path


words = st.sampled_from(["笔尖", "笔尖头", "笔帽", "云台", "nib", "the nib", "星禾", "电池", "3天", "我的笔尖", "表扣"])
sides = st.sampled_from(["positive", "neutral", "negative"])
said = st.lists(st.tuples(words, sides), max_size=5)


@st.composite
def mentions(draw) -> list[tuple[str, Reading]]:
    made = []
    for number, parts in enumerate(draw(st.lists(said, max_size=12))):
        text, spans = "", []
        for word, side in parts:
            spans.append(AspectTerm(Span(len(text), len(text) + len(word)), side, 0.5))
            text += f"{word}怎样，"
        made.append((text, Reading(f"m{number}", "r", Versions(), "neutral", 0.0, aspect_terms=tuple(spans))))
    return made


@settings(max_examples=100, deadline=None)
@given(mentions(), st.randoms(use_true_random=False))
def test_any_order_of_mentions_gives_the_same_suggestions(made, random):
    mixed = random.sample(made, len(made))
    assert suggested(*mixed) == suggested(*made)


@settings(max_examples=60, deadline=None)
@given(mentions())
def test_counts_are_those_of_a_plain_count(made):
    texts = {r.mention_id: t for t, r in made}
    found = suggested(*made)
    assert [(-s.mentions, s.term) for s in found] == sorted((-s.mentions, s.term) for s in found)
    for suggestion in found:
        saying = [t for t in texts.values() if any(f"{c.term}怎样" in t for c in suggestion.terms)]
        assert suggestion.mentions == len(saying) >= suggestion.negative
        assert 1 <= len(suggestion.quotes) <= 3
        assert all(q.text in texts[q.mention_id] for q in suggestion.quotes)
