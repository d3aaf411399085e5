"""Comparisons: crossed ones put right, who won and who lost, and whose complaint it is."""

from __future__ import annotations

import re
from collections.abc import Container, Mapping, Sequence
from dataclasses import replace

from core.models import Comparison, Opinion, Reading, Side, Span
from nlp.brands import BrandHit
from nlp.contests import CONTEST, contests
from nlp.mapping import Mapper
from nlp.opinions import Scene
from nlp.phrases import trimmed
from nlp.scene import touches
from nlp.seen import Compared
from nlp.sentences import within
from nlp.supposed import supposed

_THIS = frozenset(
    (
        "它", "他", "她", "这", "这个", "这款", "这台", "这部", "这家", "这辆", "这车", "此", "此款", "该", "该款",
        "该机", "该车", "本", "本机", "本款", "本店", "新款", "自己", "我的", "我这个",
        "it", "this", "its", "mine", "this one",
    )
)  # fmt: skip
"""Subjects that point at what the page is about."""
_RUN_ON = re.compile(r"(?:还|都|也|连|甚至|简直|根本|真的?|完全|远|就|更|没有?|不如|比|被|跟|和)*$")
"""What leads from a judgement over to a comparison after it."""


def untangled(found: Sequence[Compared], clauses: Sequence[Span]) -> tuple[Compared, ...]:
    """Leaves out comparisons that reach into another clause for a part that their own clause has.

    "A比B流畅，比C便宜" compares C by price, and B not: an object of the predicate stands beside it.
    "拍照比B强，续航不如B" says nothing of 续航 and 强: 强 has its aspect, the clause of 续航 its own predicate.
    """
    with_object = {c.predicate for c in found if _same_clause(c.object, c.predicate, clauses)}
    with_aspect = {c.predicate for c in found if _same_clause(c.aspect, c.predicate, clauses)}
    compares = {within(clauses, s.start) for c in found for s in (c.predicate, c.object) if s}
    return tuple(
        c
        for c in found
        if not (c.object and c.predicate in with_object and not _same_clause(c.object, c.predicate, clauses))
        and not (
            c.aspect
            and c.predicate in with_aspect
            and not _same_clause(c.aspect, c.predicate, clauses)
            and within(clauses, c.aspect.start) in compares
        )
    )


def _same_clause(a: Span | None, b: Span | None, clauses: Sequence[Span]) -> bool:
    return a is not None and b is not None and within(clauses, a.start) == within(clauses, b.start)


def compared(reading: Reading, place: Scene, mapper: Mapper) -> tuple[Comparison, ...]:
    """All comparisons of a text: in each clause those that plain words tell, else those that the model found.

    Left out are those of clauses that do not mean it (`nlp.supposed`).
    """
    unmeant = supposed(place)
    told = tuple(c for c in contests(place) if not touches(_at(c), unmeant))
    spots = {_clause(c, place) for c in told} | {within(place.clauses, s.start) for s in unmeant}
    seen = (c for c in reading.comparisons if not c.told and _clause(c, place) not in spots)
    found = [placed(c, place, mapper) for c in (*told, *seen)]
    return tuple(sorted(found, key=lambda c: _at(c).start)) if told else tuple(found)


def _clause(comparison: Comparison, place: Scene) -> Span | None:
    return within(place.clauses, _at(comparison).start)


def _at(comparison: Comparison) -> Span:
    return comparison.predicate or comparison.aspect or comparison.object or comparison.subject or Span(0, 0)


def placed(comparison: Comparison, place: Scene, mapper: Mapper) -> Comparison:
    """With attribute, winner and loser by this lexicon and these brands; of equals, the two brands."""
    subject, other = _sides(comparison, place)
    better, worse = {"better": (subject, other), "worse": (other, subject)}.get(comparison.preference, ("", ""))
    if comparison.preference == "equal" and subject and other:
        better, worse = subject, other
    return replace(comparison, attribute=_attribute(comparison, place.text, mapper), winner=better, loser=worse)


