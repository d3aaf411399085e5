"""From what the model saw to opinions: which attribute, whose, in which words, and the sentence that says so.

Three sources, the earlier ones winning where they speak of the same words: the model's triplets; its aspect terms
that got no opinion word (labelled for restaurants only, so elsewhere the clause gives the words); words of the
lexicon that the model passed over (又贵又慢 is about price and speed).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence

from core.models import AspectTerm, Opinion, Reading, Side, Span, Triplet
from nlp.lexicon import GENERAL, OVERALL, VAGUE, TermMatch
from nlp.mapping import Mapper
from nlp.phrases import divided, shortened, trimmed, widened
from nlp.scene import Scene as Scene
from nlp.scene import inside, touches
from nlp.scene import scene as scene
from nlp.sentences import within
from nlp.standards import is_standard
from nlp.thresholds import CLAUSE_SIDE, LENT, OUTRIGHT

_NEGATIONS = ("不", "没", "无", "别", "未", "not ", "n't ", "no ", "never ", "without ")
_LOOK_BACK = 6
_PAIRED = ("restaurant", "hotel")
"""Industries for which opinion words and pairs were labelled, or that speak as those do."""
_POINTING = frozenset(("它", "这", "那", "这个", "那个", "这款", "这家", "这东西", "玩意儿", "it", "this", "that"))
_ASKS = re.compile(
    r"怎么[开选用弄设买办样换填下装连调查看]|在哪|哪里[有能可买找看]|[可能会要行]不[可能会要行]|有没有|什么(?:不同|区别|时候)|啥区别|哪[个款种]"
    r"|请问|想问|求助|[吗么]\s*[？?，,。！~～]?$|\b(?:where|how|which|does|can) (?:do|can|is|it|i|you|the)\b",
    re.IGNORECASE,
)
"""A clause that asks; without a judging word in it nothing is complained of."""


def opinions(reading: Reading, place: Scene, mapper: Mapper) -> tuple[Opinion, ...]:
    """All opinions of a text, by place. Uses the reading's triplets, aspect terms and clauses only."""
    known = mapper.industry in (*_PAIRED, GENERAL) and _is_known_ground(reading)
    spoken = _Spoken(place, known, outright=not known or mapper.industry not in _PAIRED)
    found = []
    for triplet in reading.triplets:
        if triplet.opinion is not None:
            found.append(_from_triplet(triplet, place, mapper))
            spoken.add(triplet.aspect, triplet.opinion)
    for term in reading.aspect_terms:
        if term.polarity == "neutral" or not spoken.leaves(term.span) or spoken.asked(term.span):
            continue
        if spoken.worth(term.polarity):
            found.append(_from_term(term, place, mapper))
            spoken.late(found[-1].aspect, found[-1].opinion)
    spoken.settle()
    if not (known and _is_paired(reading)):
        found += _from_lexicon(reading.clauses, place, mapper, spoken)
    found += _last_resort(reading, found, place, mapper, spoken)
    return tuple(sorted(found, key=_order))


def _is_known_ground(reading: Reading) -> bool:
    """Whether the text is of the kind on which the model learned to pair aspects with opinions: restaurants.

    There what it left unpaired is mostly no opinion, and only complaints are taken up; elsewhere every judged term
    counts. `nlp.model` tells the two apart: it lists the terms of other texts as triplets without an opinion.
    """
    return _is_paired(reading) or bool(reading.aspect_terms and not reading.triplets)


def _is_paired(reading: Reading) -> bool:
    """Whether the model joined aspects with opinions. What it passed over beside them is seldom one: of 103 opinions
    that the lexicon added to such restaurant sentences (ASTE dev, even places) 3 were right and 38 touched a right one.
    """
    return any(t.opinion is not None for t in reading.triplets)


class _Spoken:
    """Which words and clauses have their opinion already."""

    def __init__(self, place: Scene, known_ground: bool, outright: bool) -> None:
        self._place, self._known_ground, self._outright = place, known_ground, outright
        self._judging = [m for m in place.matches if m.role == "opinion" and m.polarity]
        self._words: list[Span] = []
        self._clauses: set[Span | None] = set()
        self._waiting: list[Span | None] = []

    def add(self, aspect: Span | None, words: Span | None) -> None:
        self.late(aspect, words)
        self.settle()

    def late(self, aspect: Span | None, words: Span | None) -> None:
        """As `add`, but the clause stays open for other terms until `settle`: 屏幕和电池都很好 praises two things."""
        self._words += [s for s in (aspect, words) if s]
        self._waiting += [self.clause(s) for s in (aspect or words,) if s]

    def settle(self) -> None:
        self._clauses.update(self._waiting)
        self._waiting = []

    def clause(self, span: Span) -> Span | None:
        return within(self._place.clauses, span.start)

    def leaves(self, span: Span) -> bool:
        """Whether neither these words nor their clause are spoken for."""
        return not touches(span, self._words) and self.clause(span) not in self._clauses

    def passed_over(self, span: Span) -> bool:
        """Whether these words are not spoken for, whatever is said of their clause."""
        return not touches(span, self._words)

    def worth(self, polarity: Side) -> bool:
        return not self._known_ground or polarity == "negative"

    def outright(self, polarity: Side, confidence: float) -> bool:
        """Whether a clause's side is so clear that what it names needs no judging word: 退款到现在没到."""
        return self._outright and polarity == "negative" and confidence >= round(OUTRIGHT * LENT, 4)

    def asked(self, span: Span) -> bool:
        """Whether the clause only asks: 说明书在哪找？"""
        clause = self.clause(span)
        asks = _ASKS.search(clause.of(self._place.text)) if clause else None
        if clause is None or asks is None:
            return False
        question = Span(clause.start + asks.start(), clause.start + asks.end())
        return not any(inside(m.span, clause) and not touches(m.span, [question]) for m in self._judging)

    def judging(self, span: Span) -> bool:
        """Whether a judging word stands in the clause."""
        clause = self.clause(span)
        return clause is not None and any(inside(m.span, clause) for m in self._judging)


