"""The lexicon: loading, overlays, matching with exact spans, and which attribute a term or an opinion is about."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import ConfigError
from nlp.lexicon import industries, load_lexicon
from nlp.segment import normalise

ELECTRONICS = load_lexicon("electronics")
HOTEL = load_lexicon("hotel")
RESTAURANT = load_lexicon("restaurant")


def found(text: str) -> list[tuple[str, str, str | None]]:
    return [(match.span.of(text), match.path, match.polarity) for match in ELECTRONICS.match(text)]


def overlay(folder: Path, text: str) -> Path:
    place = folder / "electronics.toml"
    place.write_text(text, encoding="utf-8")
    return place


def test_unknown_industry_names_those_there_are():
    with pytest.raises(ConfigError, match=r"'banking'.*car, clothing, cosmetics, electronics, general, hotel, rest"):
        load_lexicon("banking")


def test_terms_and_opinion_words_are_found_with_path_and_polarity():
    assert found("电池不耐用，价格太贵") == [
        ("电池不耐用", "battery/life", "negative"),
        ("价格", "price", None),
        ("太贵", "price", "negative"),
    ]


def test_the_longest_term_wins():
    assert found("充电器发热")[0] == ("充电器发热", "battery/heat", None)


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("Battery life is fine", ["Battery life"]),
        ("BATTERY", ["BATTERY"]),
        ("batteryless", []),
        ("电池battery电池", ["电池", "battery", "电池"]),
        ("my usb2 port", ["port"]),
        ("the price.", ["price"]),
    ],
)
def test_latin_words_match_whole_in_any_case(text, terms):
    assert [term for term, path, _ in found(text) if path] == terms


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("😀😀電池😀", "電池"),
        ("ｂａｔｔｅｒｙ好", "ｂａｔｔｅｒｙ"),
        ("螢幕？不，是屏幕", "螢幕"),
        ("充電速度慢", "充電速度"),
        ("\ud800电池", "电池"),
    ],
)
def test_spans_hold_after_emoji_traditional_full_width_and_surrogates(text, term):
    assert found(text)[0][0] == term


pieces = st.lists(
    st.one_of(
        st.sampled_from(
            ["电池", "電池", "Ｓｃｒｅｅｎ", "screen", "價格", "太贵", "🙂", "👨‍👩‍👧", "İ", "ﬁ", "，", " ", "\ud83d"]
        ),
        st.text(max_size=4),
    ),
    max_size=14,
)


@settings(max_examples=150, deadline=None)
@given(pieces)
def test_spans_are_of_the_text_as_given_in_order_and_apart(parts):
    text = "".join(parts)
    reached = 0
    for match in ELECTRONICS.match(text):
        assert reached <= match.span.start < match.span.end <= len(text)
        reached = match.span.end
        assert normalise(match.span.of(text)) == normalise(text)[match.span.start : match.span.end]


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=30), st.sampled_from(["续航时间", "battery life", "售后服务"]))
def test_a_term_between_marks_is_always_found(noise, term):
    text = f"{noise}。{term}。"
    last = [m for m in ELECTRONICS.match(text) if m.role == "aspect"][-1]
    assert last.span.of(text) == term


def test_an_opinion_close_to_an_aspect_is_about_it():
    assert found("发货速度有点慢")[-1] == ("慢", "delivery/speed", "negative")
    assert found("运行挺快")[-1] == ("快", "performance/speed", "positive")
    assert found("物流，快")[-1][1] == "performance/speed"


def test_words_to_ignore_hide_what_is_in_them():
    assert found("打卡") == []
    assert found("很卡")[0][1] == "performance/lag"


@pytest.mark.parametrize(
    ("term", "path"),
    [
        ("电池", "battery"),
        ("電池", "battery"),
        ("手机电池的续航时间", "battery/life"),
        ("整个屏幕的分辨率", "screen/clarity"),
        ("Battery Life", "battery/life"),
        ("这部手机", "overall"),
        ("天空", ""),
        ("", ""),
    ],
)
def test_attribute_of(term, path):
    assert ELECTRONICS.attribute_of(term) == path


@pytest.mark.parametrize(
    ("industry", "opinion", "path"),
    [
        ("electronics", "太贵了", "price"),
        ("electronics", "不便宜", "price"),
        ("electronics", "慢得要命", "performance/speed"),
        ("restaurant", "太慢", "delivery/speed"),
        ("restaurant", "难吃", "taste"),
        ("hotel", "吵死了", "noise"),
        ("car", "费油", "fuel"),
        ("clothing", "掉色严重", "color/fastness"),
        ("clothing", "容易起球", "quality/durability"),
        ("cosmetics", "刺痛", "skin/irritation"),
        ("general", "不甜", "food/taste"),
        ("electronics", "挺好", ""),
    ],
)
def test_implicit(industry, opinion, path):
    assert load_lexicon(industry).implicit(opinion) == path


@pytest.mark.parametrize(
    ("lexicon", "aspect", "opinion", "path"),
    [
        (ELECTRONICS, "手机", "太贵", "price"),
        (ELECTRONICS, "物流", "慢", "delivery/speed"),
        (ELECTRONICS, "电池", "烫", "battery/heat"),
        (ELECTRONICS, "屏幕", "模糊", "screen/clarity"),
        (ELECTRONICS, "声音", "清晰", "sound"),
        (ELECTRONICS, "充电", "慢", "battery/charging"),
        (ELECTRONICS, "", "便宜", "price"),
        (ELECTRONICS, "电池", "", "battery"),
        (HOTEL, "房间", "脏", "cleanliness"),
        (HOTEL, "早餐", "贵", "dining/breakfast"),
        (RESTAURANT, "牛肉", "不新鲜", "ingredients"),
        (RESTAURANT, "服务", "太慢", "service/speed"),
    ],
)
def test_resolve_puts_aspect_and_opinion_together(lexicon, aspect, opinion, path):
    assert lexicon.resolve(aspect, opinion) == path


def test_names_in_both_languages():
    assert ELECTRONICS.name("battery/charging", "zh") == "充电"
    assert ELECTRONICS.name("battery/charging", "en") == "Charging"
    assert ELECTRONICS.name("no/such", "zh") == "no/such"


def test_a_missing_overlay_changes_nothing(tmp_path):
    assert load_lexicon("electronics", tmp_path / "electronics.toml").version == ELECTRONICS.version


def test_overlay_adds_and_removes_words_and_changes_the_version(tmp_path):
    place = overlay(tmp_path, '[battery.charging]\nwords = ["回血"]\nremove = ["充电宝"]\nnegative = ["龟速回血"]\n')
    changed = load_lexicon("electronics", place)
    assert changed.attribute_of("回血") == "battery/charging"
    assert changed.implicit("龟速回血") == "battery/charging"
    assert "充电宝" not in {s for a in changed.attributes for s in a.synonyms}
    assert changed.version != ELECTRONICS.version
    assert load_lexicon("electronics", place).version == changed.version


def test_overlay_adds_and_drops_attributes(tmp_path):
    solar = '[solar]\nzh = "太阳能"\nen = "Solar"\nwords = ["太阳能板"]\n'
    panel = '[solar.panel]\nzh = "板"\nen = "Panel"\nwords = ["光伏板"]\n'
    place = overlay(tmp_path, f"[camera]\ndrop = true\n{solar}{panel}")
    changed = load_lexicon("electronics", place)
    assert not [a.path for a in changed.attributes if a.path.startswith("camera")]
    assert changed.attribute_of("光伏板") == "solar/panel"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[battery\n", "not valid TOML"),
        ('[battery]\nwrods = ["x"]\n', "battery: wrods: not known"),
        ('[battery]\nwords = "电池"\n', "expected a list of words"),
        ('[battery]\nwords = [""]\n', "expected a list of words"),
        ('[battery]\ndrop = "yes"\n', "write `true` or `false`"),
        ("[nosuch]\ndrop = true\n", "no such attribute to drop"),
        ('[a.b.c]\nzh = "x"\n', "two levels"),
        ('wrods = ["x"]\n', "wrods: not known"),
        ('[solar]\nwords = ["太阳能板"]\n', "solar needs a Chinese and an English name"),
        ('[price]\nwords = ["续航"]\n', "'续航' stands under battery/life and under price"),
        ('[price]\nwithin = ["续航"]\n', "'续航' stands under battery/life and within price"),
        ("zh = 1\n", "expected a name in quotes"),
    ],
)
def test_a_wrong_overlay_is_refused_with_file_and_key(tmp_path, text, message):
    with pytest.raises(ConfigError, match=message):
        load_lexicon("electronics", overlay(tmp_path, text))


def test_an_overlay_that_is_not_utf8_is_refused(tmp_path):
    place = tmp_path / "electronics.toml"
    place.write_bytes('[battery]\nwords = ["电"]\n'.encode("gb18030"))
    with pytest.raises(ConfigError, match="not UTF-8"):
        load_lexicon("electronics", place)


def test_long_texts_and_odd_ones_are_matched_too():
    assert len(ELECTRONICS.match("电池" * 50_000)) == 50_000
    assert ELECTRONICS.match("") == ()
    assert industries()[0] == "car"
