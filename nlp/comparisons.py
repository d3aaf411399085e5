"""Comparisons: crossed ones put right, who won and who lost, and whose complaint it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from core.models import Comparison, Opinion, Side, Span
from nlp.brands import BrandHit
from nlp.contests import Contest
from nlp.mapping import Mapper
from nlp.opinions import Scene
from nlp.seen import Compared
from nlp.sentences import within

CONTEST = 0.8
"""Certainty of what a predicate decides by itself."""
_THIS = frozenset(
    (
        "它", "他", "她", "这", "这个", "这款", "这台", "这部", "这家", "这辆", "这车", "此", "此款", "该", "该款",
        "该机", "该车", "本", "本机", "本款", "本店", "新款", "自己", "我的", "我这个",
        "it", "this", "its", "mine", "this one",
    )
)  # fmt: skip
"""Subjects that point at what the page is about."""


def untangled(found: Sequence[Compared], clauses: Sequence[Span]) -> tuple[Compared, ...]:
    """Leaves out a comparison whose object stands in another clause while an object of its predicate stands in its own.

    "A比B流畅，比C便宜" compares C by price, and B not: parts in one clause belong together.
    """
    at_home = {c.predicate for c in found if c.object and c.predicate and _same_clause(c.object, c.predicate, clauses)}
    return tuple(
        c
        for c in found
        if not (c.object and c.predicate in at_home and not _same_clause(c.object, c.predicate, clauses))
    )


def _same_clause(a: Span, b: Span | None, clauses: Sequence[Span]) -> bool:
    return b is not None and within(clauses, a.start) == within(clauses, b.start)


def placed(comparison: Comparison, place: Scene, mapper: Mapper) -> Comparison:
    """With attribute, winner and loser by this lexicon and these brands."""
    subject = _brand(comparison.subject, place, elided=place.brand)
    other = _brand(comparison.object, place, elided="")
    if subject and subject == other:
        other = place.brand if place.brand != subject and comparison.object is None else ""
    winner, loser = {"better": (subject, other), "worse": (other, subject)}.get(comparison.preference, ("", ""))
    return replace(comparison, attribute=_attribute(comparison, place.text, mapper), winner=winner, loser=loser)


def _brand(part: Span | None, place: Scene, elided: str) -> str:
    """The brand a part names; what the page is about where the part is missing or only points there."""
    if part is None:
        return elided
    hit = _named(part, place.hits)
    if hit:
        return hit
    words = part.of(place.text).strip().lower()
    return place.brand if words in _THIS else ""


def _named(part: Span, hits: Sequence[BrandHit]) -> str:
    return next((h.brand for h in hits if h.span.start < part.end and h.span.end > part.start), "")


def _attribute(comparison: Comparison, text: str, mapper: Mapper) -> str:
    named = mapper.attribute_of(comparison.aspect.of(text)) if comparison.aspect else ""
    return named or (mapper.implicit(comparison.predicate.of(text)) if comparison.predicate else "")


def assigned(opinions: Sequence[Opinion], comparisons: Sequence[Comparison], place: Scene) -> tuple[Opinion, ...]:
    """Opinions with each comparison's praise given to its winner and its complaint to its loser.

    A known loser gets a complaint of its own where the words only praise the winner ("A比B流畅" tells of B too).
    """
    out = [_owned(o, comparisons) for o in opinions]
    for c in comparisons:
        if c.loser and not any(_about(o, c) and o.target == c.loser and o.polarity == "negative" for o in out):
            spot = c.aspect or c.predicate or c.object
            quote = within(place.sentences, spot.start) if spot else None
            if quote is not None:
                out.append(Opinion(c.loser, c.attribute, c.aspect, c.predicate, "negative", c.confidence, quote))
    return tuple(out)


def decided(opinions: Sequence[Opinion], found: Sequence[Contest], place: Scene) -> tuple[Opinion, ...]:
    """Opinions of clauses that hold a contest, replaced by its complaint about the loser and praise of the winner."""
    spots = [within(place.clauses, c.predicate.start) for c in found]
    out = [o for o in opinions if within(place.clauses, _start(o)) not in spots]
    for c in found:
        quote = within(place.sentences, c.predicate.start) or Span(0, len(place.text))
        sides: tuple[tuple[str, Side], ...] = ((c.winner, "positive"), (c.loser, "negative"))
        out += [Opinion(who, c.attribute, c.aspect, c.predicate, side, CONTEST, quote) for who, side in sides]
    return tuple(sorted(out, key=lambda o: (_start(o), o.attribute, o.target)))


def _start(opinion: Opinion) -> int:
    return (opinion.aspect or opinion.opinion or opinion.quote).start


def _owned(opinion: Opinion, comparisons: Sequence[Comparison]) -> Opinion:
    for c in comparisons:
        owner = {"positive": c.winner, "negative": c.loser}.get(opinion.polarity, "")
        if owner and _about(opinion, c):
            return opinion if opinion.target == owner else replace(opinion, target=owner)
    return opinion


def _about(opinion: Opinion, comparison: Comparison) -> bool:
    mine = [s for s in (opinion.aspect, opinion.opinion) if s]
    parts = [s for s in (comparison.aspect, comparison.predicate) if s]
    return any(a.start < b.end and a.end > b.start for a in mine for b in parts)
