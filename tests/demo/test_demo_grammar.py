"""The grammar of texts."""

from __future__ import annotations

from itertools import cycle
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import ConfigError
from fengping.demo.grammar import SLOTS, Grammar, one
from fengping.demo.words import read, words

LISTS = {"who": ["我妈", "{when}的我"], "when": ["昨天", "上周"]}


def every(text: str, draws: int = 400) -> set[str]:
    draw = Random(1).random
    part = Grammar(LISTS).template(text)
    return {one([part], draw, [f"<{s}>" for s in SLOTS]) for _ in range(draws)}


@pytest.mark.parametrize(
    ("text", "texts"),
    [
        ("好", {"好"}),
        ("", {""}),
        ("[a|b]c", {"ac", "bc"}),
        ("[a|]c", {"ac", "c"}),
        ("[a|b[c|d]]", {"a", "bc", "bd"}),
        ("{3-5}天", {"3天", "4天", "5天"}),
        ("{who}说", {"我妈说", "昨天的我说", "上周的我说"}),
        ("{p}好", {"<p>好"}),
        ("<赞>", {"[赞]"}),
        ("[{1-2}|x]{when}", {"1昨天", "1上周", "2昨天", "2上周", "x昨天", "x上周"}),
    ],
)
def test_a_template_gives_all_of_its_texts(text: str, texts: set[str]) -> None:
    assert every(text) == texts


@pytest.mark.parametrize(
    ("text", "reason"),
    [("[a|b", "not closed"), ("a]b", "none opened"), ("{nobody}", "no list"), ("{a b", "brace"), ("}", "brace")],
)
def test_a_wrong_template_is_told(text: str, reason: str) -> None:
    with pytest.raises(ConfigError, match=reason):
        Grammar(LISTS).template(text)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(st.text("甲乙丙", max_size=3), min_size=1, max_size=4), max_size=6))
def test_joining_choices_in_advance_changes_nothing(groups: list[list[str]]) -> None:
    text = "x".join(f"[{'|'.join(group)}]" for group in groups)
    expected = {""} if not groups else None
    if expected is None:
        expected = {""}
        for place, group in enumerate(groups):
            expected = {a + ("x" if place else "") + b for a in expected for b in group}
    assert every(text, 60) <= expected


def test_all_words_compile_and_every_side_can_be_said() -> None:
    for attribute in words().attributes:
        assert len(attribute.said["negative"]) >= 3 and len(attribute.said["positive"]) >= 2, attribute.path
        assert attribute.terms and attribute.categories
    low, high = cycle([0.0]).__next__, cycle([0.999999]).__next__
    for attribute in words().attributes:
        for said in attribute.said.values():
            assert one(said, low, SLOTS) and one(said, high, SLOTS)


def test_the_invented_names_are_the_only_brands() -> None:
    names = [b["name"] for b in read("market.toml")["brands"]]
    assert names == ["澜柯", "山竹", "拓禾"]
    assert set(words().other_meaning) == {"山竹"}
