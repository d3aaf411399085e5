"""The commands that the README shows are run, and print what it says."""

from __future__ import annotations

import ast
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from docs_reading import ROOT, Step, blocks, transcript
from docs_running import run, same

ENGLISH, CHINESE = ROOT / "README.md", ROOT / "README.zh.md"
PAGE = {
    "@context": "https://schema.org",
    "@type": "Product",
    "name": "星禾 X1",
    "review": [
        {"@type": "Review", "@id": "r1", "datePublished": "2026-11-05", "reviewBody": "屏幕亮，声音大"},
        {"@type": "Review", "@id": "r2", "datePublished": "2026-11-06", "reviewBody": "用一会儿就发烫"},
    ],
}


@pytest.fixture(scope="module")
def steps() -> list[Step]:
    return transcript(ENGLISH)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, steps: list[Step]) -> Path:
    """A reader's folder: nothing but the file of reviews that the README shows."""
    place = tmp_path_factory.mktemp("reader")
    shown = next(s for s in steps if s.command == "cat reviews.csv")
    (place / "reviews.csv").write_text("\n".join(shown.printed) + "\n", encoding="utf-8")
    return place


@pytest.fixture(scope="module")
def walked(folder: Path, steps: list[Step]) -> list[tuple[Step, list[str]]]:
    """Every command of the README in its order, with what it printed."""
    return [(step, run(step.command, folder)) for step in steps]


def test_transcripts_print_what_the_readme_says(walked: list[tuple[Step, list[str]]]) -> None:
    assert len(walked) >= 6
    for step, printed in walked:
        assert len(printed) == len(step.printed), (step.command, printed)
        for line, found in zip(step.printed, printed, strict=True):
            assert same(line, found), (step.command, line, found)


@pytest.mark.usefixtures("walked")
def test_the_notebook_runs(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (code,) = blocks(ENGLISH, "python")
    monkeypatch.chdir(folder)
    names: dict[str, object] = {}
    exec(compile(code, "README.md", "exec"), names)
    assert "project" in names


@pytest.fixture
def shop() -> Iterator[str]:
    """The address of a shop page with two reviews."""
    body = f'<html><script type="application/ld+json">{json.dumps(PAGE)}</script></html>'.encode()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/product/1"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.mark.usefixtures("walked")
def test_a_crawl_of_ones_own_page_brings_its_reviews(folder: Path, shop: str) -> None:
    command = next(li.strip() for li in ENGLISH.read_text("utf-8").split("\n") if "fengping crawl reviews http" in li)
    assert "https://shop.example/product/1" in command
    only_crawled = command.replace("https://shop.example/product/1", f"{shop} --allow-private").removesuffix(" --read")
    printed = run(only_crawled, folder)
    assert any("2 items: 2 new" in line for line in printed), printed


def test_both_readmes_show_the_same_commands() -> None:
    assert transcript(CHINESE) == transcript(ENGLISH)
    (english,), (chinese,) = blocks(ENGLISH, "python"), blocks(CHINESE, "python")
    assert ast.dump(ast.parse(english)) == ast.dump(ast.parse(chinese))
    commands = [
        [line.split("#")[0].strip() for line in page.read_text("utf-8").split("\n") if line.startswith("    ")]
        for page in (ENGLISH, CHINESE)
    ]
    assert commands[0] == commands[1]
