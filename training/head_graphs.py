"""The span heads as small ONNX graphs, run on the spans that were found: int8 where their input is token vectors.

Token vectors keep one constant range (that of the encoder's last layer; means lie within it), so a span's answer does
not depend on the spans beside it. What follows has few columns or few rows and stays in floats.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import onnx
from onnx import TensorProto, helper

from training.graph import MICROSOFT, WIDTH, Builder, Range, Weights, model_of

HEADS, KEY = 4, 64
"""Of the aspect head's attention over the sentence."""
Declared = Mapping[str, Sequence[str | int]]


def head_graphs(w: Weights, tokens: Range) -> dict[str, onnx.ModelProto]:
    """Graphs `ask`, `judge`, `pair`, `tuple`. `w` has no prefix `heads.`; `tokens` is the vectors' range."""
    return {"ask": _ask(w, tokens), "judge": _judge(w), "pair": _pair(w, tokens), "tuple": _tuple(w, tokens)}


def _builder(tokens: Range, names: Sequence[str]) -> Builder:
    return Builder(dict.fromkeys(names, tokens))


def _ask(w: Weights, tokens: Range) -> onnx.ModelProto:
    """spans [r,1152] to what each asks of the tokens [r,4,384] and its share of the judging layer [r,384].

    Asking keys only for the spans asked, not for every token, is the same product in another order:
    q·(K h) = (Kᵀ q)·h. The key's bias moves all tokens alike and drops out of the softmax.
    """
    b = _builder(tokens, ["both"])
    weight = np.concatenate([w["aq.weight"], w["apc1.weight"][:, : 3 * WIDTH]])
    bias = np.concatenate([w["aq.bias"], w["apc1.bias"]])
    query, _ = b.split(b.linear8("both", "spans", weight, bias), -1, (HEADS * KEY, WIDTH), ("query", "part"))
    by_head = b.op("Transpose", _shaped(b, query, (0, HEADS, KEY)), perm=[1, 0, 2])
    keys = w["ak.weight"].reshape(HEADS, KEY, WIDTH) / np.float32(np.sqrt(KEY))
    b.op("Transpose", b.op("MatMul", by_head, b.half(keys)), perm=[1, 0, 2], out="asked")
    return _graph(b, "ask", {"spans": ["r", 3 * WIDTH]}, {"asked": ["r", HEADS, WIDTH], "part": ["r", WIDTH]})


def _judge(w: Weights) -> onnx.ModelProto:
    """What the spans heard of the tokens [r,4,384] and their share [r,384] to logits [r,3]."""
    b = Builder()
    values = w["av.weight"].reshape(HEADS, KEY, WIDTH).transpose(0, 2, 1)
    by_head = b.op("Transpose", "heard", perm=[1, 0, 2])
    context = b.op("Transpose", b.op("MatMul", by_head, b.half(values)), perm=[1, 0, 2])
    said = b.op("Add", _shaped(b, context, (0, HEADS * KEY)), b.constant(w["av.bias"]))
    inner = b.op("Add", b.op("MatMul", said, b.half(w["apc1.weight"][:, 3 * WIDTH :].T)), "part")
    _last(b, inner, w, "apc2")
    return _graph(b, "judge", {"heard": ["r", HEADS, WIDTH], "part": ["r", WIDTH]}, {"logits": ["r", 3]})


def _pair(w: Weights, tokens: Range) -> onnx.ModelProto:
    """Aspects [a,1152], opinions [o,1152], and of each pair its two places, its distance and the mean between."""
    b = _builder(tokens, ["pa", "po", "pb"])
    aspect = b.op("Gather", b.linear8("pa", "aspects", w["pa.weight"], w["pa.bias"]), "aspect", axis=0)
    opinion = b.op("Gather", b.linear8("po", "opinions", w["po.weight"], w["po.bias"]), "opinion", axis=0)
    between = b.linear8("pb", "between", w["pb.weight"], w["pb.bias"])
    apart = b.op("Gather", b.half(w["pd.weight"]), "distance", axis=0)
    _last(b, b.op("Sum", aspect, opinion, between, apart), w, "p2")
    spans = {"aspects": ["a", 3 * WIDTH], "opinions": ["o", 3 * WIDTH], "between": ["p", WIDTH]}
    places = {name: ["p"] for name in ("aspect", "opinion", "distance")}
    return _graph(b, "pair", spans, {"logits": ["p", 4]}, places)


def _tuple(w: Weights, tokens: Range) -> onnx.ModelProto:
    """Spans of the four parts `part_k` [r,1152], and of each tuple its places `at_k` and distances `distance_k`."""
    b = _builder(tokens, [f"ts.{k}" for k in range(4)])
    terms = []
    for k in range(4):
        part = b.linear8(f"ts.{k}", f"part_{k}", w[f"ts.{k}.weight"], w[f"ts.{k}.bias"])
        terms.append(b.op("Gather", part, f"at_{k}", axis=0))
    table = w["td.weight"].reshape(3, 14, -1)
    terms += [b.op("Gather", b.half(table[k]), f"distance_{k}", axis=0) for k in range(3)]
    inner = b.op("Gelu", b.op("Sum", *terms), domain=MICROSOFT)
    _last(b, b.linear(inner, w["t2.weight"], w["t2.bias"]), w, "t3")
    spans = {f"part_{k}": [f"r{k}", 3 * WIDTH] for k in range(4)}
    places = {f"at_{k}": ["t"] for k in range(4)} | {f"distance_{k}": ["t"] for k in range(3)}
    return _graph(b, "tuple", spans, {"logits": ["t", 5]}, places)


def _last(b: Builder, inner: str, w: Weights, name: str) -> None:
    b.linear(b.op("Gelu", inner, domain=MICROSOFT), w[f"{name}.weight"], w[f"{name}.bias"], out="logits")


def _shaped(b: Builder, x: str, shape: tuple[int, ...]) -> str:
    """Rows of another inner shape; 0 keeps their number."""
    return b.op("Reshape", x, b.constant(np.array(shape, np.int64)))


def _graph(
    b: Builder, name: str, inputs: Declared, outputs: Declared, places: Declared | None = None
) -> onnx.ModelProto:
    given = [helper.make_tensor_value_info(k, TensorProto.FLOAT, list(v)) for k, v in inputs.items()]
    given += [helper.make_tensor_value_info(k, TensorProto.INT64, list(v)) for k, v in (places or {}).items()]
    shown = [helper.make_tensor_value_info(k, TensorProto.FLOAT, list(v)) for k, v in outputs.items()]
    return model_of(b, name, given, shown)
