"""What `benchmarks.peers` found, as the tables of docs/benchmarks.md.

Intervals are 95 % percentile bootstraps over texts. All readers are drawn with the same texts each time, so two of them
are told apart by the interval of their difference (Efron & Tibshirani 1993, chapters 8 and 13).
"""

from __future__ import annotations

import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from statistics import median

import numpy as np
from numpy.typing import NDArray

from benchmarks.figure import written
from benchmarks.peer_readers import PACKAGES
from benchmarks.quality import macro_f1

BEGIN = "<!-- peers: begin (written by make bench-peers, not by hand) -->"
END = "<!-- peers: end -->"
DRAWS, SEED, FEW = 2000, 1, 30
Floats = NDArray[np.float64]
Sizes = Mapping[str, Mapping[str, int]]


@dataclass(frozen=True, slots=True)
class Read:
    """One reader: a score for each text by set, and texts a second in each round."""

    name: str
    scores: dict[str, list[float]]
    speeds: list[float]


@dataclass(frozen=True, slots=True)
class Scored:
    """A macro-F1 with what it came to on every draw of the bootstrap."""

    value: float
    draws: Floats

    @property
    def interval(self) -> tuple[float, float]:
        low, high = np.quantile(self.draws, (0.025, 0.975))
        return float(low), float(high)

    def near(self, other: Scored) -> bool:
        """Whether the interval of their difference includes 0."""
        low, high = Scored(0.0, self.draws - other.draws).interval
        return low <= 0 <= high


def signs(scores: Sequence[float]) -> list[int]:
    """1 for a score above 0, else 0: a text without a side counts as negative, for every reader alike."""
    return [int(score > 0) for score in scores]


def scored(gold: Sequence[int], found: Sequence[int], draws: int = DRAWS, seed: int = SEED) -> Scored:
    """Macro-F1 of the two sides; equal `len(gold)`, `draws` and `seed` draw the same texts."""
    index = np.random.default_rng(seed).integers(len(gold), size=(draws, len(gold)))
    return Scored(macro_f1(gold, found), drawn_f1(np.asarray(gold)[index], np.asarray(found)[index]))


def drawn_f1(gold: NDArray[np.int64], found: NDArray[np.int64]) -> Floats:
    """Macro-F1 of each row of 0 and 1; a side that a draw has nothing of, in truth and in answers, counts as 0."""
    parts = []
    for side in (0, 1):
        hit = ((gold == side) & (found == side)).sum(1)
        parts.append(2 * hit / np.maximum(1, (gold == side).sum(1) + (found == side).sum(1)))
    return np.asarray((parts[0] + parts[1]) / 2, dtype=np.float64)


def mean(parts: Sequence[Scored]) -> Scored:
    """The plain mean over sets."""
    draws = np.mean([part.draws for part in parts], axis=0)
    return Scored(sum(part.value for part in parts) / len(parts), draws)


def tables(
    found: Sequence[Read], gold: Mapping[str, Sequence[int]], sizes: Sizes, before: float, length: float, command: str
) -> str:
    """The run, quality against speed, quality by set, and what was left out, in Markdown."""
    by_set = {name: [scored(truth, signs(read.scores[name])) for read in found] for name, truth in gold.items()}
    counted = [name for name in sizes if len(gold[name]) >= FEW]
    whole = [mean([by_set[name][k] for name in counted]) for k in range(len(found))]
    texts = sum(len(gold[name]) for name in sizes)
    rounds = len(found[0].speeds)
    speed = f"speed is the median of {rounds} rounds (lowest–highest)"
    few = f"a set of fewer than {FEW} texts is in italics and not in the mean"
    parts = [
        f"`{command}` on {datetime.now(UTC):%Y-%m-%d}, {machine()}; load before {before:.1f}. {versions()}.",
        f"{texts:,} texts of {length:.0f} characters on average; {speed}.",
        quality_and_speed(found, whole, sizes, counted),
        f"Macro-F1 by set. ≈ means not told apart from the first row; {few}.",
        by_sets(found, by_set, gold),
        left_out(sizes),
    ]
    return "\n\n".join(parts) + "\n"


def quality_and_speed(found: Sequence[Read], whole: Sequence[Scored], sizes: Sizes, counted: Sequence[str]) -> str:
    rows = []
    for read, score in zip(found, whole, strict=True):
        all_scores = [s for name in sizes for s in read.scores[name]]
        no_side = sum(s == 0 for s in all_scores) / len(all_scores)
        span = f"{written(min(read.speeds))}–{written(max(read.speeds))}"
        speed = f"{written(median(read.speeds))} ({span})"
        rows.append([read.name, cell(score, whole[0]), speed, f"{no_side:.1%}"])
    titles = ["reader", f"macro-F1, mean of {', '.join(counted)}", "texts a second", "texts without a side"]
    return markdown(titles, rows)


def by_sets(found: Sequence[Read], by_set: Mapping[str, list[Scored]], gold: Mapping[str, Sequence[int]]) -> str:
    rows = []
    for k, read in enumerate(found):
        cells = [cell(scores[k], scores[0]) for scores in by_set.values()]
        grey = [f"*{c}*" if len(gold[name]) < FEW else c for name, c in zip(by_set, cells, strict=True)]
        rows.append([read.name, *grey])
    return markdown(["reader", *(f"{name}, n = {len(gold[name])}" for name in by_set)], rows)


def left_out(sizes: Sizes) -> str:
    rows = [
        [name, *(f"{n:,}" for n in (s["tuning"], s["tuning"] - s["ours"], s["ours"] - s["unseen"], s["asked"]))]
        for name, s in sizes.items()
    ]
    titles = ["set", "tuning part", "left out: also in a training part", "left out: taught to a peer", "asked"]
    return markdown(titles, rows)


def cell(score: Scored, ours: Scored) -> str:
    low, high = score.interval
    mark = " ≈" if score.near(ours) and not np.array_equal(score.draws, ours.draws) else ""
    return f"{short(score.value)} ({short(low)}–{short(high)}){mark}"


def short(number: float) -> str:
    return f"{number:.3f}".removeprefix("0")


def markdown(titles: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [titles, ["---"] * len(titles), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def versions() -> str:
    peers = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    return f"Python {platform.python_version()}, fengping {version('fengping')}, {peers}"


def machine() -> str:
    """Cores that may be used, and the processor's name where the system tells it."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    told = Path("/proc/cpuinfo")
    lines = told.read_text("utf-8").splitlines() if told.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return f"{cores} cores" + (f" ({names[0]})" if names else "")


def page_with(page: str, block: str) -> str:
    """The page with `block` between its marks. Raises ValueError when there is not one pair of them in order."""
    head, begin, rest = page.partition(BEGIN)
    _, end, tail = rest.partition(END)
    if not begin or not end or BEGIN in rest or END in tail:
        raise ValueError(f"the page needs one line {BEGIN!r} and, below it, one line {END!r}")
    return f"{head}{BEGIN}\n\n{block.strip()}\n\n{END}{tail}"
