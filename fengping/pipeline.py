"""Collect, read, relate, index, watch: every stage claims what waits for it, so any may die and be started again."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from math import inf
from time import monotonic
from typing import TYPE_CHECKING

from alerts.rules import load_rules
from alerts.telling import tell
from core.config import Source
from crawlers.run import CrawlJob, CrawlOutcome, CrawlProgress, crawl
from fengping.assembly import Assembly
from fengping.past import words_of
from fengping.reading import Ended, Readers, never
from fengping.rereading import put_viewed_first
from fengping.spared import remember
from fengping.tidying import tidy
from fengping.working import RELATE_LEASE, working
from index.document import SCHEMA_VERSION, document
from nlp.reader import ReaderSettings, versions
from nlp.relate.relator import RELATE_VERSION, Relator

if TYPE_CHECKING:
    from alerts.watch import WatchOutcome

Progress = Callable[[str, int, int], None]
"""Called with a stage's name, how many are done and how many there are."""

RELATE_BATCH, INDEX_BATCH = 1000, 4000
LEASE_SECONDS = 300.0
"""Only a holder on another machine is waited for so long; here `working` frees at once what the dead have held."""
DOCUMENTS = str(SCHEMA_VERSION)
TURN_SECONDS = 20.0
"""How long one turn of a program that stays up reads, and relates, before it indexes, crawls and watches again."""
BACKGROUND = 10
"""Niceness of its reading processes: the dashboard and the crawler come first."""


def owner() -> str:
    return f"{socket.gethostname()}:{os.getpid()}"


def silent(stage: str, done: int, total: int) -> None:
    """A progress listener that shows nothing."""


def collect(
    assembly: Assembly, sources: Sequence[Source], full: bool, on_progress: Callable[[CrawlProgress], None]
) -> CrawlOutcome:
    """Crawls the sources in one worker; what it finds is stored, not read."""
    project = assembly.project
    jobs = [
        CrawlJob(str(assembly.home.path), s, project.contact, s.timezone or project.timezone, full) for s in sources
    ]
    return crawl(jobs, on_progress)


def refresh_versions(assembly: Assembly) -> int:
    """Sends back what was made with another model, lexicon, brand list or relate version; returns how many."""
    store, current = assembly.store, versions(assembly.project, assembly.home.lexicons)
    remember(store, ReaderSettings(assembly.project, assembly.home.lexicons), current)
    parts = (("model", current.model), ("lexicon", current.lexicon), ("brands", current.brands))
    changed = 0
    for part, version in (*parts, ("relate", RELATE_VERSION)):
        if store.setting(f"version:{part}") != version:
            changed += store.stale(part, version)  # type: ignore[arg-type]
            store.set_setting(f"version:{part}", version)
    return changed


def read(assembly: Assembly, progress: Progress = silent, readers: Readers | None = None, ended: Ended = never) -> int:
    """Reads every waiting mention, or until `ended`, recently viewed ones first; returns how many."""
    put_viewed_first(assembly)
    chosen = readers or Readers()
    try:
        return chosen.read(assembly, partial(progress, "read"), ended)
    finally:
        if readers is None:
            chosen.close()


def relate(assembly: Assembly, progress: Progress = silent, ended: Ended = never) -> int:
    """Relates every waiting mention to the others, or until `ended`; one process at a time, so another holder means
    nothing to do."""
    store, me = assembly.store, owner()
    with working(assembly):
        if not store.lease_name(RELATE_LEASE, me, LEASE_SECONDS):
            return 0
        try:
            return _relate(assembly, me, progress, ended)
        finally:
            store.drop_lease(RELATE_LEASE, me)


def _relate(assembly: Assembly, me: str, progress: Progress, ended: Ended) -> int:
    store, relator = assembly.store, Relator(assembly.store)
    total, done = store.waiting("relate"), 0
    while not ended() and (batch := store.claim("relate", RELATE_BATCH, LEASE_SECONDS)).ids:
        relations = relator.relate(store.understood(batch.ids))
        store.save_relations(batch.token, relations)
        done += len(batch.ids)
        progress("relate", done, max(done, total))
        store.lease_name(RELATE_LEASE, me, LEASE_SECONDS)
    return done


def index(assembly: Assembly, progress: Progress = silent) -> int:
    """Brings every waiting mention into the index; returns how many. Raises Busy while another process writes."""
    store = assembly.store
    if not store.waiting("index") and store.generation():
        return 0
    total, done = store.waiting("index"), 0
    with assembly.index(write=True) as target, working(assembly):
        store.keep_words(words_of(assembly))
        while (batch := store.claim("index", INDEX_BATCH, LEASE_SECONDS)).ids:
            documents = [
                document(u.mention, u.reading, u.relation)
                for u in store.understood(batch.ids)
                if u.reading is not None and u.relation is not None
            ]
            target.put(documents, store.generation() + 1)
            store.mark_indexed(batch.token, batch.ids)
            done += len(batch.ids)
            progress("index", done, max(done, total))
    return done


def rebuild_if_lost(assembly: Assembly) -> int:
    """An index that is missing or behind the store is built again from it; returns how many mentions that takes."""
    with assembly.index(write=True) as target:
        held, counted = target.generation(), assembly.store.generation()
        if held >= counted and assembly.store.setting("version:index") == DOCUMENTS:
            return 0
        if held < counted:
            target.clear()
            assembly.store.stale("index", "")  # else those of the present version would count as indexed
    changed = assembly.store.stale("index", DOCUMENTS)
    assembly.store.set_setting("version:index", DOCUMENTS)
    return changed


def watch_now(assembly: Assembly, until: datetime | None = None) -> WatchOutcome:
    """Looks for incidents up to a moment (now, unless told), stores them and tells who is configured to know."""
    from alerts.watch import watch  # the detectors' statistics take longer to load than most commands run

    rules = load_rules(assembly.home.rules, tuple(assembly.project.watch.channels))
    with assembly.index() as searched:
        at = until or assembly.clock()
        outcome = watch(searched, assembly.store, rules, assembly.project, at, lambda q: assembly.parse(q, searched))
    tell(assembly.store, rules, assembly.project, assembly.clock, owner())
    return outcome


def chain(
    assembly: Assembly, progress: Progress = silent, readers: Readers | None = None, turn_seconds: float = inf
) -> WatchOutcome:
    """Everything after collecting: read, relate, index, watch. What a turn leaves unread is for the next."""
    tidy(assembly)
    refresh_versions(assembly)
    read(assembly, progress, readers, _after(turn_seconds))
    relate(assembly, progress, _after(turn_seconds))
    rebuild_if_lost(assembly)
    index(assembly, progress)
    return watch_now(assembly)


def _after(seconds: float) -> Ended:
    end = monotonic() + seconds
    return lambda: monotonic() >= end


class Resident:
    """The chain, a turn at a time, with a model that stays loaded: for a program that stays up."""

    def __init__(self) -> None:
        self._readers = Readers(BACKGROUND)

    def chain(self, assembly: Assembly) -> WatchOutcome:
        return chain(assembly, silent, self._readers, TURN_SECONDS)

    def close(self) -> None:
        self._readers.close()
