"""How likely a mention is paid or coordinated, with reasons a person can check.

Text alone gives cues (a contact, a coupon, piled superlatives). Company gives others: the same praise by several
authors within days, one author praising one brand many times in a day. Each cue has a weight; a score is
1 - Π(1 - weight), so cues add up without passing 1.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from nlp.segment import normalise

COPY_WINDOW = timedelta(hours=72)
COPY_AUTHORS = 3
SPREE_WINDOW = timedelta(hours=24)
SPREE_SIZE = 5
"""Posts of praise for one brand by one author within a day. An order of several goods brings two to four at once."""


@dataclass(frozen=True, slots=True)
class Promotion:
    """`score` 0-1 and the names of the cues, strongest first."""

    score: float
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Cue:
    name: str
    weight: float
    pattern: re.Pattern[str]
    least: int = 1


def _cue(name: str, weight: float, pattern: str, least: int = 1) -> Cue:
    return Cue(name, weight, re.compile(pattern), least)


CUES = (
    _cue(
        "disclosed_ad",
        0.8,
        r"[【\[#](?:广告|推广)[】\]#]|(?:含|有)广告|商务合作|合作(?:推广|邀约|体验)|品牌(?:合作|方(?:寄|送|支持|赞助|提供))|由.{1,12}(?:赞助|提供)(?:播出|$)|产品由.{1,8}提供"
        r"|恰饭|和品牌合作|#ad\b|\bsponsored\b|paid partnership|partnered with",
    ),
    _cue(
        "contact",
        0.7,
        r"(?<!让)(?<!让我)(?<!要我)(?<!要求)(?<!客服)(?<!叫我)(?:加|\+|联系|咨询)\s*(?:我|薇|v|微)?\s*(?:的)?\s*(?:微信|威信|v信|薇信|vx|wx|qq|line)(?!公众号|支付)"
        r"|(?:微信|vx|wx|qq群?|line)(?:号|同名|同号)?\s*:\s*[\w-]{4,}|(?:vx|wx|微信)同(?:名|号)|(?<!不)私信我|扫码(?:进群|添加|领)|进群(?:领|享)",
    ),
    _cue(
        "paid_review",
        0.7,
        r"好评(?:返|有礼|送红包)|五星(?:好评)?(?:返|有礼|送(?!的|货))|晒[图单].{0,3}(?:返|有礼|送|领)|追评.{0,4}返|好评.{0,8}(?:红包|折价券|返\d|返现|截图.{0,4}(?:领|返|给))"
        r"|(?:发了?|给了?|送)(?:红包|返现|优惠券).{0,6}好评|(?:为了|冲着)(?:返现|红包|礼品).{0,6}(?:好评|评价|写)|五星.{0,8}(?:截图|红包|折价券)|(?:红包|礼品|赠品).{0,8}记得(?:五星|好评)"
        r"|送(?:的)?试用装?换|in exchange for (?:an?|my)?.{0,10}review|gift card for|for free in exchange",
    ),
    _cue(
        "coupon",
        0.6,
        r"优惠券|领券|限时(?:秒杀|特惠|抢购|折扣|补贴)|(?:官方|百亿)补贴.{0,12}(?:抢|最后)|下单立减|立减\d+|点击(?:下方|购物车)|点击?链接|复制.{0,12}打开(?:淘宝|京东|拼多多)|¥\w{8,}¥|戳链接"
        r"|(?:我的|用我)的?(?:邀请|优惠|推荐|折扣)[码券]|链接(?:在|放)(?:主页|橱窗|评论|下方|置顶)|(?:直接|马上)(?:拍|发链接)|扣\s*1\b|库存告急|粉丝(?:价|专属|福利)|厂家直供|收藏店铺|店铺有礼"
        r"|use my code|code\s?:\s?\w+|link (?:in bio|below)|limited stock|promo code \w*\d",
    ),
    _cue("lottery", 0.6, r"转发.{0,8}抽|抽奖|关注.{0,6}转发|转赞评|抽\s*(?:\d+|[一两三五十])\s*(?:位|名|个)"),
    _cue(
        "superlatives",
        0.5,
        r"天花板|绝绝子|yyds|闭眼[入买冲]|性价比(?:之王|无敌|爆表)|史上最|全网最|全网.{0,4}(?:第二家|断货)|断货王|人手一|(?:必|无脑)[冲入]|无限回购"
        r"|(?:强烈|真心|疯狂|按头)(?:推荐|安利)|良心(?:推荐|品牌)|(?:宝藏|神仙)(?:单品|好物|面霜)|神器|吹爆|封神|绝美|挖到宝|亲测|不踩雷"
        r"|(?:赶紧|快来|大家快|赶快)(?:冲|入手|下单|买)|冲就完|买到就是赚到|不用犹豫|不要犹豫|手慢无|速抢|(?:姐妹|宝子|家人)们|亲们|不买后悔|错过.{0,4}后悔|错过等|国货之光|遥遥领先"
        r"|谁用谁知道|不好用你来打我|吊打一切|run don't walk|best thing ever",
        2,
    ),
    _cue("hashtag_stuffing", 0.5, r"#[^#\s]{1,30}(?:#|(?=\s|$))", 4),
)
COPIED_PRAISE = ((COPY_AUTHORS, 0.6), (8, 0.85))
"""Distinct authors of the same praise within 72 hours of a mention, and what that weighs."""
SPREE = ((SPREE_SIZE, 0.5), (10, 0.8))

_COMPLAINT = re.compile(
    r"骗|没返|不返|没给|没有返|不给返|套路|虚假|举报|投诉|恶心|反感|假的|刷(?:单|好评)|水军|拒绝|(?<!s)low|都是托|是托|改好评|删差评|不能用|用不了|算错|没兑现|没到账|不靠谱|翻车|失效|过期"
    r"|didn't work|not work|to delete|no thanks"
)
_READ = 5000
"""Code points of a text that are looked at: an advertisement says so sooner."""
_COMPLAINABLE = frozenset({"paid_review", "coupon", "lottery", "contact"})


def text_promotion(text: str) -> Promotion:
    """Cues in one text."""
    return combined(text_cues(text))


def text_cues(text: str) -> list[tuple[str, float]]:
    """Names and weights. Who complains of a withheld coupon or of bought praise is not advertising it."""
    text = normalise(text[:_READ])
    complains = _COMPLAINT.search(text) is not None
    found = [c for c in CUES if not (complains and c.name in _COMPLAINABLE) and _times(c, text) >= c.least]
    return [(c.name, c.weight) for c in found]


def combined(cues: Iterable[tuple[str, float]]) -> Promotion:
    """One promotion out of named weights."""
    ordered = sorted(cues, key=lambda cue: (-cue[1], cue[0]))
    left = 1.0
    for _, weight in ordered:
        left *= 1 - weight
    return Promotion(round(1 - left, 4), tuple(name for name, _ in ordered))


@dataclass(frozen=True, slots=True)
class Praise:
    """A dated positive mention, as far as its company needs to know it."""

    mention_id: str
    author: str
    published_at: datetime


def copied_praise(group: Sequence[Praise]) -> dict[str, float]:
    """Weight of `copied_praise` for each member of one duplicate group that has enough authors around it.

    Authors that are not known are told apart by nothing and count as one.
    """
    return _windowed(group, COPY_WINDOW, COPIED_PRAISE, lambda praise: praise.author)


def spree(praises: Sequence[Praise]) -> dict[str, float]:
    """Weight of `praise_spree` for each praise of one brand by one author that has enough others around it."""
    return _windowed(praises, SPREE_WINDOW, SPREE, lambda praise: praise.mention_id)


def _windowed(
    praises: Sequence[Praise],
    window: timedelta,
    steps: Sequence[tuple[int, float]],
    key: Callable[[Praise], str],
) -> dict[str, float]:
    """For each praise, the weight of how many different keys stand at most `window` away from it."""
    ordered = sorted(praises, key=lambda p: (p.published_at, p.mention_id))
    inside: Counter[str] = Counter()
    weights: dict[str, float] = {}
    left = right = 0
    for praise in ordered:
        while right < len(ordered) and ordered[right].published_at <= praise.published_at + window:
            inside[key(ordered[right])] += 1
            right += 1
        while ordered[left].published_at < praise.published_at - window:
            _take(inside, key(ordered[left]))
            left += 1
        weights[praise.mention_id] = max((w for least, w in steps if len(inside) >= least), default=0.0)
    return {id: weight for id, weight in weights.items() if weight}


def _take(counts: Counter[str], key: str) -> None:
    counts[key] -= 1
    if not counts[key]:
        del counts[key]


def _times(cue: Cue, text: str) -> int:
    if cue.least == 1:
        return 1 if cue.pattern.search(text) else 0
    return len({m.group().casefold() for m in cue.pattern.finditer(text)})
