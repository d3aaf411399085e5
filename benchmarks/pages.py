"""How soon a page is ready at 1,000,000 documents, and what the dashboard holds: `python -m benchmarks.pages [PAGE …]`.

A real Chromium, a warm server. A time runs from navigation until the script has ended and the last chart has ink on
its canvas (`ready.js`). Each visit asks for another brand or period, so the index has not answered it before; the
browser is a new one at each visit, its cache empty, unless `--kept`. The figure of a page is the median of its visits;
memory is the most that was resident after any of them.
"""

from __future__ import annotations

import argparse
import socket
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


def any_port() -> int:
    """One that the system picks: others on this machine look for the first free one, too."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


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


def busy(processes: list[psutil.Process]) -> float:
    """Seconds of processor that these have used."""
    return sum(p.cpu_times().user + p.cpu_times().system for p in processes if p.is_running())


def chromium() -> list[psutil.Process]:
    return [p for p in psutil.Process().children(recursive=True) if "chrom" in p.name()]


def visit(context: BrowserContext, url: str, server: psutil.Process) -> dict[str, float]:
    """Milliseconds until ready, charts and tables there are then, and seconds of processor on either side."""
    page, served, drew = context.new_page(), busy([server]), busy(chromium())
    page.add_init_script(READY)
    page.goto(url, wait_until="commit")
    found = page.wait_for_function("() => window.fengpingReady()", timeout=PATIENCE_MS).json_value()
    spent = {"server_cpu": busy([server]) - served, "browser_cpu": busy(chromium()) - drew}
    trouble = page.locator('[data-testid="stException"], [data-testid="stAlertContentError"]').all_inner_texts()
    page.close()
    if trouble:
        raise SystemExit(f"{url} shows an error: {trouble[0]}")
    return {**found, **spent}


def visits(
    browser: Browser, site: tuple[str, psutil.Process], name: str, brands: list[str], kept: bool
) -> list[dict[str, float]]:
    """One that warms, uncounted, then each with filters of its own."""
    choices = [(brand, period) for period, brand in product(PERIODS, brands)][:VISITS]
    found, context = [], browser.new_context(viewport={"width": 1440, "height": 900})
    for brand, period in [(brands[-1], "all"), *choices]:
        if not kept:
            context.close()
            context = browser.new_context(viewport={"width": 1440, "height": 900})
        asked = urlencode({"brand": brand, "period": period})
        found.append(visit(context, f"{site[0]}/{name}?{asked}", site[1]))
    context.close()
    return found[1:]


def measure(kept: bool = False, only: list[str] | None = None) -> list[Figure]:
    home, world = million()
    before, figures, most = load(), [], 0.0
    with dashboard_running(home, any_port()) as (address, process), browsing() as browser:
        server = psutil.Process(process.pid)
        visit(browser.new_context(), address, server)
        for name in only or PAGES:
            found = visits(browser, (address, server), name, list(world.brands), kept)
            figures.append(_figure(name, found, before))
            most = max(most, server.memory_info().rss / 1e6)
    memory = Figure("dashboard, resident memory", most, "MB", LIMIT_MB, COMMAND, at_least=False)
    return [*figures, memory]


def _figure(name: str, found: list[dict[str, float]], before: float) -> Figure:
    seconds = [visit["ms"] / 1000 for visit in found]
    cpu = {side: quantile([visit[side] for visit in found], 0.5) for side in ("server_cpu", "browser_cpu")}
    drawn = {what: found[0][what] for what in ("charts", "tables")}
    detail: dict[str, Any] = {"seconds": seconds, "best": min(seconds), **cpu, **drawn, "load_before": before}
    return Figure(f"page {name} ready", quantile(seconds, 0.5), "s", LIMIT_SECONDS, COMMAND, False, detail)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("pages", nargs="*", help="only these")
    options.add_argument("--kept", action="store_true", help="keep the browser's cache between visits")
    given = options.parse_args()
    show(measure(given.kept, given.pages))


if __name__ == "__main__":
    main()
