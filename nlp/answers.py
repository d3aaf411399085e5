"""One line of `fengping analyze`: what is asked of a text, and the answer in its fixed form."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from core.config import Brand
from core.models import AspectTerm, Comparison, Opinion, Reading, Span, Versions
from nlp.brands import BrandMatcher
from nlp.industry import guess_industry
from nlp.intent_head import head_for
from nlp.intents import intents
from nlp.lexicon import load_lexicon
from nlp.mapping import Mapper
from nlp.model import Model
from nlp.reader import bare_reading
from nlp.relate.promotion import text_promotion
from nlp.relevance import Relevance, relevance
from nlp.remap import mapped
from nlp.seen import Seen

_NOBODY = Versions()


@dataclass(frozen=True, slots=True)
class Asked:
    """A text and what is asked of it; equal ones get equal answers."""

    text: str
    industry: str = ""
    brand: str = ""
    aspects: tuple[Span, ...] = ()


class Answerer:
    """Reads texts without a project: lexicons as shipped, brands as named in the line."""

    def __init__(self, model: str = "s6", threads: int = 1) -> None:
        self._model = Model(model, threads)
        self._head = head_for(model)
        self._mapper = lru_cache(None)(lambda industry: Mapper(load_lexicon(industry)))

    def answer(self, asked: Sequence[Asked]) -> list[str]:
        """For each, the members of the answer's JSON object but `id` and `duplicate_of`, without braces."""
        seen = self._model.see([a.text for a in asked], [a.aspects for a in asked])
        return [self._members(a, s) for a, s in zip(asked, seen, strict=True)]

    def _members(self, asked: Asked, seen: Seen) -> str:
        reading = bare_reading("", "", asked.text, seen, _NOBODY)
        found, compared = self._mapped(asked, reading)
        judged = _relevance(asked)
        answer = {
            "polarity": reading.polarity,
            "score": reading.score,
            "aspects": [_judged(span, term) for span, term in zip(asked.aspects, seen.asked, strict=True)],
            "aspect_terms": [{"span": t.span, "polarity": t.polarity} for t in reading.aspect_terms],
            "opinions": [_opinion(o) for o in found],
            "comparisons": [_comparison(c) for c in compared],
            "comparative": reading.comparative,
            "intents": intents(asked.text, reading.vector, self._head),
            "relevance": judged.score,
            "promotion": text_promotion(asked.text).score,
        }
        return json.dumps(answer, separators=(", ", ": "))[1:-1]

    def _mapped(self, asked: Asked, reading: Reading) -> tuple[tuple[Opinion, ...], tuple[Comparison, ...]]:
        mapper = self._mapper(asked.industry or guess_industry(asked.text))
        matcher = _matcher(asked.brand)
        hits = matcher.find(asked.text) if matcher else ()
        found = mapped(asked.text, reading, mapper, hits, asked.brand)
        return found.opinions, found.comparisons


def _relevance(asked: Asked) -> Relevance:
    matcher = _matcher(asked.brand)
    if matcher is None:
        return relevance(asked.text)
    hits = matcher.find(asked.text)
    rejected = () if hits else matcher.other_meanings(asked.text)
    return relevance(asked.text, "", hits, None, asked.brand, rejected)


@lru_cache(256)
def _matcher(brand: str) -> BrandMatcher | None:
    return BrandMatcher((Brand(name=brand),)) if brand else None


def _judged(span: Span, term: AspectTerm) -> dict[str, object]:
    return {"span": span, "polarity": term.polarity, "score": term.score}


def _opinion(o: Opinion) -> dict[str, object]:
    return {"attribute": o.attribute or None, "aspect": o.aspect, "opinion": o.opinion, "polarity": o.polarity}


def _comparison(c: Comparison) -> dict[str, object]:
    return {
        "subject": c.subject,
        "object": c.object,
        "aspect": c.aspect,
        "predicate": c.predicate,
        "preference": c.preference,
    }
