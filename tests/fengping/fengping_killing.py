"""Running commands to be killed: forked from one process that has imported everything, so that each starts at once.

Run as a script it is that process: a line of arguments on stdin starts `fengping` with them, in a process group of its
own; `{"pid": …}` and `{"ended": status}` come out.
"""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PRELOADED = (
    "fengping.cli",
    "fengping.commands.understand",
    "fengping.commands.ask",
    "nlp.relate.relator",
    "nlp.reader",
)


def main() -> None:
    """Forks a command a line. Nothing is opened and no thread runs before the fork."""
    for name in PRELOADED:
        import_module(name)
    from fengping.cli import main as command

    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            os.setpgid(0, 0)
            nowhere = os.open(os.devnull, os.O_RDWR)
            for place in (0, 1, 2):
                os.dup2(nowhere, place)
            sys.argv = ["fengping", *json.loads(line)]
            os._exit(_code(command))
        os.setpgid(child, child)  # here too: it may be killed before it comes to do so itself
        _say({"pid": child})
        _say({"ended": os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])})


def _code(command: Callable[[], None]) -> int:
    """The exit code; Python's own end is left out, for a forked process has no threads left to wait for."""
    try:
        command()
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else 1
    return 0


def _say(told: dict[str, int]) -> None:
    os.write(1, (json.dumps(told) + "\n").encode())


class Stable:
    """Commands to be killed, one after the other."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process

    def ridden(self, words: Sequence[str], moved: Callable[[], bool], after: float) -> bool:
        """Starts a command, kills its whole group `after` seconds once `moved`; True when that struck it running."""
        assert self._process.stdin is not None
        self._process.stdin.write((json.dumps(list(words)) + "\n").encode())
        pid = self._told()["pid"]
        while not moved() and not self._ends_within(0.01):
            continue
        if not self._ends_within(after):
            os.killpg(pid, signal.SIGKILL)
        return self._told()["ended"] == -signal.SIGKILL

    def _ends_within(self, seconds: float) -> bool:
        return bool(select.select([self._process.stdout], [], [], seconds)[0])

    def _told(self) -> dict[str, int]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line, "the process that forks commands has died"
        return json.loads(line)  # type: ignore[no-any-return]


@contextmanager
def stable() -> Iterator[Stable]:
    """The process that forks; it ends when its stdin does."""
    command = [sys.executable, str(Path(__file__).resolve())]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "bufsize": 0}
    with subprocess.Popen(command, env=environment, **pipes) as process:
        try:
            yield Stable(process)
        finally:
            assert process.stdin is not None
            process.stdin.close()


if __name__ == "__main__":
    main()
