"""Whose the opinions are beside a comparison, what stays of its clause, and what compares nobody."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from core.config import Brand, Project
from core.models import Mention, Reading
from nlp.answers import Answerer, Asked
from nlp.model import Model
from nlp.reader import MentionReader, ReaderSettings

PROJECT = Project(industry="electronics", brands=(Brand(name="华为", own=True), Brand(name="小米")))
READER = MentionReader(ReaderSettings(PROJECT), Model)
ANSWERER = Answerer()


def read(text: str, page: str = "华为") -> Reading:
    at = datetime(2026, 1, 1, tzinfo=UTC)
    return READER.read([Mention("m", "shop", "reviews", "review", text, at, brand=page, revision="r")])[0]


def said(reading: Reading) -> set[tuple[str, str, str]]:
    return {(o.target, o.attribute, o.polarity) for o in reading.opinions}


def won(reading: Reading) -> list[tuple[str, str, str]]:
    return [(c.winner, c.loser, c.attribute) for c in reading.comparisons]


@pytest.mark.parametrize(
    ("page", "text", "owned"),
    [
        ("华为", "外观漂亮，客服态度差，物流比小米快", {"design/look": "华为", "service/attitude": "华为"}),
        ("华为", "屏幕很好但电池比小米差", {"screen": "华为"}),
        ("华为", "华为太差了根本不如小米，充电发热，客服还骂人", {"battery/heat": "华为", "service": "华为"}),
        ("华为", "屏幕没有小米亮，做工很好", {"build/workmanship": "华为"}),
        ("华为", "跟小米比，屏幕差远了，客服态度也差", {"service/attitude": "华为"}),
        ("华为", "小米拍照糊，比华为差，客服也骂人", {"camera": "小米", "service": "小米"}),
        ("华为", "续航不如小米，小米屏幕也亮", {"screen": "小米"}),
        ("华为", "屏幕被小米秒杀，客服也骂人", {"service": "华为"}),
    ],
)
def test_a_measure_of_a_comparison_owns_nothing_else(page: str, text: str, owned: dict[str, str]) -> None:
    found = said(read(text, page))
    for attribute, owner in owned.items():
        assert {target for target, path, _ in found if path == attribute} == {owner}, found


@pytest.mark.parametrize("text", ["价格超过华为了，太贵", "价格早就高过华为了，太贵"])
def test_more_of_what_costs_is_worse(text: str) -> None:
    reading = read(text, "小米")
    assert won(reading) == [("华为", "小米", "price")]
    assert ("小米", "price", "negative") in said(reading) and ("华为", "price", "negative") not in said(reading)


def test_more_of_what_is_good_is_better() -> None:
    assert won(read("拍照超过小米了")) == [("华为", "小米", "camera")]


@pytest.mark.parametrize(
    ("page", "text", "kept"),
    [
        ("华为", "充电慢死了还不如小米", ("华为", "battery/charging", "negative")),
        ("华为", "做工扎实续航比小米长", ("华为", "build/workmanship", "positive")),
        ("小米", "屏幕漂亮电池耐用价格便宜完爆华为", ("小米", "battery", "positive")),
        ("小米", "屏幕漂亮电池耐用价格便宜完爆华为", ("小米", "price", "positive")),
    ],
)
def test_a_comparison_takes_no_other_opinion_of_its_clause(page: str, text: str, kept: tuple[str, str, str]) -> None:
    reading = read(text, page)
    assert kept in said(reading) and len(reading.comparisons) == 1
    assert all("不如" not in o.opinion.of(text) for o in reading.opinions if o.attribute == kept[1] and o.opinion)


def test_praise_beside_a_win_of_nobody_known_is_nobodys() -> None:
    found = said(read("屏幕漂亮电池耐用价格便宜完爆华为"))
    assert ("华为", "screen", "negative") in found
    assert not [o for o in found if o[0] == "华为" and o[2] == "positive"]


@pytest.mark.parametrize(
    "text",
    [
        "如果小米比华为便宜我就买",
        "要是比小米便宜点就好了",
        "难道小米不如华为吗？",
        "谁说小米不如华为的",
        "凭什么说华为不如小米",
        "小米比华为强个屁",
        "屏幕比小米亮吗？",
        "小米是不是比华为好用",
        "没什么比小米强的",
        "店里没有华为好评，只有小米",
        "没有小米好评返现",
    ],
)
@pytest.mark.parametrize("page", ["华为", "小米"])
def test_what_nobody_compared_is_no_comparison(page: str, text: str) -> None:
    reading = read(text, page)
    assert not reading.comparisons
    assert not [o for o in reading.opinions if o.polarity == "positive"]


@pytest.mark.parametrize(
    ("text", "attribute"), [("要不是比小米便宜，我才不买", "price"), ("屏幕不是比小米亮吗", "screen")]
)
def test_a_form_of_question_that_states_is_one(text: str, attribute: str) -> None:
    assert won(read(text)) == [("华为", "小米", attribute)]


def test_a_complaint_before_a_condition_stays() -> None:
    assert ("华为", "battery/charging", "negative") in said(read("充电慢，如果比小米便宜就算了"))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("华为的拍照比小米强，续航不如小米", {("拍照", "强", "better"), ("续航", "不如", "worse")}),
        ("价格比小米贵，性能还不如小米", {("价格", "贵", "worse"), ("性能", "不如", "worse")}),
        ("屏幕比小米亮，但是电池没有小米耐用", {("屏幕", "亮", "better")}),
        ("屏幕、电池都比小米好", {("屏幕", "好", "better"), ("电池", "好", "better")}),
    ],
)
def test_a_comparison_takes_no_aspect_from_a_clause_that_compares_by_itself(text: str, told: set[tuple[str, ...]]):
    (line,) = ANSWERER.answer([Asked(text, "electronics")])
    found = json.loads(f"{{{line}}}")["comparisons"]
    assert {(text[slice(*c["aspect"])], text[slice(*c["predicate"])], c["preference"]) for c in found} == told
