"""Candidate spans of a run: which stretches of tokens the model calls an aspect, an opinion, a part of a comparison."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from core.models import Span
from nlp.encoder import Encoded
from nlp.heads import TokenSpan
from nlp.model_files import Floats
from nlp.thresholds import OTHER_TRADE_BEHIND, OTHER_TRADE_SURE
from nlp.tokens import Passage

RESTAURANT_ASPECT, OPINION, PRODUCT_ASPECT, SUBJECT, OBJECT, COMPARED_ASPECT, PREDICATE = range(7)
_GROUP = (0, 0, 1, 2, 2, 2, 2)
_TRADES = (RESTAURANT_ASPECT, PRODUCT_ASPECT)


Cuts = list[list[int]]


class Candidate(NamedTuple):
    """A scored token span, both ends included."""

    kind: int
    start: int
    end: int
    score: float

    @property
    def span(self) -> TokenSpan:
        return self.start, self.end


def candidates(
    run: Encoded, kinds: Sequence[int], threshold: float, most: int, rows: Sequence[int] | None = None
) -> list[list[Candidate]]:
    """Per passage: of each kind the best `most` spans above the threshold, best first.

    `rows` limits the work to some passages of the run; the result has one list for each of them.
    """
    chosen = list(range(len(run.members))) if rows is None else list(rows)
    length = run.hidden.shape[1]
    found: list[list[Candidate]] = [[] for _ in chosen]
    inner = _inner(length)
    for group in sorted({_GROUP[k] for k in kinds}):
        grid = np.matmul(run.span_q[chosen, :, group], run.span_k[chosen, :, group].transpose(0, 2, 1)) / np.float32(8)
        for kind in (k for k in kinds if _GROUP[k] == group):
            bias = run.span_bias[chosen]
            score = grid + bias[:, :, kind][:, :, None] + bias[:, :, 7 + kind][:, None]
            _collect(found, kind, score, inner, threshold, most)
    return found


def _collect(
    found: list[list[Candidate]], kind: int, score: Floats, inner: NDArray[np.bool_], threshold: float, most: int
) -> None:
    text, start, end = np.nonzero((score > threshold) & inner)
    per: dict[int, list[Candidate]] = {}
    values = score[text, start, end].tolist()
    for t, a, b, value in zip(text.tolist(), start.tolist(), end.tolist(), values, strict=True):
        per.setdefault(t, []).append(Candidate(kind, a, b, value))
    for t, spans in per.items():
        found[t] += sorted(spans, key=lambda c: -c.score)[:most]


def of_one_trade(spans: Sequence[Candidate]) -> list[Candidate]:
    """The candidates without weak aspects of the kind that is not the text's.

    Aspects of restaurants and of products were marked in different sets, so in a text of one trade a span of the
    other's kind is mostly a dish that is none, or a clause taken for a part. The best aspect says which trade it is.
    """
    best = {kind: max((c.score for c in spans if c.kind == kind), default=-np.inf) for kind in _TRADES}
    leader = max(best.values())
    other = {kind for kind in _TRADES if best[kind] < leader - OTHER_TRADE_BEHIND}
    return [c for c in spans if c.kind not in other or c.score >= OTHER_TRADE_SURE]


def apart(spans: Sequence[Candidate]) -> list[Candidate]:
    """Best first, without those that overlap a better one."""
    kept: list[Candidate] = []
    for span in sorted(spans, key=lambda c: -c.score):
        if all(span.end < other.start or span.start > other.end for other in kept):
            kept.append(span)
    return kept


def characters(cuts: Cuts, passage: Passage, span: TokenSpan, text: str) -> Span | None:
    """Code points of a token span, its rims cut as the boundary head says; None for "not stated" or a blank."""
    first, last = span
    if first == 0:
        return None
    start = passage.offsets[first][0] + cuts[first][0]
    end = passage.offsets[last][1] - cuts[last][1]
    if start >= end:
        start, end = passage.offsets[first][0], passage.offsets[last][1]
    stretch = text[start:end]
    start += len(stretch) - len(stretch.lstrip())
    return Span(start, end) if start < end else None


def cuts_of(run: Encoded) -> list[Cuts]:
    """Per passage and token: how many characters of it lie outside a span that begins, or ends, with it."""
    texts, tokens, _ = run.boundary.shape
    cuts: list[Cuts] = run.boundary.reshape(texts, tokens, 2, 4).argmax(-1).tolist()
    return cuts


def tokens_of(passage: Passage, span: Span) -> TokenSpan:
    """The tokens that hold a stretch of characters; the nearest token where none does (blanks have none)."""
    last = len(passage.offsets) - 2
    first = bisect_right(passage.offsets, span.start, 1, last + 1, key=lambda o: o[1])
    final = bisect_left(passage.offsets, span.end, first, last + 1, key=lambda o: o[0]) - 1
    if first <= final:
        return first, final
    near = max(1, min(first, last))
    return near, near


def _inner(length: int) -> NDArray[np.bool_]:
    """Spans that end after they begin and leave out the two tokens that frame a passage."""
    mask = np.triu(np.ones((length, length), bool))
    mask[[0, -1]] = False
    mask[:, [0, -1]] = False
    return mask
