"""Killing a crawl again and again: a helper that forks workers from one process, so that each starts at once.

Run as a script it is that process: a line of jobs on stdin starts a worker, whose lines come out between
`{"pid": …}` and `{"ended": status}`. From tests, `Stable` starts and kills them.
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

from crawlers.job import CrawlJob, job_from_json, job_to_json

PRELOADED = (
    "crawlers.spiders.reviews",
    "crawlers.middlewares",
    "crawlers.scheduler",
    "crawlers.pipelines",
    "crawlers.quiet",
    "scrapy.core.downloader.handlers.http11",
    "scrapy.downloadermiddlewares.httpcompression",
    "scrapy.downloadermiddlewares.retry",
    "scrapy.extensions.throttle",
    "twisted.internet.asyncioreactor",
)
ROOT = Path(__file__).resolve().parents[2]


def main() -> None:
    """Forks a worker a line. Everything heavy is imported before, nothing is started."""
    from crawlers.worker import crawl_all

    for name in PRELOADED:
        import_module(name)

    def said(line: dict[str, Any]) -> None:
        os.write(1, (json.dumps(line) + "\n").encode())

    for line in sys.stdin:
        jobs = [job_from_json(written) for written in json.loads(line)]
        child = os.fork()
        if child == 0:
            crawl_all(jobs, said)
            os._exit(0)
        said({"pid": child})
        said({"ended": os.waitpid(child, 0)[1]})


class Stable:
    """Workers to be killed, one after the other."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def ridden(self, jobs: Sequence[CrawlJob], pages: int | None, after: float) -> tuple[int, bool]:
        """Runs a worker and kills it `after` seconds once it has committed so many pages (None: let it end).

        Returns the pages it committed as far as it told, and whether it came to its own end.
        """
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.write(json.dumps([job_to_json(job) for job in jobs]) + "\n")
        self._process.stdin.flush()
        pid, done, striking = 0, 0, False
        for line in self._process.stdout:
            told = json.loads(line)
            if "pid" in told:
                pid = told["pid"]
            elif "progress" in told:
                done = told["progress"]["done"]
            elif "ended" in told:
                return done, told["ended"] == 0
            if pid and pages is not None and done >= pages and not striking:
                striking = True
                threading.Timer(after, _strike, (pid,)).start()
        raise AssertionError("the process that forks workers ended")


def _strike(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return


@contextmanager
def stable() -> Iterator[Stable]:
    """The process that forks workers."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join((str(ROOT), str(Path(__file__).parent)))}
    process = subprocess.Popen(
        [sys.executable, __file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
    )
    try:
        yield Stable(process)
    finally:
        process.kill()
        process.communicate()


def killed_until_done(
    jobs: Sequence[CrawlJob],
    seed: int,
    kills: int,
    most_pages: int,
    finished: Callable[[], bool],
    most_seconds: float = 0.04,
) -> int:
    """Kills a crawl up to `kills` times at random moments, then lets it end; returns how many kills struck.

    `finished` says whether every page is done: then another start would be another crawl, and is left out.
    """
    rng, struck = random.Random(seed), 0
    with stable() as stall:
        while struck < kills:
            _, ended = stall.ridden(jobs, rng.randrange(most_pages), rng.uniform(0, most_seconds))
            struck += not ended
            if ended or finished():
                return struck
        _, ended = stall.ridden(jobs, None, 0)
        assert ended
    return struck


if __name__ == "__main__":
    main()
