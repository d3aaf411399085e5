"""How fast the embedded index takes documents in and answers questions, and how much memory the reader needs.

    python -m benchmarks.index_speed [--documents 1000000] [--folder DIR] [--json FILE]

Documents are made of random words. Questions are all different, so no answer is remembered from another: only the
matches of a word or phrase asked again are, as they are on a page. The reader is a process of its own.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from hashlib import sha256
from pathlib import Path

import psutil
from rich.console import Console
from rich.progress import track
from rich.table import Table

from core.models import DocumentOpinion, SearchDocument, Span
from core.tree import And, Everything, Near, Node, Phrase, Range, SameOpinion, Term, Word
from index.embedded import TantivyIndex
from index.measures import population

START = datetime(2026, 8, 1, tzinfo=UTC)
DAYS = 90
BRANDS = tuple(f"brand{n}" for n in range(8))
ATTRIBUTES = tuple(f"a{n}/s{m}" for n in range(15) for m in range(4))
POLARITIES = ("positive", "neutral", "negative")
SOURCES = tuple(f"source{n}" for n in range(6))
SYLLABLES = tuple(
    "的一是不了在人有我他这中大来上个国到说们为子和你地出道也时年得就那要下以生会自着去之过家学对可她里后小么心多天而能好都然没日于起还发成"
    "事只作当想看文无开手十用主行方又如前所本见经头面公同三已老从动两长知民样现分将外但身些与高意进把法此实回二理美点月明其种声全工己话儿者"
)
LIMIT_MS = 50
BATCH = 20_000


@dataclass(frozen=True, slots=True)
class Row:
    """One kind of question: how many were asked and how long they took."""

    kind: str
    asked: int
    p50_ms: float
    p95_ms: float


def vocabulary(rnd: random.Random, size: int = 20_000) -> list[str]:
    """Words of one to three characters, with some Latin ones and numbers among them."""
    words = ["".join(rnd.choices(SYLLABLES, k=rnd.choice((1, 2, 2, 2, 3)))) for _ in range(size)]
    return words + [f"x{n}pro" for n in range(size // 40)] + [str(n) for n in range(size // 100)]


def made(n: int, seed: int) -> Iterator[SearchDocument]:
    """Documents of 20 to 60 characters; words, brands and attributes as unevenly frequent as people's are."""
    rnd = random.Random(seed)
    words = vocabulary(random.Random(1))
    weights = [1 / (place + 5) for place in range(len(words))]
    brand_weights = [1 / (place + 1) for place in range(len(BRANDS))]
    for number in range(n):
        brand = rnd.choices(BRANDS, brand_weights)[0]
        text = "".join(rnd.choices(words, weights, k=rnd.randint(10, 28)))
        yield one(rnd, f"{seed}:{number}", brand, text)


def one(rnd: random.Random, name: str, brand: str, text: str) -> SearchDocument:
    opinions = tuple(
        DocumentOpinion(
            brand, rnd.choice(ATTRIBUTES), rnd.choice(POLARITIES),  # type: ignore[arg-type]
            f"短语{min(int(rnd.paretovariate(0.7)), 40_000)}", "", Span(0, len(text)),
        )
        for _ in range(rnd.choice((0, 1, 1, 2, 3)))
    )  # fmt: skip
    likes = int(rnd.paretovariate(1.1)) - 1
    return SearchDocument(
        id=sha256(name.encode()).hexdigest()[:32], source=rnd.choice(SOURCES), platform="reviews", kind="review",
        url="http://shop.example/item/1", parent_id="", title="", text=text, language="zh",
        author=f"{rnd.randrange(200_000):032x}", author_followers=None,
        published_at=START + timedelta(seconds=rnd.randrange(DAYS * 86400)), published_precision="exact",
        collected_at=START + timedelta(days=DAYS), rating=rnd.choice((0.0, 0.25, 0.5, 0.75, 1.0, None)),
        rating_scale=(1.0, 5.0), likes=likes, replies=0, shares=0, views=None, engagement=likes, brands=(brand,),
        product=f"p{rnd.randrange(30)}", region="", images=(), polarity=rnd.choice(POLARITIES),  # type: ignore[arg-type]
        score=0.0, opinions=opinions, comparisons=(), intents=(), industry="electronics",
        relevance=rnd.choice((1.0, 1.0, 1.0, 0.9, 0.2)), relevance_reason="",
        duplicate_of="x" if rnd.random() < 0.1 else "", promotion=0.0, promotion_reasons=(), topic="", revision="r",
    )  # fmt: skip


