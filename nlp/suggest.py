"""Terms of readings that no attribute takes: collected, grouped and counted, so that a lexicon can be taught them."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from core.config import Brand
from core.models import Reading, Side, Span
from nlp.kinship import Nearest, grouped
from nlp.lexicon import OVERALL, Lexicon
from nlp.nearness import NearestAttribute, shipped_vectors
from nlp.sentences import clauses, within
from nlp.term_cleaning import TermCleaner

QUOTES = 3
LEAST = 3
"""A group said in fewer mentions than this is not offered, unless fewer are asked for."""
_NAME = 3
"""Code points of a term that may stand alone in its clause."""
_RIM = " \t\r\n\u3000，,、：:"
_BEFORE, _AFTER = 60, 140
"""Code points of a clause that are quoted around its term: some people never use a comma."""


@dataclass(frozen=True, slots=True)
class Quote:
    """A clause that says the term, and whose it is."""

    mention_id: str
    text: str


@dataclass(frozen=True, slots=True)
class TermCount:
    """One way of writing, and how many mentions have it."""

    term: str
    mentions: int


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Akin terms that no attribute takes, the most frequent one first.

    `mentions` are those with any of the terms, `negative` those of them that judge it badly; a mention counts once.
    `near` is the attribute whose words look most like the first term, "" where none does.
    """

    term: str
    industry: str
    mentions: int
    negative: int
    near: str
    terms: tuple[TermCount, ...]
    quotes: tuple[Quote, ...]


def suggestions(
    readings: Iterable[tuple[str, Reading]], lexicon: Lexicon, brands: Sequence[Brand] = (), least: int = LEAST
) -> list[Suggestion]:
    """What a lexicon could be taught by (text, reading) pairs, most mentions first, then by term.

    The same pairs in any order give the same suggestions. Each mention stands in one pair.
    """
    tally = Tally(lexicon, brands)
    for text, reading in readings:
        tally.add(text, reading)
    return tally.suggestions(least)


_Rank = tuple[bool, str, int]
"""Orders quotes: a complaint first, then by mention and place."""


@dataclass(slots=True)
class _Said:
    """Where a term was said: numbers of mentions, and its best clauses."""

    mentions: array[int] = field(default_factory=lambda: array("I"))
    negative: array[int] = field(default_factory=lambda: array("I"))
    quotes: dict[str, _Rank] = field(default_factory=dict)


