"""The dashboard as a process of its own: started, waited for, and ended with its parent."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import dashboard
from core.errors import Terminal, Transient
from core.home import Home
from fengping.assembly import HOME_VARIABLE

FIRST_PORT, PORTS_TRIED = 8501, 50
START_SECONDS = 60.0


def free_port(wanted: int = 0) -> int:
    """The port asked for, or the first free one from 8501. Raises Terminal when there is none."""
    candidates = [wanted] if wanted else range(FIRST_PORT, FIRST_PORT + PORTS_TRIED)
    for port in candidates:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if probe.connect_ex(("127.0.0.1", port)) != 0:
                return port
    raise Terminal(f"port {wanted or FIRST_PORT} is taken by another program; give another with --port.")


def command(port: int) -> list[str]:
    app = Path(dashboard.__file__).parent / "start" / "app.py"
    settings = {
        "server.port": str(port),
        "server.address": "127.0.0.1",
        "server.headless": "true",
        "server.fileWatcherType": "none",
        "browser.gatherUsageStats": "false",
        "client.toolbarMode": "minimal",
    }
    options = [f"--{name}={value}" for name, value in settings.items()]
    return [sys.executable, "-m", "streamlit", "run", str(app), *options]


@contextmanager
def dashboard_running(home: Home, port: int = 0) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """Starts the dashboard and yields its address and process once it answers; ends it afterwards."""
    chosen = free_port(port)
    home.logs.mkdir(parents=True, exist_ok=True)
    log = home.logs / "dashboard.log"
    root = Path(dashboard.__file__).parent.parent
    paths = os.pathsep.join(filter(None, (str(root), os.environ.get("PYTHONPATH", ""))))
    surroundings = {**os.environ, HOME_VARIABLE: str(home.path), "PYTHONPATH": paths}
    with log.open("ab") as output:
        process = subprocess.Popen(command(chosen), stdout=output, stderr=output, env=surroundings, cwd=home.path)
    try:
        _wait(chosen, process, log)
        yield f"http://localhost:{chosen}", process
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()


def _wait(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        if process.poll() is not None:
            raise Terminal(f"the dashboard stopped at once (exit {process.returncode}); {log} says why.")
        try:
            with urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=2) as answer:
                if answer.status == 200:
                    return
        except (URLError, OSError):
            time.sleep(0.2)
    raise Transient(f"the dashboard did not answer on port {port} within {START_SECONDS:.0f} s; {log} may say why.")
