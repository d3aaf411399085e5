"""Scripts from memory: what a page needs is named in it, and nothing else is answered."""

from __future__ import annotations

import re
from collections.abc import MutableMapping
from typing import Any
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, Page, Request

from dashboard.app import PAGES
from dashboard.assets import ELEMENTS, FIRST, Assets

Message = MutableMapping[str, Any]


def asked(path: str, method: str = "GET") -> list[Message]:
    """What the middleware sends; a message of its own where it handed the question on. It waits for nothing, so no
    event loop is needed beside the browser's."""

    async def inner(scope: Message, receive: object, send: Any) -> None:
        await send({"type": "handed on"})

    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        return {"type": "http.request"}

    with pytest.raises(StopIteration):
        Assets(inner)({"type": "http", "method": method, "path": path}, receive, send).__await__().__next__()
    return sent


def test_each_page_is_known() -> None:
    assert set(ELEMENTS) == set(PAGES)
    assert all(asked(f"/{name}")[0]["status"] == 200 for name in ELEMENTS if name != FIRST)
    assert asked("/")[0]["status"] == 200


def test_the_first_page_has_a_name_too(page: Page, served: str) -> None:
    page.goto(f"{served}/{FIRST}?brand=x&lang=en")
    page.locator('[data-testid="stMain"] h1').wait_for()
    assert urlsplit(page.url).path == "/" and "lang=en" in page.url
    assert page.get_by_text("Page not found").count() == 0


@pytest.mark.parametrize(
    ("path", "method"),
    [
        ("/static/../index.html", "GET"),
        ("/static/js/nothing.js", "GET"),
        ("//overview", "GET"),
        ("/overview/", "GET"),
        ("/_stcore/health", "GET"),
        ("/overview", "POST"),
    ],
)
def test_everything_else_is_handed_on(path: str, method: str) -> None:
    assert asked(path, method) == [{"type": "handed on"}]


def test_the_head_of_an_answer_has_no_body() -> None:
    start, body = asked("/search", "HEAD")
    (length,) = (int(value) for name, value in start["headers"] if name == b"content-length")
    assert length == len(asked("/search")[1]["body"]) and body["body"] == b""


@pytest.mark.parametrize("name", PAGES)
def test_a_page_names_every_script_that_it_comes_to_need(browser: Browser, served: str, name: str) -> None:
    with urlopen(f"{served}/{name}") as answer:
        named = set(re.findall(r"static/js/([\w.-]+\.js)", answer.read().decode()))
    context, needed = browser.new_context(), set[str]()

    def note(request: Request) -> None:
        path = urlsplit(request.url).path
        if path.endswith(".js"):
            needed.add(path.rpartition("/")[2])

    page = context.new_page()
    page.on("request", note)
    page.goto(f"{served}/{name}")
    page.wait_for_function("document.querySelector('[data-testid=stApp]')?.dataset.testScriptState === 'notRunning'")
    page.locator('[data-testid="stMain"] h1').wait_for()
    page.wait_for_load_state("networkidle")
    assert page.title().endswith("风评 fengping")
    context.close()
    assert needed <= named and len(needed) > 80
