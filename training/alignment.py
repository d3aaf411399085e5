"""Labels in characters to labels in tokens. Token spans include both ends; (0, 0) stands for "not stated"."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from tokenizers import Tokenizer

from core.models import Span
from training.marked import KINDS, UNKNOWN, Marked, Place

LONGEST, HEAD = 256, 192
"""Longer texts without spans keep their first HEAD and their last tokens; those with spans are cut at the end."""
NOT_STATED = (0, 0)
MOST_CUT = 3
"""A word piece may reach this many characters over a span's border; the boundary head says how many."""
Offsets = Sequence[tuple[int, int]]
TokenSpan = tuple[int, int]
KindSpan = tuple[int, int, int]


class Placed(NamedTuple):
    """A token span and how many characters of its first and last piece lie outside."""

    start: int
    end: int
    skip: int
    drop: int


@dataclass(frozen=True, slots=True)
class Example:
    """A text as the network is taught it; every label in tokens.

    spans and ignored: (kind, start, end). cuts: (token, 0 at the start or 1 at the end, characters outside).
    aspects: (start, end, side). pairs: (aspect start, end, opinion start, end, side). tuples: four spans and the
    preference (-1, 0, 1, 2).
    """

    source: str
    ids: tuple[int, ...]
    alternative: tuple[int, ...] = ()
    group: str = ""
    polarity: int = UNKNOWN
    two_sided: bool = False
    comparative: int = UNKNOWN
    attribute: int = UNKNOWN
    states: tuple[int, ...] = ()
    spans: tuple[KindSpan, ...] = ()
    ignored: tuple[KindSpan, ...] = ()
    cuts: tuple[tuple[int, int, int], ...] = ()
    aspects: tuple[tuple[int, int, int], ...] = ()
    pairs: tuple[tuple[int, ...], ...] = ()
    tuples: tuple[tuple[int, ...], ...] = ()
    joined: bool = False


class Aligner:
    """Places spans of one tokenised text."""

    def __init__(self, offsets: Offsets) -> None:
        self._offsets = offsets
        self._at = {c: token for token, (start, end) in enumerate(offsets) for c in range(start, end)}

    def place(self, span: Span) -> Placed | None:
        """The tokens of a stretch of characters; blanks at its rims have none. None where no token holds it."""
        reach = range(MOST_CUT + 1)
        first = next((t for d in reach if (t := self._at.get(span.start + d)) is not None), None)
        last = next((t for d in reach if (t := self._at.get(span.end - 1 - d)) is not None), None)
        if first is None or last is None or last < first:
            return None
        skip = span.start - self._offsets[first][0]
        drop = self._offsets[last][1] - span.end
        return Placed(first, last, min(max(skip, 0), MOST_CUT), min(max(drop, 0), MOST_CUT))

    def stated(self, span: Place) -> Placed | None:
        return Placed(*NOT_STATED, 0, 0) if span is None else self.place(span)


class _Spans:
    """Spans found so far with the cuts at their rims."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.kinds: set[KindSpan] = set()
        self.cuts: set[tuple[int, int, int]] = set()

    def add(self, kind: int, placed: Placed) -> None:
        if placed.start and placed.end < self.limit:
            self.kinds.add((kind, placed.start, placed.end))
            self.cuts |= {(placed.start, 0, placed.skip), (placed.end, 1, placed.drop)}


def example(text: Marked, ids: Sequence[int], offsets: Offsets, alternative: Sequence[int] = ()) -> Example:
    """The text's labels on its tokens; a label that no token holds, or that was cut off, is left out."""
    kept = _shortened(ids, bool(text.group))
    aligner = Aligner(offsets)
    limit = len(kept) - 1 if len(kept) == len(ids) or text.group else min(HEAD, len(kept))
    spans = _Spans(limit)
    for term in text.terms:
        if placed := aligner.place(term):
            spans.add(KINDS["product"][0], placed)
    pairs = list(_pairs(text, aligner, spans))
    tuples = list(_tuples(text, aligner, spans))
    aspects = {(p.start, p.end, s) for span, s in text.aspects if (p := aligner.place(span)) and p.end < limit}
    ignored = {(KINDS["product"][0], p.start, p.end) for u in text.unsure if (p := aligner.place(u))}
    return Example(
        source=text.source,
        ids=tuple(kept),
        alternative=tuple(_shortened(alternative, False)),
        group=text.group,
        polarity=text.polarity,
        two_sided=text.two_sided,
        comparative=text.comparative,
        attribute=text.attribute,
        states=text.states,
        spans=tuple(sorted(spans.kinds)),
        ignored=tuple(sorted(i for i in ignored - spans.kinds if i[2] < limit)),
        cuts=tuple(sorted(spans.cuts)),
        aspects=tuple(sorted(aspects)),
        pairs=tuple(sorted(set(pairs))),
        tuples=tuple(sorted(set(tuples))),
        joined=text.joined,
    )


def _shortened(ids: Sequence[int], from_the_end: bool) -> Sequence[int]:
    if len(ids) <= LONGEST:
        return ids
    return [*ids[: LONGEST - 1], ids[-1]] if from_the_end else [*ids[:HEAD], *ids[-(LONGEST - HEAD) :]]


def _pairs(text: Marked, aligner: Aligner, spans: _Spans) -> Iterable[tuple[int, ...]]:
    for aspect, opinion, side in text.triplets:
        a, o = aligner.stated(aspect), aligner.stated(opinion)
        if a is None or o is None or max(a.end, o.end) >= spans.limit:
            continue
        spans.add(KINDS["restaurant"][0], a)
        spans.add(KINDS["restaurant"][1], o)
        yield (a.start, a.end, o.start, o.end, side)


def _tuples(text: Marked, aligner: Aligner, spans: _Spans) -> Iterable[tuple[int, ...]]:
    for *parts, preference in text.quintuples:
        placed = [aligner.stated(part) for part in parts]
        known = [p for p in placed if p is not None and p.end < spans.limit]
        if len(known) == 4:
            for kind, p in zip(KINDS["comparison"], known, strict=True):
                spans.add(kind, p)
            yield (*(end for p in known for end in (p.start, p.end)), preference)


class Pieces:
    """The encoder's tokenizer, without cutting or padding."""

    def __init__(self, shared: Path) -> None:
        self._tokenizer = Tokenizer.from_file(str(shared / "encoder" / "tokenizer.json"))
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()

    def examples(self, texts: Sequence[Marked]) -> list[Example]:
        found = self._tokenizer.encode_batch([t.text for t in texts])
        with_other = [k for k, t in enumerate(texts) if t.alternative]
        others = self._tokenizer.encode_batch([texts[k].alternative for k in with_other])
        alternative = dict(zip(with_other, (e.ids for e in others), strict=True))
        return [
            example(text, e.ids, e.offsets, alternative.get(k, ()))
            for k, (text, e) in enumerate(zip(texts, found, strict=True))
        ]

    def encode(self, texts: Sequence[str]) -> list[tuple[list[int], list[tuple[int, int]]]]:
        """Ids and offsets of plain texts."""
        return [(e.ids, e.offsets) for e in self._tokenizer.encode_batch(texts)]
