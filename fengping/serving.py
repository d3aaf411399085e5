"""The dashboard as a process of its own: started, waited for, started again should it die, ended with its parent."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import dashboard
from core.errors import Terminal, Transient
from core.home import Home
from fengping.assembly import HOME_VARIABLE

FIRST_PORT, PORTS_TRIED = 8501, 50
START_SECONDS, END_SECONDS = 60.0, 10.0
LEAST_LIFE = 30.0
TAKEN = 75
"""The exit code of a dashboard whose port another program has."""


@dataclass(frozen=True, slots=True)
class Served:
    """A dashboard that answers."""

    port: int
    process: subprocess.Popen[bytes]
    log: Path

    @property
    def address(self) -> str:
        return f"http://localhost:{self.port}"

    def end(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def command(port: int) -> list[str]:
    script = Path(dashboard.__file__).parent / "start" / "serve.py"
    return [sys.executable, str(script), str(port), "127.0.0.1", str(os.getpid())]


@contextmanager
def dashboard_running(home: Home, port: int = 0) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """Starts the dashboard and yields its address and process once it answers; ends it afterwards.

    Raises Terminal when the port asked for (0: every one of those from 8501 on) is taken or the dashboard stops at
    once, Transient when it does not answer in time.
    """
    served = start(home, _candidates(port))
    try:
        yield served.address, served.process
    finally:
        served.end()


@contextmanager
def dashboard_kept(
    home: Home, port: int, trouble: Callable[[str], None], least_life: float = LEAST_LIFE
) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """Like `dashboard_running`, and a dashboard that dies is started again at the same address; `trouble` hears it.

    One that lived for less than `least_life` seconds is not: it would die again.
    """
    leaving = threading.Event()
    running = [start(home, _candidates(port), leaving)]

    def keep() -> None:
        while True:
            began, served = time.monotonic(), running[-1]
            code = served.process.wait()
            if leaving.is_set():
                return
            soon = time.monotonic() - began < least_life
            after = "`fengping dashboard` starts it again" if soon else "it is started again"
            trouble(f"the dashboard ended (exit {code}); {served.log} may say why; {after}.")
            if soon:
                return
            try:
                running.append(start(home, [served.port], leaving))
            except (Terminal, Transient) as error:
                if not leaving.is_set():
                    trouble(str(error))
                return
            if leaving.is_set():
                running[-1].end()
                return

    keeper = threading.Thread(target=keep, daemon=True)
    keeper.start()
    try:
        yield running[0].address, running[0].process
    finally:
        leaving.set()
        running[-1].end()
        keeper.join(END_SECONDS)


def start(home: Home, ports: Sequence[int], leaving: threading.Event | None = None) -> Served:
    """A dashboard on the first of the ports that it can have. Errors as in `dashboard_running`.

    Raises Transient too when `leaving` is set before it answers.
    """
    home.logs.mkdir(parents=True, exist_ok=True)
    log = home.logs / "dashboard.log"
    for port in filter(_free, ports):
        before = log.stat().st_size if log.exists() else 0
        served = _spawn(home, port, log)
        try:
            if _answers(served, before, leaving or threading.Event()):
                return served
        except BaseException:
            served.end()
            raise
    raise Terminal(f"port {ports[0]} is taken by another program; give another with --port.")


def _candidates(port: int) -> Sequence[int]:
    """The port asked for, else those that are tried."""
    return [port] if port else range(FIRST_PORT, FIRST_PORT + PORTS_TRIED)


def _free(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


def _spawn(home: Home, port: int, log: Path) -> Served:
    root = Path(dashboard.__file__).parent.parent
    paths = os.pathsep.join(filter(None, (str(root), os.environ.get("PYTHONPATH", ""))))
    surroundings = {**os.environ, HOME_VARIABLE: str(home.path), "PYTHONPATH": paths}
    with log.open("ab") as output:
        process = subprocess.Popen(
            command(port),
            stdout=output,
            stderr=output,
            env=surroundings,
            cwd=home.path,
            start_new_session=True,  # Ctrl-C is for the parent, which ends the dashboard when it is done
        )
    return Served(port, process, log)


def _answers(served: Served, before: int, leaving: threading.Event) -> bool:
    """True once this very dashboard answers; False where another program took its port first.

    Whoever took it may well be another dashboard, even one of this home, which answers and writes the same log: what
    counts is the line that names our process.
    """
    ours = f"{served.process.pid} listens on 127.0.0.1:{served.port}\n"
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and not leaving.is_set():
        if (code := served.process.poll()) is not None:
            if code == TAKEN:
                return False
            raise Terminal(f"the dashboard stopped at once (exit {code}); {served.log} says why.")
        if ours in _said(served.log, before) and _healthy(served.port):
            return True
        leaving.wait(0.1)
    raise Transient(
        f"the dashboard did not answer on port {served.port} within {START_SECONDS:.0f} s; {served.log} may say why."
    )


def _said(log: Path, since: int) -> str:
    with log.open("rb") as file:
        file.seek(since)
        return file.read().decode("utf-8", "replace")


def _healthy(port: int) -> bool:
    try:
        with urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=2) as answer:
            return bool(answer.status == 200)
    except (URLError, OSError):
        return False
