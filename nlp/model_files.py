"""Where a model lies, what it is called and whether it is whole."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.errors import ConfigError

SHIPPED = Path(__file__).resolve().parent / "models"
Floats = NDArray[np.float32]
HEAD_GRAPHS = ("ask", "judge", "pair", "tuple")


@dataclass(frozen=True)
class Thresholds:
    """Span scores from which on a model's finding counts; tuned with the model and kept beside it."""

    aspect: float
    opinion: float
    triplet: tuple[float, float, float]
    comparison: tuple[float, float, float]
    """Of a part; of a comparison; of the only one in a text that is sure to compare."""


@dataclass(frozen=True)
class ModelFiles:
    """The five files of a model: graph, word vectors, span heads, thresholds and tokenizer."""

    graph: Path
    words: Path
    heads: Path
    settings: Path
    tokenizer: Path

    @property
    def name(self) -> str:
        return self.graph.stem

    @property
    def path(self) -> Path:
        return self.graph

    @property
    def licence(self) -> Path:
        """The terms of the training sets; a model that is not shipped brings its own beside it or has none."""
        return self.graph.with_name("LICENSE")

    @cached_property
    def version(self) -> str:
        """Twelve hex digits over all five files: another file is another model."""
        digest = hashlib.sha256()
        for place in self.all:
            digest.update(place.read_bytes())
        return digest.hexdigest()[:12]

    def thresholds(self) -> Thresholds:
        try:
            found = json.loads(self.settings.read_text(encoding="utf-8"))["thresholds"]
            first, second, third = found["triplet"]
            low, bias, sole = found["comparison"]
            return Thresholds(found["aspect"], found["opinion"], (first, second, third), (low, bias, sole))
        except (KeyError, TypeError, ValueError) as error:
            raise ConfigError(f"{self.settings} is not a model's settings file ({error!r}). Ship it again.") from error

    @property
    def all(self) -> tuple[Path, ...]:
        return self.graph, self.words, self.heads, self.settings, self.tokenizer

    def head_graphs(self) -> dict[str, bytes]:
        """The span heads that are graphs, by name. Raises ConfigError where one is missing."""
        with np.load(self.heads) as packed:
            missing = [name for name in HEAD_GRAPHS if name not in packed.files]
            if missing:
                raise ConfigError(f"{self.heads} lacks the head {missing[0]!r}. Ship the model again (training.ship).")
            return {name: packed[name].tobytes() for name in HEAD_GRAPHS}

    def weights(self) -> dict[str, Floats]:
        """Those of the heads that run in NumPy."""
        with np.load(self.heads) as packed:
            names = [name for name in packed.files if name not in HEAD_GRAPHS]
            return {name: np.ascontiguousarray(packed[name], np.float32) for name in names}


def find_model(name: str) -> ModelFiles:
    """`s6`, the shipped one, or a path without ending to another (`/models/t12` for t12.onnx and its fellows).

    Raises ConfigError naming the file that is missing.
    """
    base = Path(name) if "/" in name or "\\" in name else SHIPPED / name
    files = ModelFiles(
        base.with_name(base.name + ".onnx"),
        base.with_name(base.name + "_words.npz"),
        base.with_name(base.name + "_heads.npz"),
        base.with_name(base.name + ".json"),
        base.with_name("tokenizer.json"),
    )
    for place in files.all:
        if not place.is_file():
            shipped = ", ".join(sorted(p.stem for p in SHIPPED.glob("*.onnx")))
            raise ConfigError(
                f"model {name!r} lacks {place}. Shipped: {shipped}; another model is named by the path of its "
                "files without ending, such as /models/t12 for t12.onnx and t12_words.npz, t12_heads.npz, t12.json, "
                "tokenizer.json beside it."
            )
    return files
