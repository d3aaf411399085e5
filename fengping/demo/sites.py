"""Starting the demo sites in a subprocess, and ending them again."""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from queue import Empty, Queue

from core.errors import InputError, Unreachable
from fengping.demo.serve import TOKEN_VARIABLE
from fengping.demo.world import DAYS, PER_DAY, SEED

_START_SECONDS = 120.0
_STOP_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Sites:
    """Where the sites are (addresses without a slash at the end; "" where there is none) and the token of `/_new`."""

    shop: str
    microblog: str = ""
    forum: str = ""
    token: str = ""


@contextmanager
def serving_world(
    end: datetime, seed: int = SEED, per_day: float = PER_DAY, days: int = DAYS, port: int = 0
) -> Iterator[Sites]:
    """Serves the world `generate(seed, per_day, days, end=end)` while the context lasts.

    Raises InputError when the sites cannot be served, Unreachable when they do not come up in time.
    """
    options = ["--seed", str(seed), "--per-day", str(per_day), "--days", str(days), "--end", end.isoformat()]
    with _serving([*options, "--port", str(port)]) as sites:
        yield sites


@contextmanager
def serving_file(path: Path, mapping: str = "", port: int = 0) -> Iterator[Sites]:
    """Serves the rows of a table as shop pages while the context lasts. Raises InputError for what is no table."""
    with _serving(["--file", str(path), "--map", mapping, "--port", str(port)]) as sites:
        yield sites


@contextmanager
def _serving(options: Sequence[str]) -> Iterator[Sites]:
    token = secrets.token_urlsafe(24)
    child = subprocess.Popen(
        [sys.executable, "-m", "fengping.demo.serve", *options],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, TOKEN_VARIABLE: token, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)},
        text=True,
        encoding="utf-8",
    )
    try:
        yield Sites(**json.loads(_first_line(child)), token=token)
    finally:
        _end(child)


def _first_line(child: subprocess.Popen[str]) -> str:
    lines: Queue[str] = Queue()
    assert child.stdout is not None and child.stderr is not None
    threading.Thread(target=lambda: lines.put(child.stdout.readline()), daemon=True).start()  # type: ignore[union-attr]
    try:
        line = lines.get(timeout=_START_SECONDS)
    except Empty as error:
        raise Unreachable(
            f"the demo sites did not come up within {_START_SECONDS:.0f} s; the machine may be busy, try again."
        ) from error
    if not line:
        raise InputError(child.stderr.read().strip() or "the demo sites ended before they began, without a word.")
    return line


def _end(child: subprocess.Popen[str]) -> None:
    """Standard input ends, so the child does; one that does not is killed."""
    assert child.stdin is not None and child.stdout is not None and child.stderr is not None
    child.stdin.close()
    try:
        child.wait(timeout=_STOP_SECONDS)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
    child.stdout.close()
    child.stderr.close()
