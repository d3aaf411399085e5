"""Opening a page and waiting until it is drawn."""

from __future__ import annotations

from urllib.parse import urlencode

from playwright.sync_api import Page

DRAWN = """() => document.querySelector('[data-testid=stApp]')?.dataset.testScriptState === 'notRunning'
    && document.querySelector('h1') && !document.querySelector('[data-testid=stSkeleton]')
    && [...document.querySelectorAll('[data-testid=stVegaLiteChart]')].every(c => c.querySelector('canvas, svg'))"""


def visit(page: Page, url: str, name: str = "", **choices: str) -> str:
    """Goes to a page of the dashboard and gives the text of its main part once the last chart is drawn."""
    page.goto(f"{url}/{name}?{urlencode(choices)}")
    return drawn(page)


def drawn(page: Page) -> str:
    page.wait_for_function(DRAWN)
    assert page.locator("[data-testid=stException]").count() == 0
    return page.inner_text("[data-testid=stMain]")
