"""Examples to padded arrays: what the network is asked about a batch, and what is right.

Pure NumPy, so that it is tested where PyTorch is absent. `near` are spans that the teacher half believes in: wrong
ones among them teach the pair and tuple heads what does not belong together.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import product

import numpy as np
from numpy.typing import NDArray

from training.alignment import NOT_STATED, Example, KindSpan, TokenSpan
from training.marked import KINDS, UNKNOWN

PAD = 1
SPAN_KINDS, STATES = 7, 20
MOST_PAIRS, MOST_TUPLES = 36, 48
"""Combinations asked of one text; above that the right ones and a draw of the others."""
MOST_NEAR = 6
ROW = {"pair": 7, "tuple": 13, "aspect": 4, "span": 4, "ignored": 4, "cut": 4}
"""Numbers in a row of each list (see Batch)."""
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Batch:
    """Arrays of one step; b texts of n tokens at most.

    ids, mask [b, n]. polarity, comparative, attribute [b] and states [b, 20], UNKNOWN where not labelled.
    two_sided, joined, led [b]: the set has no neutral; put together; the teacher's polarity is to be followed.
    kinds [b, 7]: which span kinds are marked in a text. Rows of `lists`: span and ignored (text, kind, start, end);
    cut (text, token, side, characters); aspect (text, start, end, side); pair (text, four ends, distance, class);
    tuple (text, eight ends, three distances, class).
    """

    ids: Ints
    mask: Ints
    polarity: Ints
    two_sided: NDArray[np.float32]
    comparative: Ints
    attribute: Ints
    states: Ints
    joined: NDArray[np.bool_]
    led: NDArray[np.float32]
    kinds: NDArray[np.float32]
    lists: dict[str, Ints]


@dataclass
class _Rows:
    found: dict[str, list[tuple[int, ...]]] = field(default_factory=lambda: {name: [] for name in ROW})

    def arrays(self) -> dict[str, Ints]:
        return {name: np.array(rows, np.int64).reshape(-1, ROW[name]) for name, rows in self.found.items()}


def padded(sequences: Sequence[Sequence[int]]) -> tuple[Ints, Ints]:
    """ids filled up with PAD, and the mask of those that are there."""
    width = max(len(s) for s in sequences)
    ids = np.full((len(sequences), width), PAD, np.int64)
    mask = np.zeros((len(sequences), width), np.int64)
    for row, sequence in enumerate(sequences):
        ids[row, : len(sequence)] = sequence
        mask[row, : len(sequence)] = 1
    return ids, mask


def chosen_ids(examples: Sequence[Example], draw: random.Random) -> list[tuple[int, ...]]:
    """The texts' ids; posts half the time without their emoticons, which nearly give the label away."""
    return [e.alternative if e.alternative and draw.random() < 0.5 else e.ids for e in examples]


def collated(
    examples: Sequence[Example], ids: Sequence[Sequence[int]], near: Sequence[Sequence[KindSpan]], draw: random.Random
) -> Batch:
    """The batch of these examples, with `ids` in their stead (`chosen_ids`)."""
    tokens, mask = padded(ids)
    rows = _Rows()
    kinds = np.zeros((len(examples), SPAN_KINDS), np.float32)
    for k, e in enumerate(examples):
        kinds[k, list(KINDS.get(e.group, ()))] = 1
        _one(rows.found, k, e, near[k], draw)
    return Batch(
        ids=tokens,
        mask=mask,
        polarity=np.array([e.polarity for e in examples], np.int64),
        two_sided=np.array([e.two_sided for e in examples], np.float32),
        comparative=np.array([e.comparative for e in examples], np.int64),
        attribute=np.array([e.attribute for e in examples], np.int64),
        states=np.array([e.states or [UNKNOWN] * STATES for e in examples], np.int64),
        joined=np.array([e.joined for e in examples], np.bool_),
        led=np.array([e.source != "statements" for e in examples], np.float32),
        kinds=kinds,
        lists=rows.arrays(),
    )


