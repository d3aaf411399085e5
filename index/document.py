"""From what is known of a mention to what an index holds: one pure function, and the keys both engines count by."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache, lru_cache

from core.models import (
    PROMOTED,
    Comparison,
    DocumentComparison,
    DocumentOpinion,
    Mention,
    Opinion,
    Reading,
    Relation,
    SearchDocument,
    Span,
)
from core.tree import SEPARATOR
from nlp.segment import normalise

LONGEST_KEY = 255
SCHEMA_VERSION = 3
"""Raised when a SearchDocument or its keys change: indexes of another version are built anew."""


def document(mention: Mention, reading: Reading, relation: Relation) -> SearchDocument:
    """Derives the indexed form. Brands are the page's own first, then those recognised in the text."""
    _check_same(mention, reading, relation)
    return SearchDocument(
        id=mention.id,
        source=mention.source,
        platform=mention.platform,
        kind=mention.kind,
        url=mention.url,
        parent_id=mention.parent_id,
        title=mention.title,
        text=mention.text,
        language=mention.language,
        author=mention.author,
        author_followers=mention.author_followers,
        published_at=mention.published_at,
        published_precision=mention.published_precision,
        collected_at=mention.collected_at,
        rating=mention.rating,
        rating_scale=mention.rating_scale,
        likes=mention.likes,
        replies=mention.replies,
        shares=mention.shares,
        views=mention.views,
        engagement=mention.likes + mention.replies + mention.shares,
        brands=_unique((mention.brand, *reading.brands)),
        product=mention.product,
        region=mention.region,
        images=mention.images,
        polarity=reading.polarity,
        score=reading.score,
        opinions=tuple(_opinion(o, mention.text) for o in reading.opinions),
        comparisons=tuple(_comparison(c, mention.text) for c in reading.comparisons),
        intents=_unique(reading.intents),
        industry=reading.industry,
        relevance=reading.relevance,
        relevance_reason=reading.relevance_reason,
        duplicate_of=relation.duplicate_of,
        promotion=relation.promotion,
        promotion_reasons=relation.promotion_reasons,
        topic=relation.topic,
        revision=mention.revision,
    )


def phrase_key(aspect: str, opinion: str) -> str:
    """How a phrase is counted: aspect then opinion, normalised; a space only where Latin words or numbers meet."""
    left, right = (" ".join(normalise(part).split()) for part in (aspect, opinion))
    meet = bool(left and right) and left[-1].isascii() and right[0].isascii()
    return f"{left}{' ' if meet else ''}{right}"[:LONGEST_KEY]


@lru_cache(10_000)
def ancestors(attribute: str) -> tuple[str, ...]:
    """`battery/charging` gives itself and `battery`; "" gives only itself."""
    parts = attribute.split("/")
    return tuple("/".join(parts[:n]) for n in range(len(parts), 0, -1))


def joined(*parts: str) -> str:
    """A combined key, as facets give it."""
    return SEPARATOR.join(parts)


def attribute_keys(document: SearchDocument) -> tuple[str, ...]:
    """Every attribute with an opinion on it, ancestors included."""
    return _unique(a for o in document.opinions for a in ancestors(o.attribute))


def opinion_keys(document: SearchDocument) -> tuple[str, ...]:
    """`target|attribute|polarity` of every opinion, ancestors included."""
    return _unique(joined(o.target, a, o.polarity) for o in document.opinions for a in ancestors(o.attribute))


def judged_keys(document: SearchDocument) -> tuple[str, ...]:
    """`target|attribute` of every opinion whatever its polarity, ancestors included."""
    return _unique(joined(o.target, a) for o in document.opinions for a in ancestors(o.attribute))


def carried_keys(document: SearchDocument) -> tuple[str, ...]:
    """`attribute|number of attributes|polarity` of a mention that takes a side: how its weight is split."""
    if document.polarity not in {"positive", "negative"}:
        return ()
    attributes = _unique(o.attribute for o in document.opinions) or ("",)
    return tuple(joined(a, str(len(attributes)), document.polarity) for a in attributes)


