"""How soon a page is ready at 1,000,000 documents, and what the dashboard holds: `python -m benchmarks.pages [PAGE …]`.

A real Chromium, a warm server. A time runs from navigation until the script has ended and the last chart has ink on
its canvas (`ready.js`). Each visit asks for another brand or period, so the index has not answered it before; the
browser is a new one at each visit, its cache empty, unless `--kept`. The figure of a page is the median of its visits;
memory is the most that was resident after any of them.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import product
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import psutil
from playwright.sync_api import Browser, BrowserContext, sync_playwright

import dashboard.pages
from benchmarks.figure import Figure, load, quantile, show
from benchmarks.million import million
from crawlers.browser import find_browser
from dashboard.filters import PERIODS
from fengping.serving import dashboard_running

LIMIT_SECONDS, LIMIT_MB = 1.5, 1500.0
VISITS, PATIENCE_MS = 5, 60_000
COMMAND = "python -m benchmarks.pages"
PAGES = sorted(p.stem for p in Path(dashboard.pages.__file__).parent.glob("[a-z]*.py"))
READY = (Path(__file__).parent / "ready.js").read_text("utf-8")


@contextmanager
def browsing() -> Iterator[Browser]:
    """The Chromium of this machine. Raises SystemExit without one."""
    chromium = find_browser()
    if chromium is None:
        raise SystemExit("no Chromium was found; install one, or name it in FENGPING_BROWSER.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(chromium), args=["--no-sandbox"])
        yield browser
        browser.close()


def visit(context: BrowserContext, url: str) -> dict[str, float]:
    """Milliseconds until ready, and how many charts and tables there are then."""
    page = context.new_page()
    page.add_init_script(READY)
    page.goto(url, wait_until="commit")
    found = page.wait_for_function("() => window.fengpingReady()", timeout=PATIENCE_MS).json_value()
    trouble = page.locator('[data-testid="stException"], [data-testid="stAlertContentError"]').all_inner_texts()
    page.close()
    if trouble:
        raise SystemExit(f"{url} shows an error: {trouble[0]}")
    return dict(found)


def visits(browser: Browser, address: str, name: str, brands: list[str], kept: bool) -> list[dict[str, float]]:
    """One that warms, uncounted, then each with filters of its own."""
    choices = [(brand, period) for period, brand in product(PERIODS, brands)][:VISITS]
    found, context = [], browser.new_context(viewport={"width": 1440, "height": 900})
    for brand, period in [(brands[-1], "all"), *choices]:
        if not kept:
            context.close()
            context = browser.new_context(viewport={"width": 1440, "height": 900})
        found.append(visit(context, f"{address}/{name}?{urlencode({'brand': brand, 'period': period})}"))
    context.close()
    return found[1:]


def measure(kept: bool = False, only: list[str] | None = None) -> list[Figure]:
    home, world = million()
    before, figures, most = load(), [], 0.0
    with dashboard_running(home) as (address, process), browsing() as browser:
        visit(browser.new_context(), address)
        for name in only or PAGES:
            found = visits(browser, address, name, list(world.brands), kept)
            figures.append(_figure(name, found, before))
            most = max(most, psutil.Process(process.pid).memory_info().rss / 1e6)
    memory = Figure("dashboard, resident memory", most, "MB", LIMIT_MB, COMMAND, at_least=False)
    return [*figures, memory]


def _figure(name: str, found: list[dict[str, float]], before: float) -> Figure:
    seconds = [visit["ms"] / 1000 for visit in found]
    detail: dict[str, Any] = {"seconds": seconds, "best": min(seconds), "load_before": before, **found[0]}
    return Figure(f"page {name} ready", quantile(seconds, 0.5), "s", LIMIT_SECONDS, COMMAND, False, detail)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("pages", nargs="*", help="only these")
    options.add_argument("--kept", action="store_true", help="keep the browser's cache between visits")
    given = options.parse_args()
    show(measure(given.kept, given.pages))


if __name__ == "__main__":
    main()