class Tally:
    """Collects from one reading after another; keeps a number a mention and term, not the texts."""

    def __init__(self, lexicon: Lexicon, brands: Sequence[Brand] = ()) -> None:
        self._lexicon = lexicon
        self._cleaner = TermCleaner(lexicon, brands)
        self._used_alike = NearestAttribute(lexicon, shipped_vectors())
        self._said: defaultdict[str, _Said] = defaultdict(_Said)
        self.mentions = 0

    def add(self, text: str, reading: Reading) -> None:
        """Counts the terms of one mention."""
        for term, (negative, span) in self._terms(text, reading).items():
            said = self._said[term]
            said.mentions.append(self.mentions)
            if negative:
                said.negative.append(self.mentions)
            rank = (not negative, reading.mention_id, span.start)
            if _may_enter(said.quotes, rank):
                _enter(said.quotes, _clause(text, span), rank)
        self.mentions += 1

    def suggestions(self, least: int = LEAST) -> list[Suggestion]:
        """As the function of the same name, of what was added."""
        terms = sorted(self._said, key=lambda term: (-len(self._said[term].mentions), term))
        nearest = Nearest(self._lexicon)
        found = [self._suggestion(group, nearest) for group in grouped(terms) if self._mentions(group) >= least]
        return sorted(found, key=lambda s: (-s.mentions, s.term))

    def _terms(self, text: str, reading: Reading) -> dict[str, tuple[bool, Span]]:
        """Each term with whether it is judged badly, and where: the first complaint, else the first place."""
        found: dict[str, tuple[bool, Span]] = {}
        for span, negative in sorted(_judged(reading).items()):
            term = "" if _fills_clause(span, reading, text) else self._cleaner.offered(span.of(text))
            if term and (term not in found or (negative and not found[term][0])):
                found[term] = (negative, span)
        for span, negative in self._heads(text, reading):
            found.setdefault(self._cleaner.offered(span.of(text)), (negative, span))
        found.pop("", None)
        return found

    def _heads(self, text: str, reading: Reading) -> Iterator[tuple[Span, bool]]:
        """First words of judged clauses in which nothing is named: the model does not know what is new to it."""
        named = [s.start for s in _judged(reading) if not _fills_clause(s, reading, text)]
        known = [(o.aspect or o.opinion or o.quote).start for o in reading.opinions if o.attribute not in ("", OVERALL)]
        for clause in reading.clauses:
            taken = any(clause.span.start <= start < clause.span.end for start in (*named, *known))
            if clause.polarity != "neutral" and not taken:
                end = clause.span.start + len(self._cleaner.head(clause.span.of(text)))
                yield Span(clause.span.start, end), clause.polarity == "negative"

    def _mentions(self, terms: Sequence[str]) -> int:
        if len(terms) == 1:
            return len(self._said[terms[0]].mentions)
        return len(set().union(*(self._said[term].mentions for term in terms)))

    def _suggestion(self, terms: Sequence[str], nearest: Nearest) -> Suggestion:
        said = [self._said[term] for term in terms]
        quotes: dict[str, _Rank] = {}
        for clause, rank in (pair for s in said for pair in s.quotes.items()):
            _enter(quotes, clause, rank)
        return Suggestion(
            term=terms[0],
            industry=self._lexicon.industry,
            mentions=self._mentions(terms),
            negative=len(set().union(*(s.negative for s in said))),
            near=nearest.path(terms[0]) or self._used_alike.path(terms[0]),
            terms=tuple(TermCount(t, len(s.mentions)) for t, s in zip(terms, said, strict=True)),
            quotes=tuple(Quote(rank[1], clause) for clause, rank in sorted(quotes.items(), key=lambda q: q[1])),
        )


def _judged(reading: Reading) -> Mapping[Span, bool]:
    """Every aspect with whether it is judged badly: by its opinions where it has some, else as the model saw it."""
    seen = _sides((t.span, t.polarity) for t in reading.aspect_terms)
    seen |= _sides((t.aspect, t.polarity) for t in reading.triplets if t.aspect)
    seen |= _sides((o.aspect, o.polarity) for o in reading.opinions if o.aspect)
    return seen


def _fills_clause(span: Span, reading: Reading, text: str) -> bool:
    """Whether a longer stretch is all that its clause says: then it judges, and names nothing (值得购买)."""
    clause = next((c.span for c in reversed(reading.clauses) if c.span.start <= span.start), None)
    if clause is None or span.end - span.start <= _NAME:
        return False
    return not any(c.isalnum() for c in text[clause.start : span.start] + text[span.end : clause.end])


def _sides(judged: Iterator[tuple[Span, Side]]) -> dict[Span, bool]:
    found: dict[Span, bool] = {}
    for span, side in judged:
        found[span] = found.get(span, False) or side == "negative"
    return found


def _may_enter(quotes: Mapping[str, _Rank], rank: _Rank) -> bool:
    return len(quotes) < QUOTES or rank < max(quotes.values())


def _enter(quotes: dict[str, _Rank], clause: str, rank: _Rank) -> None:
    """Keeps the best different clauses, whatever the order they come in."""
    quotes[clause] = min(rank, quotes.get(clause, rank))
    if len(quotes) > QUOTES:
        del quotes[max(quotes, key=quotes.__getitem__)]


def _clause(text: str, span: Span) -> str:
    clause = within(clauses(text), span.start) or Span(0, len(text))
    return text[max(clause.start, span.start - _BEFORE) : min(max(clause.end, span.end), span.start + _AFTER)].strip(
        _RIM
    )
