"""Which opinion belongs to which aspect: triplets from candidate spans and the pair head."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from nlp.heads import Bag, Heads, Ints, Row, TokenSpan
from nlp.model_files import Floats
from nlp.spans import OPINION, Candidate

IMPLICIT: TokenSpan = (0, 0)


class Pair(NamedTuple):
    """An aspect (IMPLICIT where none is stated), its opinion, the side (0..2) and the score they were kept with."""

    score: float
    aspect: TokenSpan
    opinion: TokenSpan
    side: int
    probability: float


class _Sides(NamedTuple):
    """The candidates of one passage that may be paired."""

    row: int
    aspects: dict[TokenSpan, float]
    opinions: dict[TokenSpan, float]


def pairs(
    bag: Bag, heads: Heads, found: Sequence[Sequence[Candidate]], none_bias: float, implicit_bias: float
) -> list[list[Pair]]:
    """Per passage, best first: every aspect with every opinion that the pair head joins, variants left out.

    `found` holds aspect and opinion candidates; `none_bias` is the least score, `implicit_bias` the span score of
    an aspect that is not stated.
    """
    kept: list[list[Pair]] = [[] for _ in found]
    texts = [s for row, spans in enumerate(found) if (s := _sides(row, spans, implicit_bias)).opinions]
    if not texts:
        return kept
    aspects = [Row(t.row, *a) for t in texts for a in t.aspects]
    opinions = [Row(t.row, *o) for t in texts for o in t.opinions]
    which: list[Ints] = []
    at = ot = 0
    for t in texts:
        which.append(_product(len(t.aspects), len(t.opinions)) + np.array([at, ot]))
        at, ot = at + len(t.aspects), ot + len(t.opinions)
    logits = heads.pairs(bag, aspects, opinions, np.concatenate(which))
    start = 0
    for t in texts:
        count = len(t.aspects) * len(t.opinions)
        kept[t.row] = _chosen(t, logits[start : start + count], none_bias)
        start += count
    return kept


def _sides(row: int, spans: Sequence[Candidate], implicit_bias: float) -> _Sides:
    named = sorted((c for c in spans if c.kind != OPINION), key=lambda c: c.score)
    aspects = {IMPLICIT: implicit_bias} | {c.span: min(c.score, 3.0) for c in named}
    return _Sides(row, aspects, {c.span: min(c.score, 3.0) for c in spans if c.kind == OPINION})


def _product(rows: int, columns: int) -> Ints:
    return np.stack(np.divmod(np.arange(rows * columns), columns), 1).astype(np.intp)


def _chosen(t: _Sides, logits: Floats, none_bias: float) -> list[Pair]:
    aspects, opinions = list(t.aspects), list(t.opinions)
    logs = logits - logits.max(-1, keepdims=True)
    logs = logs - np.log(np.exp(logs).sum(-1, keepdims=True))
    none = logs[:, 0]
    joined = np.log(np.maximum(1e-9, 1 - np.exp(np.minimum(none, 0)))) - none
    spans = 0.5 * (
        np.repeat(list(t.aspects.values()), len(opinions)) + np.tile(list(t.opinions.values()), len(aspects))
    )
    score = joined + spans
    some = np.flatnonzero(score > none_bias)
    found = []
    for k in some.tolist():
        a, o = divmod(k, len(opinions))
        side = int(logs[k, 1:].argmax())
        found.append(Pair(float(score[k]), aspects[a], opinions[o], side, float(1 - np.exp(none[k]))))
    return _without_variants(sorted(found, key=lambda p: -p.score))


def _without_variants(found: Sequence[Pair]) -> list[Pair]:
    """Drops a pair that is a kept one with one side cut otherwise."""
    kept: list[Pair] = []
    for pair in found:
        if not any(_variant(pair, other) for other in kept):
            kept.append(pair)
    return kept


def _variant(a: Pair, b: Pair) -> bool:
    same_place = overlap(a.aspect, b.aspect) and overlap(a.opinion, b.opinion)
    return same_place and (a.aspect != b.aspect or a.opinion != b.opinion)


def overlap(a: TokenSpan, b: TokenSpan) -> bool:
    """Whether two token spans share a token."""
    return a[1] >= b[0] and a[0] <= b[1]
