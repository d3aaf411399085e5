"""How far people agree with each other: Cohen's kappa of each two, Fleiss' of all who labelled the same mentions.

In closed form, as the intervals are: statsmodels gives the same (a test compares them), but a page would wait for it to
be loaded.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from math import sqrt

import numpy as np
import numpy.typing as npt

from core.labels import ANSWERS, Label
from index.intervals import Z

SAID = tuple(a for a in ANSWERS if a != "skipped")


@dataclass(frozen=True, slots=True)
class Agreement:
    """People, the mentions they all labelled, the share on which they agree, and kappa.

    `kappa` is None with fewer than two mentions or where everybody always said the same one thing; `low` and `high`
    (95 %) are there for two people only.
    """

    people: tuple[str, ...]
    n: int
    agreed: float
    kappa: float | None
    low: float | None = None
    high: float | None = None


def agreements(labels: Sequence[Label]) -> tuple[Agreement, ...]:
    """Each two people with a mention in common, then (from three on) all together."""
    said: dict[str, dict[str, str]] = {}
    for label in labels:
        if label.polarity != "skipped":
            said.setdefault(label.by, {})[label.mention_id] = label.polarity
    people = sorted(said)
    groups = [*combinations(people, 2), *([tuple(people)] if len(people) > 2 else [])]
    found = []
    for group in groups:
        common = sorted(set.intersection(*(set(said[p]) for p in group)))
        if common:
            found.append(_agreement(group, [[said[p][m] for p in group] for m in common]))
    return tuple(found)


def _agreement(people: tuple[str, ...], rows: list[list[str]]) -> Agreement:
    codes = np.array([[SAID.index(answer) for answer in row] for row in rows])
    agreed = float(np.mean([len(set(row)) == 1 for row in rows]))
    if len(rows) < 2 or len(np.unique(codes)) < 2:
        return Agreement(people, len(rows), agreed, None)
    if len(people) > 2:
        return Agreement(people, len(rows), agreed, _fleiss(codes))
    kappa, spread = _cohen(codes)
    return Agreement(people, len(rows), agreed, kappa, max(kappa - Z * spread, -1.0), min(kappa + Z * spread, 1.0))


def _cohen(codes: npt.NDArray[np.int64]) -> tuple[float, float]:
    """Kappa (Cohen 1960) and its standard error (Fleiss, Cohen & Everitt 1969); `codes` has a column a person."""
    table = np.zeros((len(SAID), len(SAID)))
    np.add.at(table, (codes[:, 0], codes[:, 1]), 1 / len(codes))
    one, other = table.sum(1), table.sum(0)
    chance = float(one @ other)
    kappa = (float(np.trace(table)) - chance) / (1 - chance)
    same = float(np.diag(table) @ (1 - (one + other) * (1 - kappa)) ** 2)
    sums = (other[:, None] + one[None, :]) ** 2
    np.fill_diagonal(sums, 0)
    differing = (1 - kappa) ** 2 * float((table * sums).sum())
    variance = (same + differing - (kappa - chance * (1 - kappa)) ** 2) / ((1 - chance) ** 2 * len(codes))
    return kappa, sqrt(max(variance, 0.0))


def _fleiss(codes: npt.NDArray[np.int64]) -> float:
    """Kappa of several people (Fleiss 1971)."""
    counts = np.stack([(codes == k).sum(1) for k in range(len(SAID))], 1).astype(float)
    people = codes.shape[1]
    agreeing = ((counts**2).sum(1) - people) / (people * (people - 1))
    chance = float(((counts.sum(0) / counts.sum()) ** 2).sum())
    return (float(agreeing.mean()) - chance) / (1 - chance)
