"""Words and characters: nothing moves, nothing is lost, and the words are jieba's."""

from __future__ import annotations

import warnings

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.segment import FIELD_BREAK, SPACE, Segmenter, characters, normalise, pieces, sentences

SENTENCES = (
    "这款手机充电特别慢，用了三天就开始发热",
    "酒店前台态度冷淡，房间隔音也不好",
    "外卖送到的时候汤已经洒了一半",
    "续航比上一代好很多，就是屏幕有点偏黄",
    "客服让我等了两个星期才给退款",
    "衣服洗了一次就起球，颜色也掉得厉害",
)
ANY = st.text(max_size=60) | st.text(alphabet="电池充电慢。！? \nABc12０Ａ　體驗😀_.", max_size=60)


@pytest.fixture(scope="module")
def segmenter() -> Segmenter:
    return Segmenter()


@settings(max_examples=200, deadline=None)
@given(ANY)
def test_normalised_text_has_the_same_length_and_is_stable(text: str) -> None:
    normal = normalise(text)
    assert len(normal) == len(text)
    assert normalise(normal) == normal
    assert SPACE not in normal and FIELD_BREAK not in normal
    normal.encode("utf-8")


@pytest.mark.parametrize(
    ("written", "normal"),
    [("ＡＰＰ１２３！", "app123!"), ("電池體驗", "电池体验"), ("a\u3000b\u00a0c\td", "a b c d"), ("\ud800", "\ufffd")],
)
def test_normalise(written: str, normal: str) -> None:
    assert normalise(written) == normal


@settings(max_examples=200, deadline=None)
@given(ANY)
def test_pieces_join_to_the_text(text: str) -> None:
    assert "".join(pieces(normalise(text))) == normalise(text)


@settings(max_examples=200, deadline=None)
@given(ANY)
def test_tokens_stand_where_they_say(text: str) -> None:
    segmenter = _shared()
    for found in (characters(text), segmenter.tokens(text)):
        assert [t.text for t in found] == [normalise(text)[t.start : t.end] for t in found]
        assert sum(t.end - t.start for t in found) == sum(not c.isspace() for c in normalise(text))
        bounds = sentences(text)
        assert all(bounds[t.sentence][0] <= t.start < bounds[t.sentence][1] for t in found)
    assert [t.text for t in segmenter.tokens(text)] == segmenter.words(text)


def test_characters_keep_words_and_numbers_whole() -> None:
    assert [t.text for t in characters("iPhone15用了3天")] == ["iphone", "15", "用", "了", "3", "天"]


def test_sentences_end_at_marks_and_lines() -> None:
    text = "好！真的。Bad. Very 3.5 bad\n完"
    assert [text[a:b] for a, b in sentences(text)] == ["好！", "真的。", "Bad.", " Very 3.5 bad\n", "完"]


def test_words_are_those_of_jieba(segmenter: Segmenter) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import jieba

        jieba.setLogLevel("ERROR")
        for sentence in SENTENCES:
            assert segmenter.words(sentence) == list(jieba.cut(normalise(sentence)))


def test_user_words_stay_whole_and_change_the_version(segmenter: Segmenter) -> None:
    named = Segmenter(["雷鸟快充王", "星河 手机", ""])
    assert "雷鸟快充王" in named.words("我买了雷鸟快充王手机")
    assert "雷鸟快充王" not in segmenter.words("我买了雷鸟快充王手机")
    assert named.version != segmenter.version
    assert named.version == Segmenter(["雷鸟快充王"]).version


def _shared(kept: list[Segmenter] = []) -> Segmenter:  # noqa: B006
    if not kept:
        kept.append(Segmenter())
    return kept[0]