def filling(folder: Path, n: int) -> float:
    """Documents a second through `put`, everything committed."""
    index = TantivyIndex(folder, write=True)
    spent, batch = 0.0, []
    for number, document in enumerate(track(made(n, 7), "indexing", n, disable=not sys.stderr.isatty()), 1):
        batch.append(document)
        if len(batch) == BATCH or number == n:
            began = time.perf_counter()
            index.put(batch, number // BATCH)
            spent += time.perf_counter() - began
            batch = []
    began = time.perf_counter()
    index.close()
    return n / (spent + time.perf_counter() - began)


def questions(index: TantivyIndex, asked: int) -> Iterator[tuple[str, Callable[[], object]]]:
    """Kinds of questions, each time with another brand, period, word or attribute."""
    rnd = random.Random(11)
    words = vocabulary(random.Random(1))[:4000]
    for _ in range(asked):
        brand, word = Term("brand", rnd.choice(BRANDS)), rnd.choice(words)
        of_brand, of_word = population(And((_period(rnd), brand))), population(And((_period(rnd), Word(word))))
        phrase = Phrase(word + rnd.choice(words[:40]))
        by_day = partial(index.series, interval="day", timezone="Asia/Shanghai")
        everyone = [population(_period(rnd)) for _ in range(6)]
        yield "count, all brands", partial(index.count, everyone[0])
        yield "facets attribute, all brands", partial(index.facets, everyone[1], "attribute", 60)
        yield "facets opinion, all brands", partial(index.facets, everyone[2], "opinion", 1000)
        yield "facets phrase, one brand", partial(index.facets, of_brand, "phrase", 50)
        yield "facets polarity, a word", partial(index.facets, of_word, "polarity")
        yield "series day, all by brand", partial(by_day, everyone[3], split="brand")
        yield "series hour, one brand", partial(index.series, of_brand, "hour", "Asia/Shanghai")
        yield "series day, one attribute", partial(by_day, _complaint(rnd), split="polarity")
        yield "table brand × attribute", partial(index.table, everyone[4], "brand", "attribute")
        yield "search word, newest", partial(index.search, population(And((_period(rnd), Word(rnd.choice(words))))))
        yield "search phrase, newest", partial(index.search, population(And((_period(rnd), phrase))))
        yield "search one brand, newest", partial(index.search, population(And((_period(rnd), brand))))
        yield "search engagement", partial(index.search, everyone[5], "engagement")
        yield "search word, relevance", partial(index.search, And((brand, Word(rnd.choice(words)))), "relevance")
        yield "near", partial(index.search, Near((rnd.choice(words),), (rnd.choice(words),), 5))


def _period(rnd: random.Random) -> Node:
    low = START + timedelta(hours=rnd.randrange(DAYS * 12))
    return rnd.choice((Range("date", low, START + timedelta(days=DAYS)), Range("date", START, low), Everything()))


def _complaint(rnd: random.Random) -> Node:
    return population(
        And((_period(rnd), SameOpinion(rnd.choice(BRANDS), rnd.choice(ATTRIBUTES).split("/")[0], "negative")))
    )


def answering(folder: Path, asked: int) -> tuple[list[Row], float]:
    """Asks in this process; returns the rows and the resident memory in MB."""
    index = TantivyIndex(folder)
    index.count(Everything())
    times: dict[str, list[float]] = {}
    for kind, question in questions(index, asked):
        began = time.perf_counter()
        question()
        times.setdefault(kind, []).append((time.perf_counter() - began) * 1000)
    rows = [Row(kind, len(t), _quantile(t, 0.5), _quantile(t, 0.95)) for kind, t in times.items()]
    everything = [t for found in times.values() for t in found]
    rows.append(Row("all", len(everything), _quantile(everything, 0.5), _quantile(everything, 0.95)))
    return rows, psutil.Process().memory_info().rss / 1e6


def _quantile(times: list[float], part: float) -> float:
    return round(sorted(times)[min(int(len(times) * part), len(times) - 1)], 2)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=1_000_000)
    parser.add_argument("--asked", type=int, default=40, help="questions of each kind")
    parser.add_argument("--folder", type=Path, help="keep the index here, and only ask where it is already filled")
    parser.add_argument("--json", type=Path, help="write the figures here too")
    parser.add_argument("--ask", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.ask:
        rows, memory = answering(arguments.folder, arguments.asked)
        sys.stdout.write(json.dumps({"rows": [asdict(row) for row in rows], "memory_mb": memory}))
        return 0
    folder = arguments.folder or Path(tempfile.mkdtemp(prefix="index_speed"))
    try:
        _report(_measured(folder, arguments.documents, arguments.asked), arguments.json)
    finally:
        if arguments.folder is None:
            shutil.rmtree(folder, ignore_errors=True)
    return 0


def _measured(folder: Path, n: int, asked: int) -> dict[str, object]:
    filled = TantivyIndex(folder).count(Everything()) == n
    rate = None if filled else filling(folder, n)
    command = [sys.executable, "-m", "benchmarks.index_speed", "--ask", "--folder", str(folder), "--asked", str(asked)]
    answered = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    size = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
    load = psutil.getloadavg()[0]
    return {"documents": n, "documents_per_second": rate, **answered, "disk_mb": size / 1e6, "load": load}


def _report(found: dict[str, object], target: Path | None) -> None:
    table = Table("question", "asked", "p50 ms", "p95 ms", title=f"{found['documents']} documents")
    for row in found["rows"]:  # type: ignore[attr-defined]
        mark = "" if row["p95_ms"] <= LIMIT_MS else " !"
        table.add_row(row["kind"], str(row["asked"]), f"{row['p50_ms']:.1f}", f"{row['p95_ms']:.1f}{mark}")
    console = Console(width=100)
    console.print(table)
    rate = found["documents_per_second"]
    console.print(f"documents/s: {f'{rate:.0f}' if rate else 'filled before'} (limit ≥ 10000)")
    console.print(f"resident memory of the reader: {found['memory_mb']:.0f} MB (limit < 1500)")
    console.print(f"on disk: {found['disk_mb']:.0f} MB; load of the machine: {found['load']:.1f}")
    if target is not None:
        target.write_text(json.dumps(found, indent=1), "utf-8")


if __name__ == "__main__":
    raise SystemExit(main())
