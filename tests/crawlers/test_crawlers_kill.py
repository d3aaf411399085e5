"""A crawl of 300 pages, killed at random moments: no page skipped, no review lost, none counted twice."""

from __future__ import annotations

from pathlib import Path

import pytest
from crawlers_home import home_at, job, store_of
from crawlers_killing import killed_until_done
from crawlers_site import PAGE_REVIEWS, running

PRODUCTS, DEPTH, KILLS = 20, 15, 20


@pytest.mark.parametrize("seed", [20261123])
def test_nothing_is_lost_or_doubled_however_often_a_crawl_is_killed(seed: int, tmp_path: Path) -> None:
    home = home_at(tmp_path)
    with running() as site:
        work = [job(home, "shop", f"{site.url}/shop/{PRODUCTS}/{DEPTH}", concurrency=4, timeout_seconds=10)]
        struck, _ = killed_until_done(work, seed, KILLS, most_pages=12)
        asked = site.asked()
    assert struck >= KILLS
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
