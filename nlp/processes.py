"""Processes that read: each loads the model once, uses one core, and goes when its parent goes."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import Any

from core.errors import Transient

ONE_CORE = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")
Died = BrokenProcessPool


def cores() -> int:
    """Cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def use_one_core() -> None:
    """Tells numpy, unless it is loaded already, and processes started later to compute on one core each."""
    for name in ONE_CORE:
        os.environ.setdefault(name, "1")


def start(
    workers: int, prepare: Callable[..., None], arguments: tuple[Any, ...], niceness: int = 0
) -> ProcessPoolExecutor:
    """A pool of fresh processes, each calling `prepare(*arguments)` once before its first task.

    `niceness` is added to this process's own: others that want the cores come first.
    """
    use_one_core()
    context = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(workers, context, initializer=_begin, initargs=(prepare, arguments, niceness))


def worker_died(what: str) -> Transient:
    """The error to raise for `Died`."""
    return Transient(
        f"a process died while {what}: it was killed, or memory ran out. Nothing is lost; start again, with more "
        "memory or fewer processes if it happens twice."
    )


def _begin(prepare: Callable[..., None], arguments: tuple[Any, ...], niceness: int) -> None:
    os.nice(niceness)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_leave_with_parent, daemon=True).start()
    prepare(*arguments)


def _leave_with_parent() -> None:
    """A parent killed with -9 tells nobody: without this its readers would wait for ever."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
