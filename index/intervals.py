"""Intervals at 95 %, each the published method in closed form.

statsmodels gives the same figures (a test compares them), at fifty times the cost: a page asks for hundreds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist

ALPHA = 0.05
Z = NormalDist().inv_cdf(1 - ALPHA / 2)


@dataclass(frozen=True, slots=True)
class Stratum:
    """Counts of both sides in one stratum, and its weight (weights add up to 1)."""

    count: int
    n: int
    other_count: int
    other_n: int
    weight: float


def wilson(count: float, n: float) -> tuple[float, float]:
    """Wilson's score interval of a rate (Wilson 1927); n, which may be an effective number, is at least 1."""
    return _score(count, n, Z)


def _score(count: float, n: float, z: float) -> tuple[float, float]:
    rate, square = count / n, z * z / n
    middle, half = rate + square / 2, z * sqrt((rate * (1 - rate) + square / 4) / n)
    return max((middle - half) / (1 + square), 0.0), min((middle + half) / (1 + square), 1.0)


def difference(count: int, n: int, other_count: int, other_n: int) -> tuple[float, float]:
    """Newcombe's hybrid score interval of count/n − other_count/other_n (Newcombe 1998, method 10)."""
    rate, other = count / n, other_count / other_n
    (low, high), (other_low, other_high) = wilson(count, n), wilson(other_count, other_n)
    below = sqrt((rate - low) ** 2 + (other_high - other) ** 2)
    above = sqrt((high - rate) ** 2 + (other - other_low) ** 2)
    return rate - other - below, rate - other + above


def net(positive: int, negative: int, n: int) -> tuple[float, float]:
    """Interval of (P − N)/n, both shares of one multinomial: MOVER with their correlation (Zou & Donner 2008)."""
    p, q = positive / n, negative / n
    (p_low, p_high), (q_low, q_high) = wilson(positive, n), wilson(negative, n)
    room = (1 - p) * (1 - q)
    correlation = -sqrt(p * q / room) if room > 0 else -1.0
    low = (p - p_low) ** 2 + (q_high - q) ** 2 - 2 * correlation * (p - p_low) * (q_high - q)
    high = (p_high - p) ** 2 + (q - q_low) ** 2 - 2 * correlation * (p_high - p) * (q - q_low)
    return max(p - q - sqrt(low), -1.0), min(p - q + sqrt(high), 1.0)


def stratified_difference(strata: Sequence[Stratum]) -> tuple[float, float]:
    """Stratified Newcombe interval of Σ weight × difference (Yan & Su 2010), with the weights given."""
    ours = _stratified_wilson([(s.count, s.n, s.weight) for s in strata])
    theirs = _stratified_wilson([(s.other_count, s.other_n, s.weight) for s in strata])
    value = ours[0] - theirs[0]
    low = value - sqrt((ours[0] - ours[1]) ** 2 + (theirs[2] - theirs[0]) ** 2)
    high = value + sqrt((ours[2] - ours[0]) ** 2 + (theirs[0] - theirs[1]) ** 2)
    return low, high


def _stratified_wilson(cells: Sequence[tuple[int, int, float]]) -> tuple[float, float, float]:
    """The weighted rate and its limits: Wilson's in each stratum, at the quantile that makes their sum hold 95 %."""
    rates = [count / n for count, n, _ in cells]
    variances = [rate * (1 - rate) / n for rate, (_, n, _) in zip(rates, cells, strict=True)]
    if not any(variances):
        variances = [1 / n for _, n, _ in cells]
    together = sqrt(sum(w**2 * v for v, (_, _, w) in zip(variances, cells, strict=True)))
    apart = sum(w * sqrt(v) for v, (_, _, w) in zip(variances, cells, strict=True))
    limits = [_score(count, n, Z * together / apart) for count, n, _ in cells]
    value = sum(rate * w for rate, (_, _, w) in zip(rates, cells, strict=True))
    low = sum(limit[0] * w for limit, (_, _, w) in zip(limits, cells, strict=True))
    high = sum(limit[1] * w for limit, (_, _, w) in zip(limits, cells, strict=True))
    return value, low, high
