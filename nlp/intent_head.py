"""Intents by the vector of a text: what no cue word tells, because everybody says it in other words.

A line through the encoder's vectors for each intent, learned from the sentences of tests/cases/rules
(`python -m training.intents`). It holds for the encoder it was learned with only; with another, cues tell alone.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nlp.checkpoint import SHIPPED, folder_of
from nlp.model_files import find_model

WEIGHTS = Path(__file__).resolve().parent / "models" / "intents.npz"
LONGEST = 120
"""Code points: the sentences it was learned from are short, and the vector of a long text says a little of much."""


class IntentHead:
    """`weights` (intents × width), `bias` and `least` (intents): an intent is told from its own logit `least` on."""

    def __init__(
        self,
        names: Sequence[str],
        weights: NDArray[np.float32],
        bias: NDArray[np.float32],
        least: NDArray[np.float32],
    ) -> None:
        self.names, self._weights, self._bias = tuple(names), weights, bias - least

    def told(self, vector: bytes, text: str) -> tuple[str, ...]:
        """The intents of a text with this vector (little-endian float16)."""
        if len(vector) != 2 * self._weights.shape[1] or len(text) > LONGEST:
            return ()
        above = self._weights @ np.frombuffer(vector, "<f2").astype(np.float32) + self._bias > 0
        return tuple(self.names[k] for k in np.flatnonzero(above).tolist()) if above.any() else ()


@cache
def head_for(model: str) -> IntentHead | None:
    """The shipped head where a model's vectors come from the encoder it was learned with (a checkpoint's do)."""
    files = find_model(SHIPPED if folder_of(model) else model)
    with np.load(WEIGHTS, allow_pickle=False) as kept:
        if str(kept["encoder"]) != encoder_digest(files.graph):
            return None
        return IntentHead(kept["names"].tolist(), kept["weights"], kept["bias"], kept["least"])


def encoder_digest(graph: Path) -> str:
    """Twelve hex digits: vectors of two encoders are never compared."""
    return hashlib.sha256(graph.read_bytes()).hexdigest()[:12]
