"""Who works on a home: a lock that the operating system drops when its holder dies, however it dies."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager

from fengping.assembly import Assembly

RELATE_LEASE = "relate"
"""The store's lease that keeps relating to one process at a time."""


@contextmanager
def working(assembly: Assembly) -> Iterator[None]:
    """Held while mentions are claimed. Who finds nobody else at work frees what a dead process had claimed.

    Claims alone would end with their leases too, minutes later: long enough for whoever starts a killed stage again
    to be told that there is nothing to do.
    """
    folder = assembly.home.path / "locks"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "working.lock").open("ab") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            pass  # others are at work, so what is claimed may be theirs
        else:
            assembly.store.forfeit((RELATE_LEASE,))
        fcntl.flock(file, fcntl.LOCK_SH)
        yield
