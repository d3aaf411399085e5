"""A frozen model that a network learns from: its ONNX file for the logits, its weights for the heads outside."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from training.alignment import KindSpan
from training.batches import Ints
from training.marked import KIND_GROUP
from training.packing import unpacked

Floats = NDArray[np.float32]
HALF_BELIEVED = -2.5
"""Spans above this score that are not marked are near misses."""
_NAMES = {
    "hidden": "hidden", "span_q": "span_q", "span_k": "span_k", "span_bias": "span_bias", "polarity": "polarity",
    "comparative": "comparative", "jd_class": "attribute", "aic": "states", "embedding": "vector",
}  # fmt: skip


@dataclass(frozen=True)
class Seen:
    """What the teacher says of b texts of n tokens: hidden [b, n, 384], grid [b, 7, n, n] and logits of texts."""

    hidden: Floats
    grid: Floats
    polarity: Floats
    comparative: Floats
    attribute: Floats
    states: Floats
    vector: Floats


class Teacher:
    """`name` in SHARED/model: NAME_int8.onnx and weights/NAME.npz.

    Raises FileNotFoundError naming the file that is missing.
    """

    def __init__(self, shared: Path, name: str, threads: int) -> None:
        graph, weights = shared / "model" / f"{name}_int8.onnx", shared / "model" / "weights" / f"{name}.npz"
        for place in (graph, weights):
            if not place.is_file():
                raise FileNotFoundError(f"the teacher {name!r} lacks {place}; --teacher none learns from labels alone")
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(str(graph), options, providers=["CPUExecutionProvider"])
        self.weights = unpacked(weights)

    def see(self, ids: Ints, mask: Ints) -> Seen:
        values = self._session.run(list(_NAMES), {"input_ids": ids, "attention_mask": mask})
        seen = dict(zip(_NAMES.values(), values, strict=True))
        grid = span_grid(*(seen.pop(k) for k in ("span_q", "span_k", "span_bias")))
        seen["states"] = seen["states"].reshape(len(ids), -1, 4)
        return Seen(grid=grid, **seen)


def span_grid(q: Floats, k: Floats, bias: Floats) -> Floats:
    """Scores [b, 7, n, n] from queries and keys [b, n, 3, 64] and biases [b, n, 14]."""
    scores = np.matmul(q.transpose(0, 2, 1, 3), k.transpose(0, 2, 3, 1)) / np.float32(8)
    turned = bias.transpose(0, 2, 1)
    grid: Floats = scores[:, KIND_GROUP] + turned[:, :7, :, None] + turned[:, 7:, None]
    return grid


def inner_spans(mask: Ints) -> NDArray[np.bool_]:
    """[b, n, n]: spans that end after they begin, without padding and the two tokens that frame a text."""
    there = mask.astype(bool)
    there[:, 0] = False
    there[np.arange(len(there)), mask.sum(1) - 1] = False
    return np.triu(there[:, :, None] & there[:, None, :])


def near_misses(grid: Floats, mask: Ints) -> list[list[KindSpan]]:
    """Per text the spans that the teacher half believes in."""
    found: list[list[KindSpan]] = [[] for _ in mask]
    text, kind, start, end = np.nonzero((grid > HALF_BELIEVED) & inner_spans(mask)[:, None])
    for t, k, a, e in zip(text.tolist(), kind.tolist(), start.tolist(), end.tolist(), strict=True):
        found[t].append((k, a, e))
    return found
