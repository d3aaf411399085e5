"""Collect, read, relate, index, watch: every stage claims what waits for it, so any may die and be started again."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from alerts.rules import load_rules
from alerts.telling import tell
from core.config import Source
from core.interfaces import Store, Understood
from crawlers.run import CrawlJob, CrawlOutcome, CrawlProgress, crawl
from fengping.assembly import Assembly
from fengping.tidying import tidy
from fengping.working import RELATE_LEASE, working
from index.document import SCHEMA_VERSION, document
from nlp.pool import ReaderPool
from nlp.reader import MentionReader, ReaderSettings, build_reader, versions
from nlp.relate.relator import RELATE_VERSION, Relator

if TYPE_CHECKING:
    from alerts.watch import WatchOutcome

Progress = Callable[[str, int, int], None]
"""Called with a stage's name, how many are done and how many there are."""

READ_BATCH, RELATE_BATCH, INDEX_BATCH = 256, 1000, 4000
LEASE_SECONDS, READ_LEASE_SECONDS = 300.0, 3600.0
"""Only a holder on another machine is waited for so long; here `working` frees at once what the dead have held."""
PIECE_CHARACTERS = 100_000
"""What is read is saved after so many characters: 256 long texts take longer than any lease should last."""
DOCUMENTS = str(SCHEMA_VERSION)
FEW = 400
"""Up to so many waiting mentions are read in this process: starting others takes longer than reading."""


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
    parts = (("model", current.model), ("lexicon", current.lexicon), ("brands", current.brands))
    changed = 0
    for part, version in (*parts, ("relate", RELATE_VERSION)):
        if store.setting(f"version:{part}") != version:
            changed += store.stale(part, version)  # type: ignore[arg-type]
            store.set_setting(f"version:{part}", version)
    return changed


def read(assembly: Assembly, progress: Progress = silent, reader: MentionReader | None = None) -> int:
    """Reads every waiting mention, by the reader given where few wait, else on all cores; returns how many."""
    total = assembly.store.waiting("read")
    if not total:
        return 0
    with working(assembly):
        if total <= FEW:
            chosen = reader or build_reader(assembly.project, assembly.home.lexicons)
            return _read_here(assembly, chosen, progress, total)
        with ReaderPool(ReaderSettings(assembly.project, assembly.home.lexicons)) as pool:
            return _read_pooled(assembly, pool, progress, total)


def _read_here(assembly: Assembly, reader: MentionReader, progress: Progress, total: int) -> int:
    store, done = assembly.store, 0
    for token, piece in _claims(store):
        done += store.save_readings(token, reader.reread(piece))
        progress("read", done, max(done, total))
    return done


def _read_pooled(assembly: Assembly, pool: ReaderPool, progress: Progress, total: int) -> int:
    """Claims a batch for each worker that is free, so that a death loses no more than it was reading."""
    store, done = assembly.store, 0
    for token, readings in pool.read(_claims(store)):
        done += store.save_readings(token, readings)
        progress("read", done, max(done, total))
    return done


def _claims(store: Store) -> Iterator[tuple[str, list[Understood]]]:
    while (batch := store.claim("read", READ_BATCH, READ_LEASE_SECONDS)).ids:
        for piece in pieces(store.understood(batch.ids)):
            yield batch.token, piece


def pieces(batch: Sequence[Understood]) -> Iterator[list[Understood]]:
    """The batch in its order, cut so that no piece but a single text exceeds PIECE_CHARACTERS."""
    piece: list[Understood] = []
    characters = 0
    for item in batch:
        characters += len(item.mention.text)
        if piece and characters > PIECE_CHARACTERS:
            yield piece
            piece, characters = [], len(item.mention.text)
        piece.append(item)
    if piece:
        yield piece


def relate(assembly: Assembly, progress: Progress = silent) -> int:
    """Relates every waiting mention to the others; one process at a time, so another holder means nothing to do."""
    store, me = assembly.store, owner()
    with working(assembly):
        if not store.lease_name(RELATE_LEASE, me, LEASE_SECONDS):
            return 0
        try:
            return _relate(assembly, me, progress)
        finally:
            store.drop_lease(RELATE_LEASE, me)


def _relate(assembly: Assembly, me: str, progress: Progress) -> int:
    store, relator = assembly.store, Relator(assembly.store)
    total, done = store.waiting("relate"), 0
    while (batch := store.claim("relate", RELATE_BATCH, LEASE_SECONDS)).ids:
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


def chain(assembly: Assembly, progress: Progress = silent, reader: MentionReader | None = None) -> WatchOutcome:
    """Everything after collecting: read, relate, index, watch."""
    tidy(assembly)
    refresh_versions(assembly)
    read(assembly, progress, reader)
    relate(assembly, progress)
    rebuild_if_lost(assembly)
    index(assembly, progress)
    return watch_now(assembly)


class Resident:
    """The chain with a reader that stays loaded, for a program that stays up."""

    def __init__(self, assembly: Assembly) -> None:
        self._assembly = assembly
        self._reader = build_reader(assembly.project, assembly.home.lexicons)

    def chain(self) -> WatchOutcome:
        return chain(self._assembly, silent, self._reader)
