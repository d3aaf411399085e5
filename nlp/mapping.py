"""A lexicon with its answers remembered: the same few thousand terms come again and again."""

from __future__ import annotations

from functools import lru_cache

from nlp.lexicon import Lexicon, TermMatch

_REMEMBERED = 65_536


class Mapper:
    """Terms to attributes of one industry."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.industry = lexicon.industry
        self.match_terms = lexicon.match
        self.attribute_of = lru_cache(_REMEMBERED)(lexicon.attribute_of)
        self.implicit = lru_cache(_REMEMBERED)(lexicon.implicit)

    def match(self, text: str) -> tuple[TermMatch, ...]:
        return self.match_terms(text)
