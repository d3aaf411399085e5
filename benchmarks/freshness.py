"""Seconds until a new post on a demo site is in the dashboard, and in an incident: `python -m benchmarks.freshness`.

`fengping up` runs over the demo world in a home of its own, and has come to rest. Ten people then complain on the shop
of the same thing, which crosses the threshold of the rule that is shipped; later single posts come on each site at
moments of chance. A post is in the dashboard once its Search page shows it in a browser; the index is asked until then,
since a page asked for every half second would slow what is measured. Of several posts the slowest counts.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from playwright.sync_api import Browser

from alerts.watch import WATERMARK
from benchmarks.figure import Figure, load, show
from benchmarks.pages import READY, any_port, browsing
from core.home import Home
from core.interfaces import Store
from core.tree import Phrase
from fengping.demo.project import write_demo_home
from fengping.demo.sites import Sites, serving_world
from index.embedded import TantivyIndex
from store import open_store

LIMIT_SECONDS, PATIENCE_SECONDS, START_SECONDS = 60.0, 180.0, 900.0
COMPLAINTS, ROUNDS = 10, 3
COMMAND = "python -m benchmarks.freshness"
SITES = ("shop", "forum", "microblog")
LAMENTS = ("信号特别差", "信号太弱了，老是断网", "网络总是断，信号差", "信号差得没法打电话", "一直没信号，网络很差")
PLACES = ("地铁里", "电梯口", "办公室", "宿舍里", "高铁上", "地下车库", "小区里", "商场里", "家里客厅", "公司楼下")


@dataclass(frozen=True, slots=True)
class Running:
    """A demo that is up: its sites, where its home is, and its dashboard's address."""

    sites: Sites
    home: Home
    store: Store
    index: TantivyIndex
    address: str


@contextmanager
def running() -> Iterator[Running]:
    """The demo world, crawled, read and watched once, and kept up. Raises SystemExit where it does not get there."""
    with tempfile.TemporaryDirectory() as folder, serving_world(datetime.now(UTC)) as sites:
        home, port = Home(Path(folder)), any_port()
        write_demo_home(home, sites)
        log = (home.logs / "up.log").open("wb")
        command = [sys.executable, "-m", "fengping.cli", "up", "--home", folder, "--port", str(port)]
        process = subprocess.Popen(command, stdout=log, stderr=log)
        store = open_store(home, home.project())
        try:
            _at_rest(store, process, home.logs / "up.log")
            yield Running(sites, home, store, TantivyIndex(home.path / "index"), f"http://localhost:{port}")
        finally:
            process.terminate()
            process.wait(60)
            store.close()
            log.close()


def _at_rest(store: Store, process: subprocess.Popen[bytes], log: Path) -> None:
    """Waits for the first look for incidents: everything collected by then is read and indexed."""
    end = time.monotonic() + START_SECONDS
    while not store.setting(WATERMARK):
        if process.poll() is not None or time.monotonic() > end:
            raise SystemExit(f"`fengping up` did not get as far as watching: {log.read_text('utf-8')[-300:]}")
        time.sleep(1)


def post(sites: Sites, site: str, text: str, author: str) -> None:
    """Raises OSError where the site does not take it."""
    body = json.dumps({"text": text, "author": author, "product": "lanko-x7", "rating": 1}).encode()
    headers = {"Authorization": f"Bearer {sites.token}"}
    asked = Request(f"{getattr(sites, site)}/_new", body, headers)  # noqa: S310 (a site we started)
    with urlopen(asked, timeout=10):  # noqa: S310
        return


def waited(began: float, there: Callable[[], bool]) -> float:
    """Seconds since `began` once something is there; infinite when it takes too long."""
    while not there():
        if time.monotonic() - began > PATIENCE_SECONDS:
            return float("inf")
        time.sleep(0.5)
    return time.monotonic() - began


def shown(demo: Running, browser: Browser, words: str) -> bool:
    """Whether the Search page of the dashboard shows these words."""
    page = browser.new_page()
    page.add_init_script(READY)
    asked = urlencode({"q": f'"{words}"', "whole": "true"})
    page.goto(f"{demo.address}/search?{asked}", wait_until="commit")
    page.wait_for_function("() => window.fengpingReady()", timeout=60_000)
    found = words in page.locator('[data-testid="stMain"]').inner_text()
    page.close()
    return found


def in_dashboard(demo: Running, browser: Browser, words: str, began: float) -> float:
    indexed = waited(began, lambda: demo.index.count(Phrase(words)) > 0)
    return indexed if indexed == float("inf") else waited(began, lambda: shown(demo, browser, words))


def complaints(demo: Running, browser: Browser) -> tuple[float, float]:
    """Seconds to the dashboard and to an incident that was not there before, of posts that came at once."""
    known, rnd = {i.id for i in demo.store.incidents()}, random.Random(5)
    began = time.monotonic()
    for number, place in enumerate(rnd.sample(PLACES, COMPLAINTS)):
        post(demo.sites, "shop", f"在{place}{LAMENTS[number % len(LAMENTS)]}", f"路人{number}")
    incident = waited(began, lambda: bool({i.id for i in demo.store.incidents()} - known))
    return in_dashboard(demo, browser, f"在{place}", began), incident


def single(demo: Running, browser: Browser, site: str, number: int, rnd: random.Random) -> float:
    """A post after a while of chance, so that it meets the schedule anywhere."""
    time.sleep(rnd.uniform(0, 25))
    words = f"紫藤{'甲乙丙丁戊己庚辛'[number]}号{site}"
    began = time.monotonic()
    post(demo.sites, site, f"用了三天，{words}，屏幕很清晰", f"过客{number}{site}")
    return in_dashboard(demo, browser, words, began)


def measure(rounds: int = ROUNDS) -> list[Figure]:
    before, rnd = load(), random.Random(11)
    with running() as demo, browsing() as browser:
        browser.new_page().goto(demo.address)
        _, incident = complaints(demo, browser)
        times = {site: [single(demo, browser, site, n, rnd) for n in range(rounds)] for site in SITES}
    told = [_figure("complaints on the shop in an incident", [incident], before)]
    return told + [_figure(f"post on the {site} in the dashboard", found, before) for site, found in times.items()]


def _figure(name: str, seconds: list[float], before: float) -> Figure:
    detail = {"seconds": seconds, "load_before": before}
    return Figure(name, max(seconds), "s", LIMIT_SECONDS, COMMAND, at_least=False, detail=detail)


if __name__ == "__main__":
    show(measure(*(int(a) for a in sys.argv[1:])))
