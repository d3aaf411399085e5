"""The network in PyTorch: an encoder of BERT's shape with frozen embeddings. Names of parameters are the file's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from training.network_heads import Heads

WIDTH, INNER, ATTENTION_HEADS, POSITIONS = 384, 1536, 12, 512
FROZEN = ("enc.word", "enc.pos", "enc.seg", "enc.ln.")
"""Parameters that stay as the pretrained encoder has them, and out of the weights' file."""
LAYERS = {12: range(12), 6: (1, 3, 5, 7, 9, 11), 4: (2, 5, 8, 11), 3: (3, 7, 11), 2: (5, 11), 1: (11,)}
"""Layers of the twelve a smaller network begins with."""
_PARTS = (
    ("out", "attention.output.dense"),
    ("ln1", "attention.output.LayerNorm"),
    ("up", "intermediate.dense"),
    ("down", "output.dense"),
    ("ln2", "output.LayerNorm"),
)
Arrays = Mapping[str, np.ndarray]


class Layer(nn.Module):
    """One transformer layer: post-norm, as BERT; `inner` is the width of its feed-forward part."""

    def __init__(self, inner: int = INNER, dropout: float = 0.1) -> None:
        super().__init__()
        self.qkv = nn.Linear(WIDTH, 3 * WIDTH)
        self.out = nn.Linear(WIDTH, WIDTH)
        self.ln1 = nn.LayerNorm(WIDTH, eps=1e-12)
        self.up = nn.Linear(WIDTH, inner)
        self.down = nn.Linear(inner, WIDTH)
        self.ln2 = nn.LayerNorm(WIDTH, eps=1e-12)
        self.dropout = dropout

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        """x [b, n, 384], mask [b, 1, 1, n] of the tokens that are there."""
        texts, tokens, _ = x.shape
        split = self.qkv(x).view(texts, tokens, 3, ATTENTION_HEADS, WIDTH // ATTENTION_HEADS)
        q, k, v = split.permute(2, 0, 3, 1, 4)
        lost = self.dropout if self.training else 0.0
        heard = functional.scaled_dot_product_attention(q, k, v, attn_mask=mask, dropout_p=lost)
        heard = self.out(heard.transpose(1, 2).reshape(texts, tokens, WIDTH))
        x = self.ln1(x + functional.dropout(heard, self.dropout, self.training))
        inner = self.down(functional.gelu(self.up(x)))
        normed: Tensor = self.ln2(x + functional.dropout(inner, self.dropout, self.training))
        return normed


class Encoder(nn.Module):
    """Embeddings and a layer for each of `widths`."""

    def __init__(self, vocabulary: int, widths: Sequence[int]) -> None:
        super().__init__()
        self.word = nn.Embedding(vocabulary, WIDTH)
        self.pos = nn.Embedding(POSITIONS, WIDTH)
        self.seg = nn.Parameter(torch.zeros(WIDTH))
        self.ln = nn.LayerNorm(WIDTH, eps=1e-12)
        self.layers = nn.ModuleList(Layer(inner) for inner in widths)
        for frozen in (self.word, self.pos, self.ln):
            frozen.requires_grad_(False)
        self.seg.requires_grad_(False)

    def forward(self, ids: Tensor, mask: Tensor) -> list[Tensor]:
        """Hidden states [b, n, 384] of the embeddings and of every layer."""
        x = self.ln(self.word(ids) + self.pos.weight[: ids.shape[1]] + self.seg)
        states = [functional.dropout(x, 0.1, self.training)]
        there = mask[:, None, None, :].bool()
        for layer in self.layers:
            states.append(layer(states[-1], there))
        return states


class Network(nn.Module):
    """Encoder and heads."""

    def __init__(self, vocabulary: int, widths: Sequence[int]) -> None:
        super().__init__()
        self.enc = Encoder(vocabulary, widths)
        self.heads = Heads()


def begin(encoder: Arrays, layers: int, weights: Arrays | None = None, heads: Arrays | None = None) -> Network:
    """A network with the encoder's embeddings: its layers and heads from `weights`, or layers from the encoder.

    `encoder` has Hugging Face's names. `heads` (a teacher's weights) give the heads a start where `weights` are none.
    Raises KeyError when weights lack a parameter.
    """
    widths = [INNER if weights is None else len(weights[f"enc.layers.{k}.up.bias"]) for k in range(layers)]
    network = Network(encoder["embeddings.word_embeddings.weight"].shape[0], widths)
    state = network.state_dict()
    state |= {k: _tensor(v) for k, v in _embeddings(encoder).items()}
    if weights is None:
        for place, layer in enumerate(LAYERS[layers]):
            state |= {k: _tensor(v) for k, v in _layer(encoder, layer, f"enc.layers.{place}.").items()}
        state |= {k: _tensor(v) for k, v in (heads or {}).items() if k.startswith("heads.")}
    else:
        state |= {k: _tensor(weights[k]) for k in state if not k.startswith(FROZEN)}
    network.load_state_dict(state)
    return network


def trained(network: Network) -> dict[str, np.ndarray]:
    """The parameters that were trained, as float32 arrays."""
    state = network.state_dict().items()
    return {k: v.detach().float().cpu().numpy() for k, v in state if not k.startswith(FROZEN)}


def _embeddings(encoder: Arrays) -> dict[str, np.ndarray]:
    return {
        "enc.word.weight": encoder["embeddings.word_embeddings.weight"],
        "enc.pos.weight": encoder["embeddings.position_embeddings.weight"][:POSITIONS],
        "enc.seg": encoder["embeddings.token_type_embeddings.weight"][0],
        "enc.ln.weight": encoder["embeddings.LayerNorm.weight"],
        "enc.ln.bias": encoder["embeddings.LayerNorm.bias"],
    }


def _layer(encoder: Arrays, layer: int, prefix: str) -> dict[str, np.ndarray]:
    source = f"encoder.layer.{layer}."
    found: dict[str, np.ndarray] = {}
    for kind in ("weight", "bias"):
        three: Sequence[np.ndarray] = [encoder[f"{source}attention.self.{n}.{kind}"] for n in ("query", "key", "value")]
        found[f"{prefix}qkv.{kind}"] = np.concatenate(three)
        found |= {f"{prefix}{ours}.{kind}": encoder[f"{source}{theirs}.{kind}"] for ours, theirs in _PARTS}
    return found


def _tensor(value: np.ndarray) -> Tensor:
    return torch.from_numpy(np.array(value, np.float32))
