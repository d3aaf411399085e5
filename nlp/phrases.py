"""The words of an opinion as people would quote them: 慢死了 and not 慢, 三天两头死机 and not 三天两头."""

from __future__ import annotations

import re
from bisect import bisect_right

from core.models import Side, Span
from nlp.lexicon import TermMatch
from nlp.scene import Scene, inside
from nlp.sentences import within
from nlp.thresholds import LONG_PHRASE, LONGEST_QUOTE

_RIM = " \t\n\r，。！？；、：:,.!?;~～…·\"'“”‘’（）()【】[]-—"
_EMPTY = re.compile(
    r"(?:[了的吧啊呢呀嘛哦噢哈么吗呵哎着过地得\s]|就是|也|都|还|而已|什么的|之类的?|方面|里面?|里头|上面?|中|内|外|时候?|等等?)*"
)
"""Words after a term that judge nothing."""
_DEGREE = re.compile(
    r"(?:不是很|不是|不太|不够|不怎么|有?一?点点|有点儿?|有一点|有些|非常|特别|十分|相当|实在|真的?是?|太过?|很|超级|超|挺|极其|极|比较|蛮|巨|贼"
    r"|最|更|这么|那么|如此|完全|根本|一点[也都]?|还是?|也|都|不|没有?|无|"
    r"\b(?:really|very|so|too|not|quite|extremely|never|is|was|are|were)\s)+$",
    re.IGNORECASE,
)
_DENIED = re.compile(r"(?:[不没无别未]|not |n't |no |never )\S{0,2}$", re.IGNORECASE)
_TAIL = re.compile(
    r"(?:[得的]?(?:要死|要命|不行|不得了|离谱|可怕|可以|厉害|一[塌蹋]糊涂|一[比批]|很|狠)|到[爆家]|死了?|极了|透了?|爆了?|惨了|多了|至极)?[了啦]?",
)
_LEAD = re.compile(
    r"(?:的(?:时候|话)?|但是?|可是|却|所以|就是|不过|而且|然后|结果|因为|倒是|都|也|就|呢|啊|嘛)+(?=[^的了，,。]{2})"
)
_DENYING = re.compile(r"(?:没有?|无|不是|并非|缺乏?|\b(?:no|without|lacks?)\s)$", re.IGNORECASE)
"""Just before a term: the denial is what is said of it (没有描述的好)."""
_LONGEST_REST = 16
"""Code points of a clause's rest that is still quoted whole where its judging word is a single character."""
_OWNED = 4
"""Code points of 的 and a noun that follow a term: no judgement."""
_REACH = 8
"""Code points before a word among which what strengthens or denies it is looked for."""


def divided(aspect: Span, side: Side, place: Scene) -> tuple[Span | None, Span | None]:
    """A term and the words of its clause that judge it; (None, term) for a term that judges by itself.

    They are the rest of the clause; where that is long, the judging word in it that takes the same side.
    """
    text, clause = place.text, _clause(aspect, place)
    after = _said(text, aspect.end, clause.end)
    before = trimmed(text, clause.start, aspect.start)
    end = (trimmed(text, aspect.start, clause.end) or aspect).end
    if denial := _DENYING.search(text, clause.start, aspect.start):
        return aspect, Span(denial.start(), end)
    rest = after or before
    if rest is None:
        return None, Span(aspect.start, end)
    word = _nearest(place, aspect, clause, side)
    in_row = after is not None and "、" in after.of(text)
    if word is not None and (_is_long(rest, text) or in_row or not inside(word, rest)):
        words = widened(word, clause, aspect, text)
        if words.end - words.start > 1 or rest.end - rest.start > _LONGEST_REST:
            return aspect, words
    if after is None and word is None:
        return aspect, Span(_led(rest, text).start, end)
    return aspect, _led(rest, text)


def _clause(aspect: Span, place: Scene) -> Span:
    """A term's clause; of one in a row (文字、内容都不好) up to the end of the row."""
    at = max(0, bisect_right(place.clauses, aspect.start, key=lambda c: c.start) - 1)
    if not place.clauses:
        return Span(0, len(place.text))
    start, end = place.clauses[at]
    row = place.text[end - 1] == "、" and not trimmed(place.text, start, aspect.start)
    for clause in place.clauses[at + 1 :] if row and not trimmed(place.text, aspect.end, end) else ():
        if place.text[end - 1] != "、":
            break
        end = clause.end
    return Span(min(start, aspect.start), max(end, aspect.end))


def _led(rest: Span, text: str) -> Span:
    """Without the words that only join a stretch to what stands before it."""
    lead = _LEAD.match(text, rest.start, rest.end)
    return Span(lead.end(), rest.end) if lead else rest


def shortened(words: Span, place: Scene) -> Span:
    """A stretch that runs on over many clauses, cut at the end of its first."""
    if words.end - words.start <= LONGEST_QUOTE:
        return words
    clause = within(place.clauses, words.start) or words
    return trimmed(place.text, words.start, min(words.end, clause.end)) or words


def widened(word: Span, clause: Span, aspect: Span | None, text: str) -> Span:
    """A judging word with what strengthens or denies it, within its clause and outside its aspect."""
    first, last = max(clause.start, word.start - _REACH), clause.end
    if aspect is not None and aspect.end <= word.start:
        first = max(first, aspect.end)
    if aspect is not None and aspect.start >= word.end:
        last = aspect.start
    degree = _DEGREE.search(text, first, word.start)
    tail = _TAIL.match(text, word.end, last)
    return Span(degree.start() if degree else word.start, tail.end() if tail else word.end)


def trimmed(text: str, start: int, end: int) -> Span | None:
    """A stretch without blanks and marks at its rims; None where no letter is left."""
    while start < end and (text[start] in _RIM or text[start].isspace()):
        start += 1
    while end > start and (text[end - 1] in _RIM or text[end - 1].isspace()):
        end -= 1
    return Span(start, end) if any(c.isalnum() for c in text[start:end]) else None


def _said(text: str, start: int, end: int) -> Span | None:
    """What follows a term, unless it only closes the clause."""
    rest = trimmed(text, start, end)
    if rest is not None and text[rest.start] == "的" and rest.end - rest.start <= _OWNED:
        return None  # 换货的单: the term only says whose
    return None if rest is None or _EMPTY.fullmatch(text, rest.start, rest.end) else rest


def _is_long(span: Span, text: str) -> bool:
    return span.end - span.start > (LONG_PHRASE if not span.of(text).isascii() else LONG_PHRASE * 4)


def _nearest(place: Scene, aspect: Span, clause: Span, side: Side) -> Span | None:
    """The judging word of the clause that stands nearest to a term and may take its side."""
    found = [
        m.span
        for m in place.matches
        if m.role == "opinion"
        and inside(m.span, clause)
        and (m.span.end <= aspect.start or m.span.start >= aspect.end)
        and _may_mean(m, side, place.text)
    ]
    return min(found, key=lambda s: max(s.start - aspect.end, aspect.start - s.end), default=None)


def _may_mean(match: TermMatch, side: Side, text: str) -> bool:
    """Whether a word can be why its term was given a side: of the other one it must be denied or doubted."""
    if match.polarity is None or side in (match.polarity, "neutral"):
        return True
    return _DENIED.search(text, max(0, match.span.start - _REACH), match.span.start) is not None
