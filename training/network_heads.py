"""The heads in PyTorch: whole texts, spans, sides of aspects, pairs and comparisons."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional

from training.marked import KIND_GROUP

WIDTH, SPAN_WIDTH = 384, 64
SPAN_KINDS = 7
ATTRIBUTES, STATES = 36, (20, 4)
_PAIR_DISTANCES, _TUPLE_DISTANCES = 14, 42


class Heads(nn.Module):
    """All heads of one encoder. Parameter names are those of the weights' file."""

    def __init__(self) -> None:
        super().__init__()
        self.pool = nn.Linear(WIDTH, 4)
        self.pol1, self.pol2 = nn.Linear(2 * WIDTH, WIDTH), nn.Linear(WIDTH, 3)
        self.comp1, self.comp2 = nn.Linear(2 * WIDTH, WIDTH), nn.Linear(WIDTH, 2)
        self.jd, self.aic = nn.Linear(2 * WIDTH, ATTRIBUTES), nn.Linear(2 * WIDTH, STATES[0] * STATES[1])
        self.emb = nn.Linear(2 * WIDTH, WIDTH)
        self.gq, self.gk = nn.Linear(WIDTH, 3 * SPAN_WIDTH), nn.Linear(WIDTH, 3 * SPAN_WIDTH)
        self.gb, self.bound = nn.Linear(WIDTH, 2 * SPAN_KINDS), nn.Linear(WIDTH, 8)
        self.aq, self.ak, self.av = nn.Linear(3 * WIDTH, 256), nn.Linear(WIDTH, 256), nn.Linear(WIDTH, 256)
        self.apc1, self.apc2 = nn.Linear(3 * WIDTH + 256, WIDTH), nn.Linear(WIDTH, 3)
        self.pa, self.po, self.pb = nn.Linear(3 * WIDTH, WIDTH), nn.Linear(3 * WIDTH, WIDTH), nn.Linear(WIDTH, WIDTH)
        self.pd, self.p2 = nn.Embedding(_PAIR_DISTANCES, WIDTH), nn.Linear(WIDTH, 4)
        self.ts = nn.ModuleList(nn.Linear(3 * WIDTH, 256) for _ in range(4))
        self.td, self.t2, self.t3 = nn.Embedding(_TUPLE_DISTANCES, 256), nn.Linear(256, 256), nn.Linear(256, 5)
        self.drop = nn.Dropout(0.1)
        self._begin()

    def _begin(self) -> None:
        """The sentence vector begins as the mean of both layers, spans as rare."""
        with torch.no_grad():
            self.emb.weight.copy_(torch.cat([torch.eye(WIDTH), 0.5 * torch.eye(WIDTH)], 1))
            self.emb.bias.zero_()
            self.gb.bias[SPAN_KINDS:] = -2.0
        nn.init.normal_(self.pd.weight, std=0.02)
        nn.init.normal_(self.td.weight, std=0.02)

    def documents(self, states: Sequence[Tensor], mask: Tensor) -> dict[str, Tensor]:
        """Logits of whole texts, and the sentence vector of unit length."""
        hidden, middle = states[-1], states[len(states) // 2]
        there = mask[..., None].float()
        count = there.sum(1)
        mean = (hidden * there).sum(1) / count
        share = (self.pool(hidden).float() + (1 - there) * -1e4).softmax(1)
        pooled = torch.einsum("bnk,bnd->bkd", share.to(hidden.dtype), hidden)
        seen = [self.drop(torch.cat([mean, pooled[:, k].float()], -1)) for k in range(4)]
        vector = self.emb(torch.cat([mean, (middle * there).sum(1) / count], -1)).float()
        return {
            "polarity": self.pol2(functional.gelu(self.pol1(seen[0]))),
            "comparative": self.comp2(functional.gelu(self.comp1(seen[1]))),
            "attribute": self.jd(seen[2]),
            "states": self.aic(seen[3]).view(-1, *STATES),
            "vector": functional.normalize(vector, dim=-1),
        }

    def grid(self, hidden: Tensor) -> Tensor:
        """Scores [b, 7, n, n] of every span from token i to token j."""
        texts, tokens, _ = hidden.shape
        q = rotated(self.gq(hidden).view(texts, tokens, 3, SPAN_WIDTH))
        k = rotated(self.gk(hidden).view(texts, tokens, 3, SPAN_WIDTH))
        scores = torch.einsum("bigd,bjgd->bgij", q, k) / SPAN_WIDTH**0.5
        bias = self.gb(hidden).float().permute(0, 2, 1)
        grid: Tensor = scores[:, KIND_GROUP] + bias[:, :SPAN_KINDS, :, None] + bias[:, SPAN_KINDS:, None]
        return grid

    def aspects(self, hidden: Tensor, sums: Tensor, mask: Tensor, spans: Tensor) -> Tensor:
        """Logits [p, 3] of spans (text, start, end), in view of their whole text."""
        text, start, end = spans.unbind(1)
        own = represented(hidden, sums, text, start, end)
        query = self.aq(own).view(-1, 4, 64).float()
        keys, values = (f(hidden)[text].view(len(text), -1, 4, 64).float() for f in (self.ak, self.av))
        absent = (1 - mask[text].float())[:, None] * -1e4
        share = (torch.einsum("phd,pnhd->phn", query, keys) / 8 + absent).softmax(-1)
        heard = torch.einsum("phn,pnhd->phd", share, values).flatten(1).to(own.dtype)
        logits: Tensor = self.apc2(functional.gelu(self.apc1(self.drop(torch.cat([own, heard], -1)))))
        return logits

    def pairs(self, hidden: Tensor, sums: Tensor, found: Tensor) -> Tensor:
        """Logits [p, 4] of (text, aspect start, end, opinion start, end, distance)."""
        text, a0, a1, o0, o1, distance = found.unbind(1)
        low, high = torch.minimum(a1, o1) + 1, torch.maximum(a0, o0)
        count = (high - low).clamp(min=0)
        between = (sums[text, torch.maximum(high, low)] - sums[text, low]) / count.clamp(min=1)[:, None]
        aspect = self.pa(self.drop(represented(hidden, sums, text, a0, a1)))
        opinion = self.po(self.drop(represented(hidden, sums, text, o0, o1)))
        inner = aspect + opinion + self.pb(between) + self.pd(distance)
        logits: Tensor = self.p2(self.drop(functional.gelu(inner)))
        return logits

    def tuples(self, hidden: Tensor, sums: Tensor, found: Tensor) -> Tensor:
        """Logits [t, 5] of (text, four spans, three distances)."""
        text, ends, distances = found[:, 0], found[:, 1:9], found[:, 9:12]
        spans = [represented(hidden, sums, text, ends[:, 2 * k], ends[:, 2 * k + 1]) for k in range(4)]
        inner = torch.stack([part(self.drop(s)) for part, s in zip(self.ts, spans, strict=True)]).sum(0)
        inner = self.drop(functional.gelu(inner + self.td(distances).sum(1)))
        logits: Tensor = self.t3(self.drop(functional.gelu(self.t2(inner))))
        return logits


def running_sums(hidden: Tensor) -> Tensor:
    """Sums [b, n + 1, 384] of the first 0, 1, 2 … tokens."""
    return functional.pad(hidden.float().cumsum(1), (0, 0, 1, 0))


def represented(hidden: Tensor, sums: Tensor, text: Tensor, start: Tensor, end: Tensor) -> Tensor:
    """[first token; last token; mean] of every span."""
    count = (end - start + 1).clamp(min=1)[:, None]
    mean = (sums[text, end + 1] - sums[text, start]) / count
    return torch.cat([hidden[text, start], hidden[text, end], mean], -1)


def rotated(x: Tensor) -> Tensor:
    """Rotary positions (Su et al. 2021) on [b, n, groups, 64]."""
    tokens = torch.arange(x.shape[1], device=x.device, dtype=torch.float32)[:, None]
    steps = torch.arange(0, SPAN_WIDTH, 2, device=x.device, dtype=torch.float32) / SPAN_WIDTH
    angle = (tokens / 10000**steps)[:, None]
    even, odd = x[..., 0::2].float(), x[..., 1::2].float()
    turned = (even * angle.cos() - odd * angle.sin(), even * angle.sin() + odd * angle.cos())
    return torch.stack(turned, -1).flatten(-2)
