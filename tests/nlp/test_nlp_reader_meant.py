"""What is meant: who lost, praise that is none, questions, borrowed tags, other senses of a name; and any text."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.config import Brand, Product, Project
from core.models import Mention, Opinion, Reading, Span
from nlp.brands import BrandMatcher
from nlp.model import Model
from nlp.reader import MentionReader, ReaderSettings
from nlp.relevance import relevance

PROJECT = Project(
    industry="electronics",
    brands=(
        Brand(name="青禾", own=True, products=(Product(name="青禾Q3"),)),
        Brand(
            name="芒果",
            aliases=("芒果手机",),
            excludes=("果肉", "核", "芒果干", "熟透"),
            products=(Product(name="芒果V1"),),
        ),
    ),
)
READER = MentionReader(ReaderSettings(PROJECT), Model)


def mention(text: str, brand: str = "青禾", kind: str = "review", **more: object) -> Mention:
    return Mention(
        "m1", "shop", "reviews", kind, text, datetime(2026, 1, 1, tzinfo=UTC), brand=brand, revision="r", **more
    )  # type: ignore[arg-type]


def read(text: str, **more: object) -> Reading:
    return READER.read([mention(text, **more)])[0]  # type: ignore[arg-type]


def complaints(reading: Reading) -> set[tuple[str, str]]:
    return {(o.target, o.attribute) for o in reading.opinions if o.polarity == "negative"}


@pytest.mark.parametrize(
    ("text", "loser", "attribute"),
    [
        ("青禾Q3的续航不如芒果V1", "青禾", "battery/life"),
        ("屏幕被芒果V1碾压", "青禾", "screen"),
        ("芒果V1的屏幕比不上这台", "芒果", "screen"),
        ("青禾Q3的音质胜过芒果V1", "芒果", "sound/quality"),
        ("隔壁芒果V1的信号差远了", "芒果", "network/signal"),
        ("跟芒果V1比，差远了", "", ""),
        ("跟芒果V1比屏幕差远了", "青禾", "screen"),
        ("朋友的芒果V1信号没这么差", "青禾", "network/signal"),
    ],
)
def test_plain_words_decide_who_lost(text: str, loser: str, attribute: str):
    found = complaints(read(text))
    assert not loser or (loser, attribute) in found
    assert not loser or all(who == loser for who, path in found if path == attribute)


def test_a_price_of_the_minute_is_no_contest():
    assert ("芒果", "") not in complaints(read("青禾Q3秒杀价很低，芒果V1没活动"))


def test_nothing_but_praise_under_one_star_is_meant_otherwise():
    text = "续航真厉害，感动"
    assert ("青禾", "battery/life") in complaints(read(text, rating=0.0))
    assert not complaints(read(text, rating=1.0))
    assert not complaints(read(text))


def test_an_honest_word_of_praise_beside_a_complaint_stays():
    reading = read("屏幕很漂亮，但是客服态度恶劣", rating=0.0)
    assert ("青禾", "screen") not in {(t, a.partition("/")[0]) for t, a in complaints(reading)}


@pytest.mark.parametrize("text", ["请问说明书在哪找？", "青禾Q3的发票怎么开？", "充电口可不可以换？"])
def test_a_question_is_no_complaint(text: str):
    assert not complaints(read(text))


def test_what_service_and_delivery_did_is_a_complaint_without_a_judging_word():
    found = {path for _, path in complaints(read("电池挺耐用，退货被驳回三次，客服推来推去"))}
    assert any(path.startswith("service") for path in found)


def test_english_judging_words_are_believed():
    assert any(path.startswith("build") for _, path in complaints(read("The build quality is awful.")))


@pytest.mark.parametrize(
    ("text", "relevant"),
    [
        ("#青禾Q3# 打酱油路过，周末去爬山", False),
        ("#青禾Q3# 周二晚上八点在体育馆集合", False),
        ("#青禾Q3# 屏幕晚上有点刺眼", True),
        ("青禾Q3到手了", True),
    ],
)
def test_a_post_that_only_borrows_a_tag_is_off_topic(text: str, relevant: bool):
    assert (read(text, kind="post").relevance >= 0.5) == relevant
    assert read(text, kind="review").relevance >= 0.5 or "打酱油" in text


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("芒果的屏幕不错", True),
        ("芒果果肉很细，就是核太大", False),
        ("芒果手机拍果肉也清楚", True),
        ("芒果V1拍果肉也清楚，芒果这次可以", True),
        ("吃了一包芒果干", False),
    ],
)
def test_excludes_are_phrases_and_words_nearby(text: str, meant: bool):
    matcher = BrandMatcher(PROJECT.brands)
    assert bool(matcher.find(text)) == meant
    assert bool(matcher.find(text) or matcher.other_meanings(text))


def test_a_title_does_not_make_the_fruit_the_brand():
    reading = read("芒果熟透了才好，果肉才软", brand="芒果", kind="post", title="问下芒果V1的续航")
    assert reading.relevance_reason == "other_meaning"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("[赞]", "empty"),
        ("666", "empty"),
        ("还行", "empty"),
        ("还行，就是充电慢", ""),
        ("差", ""),
        ("系统自动好评", "default_review"),
        ("恭喜@小王 获得青禾Q3一台，请私信地址", "lottery"),
        ("上门收旧手机，高价回收，加V：abc12345", "advertisement"),
        ("早上还有很多出租车等客人，打车到只要98", ""),
    ],
)
def test_what_says_nothing_of_a_brand_is_told(text: str, reason: str):
    assert relevance(text).reason == reason


_PIECES = st.sampled_from(
    [
        "青禾",
        "芒果",
        "不如",
        "屏幕",
        "很差",
        "@某人",
        "#青禾#",
        "，",
        "。",
        "😡",
        "�",
        "\x00",
        "é",
        "𠮷",
        "客服",
        "怎么用",
        "is awful",
        " ",
        "\n",
    ]
)
_TEXTS = st.one_of(st.text(max_size=60), st.lists(_PIECES, max_size=14).map("".join))


def _spans(o: Opinion) -> list[Span]:
    return [s for s in (o.aspect, o.opinion, o.quote) if s is not None]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(_TEXTS, min_size=1, max_size=4), st.sampled_from([None, 0.0, 1.0]), st.sampled_from(["review", "post"]))
def test_any_text_is_read_and_every_span_lies_in_it(texts: list[str], rating: float | None, kind: str):
    readings = READER.read([mention(t, kind=kind, rating=rating, title=t[:5]) for t in texts])
    for text, reading in zip(texts, readings, strict=True):
        assert 0 <= reading.relevance <= 1
        parts = [s for o in reading.opinions for s in _spans(o)]
        parts += [s for c in reading.comparisons for s in (c.subject, c.object, c.aspect, c.predicate) if s]
        assert all(0 <= s.start < s.end <= len(text) and s.of(text) == text[s.start : s.end] for s in parts)


def test_harm_is_never_praised():
    reading = read("孩子吃了拉肚子")
    assert "safety" in reading.intents
    assert [o.polarity for o in reading.opinions] == ["negative"]
    assert not complaints(read("孩子吃了没有拉肚子，味道很好"))


def test_a_saying_that_complains_praises_no_price():
    assert [(o.attribute, o.polarity) for o in read("便宜没好货").opinions] == [("", "negative")]
    assert "price" in {o.attribute for o in read("价格便宜，质量也好").opinions if o.polarity == "positive"}


def test_a_quoted_saying_says_nothing_by_itself():
    assert {o.polarity for o in read("都说便宜没好货，这个真不错").opinions} == {"positive"}
