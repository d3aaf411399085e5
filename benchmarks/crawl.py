"""Crawl: pages/s of the whole way into the store, beside a bare Scrapy spider on the same site in the same run."""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from core.config import Source
from crawlers.run import CrawlJob, crawl

HERE = Path(__file__).parent
DEPTH = 20
GOAL = 0.85


def main() -> None:
    """Takes turns, so that a busy machine is busy for both, and compares the medians."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--pages", type=int, default=1000)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--json", type=Path, default=HERE / "results" / "crawl.json")
    given = options.parse_args()
    products = max(1, given.pages // DEPTH)
    site = subprocess.Popen(
        [sys.executable, str(HERE / "crawl_site.py"), str(products), str(DEPTH)], stdout=subprocess.PIPE, text=True
    )
    try:
        assert site.stdout is not None
        url = f"http://127.0.0.1:{int(site.stdout.readline())}/"
        turns = [(bare(url), ours(url, products * DEPTH)) for _ in range(given.rounds)]
    finally:
        site.kill()
        site.wait()
    report([turn[0] for turn in turns], [turn[1] for turn in turns], given.json)


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


def report(yardstick: list[float], own: list[float], place: Path) -> None:
    """One row, and the figures as JSON."""
    base, reached = statistics.median(yardstick), statistics.median(own)
    share = reached / base
    sys.stdout.write(f"{'crawl':<12}{reached:8.0f} pages/s   bare Scrapy {base:8.0f} pages/s   ")
    sys.stdout.write(f"{share:6.1%} of it (goal {GOAL:.0%})\n")
    place.parent.mkdir(parents=True, exist_ok=True)
    figures = {"pages_per_second": reached, "bare_pages_per_second": base, "share": share, "goal": GOAL}
    place.write_text(json.dumps({**figures, "rounds": {"own": own, "bare": yardstick}}, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
