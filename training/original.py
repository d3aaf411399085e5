"""The pretrained encoder: its weights by Hugging Face's names, and its sentence vectors as a network's aim."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from training.network import begin

PREFIX = (39, 873, 12)
"""The pieces of "query: ", which the encoder was trained to see before a text; ours reads without them."""


def pretrained(shared: Path) -> dict[str, np.ndarray]:
    """Every parameter of SHARED/encoder, float32; 4-bit blocks of 32 are expanded."""
    out: dict[str, np.ndarray] = {}
    with np.load(shared / "encoder" / "encoder_q4.npz") as found:
        for key in (k for k in found.files if not k.endswith(".scale")):
            value, name = found[key], key.removesuffix(".q4")
            if name != key:
                levels = np.concatenate([value & 15, value >> 4], axis=-1).astype(np.float32) - 8
                value = (levels * found[name + ".scale"].astype(np.float32)[..., None]).reshape(len(levels), -1)
            out[name] = value.astype(np.float32)
    return out


class Original:
    """The frozen encoder as it was: where no teacher is, its vectors are what the sentence vector stays near to."""

    def __init__(self, encoder: Mapping[str, np.ndarray], device: torch.device) -> None:
        self._encoder = begin(encoder, 12).enc.to(device).eval().requires_grad_(False)

    def vectors(self, ids: Tensor, mask: Tensor) -> Tensor:
        """[b, 384] of unit length: the mean over the tokens of the text with its prefix."""
        prefix = ids.new_tensor(PREFIX).expand(len(ids), -1)
        asked = torch.cat([ids[:, :1], prefix, ids[:, 1:]], 1)
        there = torch.cat([mask[:, :1], torch.ones_like(prefix), mask[:, 1:]], 1)
        with torch.no_grad():
            hidden = self._encoder(asked, there)[-1].float()
        weight = there[..., None].float()
        return functional.normalize((hidden * weight).sum(1) / weight.sum(1), dim=-1)
