"""Documents of random words with all that makes counting hard: several brands, ancestors, no dates, odd texts."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from core.models import DocumentComparison, DocumentOpinion, SearchDocument, Span

START = datetime(2026, 9, 1, tzinfo=UTC)
BRANDS = ("雷鸟", "星河", "Aurora", "山岚")
ATTRIBUTES = ("battery", "battery/charging", "battery/heat", "screen", "screen/colour", "service", "")
POLARITIES = ("positive", "neutral", "negative")
PLAIN = """手机 充电 慢 死了 很 好 不错 电池 发热 屏幕 颜色 偏黄 客服 态度 差 iPhone15 Pro Max 5000mAh 100% OK 😀 👍🏽
， 。 ！ ？ … 、 （ ） 電池 體驗 ＡＰＰ １２３ a.b c-d http://x.cn/1 #话题# @某人 [笑哭] 3.5 v2 Ωmega été １ 慢 慢慢
aa aaa x1 1x"""
WORDS = (*PLAIN.split(), "\n", "\u3000", "\t")
SEPARATORS = ("", "", "", " ", "  ", "，")


def text(rnd: random.Random, length: int = 14) -> str:
    parts = rnd.choices(WORDS, k=rnd.randint(1, length))
    return "".join(part + rnd.choice(SEPARATORS) for part in parts)


def documents(n: int, seed: int = 7, **fixed: Any) -> list[SearchDocument]:
    rnd = random.Random(seed)
    return [one(rnd, f"{seed}-{i}", **fixed) for i in range(n)]


def one(rnd: random.Random, name: str, **fixed: Any) -> SearchDocument:
    likes, replies, shares = (rnd.choice((0, 0, 1, 5, 120)) for _ in range(3))
    opinions = tuple(opinion(rnd) for _ in range(rnd.choice((0, 0, 1, 1, 2, 3))))
    fields: dict[str, Any] = {
        "id": sha256(name.encode()).hexdigest()[:32],
        "source": rnd.choice(("shop", "weibo", "forum")),
        "platform": rnd.choice(("reviews", "recipe")),
        "kind": rnd.choice(("review", "post", "comment")),
        "url": "http://shop.example/1",
        "parent_id": "",
        "title": text(rnd, 3) if rnd.random() < 0.3 else "",
        "text": text(rnd),
        "language": rnd.choice(("zh", "en", "")),
        "author": rnd.choice(("", "a1", "a2", "a3")),
        "author_followers": rnd.choice((None, 0, 1000, 250_000)),
        "published_at": None if rnd.random() < 0.1 else START + timedelta(seconds=rnd.randrange(86400 * 75)),
        "published_precision": "exact",
        "collected_at": START + timedelta(days=80, microseconds=rnd.randrange(86_400_000_000)),
        "rating": rnd.choice((None, None, 0.0, 0.25, 0.5, 0.75, 1.0, 2 / 3)),
        "rating_scale": (1.0, 5.0),
        "likes": likes,
        "replies": replies,
        "shares": shares,
        "views": rnd.choice((None, 10, 5000)),
        "engagement": likes + replies + shares,
        "brands": tuple(rnd.sample(BRANDS, k=rnd.choice((0, 1, 1, 1, 2)))),
        "product": rnd.choice(("", "T1", "T2 Pro")),
        "region": rnd.choice(("", "广东", "上海")),
        "images": (),
        "polarity": rnd.choice((*POLARITIES, "unsure")),
        "score": round(rnd.uniform(-1, 1), 3),
        "opinions": opinions,
        "comparisons": tuple(comparison(rnd) for _ in range(rnd.choice((0, 0, 0, 1, 2)))),
        "intents": tuple(rnd.sample(("refund", "buy", "ask"), k=rnd.choice((0, 0, 1, 2)))),
        "industry": "electronics",
        "relevance": rnd.choice((1.0, 0.9, 0.5, 0.49, 0.1)),
        "relevance_reason": rnd.choice(("", "", "lottery")),
        "duplicate_of": rnd.choice(("", "", "", "x")),
        "promotion": rnd.choice((0.0, 0.2, 0.5, 0.9)),
        "promotion_reasons": (),
        "topic": rnd.choice(("", "heat", "refunds")),
        "revision": "r",
    }
    return SearchDocument(**{**fields, **fixed})


def opinion(rnd: random.Random) -> DocumentOpinion:
    phrase = rnd.choice(("充电慢", "发热", "屏幕偏黄", "battery ok", ""))
    target, attribute = rnd.choice((*BRANDS, "")), rnd.choice(ATTRIBUTES)
    return DocumentOpinion(target, attribute, rnd.choice(POLARITIES), phrase, "", Span(0, 1))  # type: ignore[arg-type]


def comparison(rnd: random.Random) -> DocumentComparison:
    winner, loser = rnd.sample((*BRANDS, ""), k=2)
    preference = rnd.choice(("better", "worse", "equal", "different"))
    return DocumentComparison(winner, loser, rnd.choice(ATTRIBUTES), preference, Span(0, 1))  # type: ignore[arg-type]


def cut(rnd: random.Random, texts: Sequence[str], longest: int = 6) -> str:
    """A piece out of one of the texts."""
    chosen = rnd.choice([t for t in texts if t])
    start = rnd.randrange(len(chosen))
    return chosen[start : start + rnd.randint(1, longest)]
