"""A browser for pages that draw themselves: where it is, how it is started, and how it scrolls."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.async_api import Page

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
USUAL = (Path("/usr/bin/chromium"), Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"))
NO_BROWSER = (
    "not collected: no browser. Pages of this source draw themselves in a browser and no Chromium was found; "
    "install one (`playwright install chromium`, or your system's chromium package), or name it in FENGPING_BROWSER, "
    "and crawl again"
)
_QUIET = (
    "--disable-background-networking", "--disable-component-update", "--disable-default-apps", "--disable-sync",
    "--disable-domain-reliability", "--disable-client-side-phishing-detection", "--metrics-recording-only",
    "--no-first-run", "--no-pings", "--disable-features=OptimizationHints,MediaRouter,Translate",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp", "--disable-dev-shm-usage",
)  # fmt: skip
_COUNT = "path => document.evaluate('count(' + path + ')', document, null, XPathResult.NUMBER_TYPE, null).numberValue"
_NEWER = """([path, from]) => {
  const found = document.evaluate(path, document, null, XPathResult.ORDERED_NODE_SNAPSHOT_TYPE, null);
  const parts = [];
  for (let i = from; i < found.snapshotLength; i++) parts.push(found.snapshotItem(i).outerHTML);
  return parts;
}"""
_DOWN = "() => window.scrollTo(0, document.documentElement.scrollHeight)"
_POLL_MILLISECONDS = 100


def find_browser(environment: Mapping[str, str] = os.environ, usual: Sequence[Path] = USUAL) -> Path | None:
    """The Chromium on this machine: that of $FENGPING_BROWSER, one on the PATH, in a usual place, or Playwright's own.

    None when there is none.
    """
    chosen = environment.get("FENGPING_BROWSER")
    if chosen:
        return Path(chosen) if Path(chosen).exists() else None
    for name in NAMES:
        found = shutil.which(name, path=environment.get("PATH", ""))
        if found:
            return Path(found)
    for place in usual:
        if place.exists():
            return place
    own = environment.get("PLAYWRIGHT_BROWSERS_PATH") or Path.home() / ".cache" / "ms-playwright"
    return max(Path(own).glob("chromium-*/chrome-*/chrome"), default=None)


def launch_options(browser: Path, proxy: str) -> dict[str, Any]:
    """How Chromium is started: quiet, behind the guarded proxy, and without its sandbox only where root needs that."""
    root = ("--no-sandbox",) if hasattr(os, "geteuid") and os.geteuid() == 0 else ()
    return {"executable_path": str(browser), "args": [*_QUIET, *root], "proxy": {"server": proxy}, "timeout": 60_000}


async def scroll(
    page: Page, items: str, patience_seconds: float, most: int, known: Callable[[list[str]], bool] | None
) -> int:
    """Scrolls down until nothing new comes for a while, `most` times, or new items are all known; returns how many.

    `items` is an XPath; `known` is asked with the markup of the items that each step brought.
    """
    seen = int(await page.evaluate(_COUNT, items))
    if seen and known and known(await page.evaluate(_NEWER, [items, 0])):
        return seen
    for _ in range(most):
        await page.evaluate(_DOWN)
        now = await _grown(page, items, seen, patience_seconds)
        if now <= seen:
            break
        newer: list[str] = await page.evaluate(_NEWER, [items, seen]) if known else []
        seen = now
        if known and newer and known(newer):
            break
    return seen


async def _grown(page: Page, items: str, seen: int, patience_seconds: float) -> int:
    until = time.monotonic() + patience_seconds
    now = seen
    while now <= seen and time.monotonic() < until:
        await page.wait_for_timeout(_POLL_MILLISECONDS)
        now = int(await page.evaluate(_COUNT, items))
    return now
