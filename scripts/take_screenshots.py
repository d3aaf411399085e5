"""Pictures of the dashboard for the README: each page that it shows, in one language, at the width of a desk."""

from __future__ import annotations

import sys
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from core.home import Home
from crawlers.browser import find_browser
from fengping.serving import dashboard_running

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "images"
WIDTH, HEIGHT, MOST_BYTES = 1440, 1020, 250_000
PICTURES = {
    "overview-en": ("?lang=en", "h1"),
    "overview-zh": ("?lang=zh", "h1"),
    "complaints-zh": ("complaints?lang=zh&attribute=battery", "text=查看属性"),
    "compare-en": ("compare?lang=en", "h1"),
    "alerts-zh": ("alerts?lang=zh", ".head:has-text('[红色]')"),
}
"""Name → address, and what stands at the picture's upper edge: the gravest incident says more than the newest."""
DRAWN = """() => document.querySelector('[data-testid=stApp]')?.dataset.testScriptState === 'notRunning'
    && document.querySelector('h1') && !document.querySelector('[data-testid=stSkeleton]')
    && [...document.querySelectorAll('[data-testid=stVegaLiteChart]')].every(c => c.querySelector('canvas, svg'))"""
WRONG = "[data-testid=stException], [data-testid=stAlertContentError]"
TO_THE_TOP = """e => { const main = document.querySelector('[data-testid=stMain]');
    main.scrollTop += e.getBoundingClientRect().top - 40; }"""


def take(home: Home) -> None:
    """Starts the dashboard over a home and writes every picture."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with dashboard_running(home) as (url, _), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(find_browser() or ""), args=["--no-sandbox"])
        for name, (address, top) in PICTURES.items():
            made = _small(_picture(browser, f"{url}/{address}", top))
            (FOLDER / f"{name}.png").write_bytes(made)
            print(f"{name}.png {len(made) // 1000} kB")
        browser.close()


def _picture(browser: Browser, address: str, top: str) -> bytes:
    page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT}, color_scheme="light")
    page.goto(address)
    page.wait_for_function(DRAWN, timeout=60_000)
    if page.locator(WRONG).count():
        raise SystemExit(f"{address} shows an error: {page.locator(WRONG).first.inner_text()}")
    if top != "h1":
        page.locator(top).first.evaluate(TO_THE_TOP)
    page.wait_for_load_state("networkidle")
    made = page.screenshot(animations="disabled")
    page.close()
    return made


def _small(png: bytes) -> bytes:
    """The picture in at most 256 colours where it would be too large to look at in a README."""
    if len(png) < MOST_BYTES:
        return png
    out = BytesIO()
    Image.open(BytesIO(png)).convert("RGB").quantize(256).save(out, "PNG", optimize=True)
    return out.getvalue()


if __name__ == "__main__":
    take(Home(Path(sys.argv[1]).resolve()))
