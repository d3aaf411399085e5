"""The books of one source's crawl: what is leased, what came back, and commits that keep both in step.

A page is done only in the transaction that stores what came of it. Whatever is in memory here may be lost at any
moment: the frontier then still holds those pages, and the next run takes them up again.
"""

from __future__ import annotations

import json
import logging
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar

from core.collected_mention import Context, to_mention
from core.config import Source
from core.errors import Busy, FengpingError
from core.home import Home
from core.interfaces import Clock, RawPages, Store
from core.models import FinishedPage, FrontierRequest, Mention, SourceHealth
from crawlers.ground import Subjects, at_known_ground
from crawlers.job import CrawlProgress
from crawlers.tally import Tally
from crawlers.visit import Visit

FLUSH_PAGES = 50
FLUSH_SECONDS = 0.25
STARVING_SECONDS = 0.03
LEASE_SECONDS = 300.0
RECHECK_SECONDS = 1.0
GIVEN_UP = "{url} failed in three runs and is not gone back to; what lies behind it is missing until a full crawl"
COUNT_SECONDS = 2.0
MOST_BUSY = 10

T = TypeVar("T")

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Crawl:
    """One source being crawled: what it is, where its pages go and how its items become mentions."""

    source: Source
    starts: tuple[str, ...]
    full: bool
    store: Store
    raw: RawPages | None
    context: Context
    clock: Clock
    home: Home

    @property
    def name(self) -> str:
        """A full crawl has a frontier of its own: taking up a short one would not walk everything."""
        return f"{self.source.name}{' (full)' if self.full else ''}"


