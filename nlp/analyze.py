"""`fengping analyze --stdin`: JSONL in, JSONL out in the same order, each line as soon as it can be.

Three threads: one reads lines, this one hands whatever waits to the lanes, one writes finished answers in order.
"""

from __future__ import annotations

import json
import os
import queue
import threading
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Future
from dataclasses import dataclass
from io import UnsupportedOperation
from typing import BinaryIO

from nlp.processes import use_one_core, worker_died

use_one_core()  # before numpy is loaded: each lane computes on one core

from nlp.asked import Line, read_line, understood  # noqa: E402
from nlp.lanes import Lanes  # noqa: E402
from nlp.remembered import Answers, Earlier  # noqa: E402

CHUNK, LARGE_CHUNK = 128, 512
"""Lines handed out at once: enough to fill groups of one length (16 texts together take a third less of the encoder's
time than one, a tenth less than three), and while many wait more of them; few enough to share out evenly at the end."""
SHARE = 8
"""A large chunk is this part of what waits."""
CHUNK_CHARACTERS = 32_000
READ_AHEAD = 4_096
REMEMBERED_CHARACTERS = 8_000_000
REMEMBERED_LINES = 200_000
CHUNKS_AHEAD = 32


@dataclass(frozen=True, slots=True)
class _Chunk:
    """Lines in order with the answers known already; the others come from `future`, in order."""

    lines: list[Line]
    known: list[str | None]
    future: Future[list[str]] | None


def analyze(lines: BinaryIO, out: BinaryIO, model: str = "s6", workers: int | None = None) -> int:
    """Answers every line; returns the exit code: 1 when a line could not be understood or nobody reads on, else 0.

    `workers` are the processes at most (as many as there are cores). Raises ConfigError for a model that is not
    there, Transient when a process dies.
    """
    lanes, ended = Lanes(model, workers), False
    try:
        run = _Run(lanes, out)
        code = run.over(_own(lines))
        ended = not run.stopped
        return code
    except BrokenExecutor as error:
        raise worker_died("answering lines") from error
    finally:
        lanes.close(wait=ended)


class _Run:
    """One stream of lines."""

    def __init__(self, lanes: Lanes, out: BinaryIO) -> None:
        self._lanes, self._out = lanes, out
        self._incoming: queue.Queue[Line | None] = queue.Queue(READ_AHEAD)
        self._outgoing: queue.Queue[_Chunk | None] = queue.Queue(CHUNKS_AHEAD)
        self._answers, self._earlier = Answers(REMEMBERED_CHARACTERS), Earlier(REMEMBERED_LINES)
        self._failed = False
        self._stopped = threading.Event()
        self._trouble: BaseException | None = None

    @property
    def stopped(self) -> bool:
        """Whether something went wrong before the end of the lines."""
        return self._stopped.is_set()

    def over(self, lines: BinaryIO) -> int:
        threading.Thread(target=self._watched, args=(lambda: self._take(lines),), daemon=True).start()
        writer = threading.Thread(target=self._watched, args=(self._write_all,), daemon=True)
        writer.start()
        self._lanes.loaded(self._incoming.qsize)
        last = False
        while not last and not self._stopped.is_set():
            chunk, last = self._chunk()
            self._outgoing.put(self._submitted(chunk))
        self._outgoing.put(None)
        writer.join()
        if isinstance(self._trouble, BrokenPipeError):
            _forget(self._out)
            return 1
        if self._trouble is not None:
            raise self._trouble
        return 1 if self._failed else 0

    def _watched(self, work: Callable[[], None]) -> None:
        """Runs a thread's work; what it raises is raised by `over`, and nothing is left waiting for it."""
        try:
            work()
        except BaseException as error:  # handed on to the main thread, which raises it
            self._trouble = error
            self._stopped.set()
            threading.Thread(target=self._drain, daemon=True).start()
            self._incoming.put(None)

    def _drain(self) -> None:
        while self._outgoing.get() is not None:
            continue

    def _take(self, lines: BinaryIO) -> None:
        while (raw := read_line(lines)) is not None and not self._stopped.is_set():
            self._incoming.put(understood(raw))
        self._incoming.put(None)

    def _chunk(self) -> tuple[list[Line], bool]:
        """What waits, at least one line unless the end has come; and whether it has."""
        chunk: list[Line] = []
        characters = 0
        most = max(CHUNK, min(LARGE_CHUNK, self._incoming.qsize() // SHARE))
        while len(chunk) < most and characters < CHUNK_CHARACTERS:
            try:
                line = self._incoming.get(block=not chunk)
            except queue.Empty:
                break
            if line is None:
                return chunk, True
            chunk.append(line)
            characters += len(line.asked.text) if line.asked else 0
        return chunk, False

    def _submitted(self, lines: list[Line]) -> _Chunk:
        known = [self._answers.get(line.asked) if line.asked else None for line in lines]
        asked = [line.asked for line, k in zip(lines, known, strict=True) if line.asked is not None and k is None]
        future = self._lanes.submit(asked, self._incoming.qsize()) if asked else None
        return _Chunk(lines, known, future)

    def _write_all(self) -> None:
        while (chunk := self._outgoing.get()) is not None:
            fresh = iter(chunk.future.result() if chunk.future else ())
            for line, known in zip(chunk.lines, chunk.known, strict=True):
                self._out.write(self._written(line, known, fresh.__next__).encode("ascii"))
            self._out.flush()

    def _written(self, line: Line, known: str | None, fresh: Callable[[], str]) -> str:
        if line.asked is None:
            self._failed = True
            return f'{{"id": {line.id}, "error": {json.dumps(line.error)}}}\n'
        members = fresh() if known is None else known
        self._answers.put(line.asked, members)
        first = self._earlier.first(line.id, line.asked.text) or "null"
        return f'{{"id": {line.id}, {members}, "duplicate_of": {first}}}\n'


def _own(lines: BinaryIO) -> BinaryIO:
    """A reader of our own over the same descriptor: one left blocked at the end must not hold Python's stdin."""
    try:
        return os.fdopen(os.dup(lines.fileno()), "rb", buffering=1 << 18)
    except (UnsupportedOperation, AttributeError):
        return lines


def _forget(out: BinaryIO) -> None:
    """Sends the rest nowhere: Python would try once more to write it at the end."""
    try:
        place = out.fileno()
    except (UnsupportedOperation, AttributeError):
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, place)
    os.close(nowhere)
