"""Intervals, 95 % unless said: each the published method, from statsmodels where it has it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

from scipy.stats import norm
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

ALPHA = 0.05
_Z = float(norm.ppf(1 - ALPHA / 2))


@dataclass(frozen=True, slots=True)
class Stratum:
    """Counts of both sides in one stratum, and its weight (weights add up to 1)."""

    count: int
    n: int
    other_count: int
    other_n: int
    weight: float


def wilson(count: int, n: int) -> tuple[float, float]:
    """Wilson's score interval of a rate (Wilson 1927); n is at least 1."""
    low, high = proportion_confint(count, n, ALPHA, method="wilson")
    return max(float(low), 0.0), min(float(high), 1.0)


def difference(count: int, n: int, other_count: int, other_n: int) -> tuple[float, float]:
    """Newcombe's hybrid score interval of count/n − other_count/other_n (Newcombe 1998, method 10)."""
    low, high = confint_proportions_2indep(
        count, n, other_count, other_n, method="newcomb", compare="diff", alpha=ALPHA
    )
    return float(low), float(high)


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
    alpha = 2 * float(norm.sf(_Z * together / apart))
    limits = [proportion_confint(count, n, alpha, method="wilson") for count, n, _ in cells]
    value = sum(rate * w for rate, (_, _, w) in zip(rates, cells, strict=True))
    low = sum(float(limit[0]) * w for limit, (_, _, w) in zip(limits, cells, strict=True))
    high = sum(float(limit[1]) * w for limit, (_, _, w) in zip(limits, cells, strict=True))
    return value, low, high