def _one(
    rows: dict[str, list[tuple[int, ...]]], k: int, e: Example, near: Sequence[KindSpan], draw: random.Random
) -> None:
    rows["aspect"] += [(k, *a) for a in e.aspects]
    rows["span"] += [(k, *s) for s in e.spans]
    rows["ignored"] += [(k, *s) for s in e.ignored]
    rows["cut"] += [(k, *c) for c in e.cuts]
    wrong = [s for s in near if s[0] in KINDS.get(e.group, ()) and s not in e.spans]
    wrong = draw.sample(wrong, min(len(wrong), MOST_NEAR))
    if e.pairs:
        rows["pair"] += [(k, *p) for p in asked_pairs(e, wrong, draw)]
    if e.group == "comparison" and (e.tuples or wrong):
        rows["tuple"] += [(k, *t) for t in asked_tuples(e, wrong, draw)]


def asked_pairs(e: Example, wrong: Sequence[KindSpan], draw: random.Random) -> Iterator[tuple[int, ...]]:
    """(aspect start, end, opinion start, end, distance, class): every aspect with every opinion. Class 0: none."""
    gold = {p[:4]: p[4] for p in e.pairs}
    first, second = KINDS["restaurant"]
    aspects = _also_near({NOT_STATED} | {(p[0], p[1]) for p in gold} | _of(wrong, first), e, draw, 0.25)
    opinions = _also_near({(p[2], p[3]) for p in gold} | _of(wrong, second), e, draw, 0.25)
    combined: list[tuple[int, ...]] = [(*a, *o) for a, o in product(aspects, opinions)]
    for c in _bounded(combined, gold, MOST_PAIRS, draw):
        yield (*c, pair_distance(c[0], c[2]), gold.get(c, -1) + 1)


def asked_tuples(e: Example, wrong: Sequence[KindSpan], draw: random.Random) -> Iterator[tuple[int, ...]]:
    """(eight ends, three distances, class): every combination of the four parts. Class 0: none."""
    gold = {t[:8]: t[8] for t in e.tuples}
    parts = []
    for k, kind in enumerate(KINDS["comparison"]):
        spans = {(t[2 * k], t[2 * k + 1]) for t in gold} | _of(wrong, kind)
        if k < 3 or not any(t[6] for t in gold):
            spans |= {NOT_STATED}
        elif NOT_STATED in spans:
            spans -= {NOT_STATED}
        parts.append(_also_near(spans, e, draw, 0.2))
    combined: list[tuple[int, ...]] = [(*a, *b, *c, *d) for a, b, c, d in product(*parts)]
    for c in _bounded(combined, gold, MOST_TUPLES, draw):
        yield (*c, *tuple_distances(c), gold[c] + 2 if c in gold else 0)


def _of(spans: Sequence[KindSpan], kind: int) -> set[TokenSpan]:
    return {(s[1], s[2]) for s in spans if s[0] == kind}


def _also_near(spans: set[TokenSpan], e: Example, draw: random.Random, share: float) -> list[TokenSpan]:
    """The spans, and for some of them one that misses by a token: borders matter."""
    ordered = sorted(spans)
    for start, end in list(ordered):
        if start and draw.random() < share:
            other = draw.choice(((start - 1, end), (start + 1, end), (start, end - 1), (start, end + 1)))
            if 1 <= other[0] <= other[1] < len(e.ids) - 1 and other not in spans:
                ordered.append(other)
    return ordered


def _bounded(
    combined: list[tuple[int, ...]], gold: dict[tuple[int, ...], int], most: int, draw: random.Random
) -> list[tuple[int, ...]]:
    if len(combined) <= most:
        return combined
    right = [c for c in combined if c in gold]
    others = [c for c in combined if c not in gold]
    return right + draw.sample(others, min(len(others), max(most - len(right), 8)))


def bucket(distance: int) -> int:
    """0..12: nought, one, two, up to 4, 8, 16, more; to the left from 7 on."""
    size = abs(distance)
    found = size if size <= 2 else 3 if size <= 4 else 4 if size <= 8 else 5 if size <= 16 else 6
    return found + 6 if distance < 0 and found else found


UNSTATED_DISTANCE = 13


def pair_distance(aspect: int, opinion: int) -> int:
    return UNSTATED_DISTANCE if aspect == 0 else bucket(opinion - aspect)


def tuple_distances(ends: Sequence[int]) -> tuple[int, ...]:
    """From subject, object and aspect to the predicate, each in its own range of 14."""
    predicate = ends[6]
    stated = [ends[2 * k] != 0 and predicate != 0 for k in range(3)]
    return tuple(14 * k + (bucket(predicate - ends[2 * k]) if stated[k] else UNSTATED_DISTANCE) for k in range(3))
