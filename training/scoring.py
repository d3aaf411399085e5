"""Figures with their intervals, from counts per text: shares, F1 over classes, F1 over exact findings.

A share's interval is Wilson's; an F1 has no closed form, so texts are drawn again with replacement (Efron 1979), with
a fixed seed. All at 95 %.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from statsmodels.stats.proportion import proportion_confint

DRAWS, SEED = 2000, 0
Counts = NDArray[np.float64]
Scored = tuple[AbstractSet[object], AbstractSet[object]]
"""What is right in a text, and what was found."""
Statistic = Callable[[Counts], Counts]


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of a report: value, number of texts (or of aspects), and its interval."""

    name: str
    value: float
    n: int
    low: float
    high: float
    method: str

    @property
    def interval(self) -> str:
        return f"{places(self.low)}–{places(self.high)}"


def places(value: float) -> str:
    """Three places without the nought before the point."""
    return f"{value:.3f}".removeprefix("0") if value < 1 else f"{value:.3f}"


def share(name: str, right: Sequence[bool]) -> Figure:
    low, high = proportion_confint(sum(right), max(1, len(right)), method="wilson")
    return Figure(name, sum(right) / max(1, len(right)), len(right), float(low), float(high), "Wilson")


def macro_f1(name: str, texts: Sequence[Sequence[tuple[int, int]]], classes: Sequence[int]) -> Figure:
    """Mean F1 over `classes` of (right, found) pairs; pairs of one text are drawn together."""
    counts = np.zeros((len(texts), len(classes), 3))
    for k, pairs in enumerate(texts):
        for right, found in pairs:
            for c, label in enumerate(classes):
                counts[k, c] += (right == label == found, right == label, found == label)
    n = sum(len(pairs) for pairs in texts)
    return _bootstrapped(name, counts, lambda total: _f1(total).mean(-1), n)


def exact_f1(name: str, texts: Sequence[Scored]) -> Figure:
    """F1 of findings that are right in every part, over all (right, found) sets."""
    counts = np.array([[[len(g & f), len(g), len(f)]] for g, f in texts], np.float64).reshape(-1, 1, 3)
    return _bootstrapped(name, counts, lambda total: _f1(total)[..., 0], len(texts))


def _f1(total: Counts) -> Counts:
    hit, right, found = total[..., 0], total[..., 1], total[..., 2]
    f1: Counts = 2 * hit / np.maximum(right + found, 1)
    return f1


def _bootstrapped(name: str, counts: Counts, statistic: Statistic, n: int) -> Figure:
    texts = len(counts)
    value = float(statistic(counts.sum(0)[None])[0])
    often = np.random.default_rng(SEED).multinomial(texts, np.full(texts, 1 / texts), size=DRAWS)
    drawn = statistic(np.tensordot(often.astype(np.float64), counts, 1))
    low, high = np.quantile(drawn, (0.025, 0.975))
    return Figure(name, value, n, float(low), float(high), "bootstrap over texts")
