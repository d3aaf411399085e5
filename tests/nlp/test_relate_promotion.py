"""Cues of paid and coordinated praise."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from core.models import PROMOTED
from nlp.relate.promotion import Praise, copied_praise, spree, text_promotion

START = datetime(2026, 4, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("用着不错,想要的加我微信 abc12345 有内部价", "contact"),
        ("五星好评返现两块,东西也就那样", "paid_review"),
        ("限时秒杀,领券再减三十,点击链接下单", "coupon"),
        ("转发这条微博,抽三位送同款耳机", "lottery"),
        ("【广告】新款到店", "disclosed_ad"),
        ("姐妹们冲!音质天花板,性价比之王,闭眼入,不买后悔", "superlatives"),
        ("#云雀耳机# #好物# #数码# #通勤# 到手了", "hashtag_stuffing"),
    ],
)
def test_cues_are_named(text: str, reason: str) -> None:
    found = text_promotion(text)
    assert reason in found.reasons and found.score >= PROMOTED


@pytest.mark.parametrize(
    "text",
    [
        "电池不耐用,半天就没电了",
        "说好的好评返现根本没返,骗子",
        "领的优惠券不能用,套路太多,已投诉",
        "音质不错,强烈推荐",
        "客服让我加他微信?不,我拒绝了",
        "",
    ],
)
def test_ordinary_talk_and_complaints_about_promotion_are_not_promotion(text: str) -> None:
    assert text_promotion(text).score < PROMOTED


def test_copied_praise_needs_several_authors_close_in_time() -> None:
    near = [Praise(f"n{n}", f"a{n}", START + timedelta(hours=n)) for n in range(3)]
    far = [Praise("late", "a9", START + timedelta(days=30))]
    assert set(copied_praise(near + far)) == {"n0", "n1", "n2"}
    assert copied_praise(near[:2]) == {}
    assert copied_praise([Praise(f"n{n}", "one", START) for n in range(5)]) == {}


def test_a_spree_is_many_praises_in_a_day() -> None:
    day = [Praise(f"d{n}", "a", START + timedelta(hours=n)) for n in range(5)]
    week = [Praise(f"w{n}", "a", START + timedelta(days=10 + n)) for n in range(5)]
    assert set(spree(day + week)) == {"d0", "d1", "d2", "d3", "d4"}
