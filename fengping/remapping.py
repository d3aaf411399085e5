"""Stored readings mapped again by today's lexicon and brands: on all cores, without the model.

Each process claims, maps and saves for itself; the one that starts them only counts. What comes out as it was is not
written again.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from dataclasses import replace
from functools import partial
from pathlib import Path

from core.home import Home
from core.interfaces import Store, Understood
from core.models import Reading
from fengping.assembly import Assembly
from fengping.spared import Spared, spared
from nlp.processes import Died, cores, start, worker_died
from nlp.reader import MentionReader, ReaderSettings, versions
from store import open_store
from store.codec import without_gc

BATCH = 2000
LEASE_SECONDS = 300.0
FEW = 5000
"""Up to so many are mapped in this process: starting others takes longer."""
_STINT_SECONDS = 1.0
"""How long a process works before it says how far it is."""
Report = Callable[[int, int], None]
"""Called with how many are done and how many there are."""


def remap(assembly: Assembly, report: Report, ended: Callable[[], bool], niceness: int = 0) -> int:
    """Maps again what the present model has read by other words or brands, until `ended`; returns how many."""
    store, settings = assembly.store, ReaderSettings(assembly.project, assembly.home.lexicons)
    model = versions(settings.project, settings.overlays).model
    total = store.waiting_mapped(model)
    if total > FEW:
        return _on_all_cores(assembly.home.path, settings, lambda n: report(n, max(n, total)), ended, niceness)
    done, some = 0, partial(_batch, store, MentionReader(settings), spared(store, settings)) if total else int
    while not ended() and (n := some()):
        done += n
        report(done, max(done, total))
    return done


def _on_all_cores(
    home: Path, settings: ReaderSettings, report: Callable[[int], None], ended: Callable[[], bool], niceness: int
) -> int:
    """Raises Transient when a process dies; what it held is free again with its claim."""
    done = 0
    with start(cores(), _prepare, (home, settings), niceness) as processes:
        working = {processes.submit(_stint) for _ in range(cores())}
        try:
            while working:
                ready, working = wait(working, return_when=FIRST_COMPLETED)
                counts = [stint.result() for stint in ready]
                done += sum(counts)
                report(done)
                working |= _following(processes, counts, ended)
        except Died as error:
            raise worker_died("mapping readings again") from error
    return done


def _following(processes: ProcessPoolExecutor, counts: list[int], ended: Callable[[], bool]) -> set[Future[int]]:
    """One more stint for each that found something to do."""
    return set() if ended() else {processes.submit(_stint) for n in counts if n}


def _batch(store: Store, reader: MentionReader, spared: Spared | None) -> int:
    """Claims, maps and saves; returns how many, 0 when none wait."""
    batch = store.claim("read", BATCH, LEASE_SECONDS, mapped_by=reader.versions()["model"])
    if not batch.ids:
        return 0
    with without_gc():
        known = [(u.reading, _again(reader, u, spared)) for u in store.claimed(batch.token) if u.reading is not None]
        changed = [now for before, now in known if replace(now, versions=before.versions) != before]
    moved = {r.mention_id for r in changed}
    same = [now.mention_id for _, now in known if now.mention_id not in moved]
    done = store.keep_readings(batch.token, same, known[0][1].versions) if same else 0
    done += store.save_readings(batch.token, changed) if changed else 0
    store.give_back(batch.token)
    return done


def _again(reader: MentionReader, understood: Understood, spared: Spared | None) -> Reading:
    reading = understood.reading
    assert reading is not None
    if spared is not None and spared.holds(understood.mention, reading):
        return replace(reading, versions=spared.now)
    return reader.remap(understood.mention, reading)


_some: Callable[[], int] | None = None


def _prepare(home: Path, settings: ReaderSettings) -> None:
    global _some  # noqa: PLW0603 - one store and one reader a process is what the process is for
    store = open_store(Home(home), settings.project)
    _some = partial(_batch, store, MentionReader(settings), spared(store, settings))


def _stint() -> int:
    """Works for about a second; returns how many were mapped."""
    if _some is None:
        raise RuntimeError("a process was asked to map readings before it was prepared")
    end, done = time.monotonic() + _STINT_SECONDS, 0
    while time.monotonic() < end and (n := _some()):
        done += n
    return done
