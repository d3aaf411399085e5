"""The demo as a user starts it: the whole chain, a second start, a new post, and Ctrl-C."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from time import monotonic
from urllib.parse import urlsplit

import pytest

from crawlers.browser import find_browser
from fengping import open as open_home

PROGRAM = Path(sys.executable).with_name("fengping")
SMALL = ("--per-day", "12", "--days", "30")
POSTED = "山竹的新手机充电三小时才到一半，客服还互相推。"
PATIENCE = 240.0
"""Seconds on a machine that does much else; how soon it is on a quiet one is measured in benchmarks/."""

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("demo")]


def fengping(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([PROGRAM, *words], capture_output=True, text=True, encoding="utf-8", check=False)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if find_browser() is None:
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)("no Chromium on this machine")
    return tmp_path_factory.mktemp("demo") / "home"


@pytest.fixture(scope="module")
def checked(home: Path) -> str:
    done = fengping("demo", "--home", str(home), "--check", *SMALL)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_everything_is_indexed_and_compared_with_the_truth(checked: str, home: Path) -> None:
    assert re.search(r"^\d+ found, \d+ missed, \d+ false$", checked, re.MULTILINE)
    counted = re.search(r"^(\d+) mentions collected, (\d+) indexed$", checked, re.MULTILINE)
    assert counted and counted[1] == counted[2] and int(counted[1]) > 250
    status = json.loads(fengping("status", "--home", str(home), "--json").stdout)
    assert set(status["sources"]) == {"shop", "microblog", "forum", "outlet"}
    assert status["sources"]["outlet"]["failed"] == 2 and status["sources"]["outlet"]["refused"] >= 1


def test_a_new_post_is_counted_soon_and_the_program_ends_when_told(checked: str, home: Path) -> None:
    before = json.loads(fengping("status", "--home", str(home), "--json").stdout)["mentions"]["total"]
    with staying_up(home) as (program, dashboard):
        address = fengping("demo", "--home", str(home), "--post", POSTED)
        assert address.returncode == 0 and address.stdout.startswith("http://127.0.0.1:")
        with closing(open_home(home)) as project:
            last = monotonic() + PATIENCE
            while not project.count(f'"{POSTED[:-1]}"'):
                assert monotonic() < last and not ended(program, within=0.5)
        found = json.loads(fengping("query", f'"{POSTED[:-1]}"', "--home", str(home), "--json").stdout)
        assert found["reading"]["polarity"] == "negative"
        assert listening(dashboard)
        program.send_signal(signal.SIGINT)
        assert program.wait(30) == 0
    assert not listening(dashboard)
    after = json.loads(fengping("status", "--home", str(home), "--json").stdout)["mentions"]
    assert after == dict.fromkeys(("total", "read", "related", "indexed"), before + 1)


def test_nothing_can_be_posted_where_no_demo_runs(tmp_path: Path) -> None:
    told = fengping("demo", "--home", str(tmp_path), "--post", "好")
    assert told.returncode == 75 and "no demo serves" in told.stderr
    told = fengping("demo", "--home", str(tmp_path), "--post", "好", "--to", "mars")
    assert told.returncode == 1 and "shop, microblog, forum" in told.stderr


@contextmanager
def staying_up(home: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The demo without --check, from the line with its dashboard's address on."""
    command = [PROGRAM, "demo", "--home", str(home), *SMALL]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, encoding="utf-8") as program:
        try:
            assert program.stderr is not None
            told = (re.search(r"dashboard: (http://\S+)", line) for line in program.stderr)
            yield program, next(found[1] for found in told if found)
        finally:
            if program.poll() is None:
                program.kill()


def listening(url: str) -> bool:
    parts = urlsplit(url)
    with socket.socket() as door:
        return door.connect_ex((str(parts.hostname), int(parts.port or 0))) == 0


def ended(program: subprocess.Popen[str], within: float) -> bool:
    try:
        program.wait(within)
    except subprocess.TimeoutExpired:
        return False
    return True
