"""One way from finds to opinions: `analyze` and a project read alike, and what is looked up fast is looked up right."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.config import Brand, Project
from core.models import Mention
from nlp.answers import Answerer, Asked
from nlp.brands import BrandMatcher, telling_words
from nlp.model import Model
from nlp.reader import MentionReader, ReaderSettings
from nlp.relevance import _shipped
from nlp.segment import normalise
from nlp.sentences import clauses, sentences
from nlp.terms import TermFinder

SAID = (
    "小米的屏幕比华为好",
    "续航不如小米，拍照倒是比它清楚",
    "价格比小米贵，性能还不如小米",
    "用了三个月，充电越来越慢",
    "it is lighter than my old phone but the battery is worse",
    "屏幕很清晰，就是发热。客服也不理人！",
)
BRANDS = (Brand(name="华为"), Brand(name="苹果", aliases=("iphone",), excludes=("苹果汁", "果园")))
PIECES = st.sampled_from(
    (
        "苹果", "iPhone", "苹果汁", "果园", "好吃", "手机", "加微信", "抽奖", "转发", "骗人", "恭喜 @", "123",
        "。", "，", " ", "，但是", "\n", "!?", "…", "a", "好评",
    )
)  # fmt: skip
TEXTS = st.lists(PIECES, max_size=12).map("".join) | st.text(max_size=30)


@pytest.fixture(scope="module")
def model() -> Model:
    return Model()


@pytest.mark.parametrize("text", SAID)
def test_a_line_of_analyze_says_what_a_project_with_that_one_brand_says(text: str, model: Model) -> None:
    reader = MentionReader(ReaderSettings(Project(industry="electronics", brands=(Brand(name="华为"),))), lambda: model)
    mention = Mention(
        "m", "shop", "reviews", "review", text, datetime(2026, 1, 1, tzinfo=UTC), brand="华为", revision="r"
    )
    (reading,) = reader.read([mention])
    (line,) = Answerer().answer([Asked(text, "electronics", "华为")])
    told = json.loads(f"{{{line}}}")
    assert [(o["attribute"], o["polarity"]) for o in told["opinions"]] == [
        (o.attribute or None, o.polarity) for o in reading.opinions
    ]


def test_the_brand_that_another_beats_has_its_complaint_in_analyze_too() -> None:
    (line,) = Answerer().answer([Asked("小米的屏幕比华为好", "electronics", "华为")])
    found = {(o["attribute"], o["polarity"]) for o in json.loads(f"{{{line}}}")["opinions"]}
    assert ("screen", "negative") in found
    assert ("screen", "positive") not in found  # that is the other's, who is no brand here


@settings(deadline=None)  # the first example loads tables
@given(TEXTS)
def test_names_are_told_apart_in_one_go_as_in_two(text: str) -> None:
    matcher = BrandMatcher(BRANDS)
    assert matcher.told_apart(text) == (matcher.find(text), matcher.other_meanings(text))


OTHERS = st.permutations(
    (
        Brand(name="华为"), Brand(name="苹果", aliases=("iphone",)), Brand(name="果园"),
        Brand(name="手机", aliases=("iphone", "好吃"), excludes=("抽奖",)),
    )
).flatmap(lambda brands: st.integers(0, 4).map(lambda n: tuple(brands[:n])))  # fmt: skip


@settings(deadline=None)  # the first example loads tables
@given(TEXTS, OTHERS, OTHERS)
def test_a_text_without_a_telling_word_names_the_same_brands_after_a_change(text, before, after) -> None:
    if not TermFinder(telling_words(before, after)).touches(normalise(text)):
        assert BrandMatcher(before).told_apart(text) == BrandMatcher(after).told_apart(text)


@settings(deadline=None)  # the first example loads tables
@given(TEXTS)
def test_no_cue_is_passed_over_by_looking_for_all_at_once(text: str) -> None:
    normal = normalise(text)
    for cues in _shipped().values():
        weights = ((cues.strong, 2), (cues.weak, 1), (cues.against, -2))
        points = sum(worth * len({index for index, _, _ in finder.find(normal)}) for finder, worth in weights)
        points += sum(bool(pattern.search(normal)) for pattern in cues.patterns)
        assert max(cues.points(normal), 0) == max(points, 0)


@settings(deadline=None)  # the first example loads tables
@given(TEXTS)
def test_sentences_and_clauses_cover_everything_said(text: str) -> None:
    for cut in (sentences, clauses):
        spans = cut(text)
        assert all(a.end <= b.start for a, b in pairwise(spans))
        assert all(not s.of(text)[0].isspace() and not s.of(text)[-1].isspace() for s in spans)
        covered = {at for s in spans for at in range(s.start, s.end)}
        assert not [c for at, c in enumerate(text) if c.isalnum() and at not in covered]
        assert all(any(c.isalnum() for c in s.of(text)) for s in spans[1:])
