"""Who won a comparison that plain words decide: A不如B, A被B吊打, A比不过B, A吊打B.

The model finds such sentences and often takes their parts the wrong way round; where one of these words stands
between or after two names there is nothing left to guess.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from core.models import Span
from nlp.brands import BrandHit
from nlp.lexicon import TermMatch
from nlp.opinions import Scene

_BEATS = r"吊打|碾压|秒杀(?!价|活动|抢|时|的|买|入|到|节|专场)|完胜|完爆|甩开?|胜过|强过|好过|优于|超过|领先|赢了?"
_LOSES = r"不如|比不过|比不上|比不了|不及|不敌|逊于|逊色于|差于|弱于|输给了?|败给了?|赶不上|干不过"
_PASSIVE = re.compile(rf"被(?P<other>[^，。！？,.!?；;]{{1,24}}?)(?:{_BEATS}|比下去|打败|超越|甩)")
_LOSING = re.compile(rf"(?:{_LOSES})|\b(?:(?:is|are|was) (?:worse|slower|weaker) than|not as \w+ as|loses to)\b", re.I)
_BEATING = re.compile(
    rf"(?:明显|完全|直接|轻松)?(?:{_BEATS})|\b(?:(?:is|are|was) better than|beats|outperforms)\b", re.I
)
_BETTER = re.compile(
    r"更[好强快香稳准清轻]|[好强快]太多|[好强快]多了|没这么[差慢卡烂烫重吵贵]|没那么[差慢卡烂烫重吵贵]"
)
_WORSE = re.compile(r"差远了|差多了|差[得的]远|差一[截档]|差太多")
_MEASURED = re.compile(r"(?:比起?|跟|和|与|同|较|相比|对比)\s*$")
"""Before a name: what follows is said of the page's brand, measured against that name."""
_SELF = re.compile(r"这[个款台部辆家副块只]|它|本机|this one|\bmine\b", re.IGNORECASE)
_UNDONE = re.compile(r"(?:不|没|没有|别|未|难|无法|不会|并非|还)$")


class Contest(NamedTuple):
    """A predicate with the brands that won and lost, and the aspect it was about, "" and None where not told."""

    winner: str
    loser: str
    attribute: str
    aspect: Span | None
    predicate: Span


def contests(place: Scene) -> tuple[Contest, ...]:
    """Every comparison of a text that is told by its predicate; only those whose two sides are known and differ."""
    if not place.hits:
        return ()
    return tuple(c for clause in place.clauses for c in _in_clause(clause, place))


def _in_clause(clause: Span, place: Scene) -> Iterator[Contest]:
    words = place.text[clause.start : clause.end]
    hits = [h for h in place.hits if clause.start <= h.span.start < clause.end]
    passive = _PASSIVE.search(words)
    found = passive or _LOSING.search(words) or _BEATING.search(words)
    if found is None:
        yield from _alone(clause, hits, place)
        return
    if _UNDONE.search(words[: found.start()]):
        return
    predicate = Span(clause.start + found.start(), clause.start + found.end())
    first, second = _sides(hits, predicate, place, within_predicate=passive is not None)
    if not first or not second or first == second:
        return
    loses = passive is not None or _LOSING.match(words, found.start()) is not None
    aspect = _aspect(place.matches, clause, predicate)
    path = aspect.path if aspect else ""
    yield Contest(
        second if loses else first, first if loses else second, path, aspect.span if aspect else None, predicate
    )


def _alone(clause: Span, hits: list[BrandHit], place: Scene) -> Iterator[Contest]:
    """A clause that calls one other brand better or worse: 隔壁B差远了 stands on A's page, and praises A."""
    others = {h.brand for h in hits}
    words = place.text[clause.start : clause.end]
    better, worse = _BETTER.search(words), _WORSE.search(words)
    found = better or worse
    if found is None or not place.brand or len(others) != 1 or place.brand in others:
        return
    predicate = Span(clause.start + found.start(), clause.start + found.end())
    other = hits[0].brand
    turned = _MEASURED.search(place.text[clause.start : hits[0].span.start]) is not None
    wins, loses = (other, place.brand) if (better is not None) != turned else (place.brand, other)
    aspect = _aspect(place.matches, clause, predicate)
    yield Contest(wins, loses, aspect.path if aspect else "", aspect.span if aspect else None, predicate)


def _sides(hits: list[BrandHit], predicate: Span, place: Scene, within_predicate: bool) -> tuple[str, str]:
    """The brand before the predicate and the one after it; the page's where that side names none or says 这个."""
    left = [h.brand for h in hits if h.span.end <= predicate.start]
    edge = predicate.start if within_predicate else predicate.end
    right = [h.brand for h in hits if h.span.start >= edge]
    after = place.text[edge : edge + 12]
    first = left[-1] if left else place.brand
    second = right[0] if right else (place.brand if _SELF.search(after) else "")
    return first, second


def _aspect(matches: tuple[TermMatch, ...], clause: Span, predicate: Span) -> TermMatch | None:
    inside = [
        m
        for m in matches
        if m.path and m.role == "aspect" and clause.start <= m.span.start and m.span.end <= clause.end
    ]
    return min(inside, key=lambda m: abs(m.span.start - predicate.start), default=None)
