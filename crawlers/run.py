"""The door for the rest of the program: crawls run in a process of their own, and its death is an answer too."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any, BinaryIO

from core.home import Home
from crawlers.job import CrawlJob, CrawlOutcome, CrawlProgress, SourceOutcome, job_to_json, outcome_from_json

__all__ = ["CrawlJob", "CrawlOutcome", "CrawlProgress", "SourceOutcome", "crawl"]

ROOT = Path(__file__).resolve().parents[1]
LOG_BYTES = 5 * 2**20
TAIL_BYTES = 4096
GRACE_SECONDS = 20


def crawl(jobs: Sequence[CrawlJob], on_progress: Callable[[CrawlProgress], None]) -> CrawlOutcome:
    """Crawls several sources in one Scrapy process and returns what each gave, in the order of the jobs.

    An exception raised by `on_progress` stops the crawl gracefully and comes out here. A worker that dies gives an
    outcome with `error`; what it had committed is kept, and the same call goes on where it stopped.
    """
    if not jobs:
        return CrawlOutcome(())
    log = Home(Path(jobs[0].home)).logs / "crawl.log"
    found: dict[str, SourceOutcome] = {}
    last: dict[str, CrawlProgress] = {}
    with ExitStack() as stack:
        worker = _started(jobs, stack.enter_context(_opened(log)))
        stack.callback(_ended, worker)
        assert worker.stdout is not None
        for line in worker.stdout:
            message = _message(line)
            if "progress" in message:
                last[message["progress"]["source"]] = progress = CrawlProgress(**message["progress"])
                on_progress(progress)
            elif "outcome" in message:
                outcome = outcome_from_json(message["outcome"])
                found[outcome.source] = outcome
                if (seen := last.get(outcome.source)) is not None and not outcome.error:
                    on_progress(replace(seen, waiting=0))
        code = worker.wait()
    missing = [job.source.name for job in jobs if job.source.name not in found]
    error = _death(code, log) if missing or code else ""
    rows = tuple(found.get(job.source.name) or _unfinished(job.source.name, last, error) for job in jobs)
    return CrawlOutcome(rows, error)


def _started(jobs: Sequence[CrawlJob], log: BinaryIO) -> subprocess.Popen[bytes]:
    """A session of its own: Ctrl-C reaches this program, which then asks the worker once, not twice, to stop."""
    worker = subprocess.Popen(
        [sys.executable, "-m", "crawlers.worker"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=log,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))},
        start_new_session=True,
    )
    assert worker.stdin is not None
    try:
        worker.stdin.write(json.dumps([job_to_json(job) for job in jobs]).encode() + b"\n")
        worker.stdin.close()
    except BrokenPipeError:
        worker.wait()
    return worker


def _ended(worker: subprocess.Popen[bytes]) -> None:
    """Leaves no worker behind: asked first, killed if it does not listen, which loses nothing either."""
    if worker.poll() is None:
        worker.terminate()
        try:
            worker.wait(GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            worker.kill()
            worker.wait()
    if worker.stdout is not None:
        worker.stdout.close()


def _opened(log: Path) -> BinaryIO:
    log.parent.mkdir(parents=True, exist_ok=True)
    if log.exists() and log.stat().st_size > LOG_BYTES:
        log.replace(log.with_suffix(".log.1"))
    return log.open("ab")


def _message(line: bytes) -> dict[str, Any]:
    try:
        message = json.loads(line)
    except ValueError:
        return {}
    return message if isinstance(message, dict) else {}


def _unfinished(source: str, last: dict[str, CrawlProgress], error: str) -> SourceOutcome:
    seen = last.get(source)
    if seen is None:
        return SourceOutcome(source, error=error)
    return SourceOutcome(source, seen.new, seen.changed, seen.same, seen.done, error=error)


def _death(code: int, log: Path) -> str:
    how = f"was ended by {_signal_name(-code)}" if code < 0 else f"ended with exit code {code}"
    with log.open("rb") as file:
        file.seek(max(0, log.stat().st_size - TAIL_BYTES))
        tail = [line for line in file.read().decode("utf-8", "replace").splitlines() if line.strip()]
    said = f" Its last words: {tail[-1][:300]}" if tail and code > 0 else ""
    return f"the crawl worker {how}; what it had stored is kept, and crawling again goes on there.{said} Log: {log}"


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
