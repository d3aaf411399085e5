"""A lexicon with its answers remembered: the same few thousand terms come again and again."""

from __future__ import annotations

from functools import lru_cache

from nlp.lexicon import OVERALL, Lexicon, TermMatch
from nlp.nearness import NearestAttribute, shipped_vectors
from nlp.thresholds import NEAR_CLAUSE, NEAR_TERM

_REMEMBERED = 65_536


class Mapper:
    """Terms to attributes of one industry: by the lexicon, and for terms that it does not hold by their vectors.

    It notes which terms the vectors were asked for (`unlisted`), so it serves one text at a time.
    """

    def __init__(self, lexicon: Lexicon) -> None:
        self.industry = lexicon.industry
        self._match = lexicon.match
        self.combine = lexicon.combine
        self._named = lru_cache(_REMEMBERED)(lexicon.attribute_of)
        self._known = frozenset(a.path for a in lexicon.attributes)
        self._near = lru_cache(_REMEMBERED)(NearestAttribute(lexicon, shipped_vectors()).path)
        self._unlisted: dict[str, None] = {}
        self.implicit = lru_cache(_REMEMBERED)(lexicon.implicit)

    def match(self, text: str) -> tuple[TermMatch, ...]:
        return self._match(text)

    def attribute_of(self, term: str) -> str:
        return self._named(term) or self.neighbour(term, NEAR_TERM)

    def neighbour(self, term: str, least: float) -> str:
        """The attribute whose words are used most like this; "" below `least`."""
        self._unlisted[term] = None
        return self._near(term, least)

    def unlisted(self) -> tuple[str, ...]:
        """The terms that the vectors were asked for since this was last called."""
        asked = tuple(self._unlisted)
        self._unlisted.clear()
        return asked

    def resolve(self, aspect: str, opinion: str) -> str:
        """The attribute of an aspect term and the opinion on it; either may be ""."""
        return self.combine(self._named(aspect), self.implicit(opinion)) or (
            self.attribute_of(aspect) if aspect else ""
        )

    def knows(self, path: str) -> bool:
        """Whether the lexicon has this attribute."""
        return path in self._known

    def of_clause(self, clause: str, judged: bool) -> str:
        """What a clause is about that names nothing: by how its words are used, or the whole where it only judges."""
        return self.neighbour(clause, NEAR_CLAUSE) or (OVERALL if judged and self.knows(OVERALL) else "")
