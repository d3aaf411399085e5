"""How far people agree with each other: Cohen's kappa of each two, Fleiss' of all who labelled the same mentions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from core.labels import ANSWERS, Label

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
    """statsmodels is loaded here only: it takes longer than all else that a label needs."""
    from statsmodels.stats.inter_rater import aggregate_raters, cohens_kappa, fleiss_kappa

    codes = np.array([[SAID.index(answer) for answer in row] for row in rows])
    agreed = float(np.mean([len(set(row)) == 1 for row in rows]))
    if len(rows) < 2 or len(np.unique(codes)) < 2:
        return Agreement(people, len(rows), agreed, None)
    if len(people) > 2:
        table, _ = aggregate_raters(codes, len(SAID))
        return Agreement(people, len(rows), agreed, float(fleiss_kappa(table)))
    table = np.zeros((len(SAID), len(SAID)))
    np.add.at(table, (codes[:, 0], codes[:, 1]), 1)
    found = cohens_kappa(table)
    low, high = max(float(found.kappa_low), -1.0), min(float(found.kappa_upp), 1.0)
    return Agreement(people, len(rows), agreed, float(found.kappa), low, high)
