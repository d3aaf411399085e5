"""The opinion model as an ONNX graph whose answers for a text do not depend on the texts beside it.

Dynamic int8 takes one activation range over the whole batch, so batch-mates move the scores. Here every range is a
constant found on calibration texts, integer sums are exact, and document heads never see a batch of one row (a
single row takes another path through the float kernels, with other rounding). Texts of the same number of tokens
may then be batched in any company and come out the same to the last bit.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

WIDTH = 384
HEADS = 12
MICROSOFT = "com.microsoft"
WORDS = "words"
Weights = Mapping[str, np.ndarray]
Range = tuple[float, float]
ROTARY_ORDER = np.concatenate(
    [np.concatenate([np.arange(g * 64, g * 64 + 64, 2), np.arange(g * 64 + 1, g * 64 + 64, 2)]) for g in range(3)]
)
"""Even columns before odd ones, so that the rotation is two multiplications; dot products stay the same."""


class Builder:
    """Collects nodes and constants. With `ranges` matrices are quantised; without, floats whose inputs are watched."""

    def __init__(self, ranges: Mapping[str, Range] | None = None) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []
        self.ranges = ranges
        self.watched: dict[str, str] = {}
        self._quantised: dict[str, tuple[str, str, str]] = {}

    def constant(self, value: np.ndarray) -> str:
        name = f"c{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def half(self, value: np.ndarray) -> str:
        """A float constant kept at half size in the file; cast once, when the session is made."""
        return self.op("Cast", self.constant(value.astype(np.float16)), to=TensorProto.FLOAT)

    def op(self, kind: str, *inputs: str, out: str = "", **options: Any) -> str:
        name = out or f"v{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, list(inputs), [name], **options))
        return name

    def split(self, value: str, axis: int, parts: int | Sequence[int], out: Sequence[str] = ()) -> list[str]:
        count = parts if isinstance(parts, int) else len(parts)
        names = list(out) or [f"v{len(self.nodes)}_{k}" for k in range(count)]
        if isinstance(parts, int):
            node = helper.make_node("Split", [value], names, axis=axis, num_outputs=parts)
        else:
            node = helper.make_node("Split", [value, self.constant(np.array(parts, np.int64))], names, axis=axis)
        self.nodes.append(node)
        return names

    def linear(self, x: str, weight: np.ndarray, bias: np.ndarray, out: str = "") -> str:
        """x·Wᵀ + b in floats."""
        return self.op("Add", self.op("MatMul", x, self.half(weight.T)), self.constant(bias), out=out)

    def linear8(self, name: str, x: str, weight: np.ndarray, bias: np.ndarray) -> str:
        """x·Wᵀ + b with int8 weights per output channel and a constant uint8 range of x."""
        self.watched[name] = x
        if self.ranges is None:
            return self.op("Add", self.op("MatMul", x, self.constant(weight.T)), self.constant(bias))
        scale = np.maximum(np.abs(weight).max(1), 1e-8).astype(np.float32) / 127
        levels = np.clip(np.rint(weight / scale[:, None]), -127, 127).astype(np.int8)
        u, step, zero = self._quantise(x, self.ranges[name])
        zeros = self.constant(np.zeros(len(scale), np.int8))
        rest = (step, self.constant(scale), zero, zeros, self.constant(bias))
        return self.op("MatMulIntegerToFloat", u, self.constant(levels.T), *rest, domain=MICROSOFT)

    def _quantise(self, x: str, seen: Range) -> tuple[str, str, str]:
        if x not in self._quantised:
            low, high = min(0.0, seen[0]), max(0.0, seen[1])
            step = (high - low) / 255
            scale = self.constant(np.array(step, np.float32))
            zero = self.constant(np.array(np.clip(np.rint(-low / step), 0, 255), np.uint8))
            self._quantised[x] = (self.op("QuantizeLinear", x, scale, zero), scale, zero)
        return self._quantised[x]


def opinion_graph(
    weights: Weights, position: Weights, smooth: Weights, ranges: Any = None
) -> tuple[onnx.ModelProto, dict[str, str]]:
    """The model, from word vectors [b,n,384] of texts of equally many tokens, and by name what its int8 matrices read.

    `smooth[l]` divides the channels before the second feed-forward matrix.
    """
    b = Builder(ranges)
    x, states = _encoder(b, weights, position, smooth)
    _span_heads(b, x, weights)
    _document_heads(b, x, states[(len(states)) // 2], weights)
    return _model(b), b.watched


def _encoder(b: Builder, w: Weights, position: Weights, smooth: Weights) -> tuple[str, list[str]]:
    length = b.op("Shape", WORDS, start=1, end=2)
    b.constants.append(numpy_helper.from_array(np.zeros(1, np.int64), "zero"))
    b.op("Identity", length, out="length")
    places = _rows(b, position["positions"])
    x = _norm(b, b.op("Add", WORDS, places), position["norm"], position["shift"])
    states = [x]
    for layer in range(_layers(w)):
        x = _layer(b, x, layer, w, smooth[str(layer)])
        states.append(x)
    return b.op("Identity", x, out="hidden"), states


def _layer(b: Builder, x: str, layer: int, w: Weights, smooth: np.ndarray) -> str:
    p = f"enc.layers.{layer}."
    parts = [w[p + "qkv.weight"][i * WIDTH : (i + 1) * WIDTH] for i in range(3)]
    biases = [w[p + "qkv.bias"][i * WIDTH : (i + 1) * WIDTH] for i in range(3)]
    qkv = [b.linear8(f"{layer}.qkv", x, parts[i], biases[i]) for i in range(3)]
    attended = b.op("MultiHeadAttention", *qkv, domain=MICROSOFT, num_heads=HEADS)
    out = b.linear8(f"{layer}.out", attended, w[p + "out.weight"], w[p + "out.bias"])
    x = _norm(b, b.op("Add", x, out), w[p + "ln1.weight"], w[p + "ln1.bias"])
    up = b.op("Gelu", b.linear8(f"{layer}.up", x, w[p + "up.weight"], w[p + "up.bias"]), domain=MICROSOFT)
    up = b.op("Mul", up, b.constant((1 / smooth).astype(np.float32)))
    down = b.linear8(f"{layer}.down", up, w[p + "down.weight"] * smooth, w[p + "down.bias"])
    return _norm(b, b.op("Add", x, down), w[p + "ln2.weight"], w[p + "ln2.bias"])


def _span_heads(b: Builder, x: str, w: Weights) -> None:
    angle = np.arange(512)[:, None] / 10000 ** (np.arange(0, 64, 2) / 64)
    one = b.constant(np.array([1], np.int64))
    cosine, sine = (b.op("Unsqueeze", _rows(b, f(angle)), one) for f in (np.cos, np.sin))
    shape = b.constant(np.array([0, 0, 3, 64], np.int64))
    for side in "qk":
        weight, bias = w[f"heads.g{side}.weight"][ROTARY_ORDER], w[f"heads.g{side}.bias"][ROTARY_ORDER]
        even, odd = b.split(b.op("Reshape", b.linear8("spans", x, weight, bias), shape), -1, 2)
        first = b.op("Sub", b.op("Mul", even, cosine), b.op("Mul", odd, sine))
        second = b.op("Add", b.op("Mul", even, sine), b.op("Mul", odd, cosine))
        b.op("Concat", first, second, axis=-1, out=f"span_{side}")
    names = ("gb", "bound", "pool")
    weight = np.concatenate([w[f"heads.{n}.weight"] for n in names])
    small = b.linear(x, weight, np.concatenate([w[f"heads.{n}.bias"] for n in names]))
    b.split(small, -1, (14, 8, 4), ("span_bias", "boundary", "pooling"))


def _document_heads(b: Builder, x: str, middle: str, w: Weights) -> None:
    one = b.constant(np.array([1], np.int64))
    share = b.op("Softmax", b.op("Transpose", "pooling", perm=[0, 2, 1]), axis=2)
    tokens = b.op("Cast", b.op("Identity", "length"), to=TensorProto.FLOAT)
    shape = b.op("Concat", b.op("Shape", WORDS, start=0, end=1), one, "length", axis=0)
    even = b.op("Expand", b.op("Reciprocal", tokens), shape)
    rows = b.split(b.op("MatMul", b.op("Concat", share, even, axis=1), x), 1, 5)
    *pooled, mean = [b.op("Squeeze", row, one) for row in rows]
    texts = [_twice(b, b.op("Concat", mean, p, axis=-1)) for p in pooled[:3]]
    for text, short, out in ((texts[0], "pol", "polarity"), (texts[1], "comp", "comparative")):
        inner = b.linear(text, w[f"heads.{short}1.weight"], w[f"heads.{short}1.bias"])
        gelu = b.op("Gelu", inner, domain=MICROSOFT)
        _once(b, b.linear(gelu, w[f"heads.{short}2.weight"], w[f"heads.{short}2.bias"]), out)
    _once(b, b.linear(texts[2], w["heads.jd.weight"], w["heads.jd.bias"]), "jd_class")
    halfway = b.op("Squeeze", b.op("MatMul", even, middle), one)
    vector = b.linear(_twice(b, b.op("Concat", mean, halfway, axis=-1)), w["heads.emb.weight"], w["heads.emb.bias"])
    _once(b, b.op("LpNormalization", vector, axis=-1, p=2), "embedding")


def _twice(b: Builder, x: str) -> str:
    return b.op("Concat", x, x, axis=0)


def _once(b: Builder, x: str, out: str) -> None:
    b.split(x, 0, 2, (out, out + "_again"))


def _rows(b: Builder, table: np.ndarray) -> str:
    return b.op("Slice", b.half(table), "zero", "length", "zero")


def _norm(b: Builder, x: str, weight: np.ndarray, bias: np.ndarray) -> str:
    return b.op("LayerNormalization", x, b.constant(weight), b.constant(bias), axis=-1, epsilon=1e-12)


def _layers(w: Weights) -> int:
    return 1 + max(int(k.split(".")[2]) for k in w if k.startswith("enc.layers."))


def _model(b: Builder) -> onnx.ModelProto:
    outputs: dict[str, list[str | int]] = {
        "hidden": ["b", "n", WIDTH], "span_q": ["b", "n", 3, 64], "span_k": ["b", "n", 3, 64],
        "span_bias": ["b", "n", 14], "boundary": ["b", "n", 8], "polarity": ["b", 3], "comparative": ["b", 2],
        "jd_class": ["b", 36], "embedding": ["b", WIDTH],
    }  # fmt: skip
    shown = [helper.make_tensor_value_info(k, TensorProto.FLOAT, shape) for k, shape in outputs.items()]
    words = helper.make_tensor_value_info(WORDS, TensorProto.FLOAT, ["b", "n", WIDTH])
    return model_of(b, "opinion", [words], shown)


def model_of(
    b: Builder, name: str, inputs: Sequence[onnx.ValueInfoProto], outputs: Sequence[onnx.ValueInfoProto]
) -> onnx.ModelProto:
    """The collected nodes as a model that ONNX Runtime 1.20 and later read."""
    graph = helper.make_graph(b.nodes, name, inputs, outputs, b.constants)
    opsets = [helper.make_opsetid("", 21), helper.make_opsetid(MICROSOFT, 1)]
    return helper.make_model(graph, opset_imports=opsets, ir_version=10)
