"""What is kept no longer than it may be: raw pages and superseded states that are too old, and what erasures left."""

from __future__ import annotations

from datetime import timedelta

from fengping.assembly import Assembly
from fengping.schedule import JobRun, last_run, note_run
from store.erasure import complete
from store.raw import RawFolder

JOB = "tidy"
EVERY = timedelta(hours=24)
HISTORY_KEPT = timedelta(days=400)
"""How long an old number can be repeated."""


def tidy(assembly: Assembly) -> None:
    """Completes erasures that were cut off, and once a day removes what is too old. Raises Busy."""
    if any(assembly.store.erasures_pending()):
        with assembly.index(write=True) as index:
            complete(assembly.store, RawFolder(assembly.home.raw), index, assembly.home.exports)
    now, last = assembly.clock(), last_run(assembly.store, JOB)
    if last is None or last.ended is None or now - last.started >= EVERY:
        note_run(assembly.store, JOB, JobRun(now, now, _remove_old(assembly)))


def _remove_old(assembly: Assembly) -> str:
    """Sightings go with the pages that they name, so that erasing later looks for no page that is gone."""
    now = assembly.clock()
    oldest = now - timedelta(days=assembly.project.privacy.raw_days)
    raw = RawFolder(assembly.home.raw)
    try:
        pages = raw.prune(oldest)
    finally:
        raw.close()
    assembly.store.forget_pages(oldest)
    return f"{pages} raw pages, {assembly.store.prune_history(now - HISTORY_KEPT)} former states removed"
