"""A model's feed-forward layers cut narrower, one after the other, on texts (training/narrowing.py says how)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import onnx
import onnxruntime

from training.graph import WORDS, opinion_graph
from training.narrowing import Doubles, narrowed

Weights = dict[str, np.ndarray]


def pruned(
    weights: Weights, position: Weights, texts: Sequence[np.ndarray], keep: Sequence[int]
) -> tuple[Weights, list[float]]:
    """Weights with `keep[l]` channels in layer l, and the share each lost; later layers see what earlier ones became.

    `texts` are word vectors [1,n,384].
    """
    out, lost = dict(weights), []
    for layer, width in enumerate(keep):
        p = f"enc.layers.{layer}."
        found = narrowed(_gram(out, position, texts, layer), out[p + "down.weight"], out[p + "down.bias"], width)
        for name in ("up.weight", "up.bias"):
            out[p + name] = out[p + name][found.channels]
        out[p + "down.weight"], out[p + "down.bias"] = found.weight, found.bias
        lost.append(found.lost)
    return out, lost


def _gram(weights: Weights, position: Weights, texts: Iterable[np.ndarray], layer: int) -> Doubles:
    """The mean product of [channels; 1] over all tokens."""
    inner = {k.split(".")[2]: len(v) for k, v in weights.items() if k.endswith("up.weight")}
    model, watched = opinion_graph(weights, position, {k: np.ones(n, np.float32) for k, n in inner.items()})
    name = watched[f"{layer}.down"]
    del model.graph.output[:]
    model.graph.output.append(onnx.helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, None))
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    total, tokens = np.zeros((inner[str(layer)] + 1,) * 2), 0
    for rows in _blocks(session.run([name], {WORDS: vectors})[0][0] for vectors in texts):
        with_one = np.concatenate([rows, np.ones((len(rows), 1), np.float32)], axis=1)
        total += with_one.T @ with_one
        tokens += len(rows)
    return total / tokens


def _blocks(rows: Iterable[np.ndarray], least: int = 4096) -> Iterable[np.ndarray]:
    """Rows gathered into larger blocks, for the matrices' sake."""
    held: list[np.ndarray] = []
    for block in rows:
        held.append(block)
        if sum(map(len, held)) >= least:
            yield np.concatenate(held)
            held = []
    if held:
        yield np.concatenate(held)
