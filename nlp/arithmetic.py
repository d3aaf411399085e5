"""Matrix arithmetic whose result for a row does not depend on the rows beside it.

BLAS takes other paths for other numbers of rows, with other rounding. Here every product has BLOCK rows: the last
block is filled up with zeros.
"""

from __future__ import annotations

import numpy as np

from nlp.model_files import Floats

BLOCK = 32


def linear(x: Floats, weight: Floats, bias: Floats) -> Floats:
    """x·W + b for rows x [r, in] and W [in, out]."""
    rows = len(x)
    blocks = -(-rows // BLOCK)
    if rows != blocks * BLOCK:
        filled = np.zeros((blocks * BLOCK, x.shape[1]), np.float32)
        filled[:rows] = x
        x = filled
    out: Floats = np.matmul(x.reshape(blocks, BLOCK, -1), weight).reshape(blocks * BLOCK, -1)[:rows]
    return out + bias


def gelu(x: Floats) -> Floats:
    """x·Φ(x), with erf after Abramowitz and Stegun 7.1.26 (error below 2e-7)."""
    z = x * np.float32(0.7071067811865476)
    a = np.abs(z)
    t = 1 / (1 + np.float32(0.3275911) * a)
    tail = np.float32(1.061405429)
    for factor in (-1.453152027, 1.421413741, -0.284496736, 0.254829592):
        tail = tail * t + np.float32(factor)
    erf = np.copysign(1 - tail * t * np.exp(-a * a), z)
    out: Floats = (np.float32(0.5) * x * (1 + erf)).astype(np.float32, copy=False)
    return out


def softmax(x: Floats) -> Floats:
    """Over the last axis."""
    e = np.exp(x - x.max(-1, keepdims=True))
    out: Floats = e / e.sum(-1, keepdims=True)
    return out