def comparison_keys(document: SearchDocument) -> tuple[str, ...]:
    """`winner|loser|attribute` of every comparison that somebody won."""
    won = (c for c in document.comparisons if c.preference in {"better", "worse"} and (c.winner or c.loser))
    return _unique(joined(c.winner, c.loser, c.attribute) for c in won)


def tie_keys(document: SearchDocument) -> tuple[str, ...]:
    """`one|other|attribute` of every comparison that nobody won, the two brands in order."""
    ties = (c for c in document.comparisons if c.preference == "equal" and (c.winner or c.loser))
    return _unique(joined(*sorted((c.winner, c.loser)), c.attribute) for c in ties)


def stars(rating: float | None) -> str:
    """The rating on 1–5 stars as a key, half a star rounded up; "" without one."""
    return "" if rating is None else str(int(rating * 4 + 1.5))


def term_keys(document: SearchDocument, field: str) -> tuple[str, ...]:
    """The keys that a term or facet field holds for a document, each once; empty keys are left out."""
    if field in _COMBINED:
        return _COMBINED[field](document)
    if field in _SEVERAL:
        return _unique(_SEVERAL[field](document))
    return _unique((single_key(field)(document),))


@cache
def single_key(field: str) -> Callable[[SearchDocument], str]:
    """For a field with at most one key: the function that gives it, "" without one."""
    key = _SINGLE[field]
    return lambda document: key(document)[:LONGEST_KEY]


def _unique(parts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, parts)))


def _opinion(opinion: Opinion, text: str) -> DocumentOpinion:
    aspect = _words(opinion.aspect, text)
    return DocumentOpinion(
        target=opinion.target,
        attribute=opinion.attribute,
        polarity=opinion.polarity,
        phrase=phrase_key(aspect, _words(opinion.opinion, text)),
        aspect=aspect,
        quote=opinion.quote,
    )


def _comparison(comparison: Comparison, text: str) -> DocumentComparison:
    spans = [s for s in (comparison.subject, comparison.object, comparison.aspect, comparison.predicate) if s]
    start, end = min((s.start for s in spans), default=0), max((s.end for s in spans), default=len(text))
    return DocumentComparison(
        winner=comparison.winner,
        loser=comparison.loser,
        attribute=comparison.attribute,
        preference=comparison.preference,
        quote=Span(start, end),
    )


def _words(span: Span | None, text: str) -> str:
    return span.of(text) if span else ""


def _check_same(mention: Mention, reading: Reading, relation: Relation) -> None:
    if not mention.id == reading.mention_id == relation.mention_id:
        raise ValueError(
            f"mention {mention.id}, reading {reading.mention_id} and relation {relation.mention_id} differ"
        )
    if reading.revision != mention.revision:
        raise ValueError(f"the reading of {mention.id} is of revision {reading.revision}, not {mention.revision}")


_Keys = Callable[[SearchDocument], Iterable[str]]
_COMBINED: dict[str, Callable[[SearchDocument], tuple[str, ...]]] = {
    "opinion": opinion_keys,
    "judged": judged_keys,
    "carried": carried_keys,
    "comparison": comparison_keys,
    "tie": tie_keys,
}
_SEVERAL: dict[str, _Keys] = {
    "brand": lambda d: (b[:LONGEST_KEY] for b in d.brands),
    "attribute": attribute_keys,
    "intent": lambda d: d.intents,
    "phrase": lambda d: (o.phrase for o in d.opinions),
}
_SINGLE: dict[str, Callable[[SearchDocument], str]] = {
    "id": lambda d: d.id,
    "product": lambda d: d.product,
    "polarity": lambda d: d.polarity,
    "source": lambda d: d.source,
    "platform": lambda d: d.platform,
    "kind": lambda d: d.kind,
    "author": lambda d: d.author,
    "region": lambda d: d.region,
    "topic": lambda d: d.topic,
    "duplicate": lambda d: "yes" if d.duplicate_of else "no",
    "language": lambda d: d.language,
    "industry": lambda d: d.industry,
    "relevance_reason": lambda d: d.relevance_reason,
    "promoted": lambda d: "yes" if d.promotion >= PROMOTED else "no",
    "stars": lambda d: stars(d.rating),
}