def _sides(comparison: Comparison, place: Scene) -> tuple[str, str]:
    """The two brands; "" for one that is not known or not configured."""
    subject = _brand(comparison.subject, place, elided=place.brand)
    other = _brand(comparison.object, place, elided="")
    if comparison.told and comparison.object is None and subject != place.brand:
        return subject, place.brand  # 云岫的做工更扎实: than the one whose page this is
    if subject and subject == other:
        if comparison.subject is None:
            return "", other  # iPhone 的信号不如 Q3, on the page of Q3: whoever it was, it was not Q3
        other = place.brand if place.brand != subject and comparison.object is None else ""
    return subject, other


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

    A known loser gets a complaint of its own where the words only praise the winner ("A比B流畅" tells of B too); where
    the winner is nobody configured, the praise is nobody's.
    """
    out = [_owned(o, comparisons) for o in opinions if not _praises_a_stranger(o, comparisons)]
    for c in comparisons:
        lost = c.loser and c.preference in ("better", "worse")
        if lost and not any(_about(o, c) and o.target == c.loser and o.polarity == "negative" for o in out):
            spot = c.aspect or c.predicate or c.object
            quote = within(place.sentences, spot.start) if spot else None
            if quote is not None:
                out.append(Opinion(c.loser, c.attribute, c.aspect, c.predicate, "negative", c.confidence, quote))
    return tuple(out)


def decided(opinions: Sequence[Opinion], comparisons: Sequence[Comparison], place: Scene) -> tuple[Opinion, ...]:
    """Opinions that a told comparison decides, replaced by its complaint about the loser and praise of the winner.

    Others of its clause stay: 充电慢死了还不如B is slow whoever B is; but where the winner is no configured brand,
    praise of what lost is nobody's. Where nobody lost, what the words judge stays (跟B一样卡), unless they deny a loss:
    A不比B差 complains of nobody. Where none is meant (`nlp.supposed`), what is said by it is no opinion.
    """
    told = [c for c in comparisons if c.told]
    unmeant = supposed(place)
    if unmeant:
        opinions = [o for o in opinions if not touches(o.opinion or o.aspect or o.quote, unmeant)]
    if not told:
        return tuple(opinions)
    lost = {_clause(c, place): c for c in told if c.preference != "equal"}
    denied = {_clause(c, place) for c in told if c.preference == "equal" and _denies(c, place)}
    kept = (_apart(o, lost.get(within(place.clauses, _start(o))), place) for o in opinions)
    out = [o for o in kept if _stays(o, within(place.clauses, _start(o)), lost, denied)]
    for c in lost.values():
        out += _verdict(c, place)
    return tuple(sorted(out, key=lambda o: (_start(o), o.attribute, o.target)))


def _stays(
    opinion: Opinion, clause: Span | None, lost: Mapping[Span | None, Comparison], denied: Container[Span | None]
) -> bool:
    told = lost.get(clause)
    if told is not None and _about(opinion, told):
        return False
    return not (clause in denied and opinion.polarity == "negative")


def _apart(opinion: Opinion, told: Comparison | None, place: Scene) -> Opinion:
    """An opinion whose words run into a comparison, without it, where they judge by themselves: 慢死了还不如B."""
    words = opinion.opinion
    parts = [s.start for s in (told.aspect, told.object, told.predicate) if s] if told else []
    end = min((at for at in parts if words and words.start < at < words.end), default=None)
    if words is None or end is None:
        return _nobodys(opinion, told)
    start = (opinion.aspect or words).start
    judged = any(
        m.role == "opinion" and m.polarity == opinion.polarity and start <= m.span.start and m.span.end <= end
        for m in place.matches
    )
    cut = _RUN_ON.search(place.text, words.start, end)
    own = trimmed(place.text, words.start, cut.start()) if judged and cut else None
    return replace(opinion, opinion=own) if own else opinion


def _nobodys(opinion: Opinion, told: Comparison | None) -> Opinion:
    """Praise beside a comparison that an unknown winner made is nobody's."""
    stranger = told is not None and not told.winner and opinion.target == told.loser
    return replace(opinion, target="") if stranger and opinion.polarity == "positive" else opinion


def _verdict(c: Comparison, place: Scene) -> list[Opinion]:
    quote = within(place.sentences, _at(c).start) or Span(0, len(place.text))
    sides: tuple[tuple[str, Side], ...] = ((c.winner, "positive"), (c.loser, "negative"))
    return [Opinion(who, c.attribute, c.aspect, c.predicate, side, CONTEST, quote) for who, side in sides if who]


def _denies(comparison: Comparison, place: Scene) -> bool:
    return comparison.predicate is not None and place.text[comparison.predicate.start] in "不没并"


def _start(opinion: Opinion) -> int:
    return (opinion.aspect or opinion.opinion or opinion.quote).start


def _owned(opinion: Opinion, comparisons: Sequence[Comparison]) -> Opinion:
    for c in comparisons:
        owner = {"positive": c.winner, "negative": c.loser}.get(opinion.polarity, "")
        if c.preference not in ("better", "worse"):
            continue
        if owner and _about(opinion, c):
            return opinion if opinion.target == owner else replace(opinion, target=owner)
    return opinion


def _praises_a_stranger(opinion: Opinion, comparisons: Sequence[Comparison]) -> bool:
    return opinion.polarity == "positive" and any(
        c.preference in ("better", "worse") and not c.winner and c.loser == opinion.target and _about(opinion, c)
        for c in comparisons
        if c.loser
    )


def _about(opinion: Opinion, comparison: Comparison) -> bool:
    mine = [s for s in (opinion.aspect, opinion.opinion) if s]
    parts = [s for s in (comparison.aspect, comparison.predicate) if s]
    return any(a.start < b.end and a.end > b.start for a in mine for b in parts)
