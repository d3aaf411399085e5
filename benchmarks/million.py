"""A home of 1,000,000 documents: `python -m benchmarks.million`. Made once, then used again.

The folder is that of FENGPING_BENCH_HOME, else one in the temporary folder. Documents go straight into the index:
the pages read lists, counts and quotes of mentions from nowhere else, so a store that held the same million would be
asked no more. From the store the pages read health and incidents: health is written for every source and hour, and
a dozen incidents cite documents of the index, as many as the demo's three months bring. Brands, sources and attributes
are the demo's. The last day is the one of the making: a home of another week is made anew, or the pages' last four
weeks would be empty.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks.made import World, made
from core.home import Home
from core.models import Evidence, Incident, SearchDocument, SourceHealth
from core.tree import Everything
from fengping.demo.market import market
from fengping.demo.project import write_demo_home
from fengping.demo.sites import Sites
from index.embedded import TantivyIndex
from nlp.lexicon import load_lexicon
from store import open_store

DOCUMENTS = int(os.environ.get("FENGPING_BENCH_DOCUMENTS", "1000000"))
VARIABLE = "FENGPING_BENCH_HOME"
MARK = "benchmark.json"
DAYS, BATCH, INCIDENTS = 90, 20_000, 12
FRESH_FOR = timedelta(days=4)
NOWHERE = Sites(shop="http://127.0.0.1:9", microblog="http://127.0.0.1:9", forum="http://127.0.0.1:9")


def place() -> Path:
    return Path(os.environ.get(VARIABLE) or Path(tempfile.gettempdir()) / "fengping-million")


def world_until(end: datetime) -> World:
    """The demo's brands, attributes and sources over the three months before a moment."""
    attributes = tuple(a.path for a in load_lexicon("electronics").attributes)
    brands = tuple(b.name for b in market())
    return World(brands, attributes, ("shop", "microblog", "forum", "outlet"), end - timedelta(days=DAYS), DAYS)


def million() -> tuple[Home, World]:
    """The home, made where it is not there yet, whole and fresh. Raises SystemExit for a folder of somebody else."""
    folder, now = place(), datetime.now(UTC)
    known = _remembered(folder)
    if known is not None and known["documents"] == DOCUMENTS and known["rate"]:
        end = datetime.fromisoformat(str(known["end"]))
        if now - end < FRESH_FOR:
            return Home(folder), world_until(end)
    if known is not None:
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    return Home(folder), _make(folder, now)


def _remembered(folder: Path) -> dict[str, object] | None:
    if not folder.exists():
        return None
    if not (folder / MARK).is_file():
        raise SystemExit(f"{folder} holds no benchmark's home; name another with {VARIABLE}.")
    known: dict[str, object] = json.loads((folder / MARK).read_text("utf-8"))
    return known


def _make(folder: Path, end: datetime) -> World:
    home, world = Home(folder), world_until(end)
    told = {"documents": DOCUMENTS, "end": end.isoformat(), "rate": 0.0}
    (folder / MARK).write_text(json.dumps(told), "utf-8")
    write_demo_home(home, NOWHERE)
    rate, cited = filling(Path(home.resolve(home.project().index)[1]), DOCUMENTS, world)
    store = open_store(home, home.project())
    store.add_health(list(_health(world)))
    store.save_incidents(list(_incidents(cited, world)))
    store.close()
    (folder / MARK).write_text(json.dumps({**told, "rate": rate}), "utf-8")
    return world


def filling(folder: Path, n: int, world: World) -> tuple[float, list[SearchDocument]]:
    """Documents a second through `put`, everything committed; and some of those documents, for incidents to cite."""
    index = TantivyIndex(folder, write=True)
    spent, batch = 0.0, list[SearchDocument]()
    cited: list[SearchDocument] = []
    for number, document in enumerate(made(n, 7, world), 1):
        batch.append(document)
        if len(batch) == BATCH or number == n:
            began = time.perf_counter()
            index.put(batch, number // BATCH)
            spent += time.perf_counter() - began
            cited = cited or batch
            batch = []
            _tell(number, n)
    began = time.perf_counter()
    index.close()
    return n / (spent + time.perf_counter() - began), cited


def _tell(number: int, n: int) -> None:
    if sys.stderr.isatty():
        sys.stderr.write(f"\rindexing {number:,} of {n:,}" + ("\n" if number == n else ""))


def _health(world: World) -> Iterator[SourceHealth]:
    """Each source answered in each hour, but for a day on which one failed."""
    for source in world.sources:
        for hours in range(world.days * 24):
            hour = world.start + timedelta(hours=hours)
            failed = source == "forum" and hours // 24 == world.days - 12
            yield SourceHealth(
                source, hour, asked=60, answered=0 if failed else 60, failed=60 if failed else 0,
                items=0 if failed else 120, newest=hour,
            )  # fmt: skip


def _incidents(cited: Sequence[SearchDocument], world: World) -> Iterator[Incident]:
    """Spread over the three months; every third is still open."""
    rnd = random.Random(3)
    negative = [d for d in cited if any(o.polarity == "negative" for o in d.opinions)]
    for number in range(INCIDENTS):
        evidence = rnd.sample(negative, 5)
        opinion = next(o for o in evidence[0].opinions if o.polarity == "negative")
        began = world.end - timedelta(days=3 + 7 * number)
        is_open = number % 3 == 0
        yield Incident(
            id=f"bench-{number}", rule="negative spike", kind="negative_spike", brand=opinion.target,
            attribute=opinion.attribute, status="open" if is_open else "closed", severity="orange",
            severity_parts={"excess": 2.0, "reach": 1.0}, started_at=began, detected_at=began + timedelta(hours=2),
            last_seen_at=began + timedelta(days=1), closed_at=None if is_open else began + timedelta(days=2),
            observed=40.0, expected=8.0, query=f'brand:"{opinion.target}" attribute:{opinion.attribute}',
            evidence=tuple(Evidence(d.id, d.text, d.published_at) for d in evidence),
        )  # fmt: skip


def main() -> None:
    began = time.perf_counter()
    home, _ = million()
    counted = TantivyIndex(Path(home.resolve(home.project().index)[1])).count(Everything())
    told = json.loads((home.path / MARK).read_text("utf-8"))
    sys.stdout.write(f"{home.path}: {counted:,} documents, {told['rate']:,.0f}/s, ready after ")
    sys.stdout.write(f"{time.perf_counter() - began:.0f} s\n")


if __name__ == "__main__":
    main()
