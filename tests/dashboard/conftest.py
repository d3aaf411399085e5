"""The pages through the real server, in a real Chromium."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from dashboard_home import build, init, many
from playwright.sync_api import Browser, Page, sync_playwright

from crawlers.browser import find_browser
from fengping.serving import dashboard_running


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    place = find_browser()
    if place is None:
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)("no Chromium on this machine")
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=str(place), args=["--no-sandbox"])
        yield found
        found.close()


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a dashboard over the small home."""
    with dashboard_running(build(tmp_path_factory.mktemp("pages"))) as (url, _):
        yield url


@pytest.fixture(scope="session")
def served_empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a dashboard over a home in which nothing was collected yet."""
    with dashboard_running(init(tmp_path_factory.mktemp("nothing"))) as (url, _):
        yield url


@pytest.fixture(scope="session")
def served_many(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a dashboard over a home with seven incidents."""
    with dashboard_running(many(tmp_path_factory.mktemp("many"))) as (url, _):
        yield url


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1440, "height": 1000}, timezone_id="Asia/Shanghai")
    context.set_default_timeout(30_000)
    yield context.new_page()
    context.close()
