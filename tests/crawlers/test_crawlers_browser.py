"""Pages that draw themselves. These need Chromium: without it they fail where CI is set, and are skipped elsewhere."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from crawlers_home import home_at, job, store_of
from crawlers_site import PAGE_REVIEWS, SCROLLED, Site, running

from core.home import Home
from crawlers.browser import find_browser, launch_options
from crawlers.job import SourceOutcome
from crawlers.run import crawl

RECIPE = """
kind = "post"
browser = true
items = "#list > article"
scroll = { patience_seconds = 1.5, most = 60 }
[fields]
text = "p"
author = "b"
date = "time"
native_id = "./@data-id"
"""
SPY = 'browser = true\nitems = "article"\n[fields]\ntext = "."\n'


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    if find_browser() is None:
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)("no Chromium on this machine")
    with running() as found:
        yield found


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return home_at(tmp_path_factory.mktemp("home"), {"scroll.toml": RECIPE, "spy.toml": SPY})


@pytest.fixture(scope="module")
def found(site: Site, home: Home) -> dict[str, SourceOutcome]:
    slow = {"spider": "recipe", "timeout_seconds": 20}
    with running() as other:
        inside = other.url.replace("127.0.0.1", "169.254.169.254")
        outcome = crawl(
            [
                job(home, "scroll", f"{site.url}/scroll", recipe="scroll.toml", **slow),
                job(home, "spy", f"{site.url}/spy?u={inside}", recipe="spy.toml", **slow),
                job(home, "led away", f"{site.url}/to?u=http://10.9.8.7/", recipe="spy.toml", **slow),
            ],
            lambda _: None,
        )
    assert outcome.error == ""
    return {row.source: row for row in outcome.sources}


@pytest.mark.browser
def test_a_page_is_scrolled_until_nothing_new_comes(found: dict[str, SourceOutcome], home: Home) -> None:
    assert (found["scroll"].new, found["scroll"].error) == (SCROLLED, "")
    store = store_of(home)
    texts = {u.mention.text for u in store.scan() if u.mention.source == "scroll"}
    store.close()
    assert texts == {f"刷到第{n}条。" for n in range(SCROLLED)}


@pytest.mark.browser
def test_what_a_page_reaches_for_is_judged_too(found: dict[str, SourceOutcome], site: Site) -> None:
    assert found["spy"].new == 1
    assert site.asked()["/to"] >= 1


@pytest.mark.browser
def test_a_browser_led_to_a_private_network_is_stopped(found: dict[str, SourceOutcome]) -> None:
    (row,) = found["led away"].health
    assert (row.asked, row.refused, row.items) == (1, 1, 0)
    assert "10.9.8.7" in row.notes[0] and "allow_private" in row.notes[0]


@pytest.mark.browser
def test_scrolling_stops_at_known_ground(found: dict[str, SourceOutcome], home: Home, site: Site) -> None:
    before = site.asked()["/posts"]
    work = job(home, "scroll", f"{site.url}/scroll", spider="recipe", recipe="scroll.toml", timeout_seconds=20)
    again = crawl([work], lambda _: None).sources[0]
    assert (again.new, again.error) == (0, "") and again.same >= 5
    assert 1 <= site.asked()["/posts"] - before < SCROLLED // 5


def test_without_a_browser_the_source_says_so_and_the_others_go_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FENGPING_BROWSER", str(tmp_path / "none"))
    home = home_at(tmp_path / "home", {"spy.toml": SPY})
    with running() as site:
        drawn = job(home, "drawn", f"{site.url}/spy?u=x", spider="recipe", recipe="spy.toml")
        outcome = crawl([drawn, job(home, "shop", f"{site.url}/shop/1/1")], lambda _: None)
    rows = {row.source: row for row in outcome.sources}
    assert outcome.error == "" and rows["shop"].new == PAGE_REVIEWS
    (health,) = rows["drawn"].health
    assert (health.asked, health.failed) == (1, 1) and "not collected: no browser" in health.notes[0]


def test_the_browser_is_found_where_it_may_be(tmp_path: Path) -> None:
    own = tmp_path / "chromium-1200" / "chrome-linux" / "chrome"
    own.parent.mkdir(parents=True)
    own.touch()
    (tmp_path / "bin").mkdir()
    on_path = tmp_path / "bin" / "google-chrome"
    on_path.write_text("#!/bin/sh\n")
    on_path.chmod(0o755)
    assert find_browser({"PATH": str(tmp_path / "bin")}) == on_path
    assert find_browser({"PATH": str(tmp_path / "bin"), "FENGPING_BROWSER": str(own)}) == own
    assert find_browser({"PATH": str(tmp_path / "bin"), "FENGPING_BROWSER": str(tmp_path / "none")}) is None
    elsewhere = {"PATH": "", "PLAYWRIGHT_BROWSERS_PATH": str(tmp_path)}
    assert find_browser(elsewhere, usual=()) == own
    assert find_browser({"PATH": "", "PLAYWRIGHT_BROWSERS_PATH": str(tmp_path / "bin")}, usual=()) is None


def test_the_sandbox_is_given_up_only_for_root(monkeypatch: pytest.MonkeyPatch) -> None:
    for user, given in ((0, True), (1000, False)):
        monkeypatch.setattr(os, "geteuid", lambda user=user: user)
        assert ("--no-sandbox" in launch_options(Path("/x"), "http://127.0.0.1:1")["args"]) == given
