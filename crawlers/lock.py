"""One crawler a source: a lock that the operating system drops when its holder dies, however it dies."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from core.errors import Busy


class SourceLock:
    """Held from the moment it is made until `drop`, or until the process ends. Raises Busy when another holds it."""

    def __init__(self, home: Path, source: str) -> None:
        folder = home / "locks"
        folder.mkdir(parents=True, exist_ok=True)
        place = folder / f"crawl-{hashlib.sha256(source.encode()).hexdigest()[:12]}.lock"
        self._file = os.open(place, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            _hold(self._file)
        except OSError as error:
            os.lseek(self._file, 1, os.SEEK_SET)
            holder = os.read(self._file, 20).decode("ascii", "replace").strip() or "unknown"
            os.close(self._file)
            raise Busy(
                f"source {source!r} is being crawled already, by process {holder}. Let it finish, or end that process."
            ) from error
        os.ftruncate(self._file, 0)
        os.write(self._file, f" {os.getpid()}".encode("ascii"))

    def drop(self) -> None:
        os.close(self._file)


def _hold(file: int) -> None:
    """The first byte, at once or not at all."""
    try:
        import fcntl
    except ImportError:  # Windows
        import msvcrt

        msvcrt.locking(file, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
    else:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