def _from_triplet(triplet: Triplet, place: Scene, mapper: Mapper) -> Opinion:
    attribute = _attribute(triplet.aspect, triplet.opinion, place, mapper)
    spot = triplet.opinion or triplet.aspect
    plain = _plainly(spot, place) if spot else None
    words = shortened(triplet.opinion, place) if triplet.opinion else None
    return _opinion(place, attribute, triplet.aspect, words, plain or triplet.polarity, triplet.confidence)


def _from_term(term: AspectTerm, place: Scene, mapper: Mapper) -> Opinion:
    aspect, words = divided(term.span, term.polarity, place)
    attribute = _attribute(aspect, words, place, mapper)
    plain = _plainly(term.span, place) or term.polarity
    return _opinion(place, attribute, aspect, words, plain, abs(term.score))


def _plainly(span: Span, place: Scene) -> Side | None:
    """The side that judging words give an English clause, where they agree; the model read little English."""
    clause = within(place.clauses, span.start)
    if clause is None or not clause.of(place.text).isascii():
        return None
    judged = [m for m in place.matches if m.role == "opinion" and m.polarity and inside(m.span, clause)]
    sides = {_judged(m, None, place.text)[0] for m in judged}
    return sides.pop() if len(sides) == 1 else None


def _from_lexicon(sides: Sequence[AspectTerm], place: Scene, mapper: Mapper, spoken: _Spoken) -> Iterator[Opinion]:
    """Lexicon words in clauses that nothing else spoke of, where the word itself or its clause takes a side; in others
    those that name what they judge (价格便宜), with their own side.
    """
    said: set[tuple[str, Span | None]] = set()
    used: list[Span] = []
    for match in place.matches:
        free = spoken.leaves(match.span)
        whole = not free and spoken.passed_over(match.span) and _names_and_judges(match, place, mapper)
        if not match.path or not (free or whole) or spoken.asked(match.span):
            continue
        if match.role == "opinion" and touches(match.span, used):
            continue
        plain = _plainly(match.span, place)
        side = within_side(sides, match.span.start) if plain is None and not whole else None
        polarity, confidence = _judged(match, side, place.text)
        polarity = plain or polarity
        clause = spoken.clause(match.span) or match.span
        key = (match.path, clause)
        if polarity == "neutral" or key in said or not spoken.worth(polarity):
            continue
        if match.role == "opinion":
            said.add(key)
            named = _named_before(match, clause, place, spoken)
            before = named.path if named else _carried_to(clause, match, place)
            path = mapper.combine(before, match.path)
            aspect = named.span if named else None
            words = widened(match.span, clause, aspect, place.text)
            yield _opinion(place, path, aspect, words, polarity, confidence)
        elif spoken.judging(match.span) or spoken.outright(polarity, confidence):
            said.add(key)
            term, rest = divided(match.span, polarity, place)
            used += [rest] if rest else []
            implied = mapper.implicit(rest.of(place.text)) if term and rest else ""
            yield _opinion(place, mapper.combine(match.path, implied), term, rest, polarity, confidence)


def _names_and_judges(match: TermMatch, place: Scene, mapper: Mapper) -> bool:
    """Whether a word of the lexicon says all by itself: 价格便宜 names what it judges."""
    if match.role != "opinion" or match.polarity is None or match.path.endswith(VAGUE):
        return False
    return any(m.role == "aspect" for m in mapper.match(match.span.of(place.text)[:-1]))


def _named_before(match: TermMatch, clause: Span, place: Scene, spoken: _Spoken) -> TermMatch | None:
    """The aspect that a judging word is said of: the last one named before it in its clause."""
    there = [m for m in place.matches if m.role == "aspect" and m.path and m.span.end <= match.span.start]
    last = there[-1] if there else None
    return last if last is not None and last.span.start >= clause.start and spoken.leaves(last.span) else None


def _carried_to(clause: Span, match: TermMatch, place: Scene) -> str:
    """What the clause before names, for a word that only guesses what it is about: 加热要一小时，太慢."""
    if not match.path.endswith(VAGUE):
        return ""
    at = bisect_right(place.clauses, clause.start, key=lambda c: c.start) - 1
    return _carried(at, [match], place)


