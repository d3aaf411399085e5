"""Topics of 10,000 and of 100,000 texts: agreement with the labels, mentions in none, how many topics, seconds.

The labels of ../shared/data/topics are only compared with. Thresholds were chosen on DEV, a fixed half drawn with SEED;
TEST is the other half. `python -m benchmarks.topics methods` measures other ways of finding topics on the same texts
and vectors beside it (needs bertopic, umap-learn and hdbscan).
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sklearn.metrics import adjusted_mutual_info_score

from benchmarks.figure import Figure
from nlp.model import Model
from nlp.segment import Segmenter
from nlp.topics.discover import discover, name, place
from nlp.topics.likeness import Floats, unit
from nlp.topics.rule import Ints

TITLES = Path(__file__).resolve().parents[2] / "shared/data/topics/thucnews_titles_dev.txt"
SEED = 20261125
MANY = 100_000
NOISE = 0.35
"""Length of the noise added to a title's vector where 100,000 are made of 10,000."""
COMMAND = "python -m benchmarks topics"


@dataclass(frozen=True, slots=True)
class Titles:
    """Texts, vectors of the shipped model, and the class of each."""

    texts: list[str]
    vectors: Floats
    classes: Ints

    def part(self, places: Ints) -> Titles:
        return Titles([self.texts[k] for k in places], self.vectors[places], self.classes[places])


@dataclass(frozen=True, slots=True)
class Found:
    """What a method made of some texts; -1 stands for no topic. `cpu_s` is of all threads."""

    ami: float
    outliers: float
    topics: int
    seconds: float
    cpu_s: float

    def line(self, method: str, part: str) -> str:
        return (
            f"{method:<52} {part:<5} AMI {self.ami:.3f}  outliers {self.outliers:6.1%}  topics {self.topics:3d}"
            f"  {self.seconds:6.1f} s ({self.cpu_s:.1f} CPU)"
        )


Method = Callable[[Titles], Ints]


def titles(model: str = "s6") -> Titles:
    """The labelled titles with vectors as a reading stores them."""
    rows = [line.rsplit("\t", 1) for line in TITLES.read_text("utf-8").splitlines()]
    seen = Model(model).see([text for text, _ in rows])
    vectors = np.frombuffer(b"".join(s.vector for s in seen), "<f2").astype(np.float32).reshape(len(rows), -1)
    return Titles([text for text, _ in rows], vectors, np.array([int(k) for _, k in rows], np.intp))


def parts(n: int) -> dict[str, Ints]:
    order = np.random.default_rng(SEED).permutation(n)
    return {"dev": np.sort(order[: n // 2]), "test": np.sort(order[n // 2 :]), "all": np.arange(n)}


def ours(of: Titles) -> Ints:
    """Found, placed and named: what `fengping topics` does with texts and vectors."""
    segmenter = Segmenter()
    rule = discover(of.texts, of.vectors, segmenter)
    placed = place(rule, of.vectors)
    name(of.texts, placed, rule.topics, segmenter)
    return placed.topics


def found(method: Method, of: Titles) -> Found:
    clock, cpu = time.perf_counter(), time.process_time()
    topics = method(of)
    seconds, spent = time.perf_counter() - clock, time.process_time() - cpu
    ami = float(adjusted_mutual_info_score(of.classes, topics))
    return Found(ami, float((topics < 0).mean()), len(set(topics[topics >= 0].tolist())), seconds, spent)


def many(of: Titles) -> Titles:
    """MANY texts of the titles: vectors with noise, and the halves of two titles of one class as the text."""
    rng = np.random.default_rng(SEED)
    first = rng.integers(0, len(of.texts), MANY)
    order = np.argsort(of.classes, kind="stable")
    starts = np.searchsorted(of.classes[order], np.arange(int(of.classes.max()) + 2))
    low, high = starts[of.classes[first]], starts[of.classes[first] + 1]
    second = order[low + (rng.random(MANY) * (high - low)).astype(np.intp)]
    texts = [
        of.texts[a][: len(of.texts[a]) // 2] + of.texts[b][len(of.texts[b]) // 2 :]
        for a, b in zip(first, second, strict=True)
    ]
    noise = unit(rng.standard_normal((MANY, of.vectors.shape[1]), np.float32))
    return Titles(texts, unit(of.vectors[first] + NOISE * noise), of.classes[first])


def measure() -> list[Figure]:
    """What the requirements name, all by the shipped settings."""
    whole = titles()
    split = parts(len(whole.texts))
    figures = []
    for part in ("test", "all"):
        got = found(ours, whole.part(split[part]))
        label = f"topics of {len(split[part]):,} titles"
        detail = {"topics found": got.topics, "CPU s": round(got.cpu_s, 1)}
        figures.append(Figure(f"{label}, AMI", got.ami, "", 0.5, COMMAND, detail=detail))
        figures.append(Figure(f"{label}, in none", 100 * got.outliers, "%", 5, COMMAND, at_least=False))
    figures.append(Figure("topics of 10,000 texts", got.seconds, "s", 90, COMMAND, at_least=False))
    large = found(ours, many(whole))
    detail = {"topics found": large.topics, "CPU s": round(large.cpu_s, 1)}
    figures.append(Figure("topics of 100,000 texts", large.seconds, "s", 600, COMMAND, False, detail))
    return figures


def main() -> None:
    """Prints a line a method and part; with `methods` those of benchmarks.topic_methods too."""
    whole = titles()
    methods: dict[str, Method] = {"fengping (graph, rule)": ours}
    if sys.argv[1:] == ["methods"]:
        from benchmarks.topic_methods import METHODS

        methods |= METHODS
    for label, method in methods.items():
        for part, places in parts(len(whole.texts)).items():
            print(found(method, whole.part(places)).line(label, part), flush=True)
    if len(methods) == 1:
        print(found(ours, many(whole)).line("fengping (graph, rule)", "100k"))
    print(json.dumps({"cores": os.cpu_count(), "seed": SEED}))


if __name__ == "__main__":
    main()
