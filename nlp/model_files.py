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
    """The four files of a model: graph, span heads, thresholds and tokenizer."""

    graph: Path
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
        """Twelve hex digits over all four files: another file is another model."""
        digest = hashlib.sha256()
        for place in (self.graph, self.heads, self.settings, self.tokenizer):
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

    def weights(self) -> dict[str, Floats]:
        """Span heads as float32, unpacked from blocks of 32 int8 with one scale each."""
        out: dict[str, Floats] = {}
        with np.load(self.heads) as packed:
            for key in (k for k in packed.files if not k.endswith(".scale")):
                value = packed[key]
                if value.dtype == np.int8:
                    blocks = value.reshape(value.shape[0], -1, 32).astype(np.float32)
                    scale = packed[key + ".scale"].astype(np.float32)[..., None]
                    value = (blocks * scale).reshape(value.shape)
                out[key] = np.ascontiguousarray(value, np.float32)
        return out


def find_model(name: str) -> ModelFiles:
    """`s6`, the shipped one, or a path without ending to another (`/models/t12` for t12.onnx and its fellows).

    Raises ConfigError naming the file that is missing.
    """
    base = Path(name) if "/" in name or "\\" in name else SHIPPED / name
    files = ModelFiles(
        base.with_name(base.name + ".onnx"),
        base.with_name(base.name + "_heads.npz"),
        base.with_name(base.name + ".json"),
        base.with_name("tokenizer.json"),
    )
    for place in (files.graph, files.heads, files.settings, files.tokenizer):
        if not place.is_file():
            shipped = ", ".join(sorted(p.stem for p in SHIPPED.glob("*.onnx")))
            raise ConfigError(
                f"model {name!r} lacks {place}. Shipped: {shipped}; another model is named by the path of its "
                "files without ending, such as /models/t12 for t12.onnx, t12_heads.npz, t12.json, tokenizer.json."
            )
    return files