def _last_resort(
    reading: Reading, found: Sequence[Opinion], place: Scene, mapper: Mapper, spoken: _Spoken
) -> Iterator[Opinion]:
    """The worst clause of a complaint that no words were found for, as it stands: 用了两天就这样."""
    if reading.polarity != "negative" or any(o.polarity == "negative" for o in found):
        return
    taken = [spoken.clause(o.aspect or o.opinion or o.quote) for o in found]
    silent = [c for c in reading.clauses if spoken.clause(c.span) not in taken and not spoken.asked(c.span)]
    worst = min(silent, key=lambda c: c.score, default=None)
    words = trimmed(place.text, *worst.span) if worst is not None and worst.polarity != "positive" else None
    if worst is not None and words is not None:
        attribute = _attribute(None, words, place, mapper)
        yield _opinion(place, attribute, None, words, "negative", round(abs(worst.score) * LENT, 4))


def _judged(match: TermMatch, side: AspectTerm | None, text: str) -> tuple[Side, float]:
    """The side of a lexicon's word: its clause's where that is clear, else the word's own, turned by a negation."""
    if side is not None and abs(side.score) >= CLAUSE_SIDE and side.polarity != "neutral":
        return side.polarity, round(abs(side.score) * LENT, 4)
    if match.polarity is None:
        return "neutral", 0.0
    before = text[max(0, match.span.start - _LOOK_BACK) : match.span.start].lower()
    negated = any(before.rstrip("太很那么怎").endswith(n) for n in _NEGATIONS[:6]) or before.endswith(_NEGATIONS[6:])
    if negated:
        return ("negative" if match.polarity == "positive" else "positive"), 0.5
    return match.polarity, 0.6


def within_side(sides: Sequence[AspectTerm], at: int) -> AspectTerm | None:
    """The clause, with its side, that holds a code point."""
    return next((s for s in reversed(sides) if s.span.start <= at < s.span.end), None)


def _attribute(aspect: Span | None, words: Span | None, place: Scene, mapper: Mapper) -> str:
    """What an opinion is about: by its own words, else by others of its clause, else the whole where it only judges."""
    text = place.text
    path = mapper.resolve(aspect.of(text) if aspect else "", words.of(text) if words else "")
    spot = aspect or words
    if aspect is not None and path.endswith(VAGUE):
        path = next((m.path for m in place.matches if m.span == aspect and m.role == "aspect"), path)
    if path or spot is None:
        return path
    at = bisect_right(place.clauses, spot.start, key=lambda c: c.start) - 1
    clause = place.clauses[at] if at >= 0 else spot
    here = [m for m in place.matches if inside(m.span, clause)]
    named = _named(here, spot) or _carried(at, here, place)
    if named:
        return named
    if aspect is not None:
        return OVERALL if _points(aspect, place) and mapper.knows(OVERALL) else ""
    return mapper.of_clause(clause.of(text), judged=any(m.role == "opinion" for m in here))


def _named(here: Sequence[TermMatch], spot: Span) -> str:
    """The attribute that a clause names nearest to a place in it, or else implies."""
    paths = [m for m in here if m.path and m.path != OVERALL]
    named = [m for m in paths if m.role == "aspect"] or paths
    return min(named, key=lambda m: abs(m.span.start - spot.start)).path if named else ""


def _carried(at: int, here: Sequence[TermMatch], place: Scene) -> str:
    """What the clause before names and does not judge, for one that judges and names nothing: 电池用了两年，还很好."""
    if at < 1 or not any(m.role == "opinion" for m in here):
        return ""
    before = place.clauses[at - 1]
    if within(place.sentences, before.start) != within(place.sentences, place.clauses[at].start):
        return ""
    there = [m for m in place.matches if inside(m.span, before)]
    if any(m.role == "opinion" for m in there):
        return ""
    return next((m.path for m in reversed(there) if m.path and m.path != OVERALL), "")


def _points(aspect: Span, place: Scene) -> bool:
    """Whether a term only points at what the page is about: its brand, or a pronoun."""
    return touches(aspect, [h.span for h in place.hits]) or aspect.of(place.text).strip().lower() in _POINTING


def _opinion(
    place: Scene, attribute: str, aspect: Span | None, words: Span | None, polarity: Side, confidence: float
) -> Opinion:
    at = (aspect or words or Span(0, 0)).start
    quote = within(place.sentences, at) or Span(0, len(place.text))
    return Opinion(_target(place, quote, at), attribute, aspect, words, polarity, confidence, quote)


def _target(place: Scene, quote: Span, at: int) -> str:
    """The brand named nearest in the sentence, measures of a comparison left out; the page's where none is named."""
    near = [h for h in place.hits if quote.start <= h.span.start < quote.end]
    if all(h.brand == place.brand for h in near):
        return place.brand
    near = [h for h in near if not is_standard(h, place)]
    if not near:
        return place.brand
    return min(near, key=lambda h: (abs(h.span.start - at), h.span.start)).brand


def _order(opinion: Opinion) -> tuple[int, int, str]:
    first = opinion.aspect or opinion.opinion or opinion.quote
    return first.start, first.end, opinion.attribute
