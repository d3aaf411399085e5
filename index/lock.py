"""One writer an index: a lock on a file that ends with its process, and says who holds it."""

from __future__ import annotations

import fcntl
import json
import os
import time
from datetime import UTC, datetime
from pathlib import Path

from core.errors import Busy

_POLL_SECONDS = 0.1


class WriterLock:
    """Held from construction until `release`. Raises Busy after `wait_seconds` with the holder's pid and since when."""

    def __init__(self, folder: Path, wait_seconds: float = 0) -> None:
        self._place = folder / "writer.lock"
        self._handle = os.open(self._place, os.O_RDWR | os.O_CREAT, 0o600)
        deadline = time.monotonic() + wait_seconds
        while not self._taken():
            if time.monotonic() >= deadline:
                os.close(self._handle)
                raise Busy(f"another writer holds the index {folder}: {_holder(self._place)}. Stop it or try later.")
            time.sleep(_POLL_SECONDS)
        said = json.dumps({"pid": os.getpid(), "since": datetime.now(UTC).isoformat(timespec="seconds")})
        os.ftruncate(self._handle, 0)
        os.pwrite(self._handle, said.encode("ascii"), 0)

    def release(self) -> None:
        os.close(self._handle)

    def _taken(self) -> bool:
        try:
            fcntl.flock(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


def _holder(place: Path) -> str:
    try:
        said = json.loads(place.read_text("ascii"))
        return f"process {said['pid']} since {said['since']}"
    except (OSError, ValueError, KeyError):
        return "a process that has just begun"