class Ledger:
    """Leases requests in chunks, collects visits, and commits them in batches."""

    def __init__(self, crawl: Crawl, told: Callable[[CrawlProgress], None], wake: Callable[[], None]) -> None:
        self.crawl = crawl
        self.error = ""
        self.resumed = False
        self.done = self.new = self.changed = self.same = 0
        self.health: list[SourceHealth] = []
        self._told = told
        self._wake = wake
        self._subjects = Subjects(crawl.store, crawl.source.name, crawl.full)
        self._tally = Tally(crawl.source.name)
        self._ready: deque[FrontierRequest] = deque()
        self._held: dict[str, FrontierRequest] = {}
        self._visits: list[Visit] = []
        self._dry_until = 0.0
        self._flushed_at = 0.0
        self._left = crawl.source.max_pages
        self._busy = 0
        self._capped = False
        self._open = 0
        self._counted_at = 0.0

    # --- the life of a crawl
    def open(self) -> None:
        """Takes up an interrupted crawl, or begins a new one from the start addresses and what failed before."""
        store, name = self.crawl.store, self.crawl.name
        self._release_orphans()
        counts = store.counts(name)
        if counts.waiting + counts.leased == 0:
            store.forget(name)
            store.push(name, self._subjects.first_requests(self.crawl.starts))
        else:
            self.resumed = True
            self._left -= counts.done
            store.push(name, self._subjects.start_requests(self.crawl.starts))
        self._report()

    def close(self) -> None:
        """Commits what came back and gives back the rest; a crawl that came to its end is marked as such."""
        self.flush()
        if not self.error:
            self._answered(self._settle, None)
        self._report()

    # --- requests
    def next(self) -> FrontierRequest | None:
        """The next page to ask for, or None when none is known at the moment."""
        if not self._ready:
            self._answered(self._refill, None)
        return self._ready.popleft() if self._ready else None

    def pending(self) -> bool:
        """Whether anything is left to do. Asked when nothing is being fetched, so what came back is committed first."""
        if self.error:
            return False
        self._account_for_lost()
        if self._visits:
            self.flush()
        if self._capped:
            return bool(self._visits)
        return bool(self._ready or self._visits or self._answered(self.waiting, 1))

    def _account_for_lost(self) -> None:
        """Nothing is being fetched: what is neither ready nor back was dropped on the way, and is not waited for."""
        known = {r.fingerprint for r in self._ready} | {v.request.fingerprint for v in self._visits}
        for print, request in list(self._held.items()):
            if print not in known:
                self._visits.append(Visit(request, "failed", note=f"{request.url} was dropped on its way"))

    def _settle(self) -> None:
        store, name = self.crawl.store, self.crawl.name
        if self._held:
            store.release(name, list(self._held))
        if self._capped:
            self._tell_of_cap()
        elif not self._visits and not self.waiting():
            self._subjects.complete(self.crawl.starts)

    def waiting(self) -> int:
        """Requests not done yet, as far as known."""
        counts = self.crawl.store.counts(self.crawl.name)
        return counts.waiting + counts.leased

    # --- what came back
    def add(self, visit: Visit) -> None:
        """Takes a page that was asked for; it is committed with its batch."""
        self._visits.append(visit)
        if len(self._visits) >= FLUSH_PAGES:
            self.flush()

    def tick(self) -> None:
        """Called a few times a second: commits what has waited long enough, and wakes the engine when work may wait."""
        now = time.monotonic()
        if self._visits and now - self._flushed_at >= FLUSH_SECONDS:
            self.flush()
        elif not self._ready and now >= self._dry_until:
            self._wake()

    def flush(self) -> None:
        """Commits everything that came back, in one transaction."""
        visits, self._flushed_at = self._visits, time.monotonic()
        if not visits or self.error:
            return
        try:
            self._commit(visits)
        except Busy as error:
            self._busy += 1
            log.warning("%s: %s Trying again.", self.crawl.source.name, error)
            if self._busy >= MOST_BUSY:
                self._stop(str(error))
        except FengpingError as error:
            self._stop(str(error))
        except Exception as error:
            log.exception("%s: committing failed", self.crawl.source.name)
            self._stop(f"what came back could not be stored ({type(error).__name__}: {error}); see the crawl's log.")
        else:
            self._busy = 0

    def _commit(self, visits: list[Visit]) -> None:
        now = self.crawl.clock()
        store = self.crawl.store
        mentions = [self._mentions(visit, now) for visit in visits]
        grounded = at_known_ground(store, visits, mentions)
        given_up = self._subjects.remember(visits, mentions)
        row = self._tally.row(visits, mentions, now, [GIVEN_UP.format(url=url) for url in given_up])
        pages = [
            FinishedPage(visit.request.fingerprint, tuple(found), () if i in grounded else visit.found)
            for i, (visit, found) in enumerate(zip(visits, mentions, strict=True))
        ]
        pages[0] = replace(pages[0], health=row)
        added = store.finish(self.crawl.name, pages)
        self._visits = []
        self.health.append(row)
        self.done += len(pages)
        self.new += len(added.new)
        self.changed += len(added.changed)
        self.same += len(added.same)
        for page in pages:
            self._held.pop(page.fingerprint, None)
        if any(page.found for page in pages):
            self._dry_until = 0.0
            self._wake()
        self._report()

    def _mentions(self, visit: Visit, now: datetime) -> list[Mention]:
        items = visit.parsed.items
        if not items:
            return []
        raw = self.crawl.raw.put(visit.body, visit.url, now) if self.crawl.raw and visit.body else ""
        context = replace(self.crawl.context, raw=raw)
        found = []
        for item in items:
            try:
                found.append(to_mention(item, context, now))
            except (ValueError, OverflowError, RecursionError):
                log.exception("%s: an item of %s could not be kept", self.crawl.source.name, visit.url)
        return found

    # --- leasing
    def _refill(self) -> None:
        now = time.monotonic()
        if self.error or self._capped:
            return
        idle = len(self._held) - len(self._visits) <= self.crawl.source.concurrency // 2
        if self._visits and (idle or now - self._flushed_at >= STARVING_SECONDS):
            self.flush()
        if now < self._dry_until:
            return
        if self._left <= 0:
            self._capped = self.waiting() > len(self._held)
            return
        leased = self._lease(min(4 * self.crawl.source.concurrency, self._left))
        self._left -= len(leased)
        self._ready.extend(leased)
        if not leased:
            self._dry_until = now + RECHECK_SECONDS

    def _lease(self, n: int) -> list[FrontierRequest]:
        """What this process holds already and let expire is leased anew by the same call, and not fetched again."""
        leased = [
            request
            for request in self.crawl.store.lease(self.crawl.name, n, LEASE_SECONDS)
            if request.fingerprint not in self._held
        ]
        if leased:
            self._held.update((request.fingerprint, request) for request in leased)
            self.crawl.store.set_setting(self._orphans, json.dumps(list(self._held)))
        return leased

    @property
    def _orphans(self) -> str:
        return f"crawl.held.{self.crawl.name}"

    def _release_orphans(self) -> None:
        """Gives back what a killed run of this source held; its lock tells that it runs no more."""
        written = self.crawl.store.setting(self._orphans)
        if written:
            self.crawl.store.release(self.crawl.name, json.loads(written))

    # --- trouble
    def _answered(self, ask: Callable[[], T], otherwise: T) -> T:
        """What the store says, or `otherwise` when it is busy or gone; the latter stops the crawl."""
        try:
            return ask()
        except Busy as error:
            log.warning("%s: %s Trying again.", self.crawl.source.name, error)
            self._dry_until = time.monotonic() + RECHECK_SECONDS
        except FengpingError as error:
            self._stop(str(error))
        return otherwise

    def _stop(self, error: str) -> None:
        self.error = error
        log.error("%s: %s", self.crawl.source.name, error)
        self._wake()

    def _tell_of_cap(self) -> None:
        store, now = self.crawl.store, self.crawl.clock()
        row = self._tally.remark(f"stopped after max_pages = {self.crawl.source.max_pages}; more was waiting", now)
        store.add_health([row])
        self.health.append(row)
        store.forget(self.crawl.name)

    def _report(self) -> None:
        now = time.monotonic()
        if now - self._counted_at > COUNT_SECONDS:
            self._counted_at, self._open = now, self._answered(self.waiting, self._open)
        self._told(CrawlProgress(self.crawl.source.name, self.done, self._open, self.new, self.changed, self.same))
