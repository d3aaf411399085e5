"""The one place that runs the model. A passage's values are the same to the last bit whatever is encoded beside it.

Two things make that so: the graphs' ranges are constants (training/graph.py), and only passages of equally many
tokens share a run, so nothing is padded.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from core.errors import ConfigError
from nlp.model_files import Floats, ModelFiles, find_model
from nlp.thresholds import GROUP_TEXTS, GROUP_TOKENS
from nlp.tokens import Passage
from nlp.words import read_words

_OUTPUTS = ("hidden", "span_q", "span_k", "span_bias", "boundary", "polarity", "comparative", "embedding")


@dataclass(frozen=True, slots=True)
class Encoded:
    """A run's outputs: b passages of n tokens. `members` are their places in the sequence given.

    hidden [b,n,384], span_q and span_k [b,n,3,64], span_bias [b,n,14], boundary [b,n,8] (how many characters to cut
    from the first and last piece), polarity [b,3] (negative, neutral, positive), comparative [b,2], embedding [b,384].
    """

    members: tuple[int, ...]
    hidden: Floats
    span_q: Floats
    span_k: Floats
    span_bias: Floats
    boundary: Floats
    polarity: Floats
    comparative: Floats
    embedding: Floats


class Graph:
    """An ONNX session. Not to be shared between processes; threads may share it.

    `content` is the graph itself or the path to it; `place` says in errors where it came from.
    """

    def __init__(self, content: bytes | str, place: Path, threads: int = 1) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = max(1, threads)
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        try:
            self._session = onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
        except Exception as error:  # onnxruntime's own exceptions share no base class
            raise ConfigError(f"{place} cannot be loaded as a model: {error}. Ship or copy it again.") from error

    def run(self, wanted: Sequence[str], **given: NDArray[Any]) -> list[Floats]:
        """The outputs named, in order."""
        found: list[Floats] = self._session.run(wanted, given)
        return found


class Encoder:
    """Word vectors and the encoder's graph of a model."""

    def __init__(self, files: ModelFiles, threads: int = 1) -> None:
        self._graph = Graph(str(files.graph), files.graph, threads)
        self._words = read_words(files.words)

    def encode(self, passages: Sequence[Passage]) -> Iterator[Encoded]:
        """Runs over passages grouped by length, shortest first; one group is held at a time."""
        for members in _groups(passages):
            ids: NDArray[np.int64] = np.array([passages[m].ids for m in members], np.int64)
            yield Encoded(members, *self._graph.run(_OUTPUTS, words=self._words.vectors(ids)))


class Classifier:
    """A sequence classifier of transformers, on a GPU where PyTorch sees one. Raises ConfigError when it cannot be had.

    Its scores may differ in the last digits with what is read beside a text: such models pad.
    """

    def __init__(self, folder: Path) -> None:
        try:
            import torch
            from transformers import AutoModelForSequenceClassification, AutoTokenizer
        except ImportError as error:
            raise ConfigError(
                f"the checkpoint {folder} needs PyTorch and transformers ({error}): install the extra `train`."
            ) from error
        self._torch = torch
        self._device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        try:
            self._tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
            loaded = AutoModelForSequenceClassification.from_pretrained(folder, local_files_only=True)
        except (OSError, ValueError, KeyError, RuntimeError) as error:
            raise ConfigError(
                f"{folder} cannot be loaded as a classifier: {error}. Copy the whole checkpoint."
            ) from error
        self._model = loaded.to(self._device).eval()
        self._longest = min(self._tokenizer.model_max_length, loaded.config.max_position_embeddings - 2)

    def logits(self, texts: Sequence[str]) -> Floats:
        """[texts, classes]; texts of like length together, longer ones than it takes cut at their end."""
        order = sorted(range(len(texts)), key=lambda k: len(texts[k]))
        found: list[tuple[int, Floats]] = []
        with self._torch.no_grad():
            for start in range(0, len(order), GROUP_TEXTS):
                members = order[start : start + GROUP_TEXTS]
                said = self._model(**self._fed([texts[k] for k in members])).logits
                found += zip(members, said.float().cpu().numpy(), strict=True)
        return np.stack([row for _, row in sorted(found, key=lambda f: f[0])])

    def _fed(self, texts: list[str]) -> Any:
        fed = self._tokenizer(texts, padding=True, truncation=True, max_length=self._longest, return_tensors="pt")
        return fed.to(self._device)


def head_graphs(files: ModelFiles) -> dict[str, Graph]:
    """The span heads that are graphs of their own, by name."""
    return {name: Graph(content, files.heads) for name, content in files.head_graphs().items()}


def _groups(passages: Sequence[Passage]) -> Iterator[tuple[int, ...]]:
    lengths: dict[int, list[int]] = {}
    for place, passage in enumerate(passages):
        lengths.setdefault(len(passage.ids), []).append(place)
    for length in sorted(lengths):
        members = lengths[length]
        size = max(1, min(GROUP_TEXTS, GROUP_TOKENS // length))
        for start in range(0, len(members), size):
            yield tuple(members[start : start + size])


def weights(name: str = "s6") -> ModelFiles:
    """Which weights run under a name: `name`, `version`, `path`, `licence`. Raises ConfigError when one is missing."""
    return find_model(name)
