"""What a source wrote becomes a Mention: ids, masks, ratings, times, languages, text as a person reads it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core import identity
from core.collected import Collected
from core.collected_mention import Context, to_mention
from core.language import guess_language
from core.markup import as_read
from core.privacy import PLACEHOLDER, author_digest
from core.ratings import NO_RATING, Rating, parse_rating

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
SECRET = b"s" * 32
CONTEXT = Context("shop", "reviews", "review", ZoneInfo("Asia/Shanghai"), SECRET, "run-1", "北辰", "Nova 3", "raw1")


def test_everything_a_source_gives_arrives() -> None:
    item = Collected(
        text="充电很快，联系13800138000",
        title="推荐",
        native_id="17",
        parent_native_id="5",
        url="https://shop.example/r/17",
        author="小明",
        author_followers=20,
        date="2026-11-02 12:30:00",
        rating="4",
        likes=3,
        replies=2,
        shares=1,
        views=90,
        region="上海",
        images=("https://shop.example/a.jpg",),
        kind="comment",
    )
    mention = to_mention(item, CONTEXT, NOW)
    assert mention.id == identity.native("shop", "17")
    assert mention.parent_id == identity.native("shop", "5")
    assert mention.text == "充电很快，联系" + PLACEHOLDER * 11
    assert mention.revision == identity.revision("推荐", mention.text)
    assert mention.author == author_digest("小明", SECRET)
    assert (mention.rating, mention.rating_scale) == (0.75, (1.0, 5.0))
    assert (mention.published_at, mention.published_precision) == (datetime(2026, 11, 2, 4, 30, tzinfo=UTC), "exact")
    assert (mention.likes, mention.replies, mention.shares, mention.views) == (3, 2, 1, 90)
    assert (mention.kind, mention.platform, mention.source, mention.run, mention.raw) == (
        "comment",
        "reviews",
        "shop",
        "run-1",
        "raw1",
    )
    assert (mention.brand, mention.product, mention.region) == ("北辰", "Nova 3", "上海")
    assert (mention.language, mention.collected_at, mention.author_followers) == ("zh", NOW, 20)


def test_an_item_that_gives_nothing_but_text_is_a_mention_too() -> None:
    mention = to_mention(Collected(text="好"), CONTEXT, NOW)
    assert (mention.text, mention.author, mention.published_at, mention.rating) == ("好", "", None, None)
    assert (mention.published_precision, mention.kind, mention.views) == ("none", "review", None)


def test_the_item_knows_its_brand_better_than_the_context() -> None:
    mention = to_mention(Collected(text="好", brand="远山", product="M1"), CONTEXT, NOW)
    assert (mention.brand, mention.product) == ("远山", "M1")


def test_without_a_native_id_the_same_item_is_the_same_and_another_is_not() -> None:
    item = Collected(
        text="电话13800138000", author="a", date="2026-11-20", rating="4", product_url="https://shop.example/p"
    )
    first = to_mention(item, CONTEXT, NOW).id
    assert to_mention(item, replace(CONTEXT, run="run-2", raw="x"), datetime(2026, 11, 24, tzinfo=UTC)).id == first
    for change in (
        {"text": "电话13900139000"},
        {"author": "b"},
        {"date": "2026-11-21"},
        {"rating": "5"},
        {"product_url": "y"},
    ):
        assert to_mention(replace(item, **change), CONTEXT, NOW).id != first
    assert to_mention(item, replace(CONTEXT, source="other"), NOW).id != first
    assert to_mention(item, CONTEXT, NOW, id="row-7").id == "row-7"


@pytest.mark.parametrize(
    ("today", "tomorrow"),
    [
        ("3小时前", "1天前"),
        ("今天 10:30", "昨天 10:30"),
        ("昨天 12:30", "前天 12:30"),
        ("昨天 12:30", "11-22 12:30"),
        ("12:30", "昨天 12:30"),
        ("2 hours ago", "1 day ago"),
        ("2026-11-20 10:00", "2026-11-20 10:00"),
        ("老时间", "老时间"),
    ],
)
def test_an_item_seen_again_a_day_later_is_the_same_though_its_date_reads_otherwise(today: str, tomorrow: str) -> None:
    then = NOW + timedelta(days=1)
    first = to_mention(Collected(text="好", author="a", date=today), CONTEXT, NOW)
    again = to_mention(Collected(text="好", author="a", date=tomorrow), CONTEXT, then)
    assert first.id == again.id


def test_what_cannot_be_stored_is_replaced_one_for_one() -> None:
    mention = to_mention(
        Collected(text="a\x00b\ud800c😀", title="\udfff", url="u\x00", product="p\ud800"), CONTEXT, NOW
    )
    assert mention.text == "a�b�c😀"
    assert mention.title == "�"
    assert (mention.url, mention.product) == ("u�", "p�")


def test_counters_nobody_has_are_not_believed() -> None:
    mention = to_mention(Collected(text="x", likes=-5, views=10**18, author_followers=-1), CONTEXT, NOW)
    assert (mention.likes, mention.views, mention.author_followers) == (0, None, None)


@given(st.text(max_size=80), st.text(max_size=20))
@settings(max_examples=150, deadline=None)
def test_any_text_and_title_make_a_mention_that_utf8_can_hold(text: str, title: str) -> None:
    mention = to_mention(Collected(text=text, title=title, native_id="1", author=title, date=text), CONTEXT, NOW)
    assert "\x00" not in mention.text
    mention.text.encode()
    mention.title.encode()


@pytest.mark.parametrize(
    "text", ["好" * 100_000, "<" * 100_000, "<p " * 30_000, "&" * 100_000, "<!--" * 20_000 + "</b>"]
)
def test_very_long_texts_are_read_in_time(text: str) -> None:
    assert to_mention(Collected(text=text), CONTEXT, NOW).id


@pytest.mark.parametrize(
    ("written", "low", "high", "expected"),
    [
        ("4", "", "", Rating(0.75, (1.0, 5.0))),
        ("4.5", "", "", Rating(0.875, (1.0, 5.0))),
        ("4,5", "", "", Rating(0.875, (1.0, 5.0))),
        ("1", "", "", Rating(0.0, (1.0, 5.0))),
        ("8", "0", "10", Rating(0.8, (0.0, 10.0))),
        ("8", "", "10", Rating(7 / 9, (1.0, 10.0))),
        ("4/5", "", "", Rating(0.75, (1.0, 5.0))),
        ("4.0 out of 5 stars", "", "", Rating(0.75, (1.0, 5.0))),
        ("80%", "", "", Rating(0.8, (0.0, 100.0))),
        ("★★★★☆", "", "", Rating(0.75, (1.0, 5.0))),
        ("⭐⭐⭐", "", "", Rating(0.5, (1.0, 5.0))),
        ("五星", "", "", Rating(1.0, (1.0, 5.0))),
        ("3分", "", "", Rating(0.5, (1.0, 5.0))),
        ("5 stars", "", "", Rating(1.0, (1.0, 5.0))),
        ("0", "", "", NO_RATING),
        ("6", "", "", NO_RATING),
        ("-1", "", "", NO_RATING),
        ("nan", "", "", NO_RATING),
        ("inf", "", "", NO_RATING),
        ("好评", "", "", NO_RATING),
        ("4", "5", "1", NO_RATING),
        ("4", "x", "5", NO_RATING),
        ("4", "nan", "5", NO_RATING),
        ("4", "", "inf", Rating(0.75, (1.0, 5.0))),
        ("", "", "", NO_RATING),
        ("9" * 400, "", "", NO_RATING),
    ],
)
def test_ratings_lie_between_nought_and_one_on_their_own_scale(
    written: str, low: str, high: str, expected: Rating
) -> None:
    assert parse_rating(written, low, high) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("很好<br>下次再来", "很好\n下次再来"),
        ("<p>第一段</p><p>第二&amp;段</p>", "第一段\n第二&段"),
        ("<b>重点</b>在<a href='x'>这里</a>", "重点在这里"),
        ("<script>alert(1)</script>好<style>x</style></div>", "好"),
        ("<!-- x --><div class=a>好</div>", "好"),
        ("价格 <3000 元，a<b>c", "价格 <3000 元，a<b>c"),
        ("我<3你 & 他 &amp; 她", "我<3你 & 他 &amp; 她"),
        ("x < y > z", "x < y > z"),
        ("[笑哭] #话题# @某人 https://a.example/?q=1&b=2", "[笑哭] #话题# @某人 https://a.example/?q=1&b=2"),
    ],
)
def test_html_is_read_as_a_person_sees_it_and_other_text_left_alone(text: str, expected: str) -> None:
    assert as_read(text) == expected


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("电池很耐用", "zh"),
        ("這個螢幕很亮", "zh"),
        ("iPhone 15 Pro Max 的 A17 不错", "zh"),
        ("The battery lasts two days and it is great", "en"),
        ("good", "en"),
        ("バッテリーが長持ちします", "ja"),
        ("배터리가 오래가요", "ko"),
        ("Der Akku hält leider nicht besonders lange durch", "de"),
        ("La batterie ne tient pas longtemps, je suis déçu", "fr"),
        ("Батарея держит долго, очень доволен покупкой", "ru"),
        ("12345 👍👍 !!", ""),
        ("", ""),
    ],
)
def test_a_language_is_guessed_by_script_and_common_words(text: str, language: str) -> None:
    assert guess_language(text) == language
