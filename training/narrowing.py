"""Feed-forward layers made narrower: the channels whose loss the others can best make up for are taken out.

Optimal brain surgeon over whole channels (Hassibi and Stork 1993; for layers as least squares Frantar and Alistarh
2022): with the inputs of a layer's second matrix on real texts, removing channel j costs |w_j|² / (G⁻¹)_jj, and the
rest takes over what it said. Nothing is trained.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Doubles = NDArray[np.float64]
AT_ONCE = 16
"""Channels taken out between two looks at what the others would cost."""
DAMPING = 1e-5
"""Added to the diagonal, as a share of its mean: channels that hardly ever speak must not be refitted on noise."""


@dataclass(frozen=True)
class Narrowed:
    """Which channels stay, the second matrix [width, kept] and bias for them, and the share of the output lost."""

    channels: NDArray[np.intp]
    weight: NDArray[np.float32]
    bias: NDArray[np.float32]
    lost: float


def narrowed(gram: Doubles, weight: np.ndarray, bias: np.ndarray, keep: int) -> Narrowed:
    """A layer's second matrix with `keep` channels. `gram` [c+1, c+1] is the mean product of [channels; 1]."""
    n = len(gram) - 1
    damped = gram + np.eye(n + 1) * (DAMPING * np.trace(gram) / n)
    before = np.concatenate([weight, bias[:, None]], axis=1).T.astype(np.float64)
    now, inverse, alive = before.copy(), np.linalg.inv(damped), np.ones(n, bool)
    while (left := int(alive.sum()) - keep) > 0:
        cost = np.where(alive, (now[:n] ** 2).sum(1) / np.diag(inverse)[:n], np.inf)
        out = np.argsort(cost, kind="stable")[: min(AT_ONCE, left)]
        share = inverse[:, out] @ np.linalg.inv(inverse[np.ix_(out, out)])
        now -= share @ now[out]
        inverse -= share @ inverse[out]
        now[out] = 0
        inverse[out, :] = inverse[:, out] = 0
        inverse[out, out] = 1
        alive[out] = False
    change = now - before
    lost = float(np.sum(change * (damped @ change)) / np.sum(before * (damped @ before)))
    channels = np.flatnonzero(alive)
    return Narrowed(channels, now[channels].T.astype(np.float32), now[n].astype(np.float32), lost)
