"""Comparisons that plain words tell, clause by clause: A比B亮, A没B耐用, A不如B, 被B吊打, 跟B一样, 还是B好用.

The model finds most comparisons, but of several in one text only some, and it often takes their parts the wrong way
round. Where one of these forms stands beside a recognised name there is nothing left to guess.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from core.models import Comparison, Preference, Span
from nlp.brands import BrandHit
from nlp.outcomes import Outcome, costly, outcomes, preference
from nlp.scene import Scene, inside
from nlp.segment import normalise
from nlp.sentences import within

CONTEST = 0.8
"""Certainty of what a plain form decides by itself."""
_BEATS = (
    r"吊打|碾压|秒杀(?!价|活动|抢|时|的|买|入|到|节|专场)|完胜|完爆|甩开?|胜过|强过|好过|优于|超过|高过|领先|赢了"
    r"|beats|outperforms"
)
_ABOVE = ("超过", "高过")
"""What beats in everything but what costs: 价格超过 is a loss."""
_LOSES = (
    r"不如|比不过|比不上|比不了|不及|不敌|逊于|逊色于|差于|弱于|输给了?|败给了?|赶不上|追不上|干不过|落后于"
    r"|not as \w+ as|loses to"
)
_AT_LEAST = r"不输|不亚于|不逊于|不逊色于|不弱于|不差于|(?:不|没有?|并不|不会|未必)比"
_THAN = r"(?<![性价相对好无])比(?![较如例赛重分起拼心亚上了过])|than"
_LESS = r"(?:远|还|都|明显)?(?:没有?|冇)(?=\S)"
_SAME = r"一样|差不多|不相上下|没(?:什么|啥)?(?:区别|差别|两样)|持平|半斤八两|旗鼓相当|一个(?:样|水平|档次)|as \w+ as"
MARK = re.compile(
    rf"(?P<least>{_AT_LEAST})|(?P<loses>{_LOSES})|(?P<beats>{_BEATS})|(?P<than>{_THAN})|(?P<less>{_LESS})"
)
EQUAL = re.compile(rf"(?<!不)(?:{_SAME})")
BESIDE = re.compile(r"(?:跟|和|与|同|像)\s*$")
PASSIVE = re.compile(rf"被(?P<other>[^，。！？,.!?；;]{{1,24}}?)(?P<verb>{_BEATS}|比下去|打败|超越)")
STANDARD = re.compile(r"(?:比起|相比(?:于|起)?|对比|较之)\s*$")
AGAINST = re.compile(r"(?:(?:跟|和|与|同|从|对比)\s*$)")
MEASURED = re.compile(r"[^，。！？,.!?；;]{0,6}?(?:比起来|相比|对比|比|换过来|换到)")
_ALONE = re.compile(
    r"更(?=\S)|还是(?=\S)|赢在|胜在|强在|差远了|差多了|差太多|[好强快]太多|[好强快]多了|没[这那]么(?=\S)"
)
_THIS = re.compile(r"它|这[个款台部辆家副块只]|本机|此款|\bthis one\b|\bmine\b|\bit\b")
BETWEEN = re.compile(
    r"(?:隔壁|人家|别人|家|的|我|之前|以前|那|这|旧|老|上一代|朋友|同价位|同价|the |my |old |a |an )*\s*"
)
"""What may stand between a form and the name that it is about."""


@dataclass(frozen=True, slots=True)
class _Clause:
    span: Span
    hits: tuple[BrandHit, ...]
    words: tuple[Outcome, ...]


class _Before(NamedTuple):
    """What a clause takes over from the one before: who was spoken of, and against whom."""

    subject: Span | None = None
    object: Span | None = None
    standard: Span | None = None


def contests(place: Scene) -> tuple[Comparison, ...]:
    """Every comparison of a text that a plain form tells and whose other side is named; marked `told`."""
    if not place.hits:
        return ()
    return tuple(_Told(place).all())


class _Told:
    def __init__(self, place: Scene) -> None:
        self._place = place
        self._normal = normalise(place.text)
        taken = [m.span for m in place.matches if m.role == "aspect"] + [h.span for h in place.hits]
        free = (
            o for o in outcomes(self._normal) if not any(o.span.start >= t.start and o.span.end <= t.end for t in taken)
        )
        self._words = tuple(free)

    def all(self) -> Iterator[Comparison]:
        before, sentence = _Before(), None
        for span in self._place.clauses:
            if within(self._place.sentences, span.start) != sentence:
                before, sentence = _Before(), within(self._place.sentences, span.start)
            clause = self._clause(span)
            found = self._passive(clause) or self._marked(clause, before) or self._equal(clause, before)
            found = found or self._alone(clause, before)
            if found is not None:
                yield found
            before = self._after(clause, found, before)

    def _clause(self, span: Span) -> _Clause:
        hits = tuple(h for h in self._place.hits if span.start <= h.span.start < span.end)
        return _Clause(span, hits, tuple(o for o in self._words if span.start <= o.span.start < span.end))

    def _after(self, clause: _Clause, found: Comparison | None, before: _Before) -> _Before:
        standard = self._standard(clause) if found is None else None
        if found is not None:
            return _Before(found.subject, found.object, before.standard)
        named = next((h.span for h in clause.hits if h.span != standard), None)
        return _Before(named or before.subject, before.object, standard or before.standard)

    def _standard(self, clause: _Clause) -> Span | None:
        """The name that what follows is measured against: 跟云岫比，…"""
        for hit in clause.hits:
            start, end = hit.span
            if STANDARD.search(self._normal, clause.span.start, start):
                return hit.span
            if AGAINST.search(self._normal, clause.span.start, start) and MEASURED.match(self._normal, end):
                return hit.span
        return None

    def _passive(self, clause: _Clause) -> Comparison | None:
        found = PASSIVE.search(self._normal, *clause.span)
        other = found and next((h.span for h in clause.hits if h.span.start >= found.start("other")), None)
        if not found or other is None or other.start >= found.end():
            return None
        subject = next((h.span for h in clause.hits if h.span.end <= found.start()), None)
        return self._made(clause, subject, other, Span(*found.span("verb")), "worse")

    def _marked(self, clause: _Clause, before: _Before) -> Comparison | None:
        """比, 没, 不如, 吊打 and their like, with the name that stands just after them."""
        for mark in MARK.finditer(self._normal, *clause.span):
            other = self._other(clause, mark, before)
            if other is None:
                continue
            subject = next((h.span for h in reversed(clause.hits) if h.span.end <= mark.start()), before.subject)
            outcome = next((o for o in clause.words if o.span.start >= max(other.end, mark.end())), None)
            found = self._outcome(clause, mark, outcome)
            if found is not None:
                span = outcome.span if outcome and mark.lastgroup in ("than", "less") else Span(*mark.span())
                return self._made(clause, subject, other, span, found)
        return None

    def _other(self, clause: _Clause, mark: re.Match[str], before: _Before) -> Span | None:
        """The name after a form; the one spoken of before where a pronoun stands there."""
        named = next((h.span for h in clause.hits if h.span.start >= mark.end()), None)
        if named is not None and BETWEEN.fullmatch(self._normal, mark.end(), named.start):
            return named
        pointed = _THIS.match(self._normal, mark.end(), clause.span.end)
        if pointed is None:
            return None
        subject_named = any(h.span.end <= mark.start() for h in clause.hits)
        return Span(*pointed.span()) if subject_named or before.object is None else before.object

    def _outcome(self, clause: _Clause, mark: re.Match[str], outcome: Outcome | None) -> Preference | None:
        kind = mark.lastgroup
        if kind == "least":
            return "equal"
        if kind in ("loses", "beats"):
            undone = re.search(
                r"(?:不|没|没有|别|未|难|无法|不会|并非)$", self._normal[clause.span.start : mark.start()]
            )
            if undone:
                return None
            lost = kind == "loses" or (mark.group() in _ABOVE and self._is_costly(clause))
            return "worse" if lost else "better"
        if outcome is None:
            if mark.group() == "than":
                back = [o for o in clause.words if o.span.end <= mark.start()]
                return preference(back[-1].praises(self._is_costly(clause))) if back else None
            return None
        return preference(outcome.praises(self._is_costly(clause)), turned=kind == "less")

    def _equal(self, clause: _Clause, before: _Before) -> Comparison | None:
        same = EQUAL.search(self._normal, *clause.span)
        if same is None:
            return None
        beside = [h.span for h in clause.hits if BESIDE.search(self._normal, clause.span.start, h.span.start)]
        if not beside or beside[0].start > same.start():
            return None
        subject = next((h.span for h in clause.hits if h.span.end <= beside[0].start), before.subject)
        return self._made(clause, subject, beside[0], Span(*same.span()), "equal")

    def _alone(self, clause: _Clause, before: _Before) -> Comparison | None:
        """One brand called better or worse, the other side being the page's, the standard, or the one beside it."""
        form = _ALONE.search(self._normal, *clause.span)
        if form is None:
            return None
        outcome = next((o for o in clause.words if o.span.start >= form.start() - 1), None)
        praised = self._praised(clause, form.group(), outcome)
        standard = self._standard(clause) or before.standard
        subject = next((h.span for h in clause.hits if h.span != standard), None)
        if praised is None or (subject is None and standard is None):
            return None
        other = standard or self._opposite(subject)
        if other == subject or (other is None and self._brand(subject) == self._place.brand):
            return None
        predicate = outcome.span if outcome and outcome.span.start >= form.end() else Span(*form.span())
        return self._made(clause, subject, other, predicate, preference(praised))

    def _praised(self, clause: _Clause, form: str, outcome: Outcome | None) -> bool | None:
        if form.startswith("差"):
            return False
        if form.startswith(("赢", "胜", "强在")) or form.endswith(("太多", "多了")):
            return True
        if outcome is None:
            return None
        return outcome.praises(self._is_costly(clause)) != form.startswith("没")

    def _opposite(self, subject: Span | None) -> Span | None:
        """Beside the page's own brand, the only other one of the text; None stands for the page's."""
        if self._brand(subject) not in ("", self._place.brand):
            return None
        others = {h.brand: h.span for h in self._place.hits if h.brand != self._place.brand}
        return next(iter(others.values())) if len(others) == 1 else None

    def _brand(self, span: Span | None) -> str:
        return next((h.brand for h in self._place.hits if h.span == span), "")

    def _is_costly(self, clause: _Clause) -> bool:
        return costly(self._normal[clause.span.start : clause.span.end])

    def _made(
        self, clause: _Clause, subject: Span | None, other: Span | None, predicate: Span, found: Preference
    ) -> Comparison | None:
        free = [m.span for m in self._place.matches if m.role == "aspect" and m.path and not inside(m.span, predicate)]
        aspects = [span for span in free if inside(span, clause.span)]
        aspect = min(aspects, key=lambda s: abs(s.start - predicate.start), default=None)
        return Comparison(subject, other, aspect, predicate, found, CONTEST, told=True)
