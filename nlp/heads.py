"""The span heads: polarity of an aspect, aspect with opinion, and the four parts of a comparison.

Spans here are token spans, both ends included, with the passage they lie in; (0, 0) stands for "not stated".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from nlp.arithmetic import gelu, linear, softmax
from nlp.encoder import Graph
from nlp.model_files import Floats

Ints = NDArray[np.intp]
TokenSpan = tuple[int, int]
_DISTANCES: Ints = np.array([0, 1, 2, 3, 3, 4, 4, 4, 4, *[5] * 8])
"""Distance between two starts to its bucket; 17 and more is bucket 6, distances to the left add 6."""
NOT_STATED = 13


class Row(NamedTuple):
    """A token span of the bag's passage `text`."""

    text: int
    start: int
    end: int


class Bag:
    """The token vectors of several runs: `flat` [tokens, width], passage t beginning at `base[t]`.

    `before` [tokens + passages, width] holds for each passage the sums of its first 0, 1, 2 … tokens.
    """

    def __init__(self, runs: Sequence[Floats]) -> None:
        width = runs[0].shape[-1]
        self.flat: Floats = np.concatenate([r.reshape(-1, width) for r in runs])
        self.tokens = [text for run in runs for text in run]
        self.base: Ints = np.concatenate([[0], np.cumsum([len(t) for t in self.tokens])[:-1]]).astype(np.intp)
        self.before = np.concatenate([_sums(run).reshape(-1, width) for run in runs])

    def means(self, text: Ints, start: Ints, end: Ints) -> Floats:
        """The mean of each stretch of tokens, `end` left out. Sums in doubles: their differences are exact enough."""
        first = self.base[text] + text
        sums = self.before[first + end] - self.before[first + start]
        mean: Floats = (sums / (end - start)[:, None]).astype(np.float32)
        return mean


class Heads:
    """One model's span heads: graphs by name, and the weights of the one that runs in NumPy."""

    def __init__(self, graphs: Mapping[str, Graph], weights: Mapping[str, Floats]) -> None:
        self._graphs = graphs
        # The clause's mean is fed twice, so the two halves of the first matrix are one.
        inner = weights["pol1.weight"]
        half = inner.shape[1] // 2
        self._clause = np.ascontiguousarray((inner[:, :half] + inner[:, half:]).T)
        self._clause_last = np.ascontiguousarray(weights["pol2.weight"].T)
        self._biases = weights["pol1.bias"], weights["pol2.bias"]

    def aspect_polarity(self, bag: Bag, rows: Sequence[Row]) -> Floats:
        """Logits [rows, 3] (negative, neutral, positive) of every span, in view of its whole passage.

        `rows` stand together by passage.
        """
        asked, part = self._graphs["ask"].run(("asked", "part"), spans=_two(represent(bag, rows)))
        heard = np.zeros_like(asked)
        first = 0
        for text, group in groupby(rows, key=_text):
            last = first + sum(1 for _ in group)
            tokens = bag.tokens[text]
            share = softmax(np.matmul(asked[first:last], tokens.T))
            np.matmul(share, tokens, out=heard[first:last])
            first = last
        return self._graphs["judge"].run(("logits",), heard=heard, part=part)[0][: len(rows)]

    def clause_polarity(self, bag: Bag, rows: Sequence[Row]) -> Floats:
        """Logits [rows, 3] of spans judged as if each were a text of its own, by the head of whole texts.

        That head pools by attention inside the graph; over a clause the mean alone says nearly the same.
        """
        first, last = self._biases
        return linear(gelu(linear(_span_means(bag, rows), self._clause, first)), self._clause_last, last)

    def pairs(self, bag: Bag, aspects: Sequence[Row], opinions: Sequence[Row], which: Ints) -> Floats:
        """Logits [pairs, 4] (none, negative, neutral, positive); `which` [pairs, 2] are places in the two lists."""
        left, right = _table(aspects)[which[:, 0]], _table(opinions)[which[:, 1]]
        distance = _bucket(right[:, 1] - left[:, 1])
        distance[left[:, 1] == 0] = NOT_STATED
        given = {
            "aspects": _two(represent(bag, aspects)),
            "opinions": _two(represent(bag, opinions)),
            "between": _two(_between(bag, left, right)),
            "aspect": _two(which[:, 0]),
            "opinion": _two(which[:, 1]),
            "distance": _two(distance),
        }
        return self._graphs["pair"].run(("logits",), **given)[0][: len(which)]

    def tuples(self, bag: Bag, parts: Sequence[Sequence[Row]], which: Ints) -> Floats:
        """Logits [tuples, 5] (none, worse, equal, better, different); `which` [tuples, 4] are places in `parts`."""
        spans = [_table(p)[which[:, k]] for k, p in enumerate(parts)]
        given: dict[str, NDArray[Any]] = {f"part_{k}": _two(represent(bag, p)) for k, p in enumerate(parts)}
        given |= {f"at_{k}": _two(which[:, k]) for k in range(len(parts))}
        predicate = spans[3][:, 1]
        for k in range(3):
            bucket = _bucket(predicate - spans[k][:, 1])
            bucket[(spans[k][:, 1] == 0) | (predicate == 0)] = NOT_STATED
            given[f"distance_{k}"] = _two(bucket)
        return self._graphs["tuple"].run(("logits",), **given)[0][: len(which)]


def _two(rows: NDArray[Any]) -> NDArray[Any]:
    """At least two rows: one alone takes another path through the float kernels, with other rounding."""
    return rows if len(rows) > 1 else np.repeat(rows, 2, axis=0)


def represent(bag: Bag, rows: Sequence[Row]) -> Floats:
    """[first token; last token; mean] of every span: [rows, 3·width]."""
    text, start, end = _table(rows).T
    width = bag.flat.shape[-1]
    out = np.empty((len(rows), 3 * width), np.float32)
    out[:, :width] = bag.flat[bag.base[text] + start]
    out[:, width : 2 * width] = bag.flat[bag.base[text] + end]
    out[:, 2 * width :] = bag.means(text, start, end + 1)
    return out


def _span_means(bag: Bag, rows: Sequence[Row]) -> Floats:
    text, start, end = _table(rows).T
    return bag.means(text, start, end + 1)


def _sums(run: Floats) -> NDArray[np.float64]:
    sums = np.zeros((run.shape[0], run.shape[1] + 1, run.shape[2]))
    for k in range(run.shape[1]):  # six times as fast as cumsum, which goes column by column
        np.add(sums[:, k], run[:, k], out=sums[:, k + 1])
    return sums


def _between(bag: Bag, left: Ints, right: Ints) -> Floats:
    """Mean of the tokens strictly between two spans; zeros where there are none."""
    low = np.minimum(left[:, 2], right[:, 2]) + 1
    high = np.maximum(left[:, 1], right[:, 1])
    out = np.zeros((len(left), bag.flat.shape[-1]), np.float32)
    some = np.flatnonzero(high > low)
    if len(some):
        out[some] = bag.means(left[some, 0], low[some], high[some])
    return out


def _bucket(distance: Ints) -> Ints:
    size = np.abs(distance)
    bucket = np.where(size > 16, 6, _DISTANCES[np.minimum(size, 16)])
    found: Ints = np.where((distance < 0) & (bucket > 0), bucket + 6, bucket)
    return found


def _table(rows: Sequence[Row]) -> Ints:
    return np.array(rows, np.intp).reshape(-1, 3)


def _text(row: Row) -> int:
    return row.text
