"""Crawl: pages/s of the whole way into the store, beside a bare Scrapy spider on the same site in the same run.

python -m benchmarks.crawl [PAGES] [ROUNDS]
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.figure import Figure, load, show
from core.config import Source
from crawlers.run import CrawlJob, crawl

HERE = Path(__file__).parent
DEPTH = 20
COMMAND = "python -m benchmarks.crawl"


def measure(pages: int = 1000, rounds: int = 3) -> list[Figure]:
    """Takes turns, so that a busy machine is busy for both, and compares the medians."""
    before, products = load(), max(1, pages // DEPTH)
    site = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.crawl_site", str(products), str(DEPTH)], stdout=subprocess.PIPE, text=True
    )
    try:
        assert site.stdout is not None
        url = f"http://127.0.0.1:{int(site.stdout.readline())}/"
        turns = [(bare(url), ours(url, products * DEPTH)) for _ in range(rounds)]
    finally:
        site.kill()
        site.wait()
    yardstick, own = (statistics.median(turn[side] for turn in turns) for side in (0, 1))
    detail = {"pages_per_second": own, "bare_pages_per_second": yardstick, "rounds": turns, "load_before": before}
    return [Figure("crawl, of a bare spider's pages/s", own / yardstick * 100, "%", 85, COMMAND, detail=detail)]


def bare(url: str) -> float:
    """Pages a second of the bare spider."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "benchmarks.crawl_bare", url, f"{folder}/items.jsonl"]
        said = subprocess.run(command, stdout=subprocess.PIPE, check=True, cwd=HERE.parent).stdout
    told = json.loads(said)
    return float(told["pages"]) / float(told["seconds"])


def ours(url: str, pages: int) -> float:
    """Pages a second of fengping's own crawl into SQLite, raw pages kept."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "fengping.toml").write_text("schema = 1\n", encoding="utf-8")
        source = Source(
            name="bench",
            spider="reviews",
            urls=(url,),
            own=True,
            allow_private=True,
            autothrottle=False,
            concurrency=16,
        )
        seen: list[float] = []
        outcome = crawl([CrawlJob(folder, source, "", "Asia/Shanghai")], lambda _: seen.append(time.perf_counter()))
        taken = time.perf_counter() - seen[0]
    row = outcome.sources[0]
    if outcome.error or row.error or row.pages != pages + 1:
        raise SystemExit(f"the crawl was not whole: {row.pages} pages of {pages + 1}. {outcome.error or row.error}")
    return row.pages / taken


if __name__ == "__main__":
    show(measure(*(int(a) for a in sys.argv[1:])))
