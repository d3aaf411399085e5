"""Homes and jobs for the tests of crawling."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from core.config import Source
from core.home import Home
from crawlers.job import CrawlJob
from store import SqliteStore, open_store


def home_at(path: Path, recipes: dict[str, str] | None = None) -> Home:
    """An empty home, with recipes."""
    home = Home(path)
    home.recipes.mkdir(parents=True, exist_ok=True)
    home.config.write_text('name = "test"\n', encoding="utf-8")
    for name, text in (recipes or {}).items():
        (home.recipes / name).write_text(text, encoding="utf-8")
    return home


def job(home: Home, name: str, *urls: str, full: bool = False, spider: str = "reviews", **more: Any) -> CrawlJob:
    """A source on loopback that waits for nothing."""
    given = {"allow_private": True, "autothrottle": False, "timeout_seconds": 1.5, "retries": 1, **more}
    source = Source(name=name, spider=spider, urls=urls, **given)
    return CrawlJob(str(home.path), source, "crawler@example.org", "Asia/Shanghai", full)


def store_of(home: Home) -> SqliteStore:
    store = open_store(home, home.project())
    assert isinstance(store, SqliteStore)
    return store
