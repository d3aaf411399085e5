"""Prediction-powered intervals: what was read of all mentions, put right by what people said of a sample of them.

Angelopoulos, Bates, Fannjiang, Jordan & Zrnic, "Prediction-powered inference", Science 382 (2023): the mean of the
predictions plus the mean of (label − prediction) over the sample. Sampling weights make the second a Hájek mean, whose
variance is taken by linearisation; the strata are left out of it, which can only make an interval wider.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

import numpy as np
import numpy.typing as npt

from index.intervals import Z, wilson

FEWEST_LABELS = 200
"""With fewer labels of one's own in the mentions asked about, an interval is Wilson's."""
FEWEST_JUDGED = 30
"""Labelled mentions with an opinion on an attribute that its complaint rate needs besides."""

Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Powered:
    """A rate put right by labels, with its 95 % interval and how many labelled mentions stand behind it."""

    value: float
    low: float
    high: float
    labels: int


@dataclass(frozen=True, slots=True)
class Sample:
    """One figure of the labelled mentions: what is true of each, what was read, and how many mentions each stands for.

    `truth` is 0..1: the share of people who say so.
    """

    truth: Numbers
    read: Numbers
    weight: Numbers


def powered_rate(count: int, n: int, sample: Sample) -> Powered | None:
    """count / n, put right; None with fewer than FEWEST_LABELS labels."""
    labels = len(sample.weight)
    if labels < FEWEST_LABELS or n == 0:
        return None
    rate = count / n
    error, spread = _mean(sample.truth - sample.read, sample.weight)
    half = _half(rate * (1 - rate) / n, spread, sample.weight)
    return _within(rate + error, half, labels)


def powered_ratio(part: int, whole: int, n: int, parts: Sample, wholes: Sample) -> Powered | None:
    """part / whole of n mentions, both put right (by the delta method).

    None with fewer than FEWEST_LABELS labels, or fewer than FEWEST_JUDGED of them in the whole, read or true.
    """
    labels = len(parts.weight)
    judged = (wholes.truth > 0) | (wholes.read > 0)
    if labels < FEWEST_LABELS or np.count_nonzero(judged) < FEWEST_JUDGED:
        return None
    part_error, wrong = parts.truth - parts.read, wholes.truth - wholes.read
    base = whole / n + _mean(wrong, wholes.weight)[0]
    if base <= 0:
        return None
    value = (part / n + _mean(part_error, parts.weight)[0]) / base
    spread = _mean(part_error - value * wrong, parts.weight)[1]
    square = (part * (1 - value) ** 2 + (whole - part) * value**2) / n
    middle = part / n - value * whole / n
    known = max(square - middle**2, 0.0) / n
    half = _half(known / base**2, spread / base**2, parts.weight[judged])
    return _within(value, half, int(np.count_nonzero(judged)))


def _mean(values: Numbers, weight: Numbers) -> tuple[float, float]:
    """Hájek's weighted mean and its linearised variance."""
    share = weight / weight.sum()
    mean = float(share @ values)
    m = len(values)
    return mean, float((share**2) @ (values - mean) ** 2) * m / (m - 1)


def _half(known: float, spread: float, weight: Numbers) -> float:
    """Half the interval. A sample without a single error does not prove that there is none: Wilson's bound of 0 of so
    many stands then for what the labels leave open."""
    effective = float(weight.sum() ** 2 / (weight**2).sum())
    open_ = max(Z * sqrt(spread), wilson(0, effective)[1])
    return sqrt(Z * Z * known + open_**2)


def _within(value: float, half: float, labels: int) -> Powered:
    low, high = max(value - half, 0.0), min(value + half, 1.0)
    return Powered(min(max(value, 0.0), 1.0), low, high, labels)
