"""The dashboard as a process: beside another, dead and started again."""

from __future__ import annotations

import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import Queue
from threading import Barrier
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest

from core.errors import Terminal
from core.home import Home
from fengping.serving import dashboard_kept, dashboard_running

WAIT = 90.0
ROOT = Path(__file__).resolve().parents[2]


def health(address: str) -> int:
    with urlopen(f"http://127.0.0.1:{urlsplit(address).port}/_stcore/health", timeout=10) as answer:
        return int(answer.status)


def a_home(path: Path) -> Home:
    path.mkdir()
    return Home(path)


@pytest.mark.parametrize("names", [("one", "two"), ("one", "one")])
def test_dashboards_started_at_one_moment_have_a_port_each_and_a_taken_port_is_said(
    tmp_path: Path, names: tuple[str, str]
) -> None:
    both = Barrier(2, timeout=WAIT)
    homes = {name: a_home(tmp_path / name) for name in set(names)}

    def serve(number: int) -> str:
        with dashboard_running(homes[names[number]]) as (address, process):
            both.wait()
            assert process.poll() is None and health(address) == 200
            if number == 0:
                taken = dashboard_running(a_home(tmp_path / "third"), urlsplit(address).port or 0)
                with pytest.raises(Terminal, match="taken by another program; give another with --port"), taken:
                    pass
            both.wait()
            return address

    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(serve, (0, 1))
    assert first != second


def test_a_dashboard_that_dies_is_started_again_where_it_stood(tmp_path: Path) -> None:
    told: Queue[str] = Queue()
    with dashboard_kept(a_home(tmp_path / "home"), 0, told.put, least_life=0) as (address, process):
        process.kill()
        assert "it is started again" in told.get(timeout=WAIT)
        while not answers(address):
            pass
    assert not answers(address) and told.empty()


def test_one_that_dies_young_is_left_and_said(tmp_path: Path) -> None:
    told: Queue[str] = Queue()
    with dashboard_kept(a_home(tmp_path / "home"), 0, told.put, least_life=3600) as (address, process):
        process.kill()
        assert "`fengping dashboard` starts it again" in told.get(timeout=WAIT)
        assert not answers(address)


@pytest.mark.parametrize("ending", [signal.SIGKILL, signal.SIGHUP, signal.SIGTERM])
def test_a_dashboard_goes_with_its_parent_however_that_went(tmp_path: Path, ending: signal.Signals) -> None:
    code = (
        "import signal, sys, time\nsignal.signal(signal.SIGHUP, signal.SIG_DFL)  # nohup has it ignored\n"
        "from pathlib import Path\nfrom core.home import Home\nfrom fengping.serving import *\n"
        "with dashboard_running(Home(Path(sys.argv[1]))) as (address, _):\n"
        "    print(address, flush=True)\n    time.sleep(3600)\n"
    )
    place = a_home(tmp_path / "home").path
    started = [sys.executable, "-c", code, str(place)]
    with subprocess.Popen(started, cwd=ROOT, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        address = parent.stdout.readline().strip()
        assert answers(address)
        parent.send_signal(ending)
        assert parent.wait(WAIT) == -ending
    while answers(address):
        pass


def answers(address: str) -> bool:
    try:
        return health(address) == 200
    except OSError:
        return False
