"""A crawl of 300 pages, killed at random moments: no page skipped, no review lost, none counted twice."""

from __future__ import annotations

from pathlib import Path

import pytest
from crawlers_home import home_at, job, store_of
from crawlers_killing import killed_until_done
from crawlers_site import PAGE_REVIEWS, running

from core.home import Home

PRODUCTS, DEPTH, KILLS, MOST_CRAWLS = 20, 15, 20, 10
SEED = 20261123


def test_nothing_is_lost_or_doubled_however_often_a_crawl_is_killed(tmp_path: Path) -> None:
    """On a busy machine a crawl may end before it was killed often enough: then the next one is killed too."""
    struck = 0
    for crawl in range(MOST_CRAWLS):
        struck += _killed_crawl(tmp_path / str(crawl), SEED + crawl, KILLS - struck)
        if struck >= KILLS:
            return
    pytest.fail(f"{MOST_CRAWLS} crawls were killed {struck} times only")


def _killed_crawl(folder: Path, seed: int, kills: int) -> int:
    """Crawls 300 pages with so many kills in between, looks whether all is there once, and counts the kills."""
    folder.mkdir()
    home = home_at(folder)
    with running() as site:
        work = [job(home, "shop", f"{site.url}/shop/{PRODUCTS}/{DEPTH}", concurrency=4, timeout_seconds=10)]
        struck = killed_until_done(work, seed, kills, most_pages=12, finished=lambda: _finished(home))
        asked = site.asked()
    store = store_of(home)
    native = [understood.mention.native_id for understood in store.scan(n=10_000)]
    assert sorted(native) == sorted(f"{p}-{n}" for p in range(PRODUCTS) for n in range(DEPTH * PAGE_REVIEWS))
    rows = store.health()
    assert sum(row.asked for row in rows) == sum(row.answered for row in rows) == 1 + PRODUCTS * DEPTH
    assert sum(row.items for row in rows) == len(native)
    counts = store.counts("shop")
    assert (counts.waiting, counts.leased, counts.done) == (0, 0, 1 + PRODUCTS * DEPTH)
    assert len([path for path in asked if path.startswith("/product/")]) == PRODUCTS
    store.close()
    return struck


def _finished(home: Home) -> bool:
    store = store_of(home)
    counts = store.counts("shop")
    store.close()
    return counts.done == 1 + PRODUCTS * DEPTH and not counts.waiting and not counts.leased
