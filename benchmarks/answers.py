"""How fast an index of 1,000,000 documents answers: `python -m benchmarks.answers [--asked N]`.

Questions are all different, so no answer is remembered from another: only the matches of a word or phrase asked again
are, as they are on a page. They are asked in a process of its own, after a round that is not counted has brought the
columns from disk. Processor time stands beside the clock: on a busy machine it is the fairer one. `facets` holds
counts and tables too; NEAR, which reads the texts that hold both words, has a line of its own.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import psutil
from rich.console import Console
from rich.table import Table

from benchmarks.figure import Figure, load, quantile
from benchmarks.made import World, vocabulary
from benchmarks.million import million
from core.tree import And, Everything, Near, Node, Phrase, Range, SameOpinion, Term, Word
from index.embedded import TantivyIndex
from index.measures import population

LIMIT_MS, ASKED, WARMING = 50.0, 40, 3
COMMAND = "python -m benchmarks.answers"
Question = Callable[[], object]
GROUPS = {"facets": ("count", "facets", "table"), "series": ("series",), "search": ("search",), "NEAR": ("near",)}


def questions(index: TantivyIndex, world: World, rnd: random.Random) -> Iterator[tuple[str, Question]]:
    """One of each kind, each time with another brand, period, word or attribute."""
    words = vocabulary(random.Random(1))[:4000]
    brand, word = Term("brand", rnd.choice(world.brands)), rnd.choice(words)
    everyone = [population(_period(rnd, world)) for _ in range(6)]
    of_brand, of_word = (population(And((_period(rnd, world), part))) for part in (brand, Word(word)))
    yield from _counts(index, everyone, of_brand, of_word)
    by_day = partial(index.series, interval="day", timezone="Asia/Shanghai")
    yield "series day, all by brand", partial(by_day, everyone[3], split="brand")
    yield "series hour, one brand", partial(index.series, of_brand, "hour", "Asia/Shanghai")
    yield "series day, one attribute", partial(by_day, _complaint(rnd, world), split="polarity")
    phrase = Phrase(word + rnd.choice(words[:40]))
    for kind, part in (("word", Word(rnd.choice(words))), ("phrase", phrase), ("one brand", brand)):
        yield f"search {kind}, newest", partial(index.search, population(And((_period(rnd, world), part))))
    yield "search engagement", partial(index.search, everyone[5], "engagement")
    yield "search word, relevance", partial(index.search, And((brand, Word(rnd.choice(words)))), "relevance")
    yield "near", partial(index.search, Near((rnd.choice(words),), (rnd.choice(words),), 5))


def _counts(index: TantivyIndex, everyone: list[Node], of_brand: Node, of_word: Node) -> Iterator[tuple[str, Question]]:
    yield "count, all brands", partial(index.count, everyone[0])
    yield "facets attribute, all brands", partial(index.facets, everyone[1], "attribute", 60)
    yield "facets opinion, all brands", partial(index.facets, everyone[2], "opinion", 1000)
    yield "facets phrase, one brand", partial(index.facets, of_brand, "phrase", 50)
    yield "facets polarity, a word", partial(index.facets, of_word, "polarity")
    yield "table brand × attribute", partial(index.table, everyone[4], "brand", "attribute")


def _period(rnd: random.Random, world: World) -> Node:
    low = world.start + timedelta(hours=rnd.randrange(world.days * 12))
    return rnd.choice((Range("date", low, world.end), Range("date", world.start, low), Everything()))


def _complaint(rnd: random.Random, world: World) -> Node:
    attribute = rnd.choice(world.attributes).split("/")[0]
    return population(And((_period(rnd, world), SameOpinion(rnd.choice(world.brands), attribute, "negative"))))


def answering(folder: Path, world: World, asked: int) -> dict[str, Any]:
    """Asks in this process; milliseconds (on the clock, of processors) by kind, and the resident memory in MB."""
    index, times = TantivyIndex(folder), dict[str, list[tuple[float, float]]]()
    for seed in range(-WARMING, asked):
        for kind, question in questions(index, world, random.Random(seed + 1000)):
            began, busy = time.perf_counter(), time.process_time()
            question()
            spent = (time.perf_counter() - began) * 1000, (time.process_time() - busy) * 1000
            if seed >= 0:
                times.setdefault(kind, []).append(spent)
    return {"times": times, "memory_mb": psutil.Process().memory_info().rss / 1e6}


def measure(asked: int = ASKED) -> list[Figure]:
    million()
    before = load()
    command = [sys.executable, "-m", "benchmarks.answers", "--ask", "--asked", str(asked)]
    found = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return [_figure(group, begins, found, before) for group, begins in GROUPS.items()]


def _figure(group: str, begins: tuple[str, ...], found: dict[str, Any], before: float) -> Figure:
    kinds = {kind: times for kind, times in found["times"].items() if kind.startswith(begins)}
    p95, busy = _p95([spent for times in kinds.values() for spent in times])
    more = {"cpu_ms": busy, "kinds": {k: [*_p95(t), _p95(t, 0.5)[1]] for k, t in kinds.items()}}
    detail = {**more, "memory_mb": found["memory_mb"], "load_before": before}
    return Figure(f"{group}, 1M documents, p95", p95, "ms", LIMIT_MS, COMMAND, at_least=False, detail=detail)


def _p95(spent: list[tuple[float, float]], part: float = 0.95) -> tuple[float, float]:
    return quantile([clock for clock, _ in spent], part), quantile([busy for _, busy in spent], part)


def show(figures: list[Figure]) -> None:
    """Each kind of question on a line of its own."""
    table = Table("question", "p95 ms", "p95 CPU ms", "p50 CPU ms")
    for figure in figures:
        for kind, (clock, busy, half) in figure.detail["kinds"].items():
            mark = "" if busy <= LIMIT_MS else " !"
            table.add_row(kind, f"{clock:.1f}", f"{busy:.1f}{mark}", f"{half:.1f}")
        whole = f"[bold]{figure.value:.1f}", f"[bold]{figure.detail['cpu_ms']:.1f}"
        table.add_row(f"[bold]{figure.name}", *whole, "", end_section=True)
    console = Console(width=100)
    console.print(table)
    console.print(f"memory {figures[0].detail['memory_mb']:.0f} MB, load before {figures[0].detail['load_before']:.1f}")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--asked", type=int, default=ASKED, help="questions of each kind")
    options.add_argument("--ask", action="store_true", help=argparse.SUPPRESS)
    given = options.parse_args()
    if not given.ask:
        show(measure(given.asked))
        return
    home, world = million()
    folder = Path(home.resolve(home.project().index)[1])
    sys.stdout.write(json.dumps(answering(folder, world, given.asked)))


if __name__ == "__main__":
    main()
