"""What is a copy of what, in memory."""

from __future__ import annotations

import random
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.relate.duplicates import DuplicateFinder
from nlp.relate.minhash import likeness, minhash
from nlp.relate.wording import normalise

LONG = "这台洗衣机用了半年,脱水的时候声音像拖拉机,报修三次都没人上门,再也不买这个牌子了"


@pytest.mark.parametrize(
    "copy",
    [
        LONG.replace(",", "!!!  ") + "😡😡[怒]",
        "转发微博 //@路人甲: " + LONG,
        LONG.replace("半年", "大半年"),
        "http://t.example/x1 " + LONG,
        LONG.replace("三次", "3次"),
    ],
)
def test_copies_are_found(copy: str) -> None:
    finder = DuplicateFinder()
    assert finder.add("first", LONG, author="甲") == ""
    assert finder.add("second", copy, author="乙") == "first"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("好评", "好评"),
        ("壶嘴不滴水挺中意", "壶嘴不滴水挺中意"),
        ("哒哒哒哒哒哒哒哒哒哒哒哒", "哒哒哒哒哒哒哒哒哒哒哒哒"),
        ("😀😀😀", "😀😀😀"),
        ("面料不错大小合适穿上很舒服", "颜色不错大小合适穿上很舒服"),
        (LONG, "这台洗衣机用了半年,脱水安静,洗得干净,售后上门也快,以后还买这个牌子"),
    ],
)
def test_what_two_people_may_say_by_themselves_is_no_copy(one: str, other: str) -> None:
    finder = DuplicateFinder()
    finder.add("first", one, author="甲")
    assert finder.add("second", other, author="乙") == ""


def test_the_same_author_repeating_a_short_text_is_a_copy() -> None:
    finder = DuplicateFinder()
    finder.add("first", "好评", author="甲")
    assert finder.add("second", "好评!", author="甲") == "first"


def test_full_width_and_case_do_not_matter() -> None:
    assert normalise("ABC 12 好") == normalise("abc１２好") == "abc12好"


def test_the_earliest_published_is_the_original() -> None:
    finder = DuplicateFinder()
    finder.add("b", LONG, published_at=datetime(2026, 5, 2, tzinfo=UTC))
    assert finder.add("a", LONG, published_at=datetime(2026, 5, 1, tzinfo=UTC)) == ""
    assert finder.add("c", LONG) == "a"


def test_undated_lines_point_to_the_first_line() -> None:
    finder = DuplicateFinder()
    assert [finder.add(id, LONG) for id in ("9", "10", "1")] == ["", "9", "9"]


@settings(max_examples=40, deadline=None)
@given(st.text(alphabet="手机电池屏幕很好坏了吗的一", min_size=2, max_size=80), st.integers(0, 2**32))
def test_estimated_likeness_is_near_the_true_one(text: str, seed: int) -> None:
    other = "".join(random.Random(seed).choices("手机电池屏幕很好坏了吗的一客服", k=20)) + text
    pairs = [{t[i : i + 2] for i in range(len(t) - 1)} for t in (text, other)]
    true = len(pairs[0] & pairs[1]) / len(pairs[0] | pairs[1])
    assert abs(likeness(minhash(text), minhash(other)[None, :])[0] - true) < 0.25


def test_a_campaign_of_thousands_stays_one_group() -> None:
    rng, finder = random.Random(3), DuplicateFinder()
    for number in range(2500):
        letters = list(LONG * 2)
        letters[rng.randrange(len(letters))] = rng.choice("天地玄黄宇宙洪荒")
        assert finder.add(str(number), "".join(letters)) == ("0" if number else "")
