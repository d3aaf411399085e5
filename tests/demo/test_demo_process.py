"""The sites as a process: up, crawlable, and gone with their parent."""

from __future__ import annotations

import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from threading import Barrier
from urllib.parse import urlsplit

import pytest

from core.errors import InputError
from core.home import Home
from crawlers.recipe import load_recipe
from fengping.demo.project import write_demo_home
from fengping.demo.sites import Sites, serving_file, serving_world

END = datetime(2026, 5, 20, 7, 30, tzinfo=UTC)


def listening(url: str) -> bool:
    parts = urlsplit(url)
    with socket.socket() as door:
        door.settimeout(2)
        return door.connect_ex((str(parts.hostname), int(parts.port or 0))) == 0


def test_sites_come_up_and_go(tmp_path: Path) -> None:
    with serving_world(END, seed=3, per_day=5, days=10) as sites:
        assert all(listening(url) for url in (sites.shop, sites.microblog, sites.forum))
        assert len(sites.token) >= 20
    assert not any(listening(url) for url in (sites.shop, sites.microblog, sites.forum))


def test_the_sites_die_with_their_parent() -> None:
    code = (
        "import os; from datetime import UTC, datetime; from fengping.demo.sites import serving_world\n"
        "with serving_world(datetime(2026, 5, 20, tzinfo=UTC), 3, 5, 5) as sites:\n"
        "    print(sites.shop, flush=True)\n    os.kill(os.getpid(), 9)\n"
    )
    root = Path(__file__).resolve().parents[2]
    parent = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=False)
    url = parent.stdout.strip()
    assert url.startswith("http://127.0.0.1:")
    for _ in range(200):
        if not listening(url):
            break
        select_nothing(0.05)
    assert not listening(url)


def select_nothing(seconds: float) -> None:
    """Waits on a socket that nobody writes to."""
    one, other = socket.socketpair()
    with one, other:
        one.settimeout(seconds)
        with pytest.raises(TimeoutError):
            one.recv(1)


def test_a_file_that_is_none_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"), serving_file(tmp_path / "none.tsv"):
        pass
    odd = tmp_path / "odd.csv"
    odd.write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(InputError, match="--map"), serving_file(odd):
        pass


def test_the_home_names_brands_sources_and_a_recipe(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    write_demo_home(home, Sites("http://127.0.0.1:1", "http://127.0.0.1:2", "http://127.0.0.1:3"))
    project = home.project()
    assert project.own_brands == ("澜柯",) and len(project.brands) == 3
    sources = {s.name: s for s in project.sources}
    assert {n: s.spider for n, s in sources.items()} == {
        "shop": "reviews", "microblog": "recipe", "forum": "feed", "outlet": "reviews",
    }  # fmt: skip
    assert [n for n, s in sources.items() if not s.own] == ["outlet"]
    assert all(s.allow_private and s.timeout_seconds == 5 and s.retries == 1 for s in sources.values())
    assert load_recipe(home.recipes / sources["microblog"].recipe).browser
    assert len(sources["microblog"].urls) == 3


def test_the_home_of_a_file_has_its_shop_only(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    write_demo_home(home, Sites("http://127.0.0.1:1"))
    assert [s.name for s in home.project().sources] == ["shop"]
    assert home.project().brands == ()


def test_demos_that_start_at_one_moment_stand_apart_and_a_taken_port_is_said() -> None:
    def at_once() -> str:
        with serving_world(END, 3, 5, 5) as sites:
            both.wait()
            return sites.shop

    both = Barrier(2)
    with ThreadPoolExecutor(2) as pool:
        one, other = (asked.result() for asked in [pool.submit(at_once), pool.submit(at_once)])
    assert one != other
    with serving_world(END, 3, 5, 5) as sites:
        taken = serving_world(END, 3, 5, 5, urlsplit(sites.shop).port or 0)
        with pytest.raises(InputError, match=r"neighbouring ports.*are taken"), taken:
            pass
