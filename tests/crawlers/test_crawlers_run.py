"""Crawls of a site on loopback with everything in the way that real sites put there."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from crawlers_home import home_at, job, store_of
from crawlers_site import PAGE_REVIEWS, Site, running

from core.home import Home
from core.models import Mention
from crawlers.job import CrawlOutcome, CrawlProgress, SourceOutcome
from crawlers.run import crawl

PEOPLE = """
items = "article"
start = ["{url}/spy?u=x"]
[fields]
text = "self::article"
"""


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with running() as found:
        yield found


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return home_at(tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="module")
def first(site: Site, home: Home) -> dict[str, SourceOutcome]:
    """Many sources in one process."""
    (home.recipes / "people.toml").write_text(PEOPLE.format(url=site.url), encoding="utf-8")
    outcome = crawl(
        [
            job(home, "shop", f"{site.url}/shop/6/3"),
            job(home, "mixed", f"{site.url}/mixed"),
            job(home, "own", f"{site.url}/forbidden/x", own=True),
            job(home, "closed", f"{site.url}/shop/1/1", allow_private=False),
            job(home, "news", f"{site.url}/news"),
            job(home, "feed", f"{site.url}/feed", spider="feed"),
            job(home, "recipe", spider="recipe", recipe="people.toml"),
            job(home, "capped", f"{site.url}/shop/3/9", max_pages=4),
            job(home, "nothing"),
            job(home, "lost", "https://shop.example.org/", spider="no_such_spider"),
        ],
        lambda _: None,
    )
    assert outcome.error == ""
    return {row.source: row for row in outcome.sources}


def counts(outcome: SourceOutcome) -> tuple[int, int, int, int]:
    return tuple(sum(getattr(r, k) for r in outcome.health) for k in ("asked", "answered", "refused", "failed"))  # type: ignore[return-value]


def notes(outcome: SourceOutcome) -> str:
    return "\n".join(note for row in outcome.health for note in row.notes)


def mentions(home: Home, source: str) -> list[Mention]:
    store = store_of(home)
    found = [u.mention for u in store.scan(n=10_000) if u.mention.source == source]
    store.close()
    return found


def test_every_page_and_every_review_comes_home(first: dict[str, SourceOutcome], home: Home, site: Site) -> None:
    assert (first["shop"].new, first["shop"].pages, first["shop"].error) == (6 * 3 * PAGE_REVIEWS, 19, "")
    assert counts(first["shop"]) == (19, 19, 0, 0)
    one = next(m for m in mentions(home, "shop") if m.native_id == "2-7")
    assert (one.product, one.rating, one.url, one.kind) == ("P2", 0.5, f"{site.url}/product/2/3?page=2", "review")
    assert one.raw and one.author and one.platform == "reviews" and one.published_at is not None


def test_trouble_is_counted_and_stops_nothing(first: dict[str, SourceOutcome], home: Home) -> None:
    texts = {m.text for m in mentions(home, "mixed")}
    assert {"第二次才来。", "国标编码也读得懂。"} < texts and len(texts) == 2 + PAGE_REVIEWS
    assert counts(first["mixed"]) == (17, 6, 5, 6)
    told = notes(first["mixed"])
    for word in (
        "robots.txt",
        "answered 404",
        "answered 503",
        "in a circle",
        "in time",
        "may be long",
        "was left",
        "binary",
    ):
        assert word in told


def test_redirects_to_private_networks_are_not_followed(first: dict[str, SourceOutcome]) -> None:
    told = notes(first["mixed"])
    for host in ("10.1.2.3", "169.254.169.254", "::1", "fd00::1"):
        assert f"leads to {host}" in told


def test_robots_is_obeyed_unless_the_site_is_ones_own(first: dict[str, SourceOutcome], home: Home, site: Site) -> None:
    assert [m.text for m in mentions(home, "own")] == ["不该看到。"]
    assert site.asked()["/forbidden/x"] == 1


def test_loopback_is_refused_unless_it_is_listed(first: dict[str, SourceOutcome]) -> None:
    assert counts(first["closed"]) == (1, 0, 1, 0) and "allow_private" in notes(first["closed"])


def test_feeds_and_recipes_are_crawled_too(first: dict[str, SourceOutcome], home: Home) -> None:
    assert first["feed"].new == 3 and {m.kind for m in mentions(home, "feed")} == {"post"}
    assert [m.text for m in mentions(home, "recipe")] == ["公开的。"]


def test_a_crawl_stops_at_its_cap_and_says_so(first: dict[str, SourceOutcome]) -> None:
    assert first["capped"].pages == 4 and "max_pages = 4" in notes(first["capped"])


def test_a_source_that_cannot_run_says_why_and_harms_no_other(first: dict[str, SourceOutcome]) -> None:
    assert "no addresses" in first["nothing"].error
    assert "there is no spiders called 'no_such_spider'" in first["lost"].error and "reviews" in first["lost"].error


def test_health_is_in_the_store_as_in_the_outcome(first: dict[str, SourceOutcome], home: Home) -> None:
    store = store_of(home)
    for name in ("shop", "mixed", "feed"):
        assert store.health(source=name) == list(first[name].health)
    store.close()


def test_only_news_are_asked_for_again(first: dict[str, SourceOutcome], home: Home, site: Site) -> None:
    before = site.asked()["/news"]
    site.get("/_set?news=15")
    again = one(crawl([job(home, "news", f"{site.url}/news")], lambda _: None))
    assert (again.new, again.pages, site.asked()["/news"] - before) == (3, 2, 2)
    full = one(crawl([job(home, "news", f"{site.url}/news", full=True)], lambda _: None))
    assert (full.new, full.same, full.pages) == (0, 15, 4)
    site.get("/_set?news=12")


def test_a_worker_that_dies_is_told_and_taken_up_again(site: Site, tmp_path: Path) -> None:
    home = home_at(tmp_path)
    work = [job(home, "shop", f"{site.url}/shop/8/4", concurrency=2)]

    def strike(progress: CrawlProgress) -> None:
        if progress.done >= 5:
            os.kill(worker_of(home, "shop"), signal.SIGKILL)

    dead = crawl(work, strike)
    assert "SIGKILL" in dead.error and one(dead).error == dead.error and one(dead).pages >= 5
    rest = one(crawl(work, lambda _: None))
    assert rest.error == "" and rest.new + one(dead).new >= 8 * 4 * PAGE_REVIEWS - 1
    store = store_of(home)
    assert store.totals().total == 8 * 4 * PAGE_REVIEWS
    assert sum(row.asked for row in store.health()) == 33
    store.close()


def test_an_exception_of_the_listener_stops_the_crawl(site: Site, tmp_path: Path) -> None:
    def listener(progress: CrawlProgress) -> None:
        raise KeyError("enough")

    with pytest.raises(KeyError, match="enough"):
        crawl([job(home_at(tmp_path), "shop", f"{site.url}/shop/1/1")], listener)


def one(outcome: CrawlOutcome) -> SourceOutcome:
    assert len(outcome.sources) == 1
    return outcome.sources[0]


def worker_of(home: Home, source: str) -> int:
    """The process that holds the lock of a source."""
    (place,) = (home.path / "locks").iterdir()
    return int(place.read_bytes().split()[0])
