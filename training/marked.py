"""A text with what people marked in it: labels in characters, before any tokenizer has seen it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from core.models import Span

NEGATIVE, NEUTRAL, POSITIVE = range(3)
UNKNOWN = -1
KINDS = {"restaurant": (0, 1), "product": (2,), "comparison": (3, 4, 5, 6)}
"""Span kinds (nlp/spans.py) that a group of sets marks; the other kinds of such a text are unknown, not absent."""
RIM = "。，！？；、,.!?;~ "
KIND_GROUP = [0, 0, 1, 2, 2, 2, 2]
"""Span kinds that share one set of queries and keys."""
Place = Span | None
Side = tuple[Span, int]
Triplet = tuple[Place, Place, int]
Quintuple = tuple[Place, Place, Place, Place, int]


@dataclass(frozen=True, slots=True)
class Marked:
    """One labelled text; what a set does not label stays empty or UNKNOWN.

    `two_sided` sets know no neutral. `unsure` are spans of which nobody knows whether they are terms. `alternative`
    is the same post without its emoticons. `joined` texts were put together from several and are not followed by a
    teacher that never saw such texts.
    """

    source: str
    text: str
    group: str = ""
    polarity: int = UNKNOWN
    two_sided: bool = False
    aspects: tuple[Side, ...] = ()
    terms: tuple[Span, ...] = ()
    unsure: tuple[Span, ...] = ()
    triplets: tuple[Triplet, ...] = ()
    quintuples: tuple[Quintuple, ...] = ()
    comparative: int = UNKNOWN
    attribute: int = UNKNOWN
    states: tuple[int, ...] = ()
    alternative: str = ""
    joined: bool = False


def agreed(sides: list[int]) -> int:
    """The side that all share, else UNKNOWN."""
    return sides[0] if sides and len(set(sides)) == 1 else UNKNOWN


def bare(text: str) -> str:
    """The text without closing punctuation, or as it is where nothing else is left."""
    return text.rstrip(RIM) or text


def moved(span: Place, by: int, limit: int) -> Place:
    """A span of a part in the joined text; cut at the part's end (`limit`, in the part's own characters)."""
    return None if span is None else Span(span.start + by, min(span.end, limit) + by)


def without_terms(text: Marked) -> Marked:
    """The same text with its spans unknown: only sides are learned from it."""
    return replace(text, group="", terms=(), unsure=())
