"""Where lines are read: one lane in this process, more in others once many lines wait."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor, wait

from nlp.answers import Answerer, Asked
from nlp.processes import cores, start

MANY = 192
"""So many waiting lines are worth the second or so that a process takes to start."""
LOOK_AGAIN = 0.05
"""Seconds between two looks at how many lines wait while the model is loading."""
_answerer: Answerer | None = None


class Lanes:
    """Takes chunks to be answered: a lane here, and `workers - 1` processes from the moment that MANY lines wait."""

    def __init__(self, model: str, workers: int | None = None) -> None:
        self._model = model
        self._workers = max(1, cores() if workers is None else workers)
        self._here = ThreadPoolExecutor(1)
        self._there: ProcessPoolExecutor | None = None
        self._free = threading.Condition()
        self._slots = {"here": 1, "there": 0}
        self._loading = self._here.submit(_prepare, model)

    def submit(self, chunk: Sequence[Asked], waiting: int) -> Future[list[str]]:
        """Hands a chunk to a free lane, waiting for one; `waiting` lines wait behind it."""
        self.widen(waiting)
        with self._free:
            self._free.wait_for(lambda: any(self._slots.values()))
            lane = "here" if self._slots["here"] else "there"
            self._slots[lane] -= 1
        executor = self._there if lane == "there" and self._there is not None else self._here
        future = executor.submit(_answer, list(chunk))
        future.add_done_callback(lambda _: self._release(lane))
        return future

    def close(self, wait: bool) -> None:
        """Ends the lanes; without `wait` whatever they are still at. Leaving them to the interpreter's own end makes
        it stumble over their pipes now and then."""
        self._here.shutdown(wait=wait, cancel_futures=True)
        if self._there is not None:
            self._there.shutdown(wait=wait, cancel_futures=True)

    def widen(self, waiting: int) -> None:
        """Starts the other processes once many lines wait. Each begins to load at once, not at its first chunk."""
        if self._there is not None or self._workers < 2 or waiting < MANY:
            return
        self._there = start(self._workers - 1, _prepare, (self._model,))
        for _ in range(self._workers - 1):
            self._there.submit(_ready)
        self._slots["there"] = 2 * (self._workers - 1)

    def loaded(self, waiting: Callable[[], int]) -> None:
        """Waits until the model is there, while other processes load it too if many lines are `waiting` already.

        Raises ConfigError when it cannot be loaded.
        """
        while not wait([self._loading], LOOK_AGAIN).done:
            self.widen(waiting())
        self._loading.result()

    def _release(self, lane: str) -> None:
        with self._free:
            self._slots[lane] += 1
            self._free.notify()


def _prepare(model: str) -> None:
    global _answerer  # noqa: PLW0603 - one model a process, loaded by the process or thread that uses it
    _answerer = Answerer(model)


def _ready() -> bool:
    """A first task, for which the pool must start a process."""
    return _answerer is not None


def _answer(chunk: Sequence[Asked]) -> list[str]:
    if _answerer is None:
        raise RuntimeError("a lane was asked before its model was loaded")
    return _answerer.answer(chunk)
