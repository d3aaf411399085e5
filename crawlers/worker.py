"""The process that crawls: jobs come in as one JSON line, progress and outcomes go out as JSON lines."""

from __future__ import annotations

import json
import logging
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TextIO
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from scrapy import signals
from scrapy.crawler import Crawler, CrawlerProcess
from scrapy.settings import Settings
from scrapy.utils.reactor import install_reactor
from twisted.internet.task import LoopingCall
from twisted.python.failure import Failure

from core import plugins
from core.collected_mention import Context
from core.config import Source
from core.errors import ConfigError, FengpingError
from core.home import Home
from core.interfaces import Store
from core.models import SourceHealth
from crawlers.base import SourceSpider
from crawlers.browser import find_browser
from crawlers.guard import Guard
from crawlers.job import CrawlJob, SourceOutcome, job_from_json, outcome_to_json
from crawlers.ledger import Crawl, Ledger
from crawlers.lock import SourceLock
from crawlers.proxy import GuardedProxy
from crawlers.resolve import resolve
from crawlers.settings import DOWNLOAD_MAXSIZE, settings_for
from crawlers.tally import summed
from store import open_store
from store.raw import RawFolder

PARENT_SECONDS = 1.0
PROXY_BYTES = 4 * DOWNLOAD_MAXSIZE

Emit = Callable[[dict[str, Any]], None]

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Running:
    """A source on its way through this process."""

    ledger: Ledger
    lock: SourceLock
    error: str = ""

    def failed(self, failure: Failure) -> None:
        """Scrapy could not run the source at all."""
        log.error("%s: %s", self.ledger.crawl.source.name, failure.getTraceback())
        known = isinstance(failure.value, FengpingError)
        said = f"the crawl could not be run ({failure.getErrorMessage()}); see the crawl's log."
        self.error = str(failure.value) if known else said

    def outcome(self) -> SourceOutcome:
        ledger = self.ledger
        rows = summed(ledger.health)
        error = ledger.error or self.error or ("" if ledger.resumed else _unanswered(rows))
        return SourceOutcome(
            ledger.crawl.source.name, ledger.new, ledger.changed, ledger.same, ledger.done, rows, error
        )


def _unanswered(rows: Sequence[SourceHealth]) -> str:
    """A source that answered not once is an error, whatever each page said; "" otherwise."""
    asked, answered, refused = (sum(getattr(row, n) for row in rows) for n in ("asked", "answered", "refused"))
    if not asked or answered:
        return ""
    reasons = sorted({note for row in rows for note in row.notes})
    return f"none of {asked} pages was answered ({refused} refused): {'; '.join(reasons)}"


def main() -> int:
    """Crawls what stdin asks for; every source ends with an outcome line, whatever happens to the others."""
    logging.basicConfig(
        stream=sys.stderr, level=logging.WARNING, format="%(asctime)s %(name)s %(levelname)s %(message)s"
    )
    logging.disable(logging.INFO)  # Scrapy sets its own levels, and tells of every page and item
    out, sys.stdout = sys.stdout, sys.stderr
    jobs = [job_from_json(written) for written in json.loads(sys.stdin.readline())]
    crawl_all(jobs, lambda line: _emit(out, line))
    return 0


def crawl_all(jobs: Sequence[CrawlJob], emit: Emit) -> None:
    """Runs every job in one Scrapy process. Must be called once a process: Scrapy's reactor cannot be restarted."""
    install_reactor("twisted.internet.asyncioreactor.AsyncioSelectorReactor")
    process = CrawlerProcess(Settings({"LOG_INSTALL_ROOT_HANDLER": False}))
    stores: dict[str, Store] = {}
    running: list[Running] = []
    for job in jobs:
        try:
            running.append(_begun(process, job, stores, emit))
        except FengpingError as error:
            emit({"outcome": outcome_to_json(SourceOutcome(job.source.name, error=str(error)))})
    if running:
        _watch_parent(process)
        process.start()
    for source in running:
        emit({"outcome": outcome_to_json(source.outcome())})
        source.lock.drop()
    for store in stores.values():
        store.close()


def _begun(process: CrawlerProcess, job: CrawlJob, stores: dict[str, Store], emit: Emit) -> Running:
    """Sets a source going. Raises FengpingError when its configuration, lock or store does not let it."""
    source, home = job.source, Home(Path(job.home))
    kind = spider_class(source.spider)
    starts = _checked(source, kind.starts(home, source))
    browser = find_browser() if kind.needs_browser(home, source) else None
    crawl = _crawl(job, home, kind, starts, stores)
    lock = SourceLock(home.path, source.name)
    guard = Guard(resolve, starts if source.allow_private else ())
    proxy = GuardedProxy(guard, PROXY_BYTES) if browser else None
    crawler = Crawler(kind, settings_for(source, job.contact, browser, proxy.address if proxy else ""))
    ledger = Ledger(crawl, lambda progress: emit({"progress": asdict(progress)}), lambda: _wake(crawler))
    if proxy is not None:
        crawler.signals.connect(proxy.serve, signals.spider_opened, weak=False)
        crawler.signals.connect(proxy.close, signals.spider_closed, weak=False)
    running = Running(ledger, lock)
    process.crawl(crawler, crawl=crawl, ledger=ledger, guard=guard, browser=browser).addErrback(running.failed)
    return running


def spider_class(name: str) -> type[SourceSpider]:
    """The spider of that name. Raises ConfigError with the names there are."""
    found = plugins.load("crawlers.spiders", name, "Spider")
    if not (isinstance(found, type) and issubclass(found, SourceSpider)):
        raise ConfigError(f"crawlers.spiders.{name} has no class `Spider` derived from SourceSpider.")
    return found


def _checked(source: Source, starts: tuple[str, ...]) -> tuple[str, ...]:
    if not starts:
        raise ConfigError(f'source {source.name!r} has no addresses to start from; add `urls = ["https://…"]` to it.')
    for url in starts:
        if not url.startswith(("http://", "https://")):
            raise ConfigError(f"source {source.name!r}: {url!r} is no web address; begin it with https://")
    return starts


def _crawl(
    job: CrawlJob, home: Home, kind: type[SourceSpider], starts: tuple[str, ...], stores: dict[str, Store]
) -> Crawl:
    project, source = home.project(), job.source
    if job.home not in stores:
        stores[job.home] = open_store(home, project)
    now = datetime.now(UTC)
    context = Context(
        source=source.name,
        platform=source.spider,
        kind=source.kind or kind.kind,
        zone=_zone(source, job.timezone or project.timezone),
        secret=home.secret(),
        run=f"{now:%Y%m%dT%H%M%S}-{os.getpid()}",
        brand=source.brand,
        product=source.product,
    )
    raw = RawFolder(home.raw) if project.privacy.raw_days else None
    return Crawl(source, starts, job.full, stores[job.home], raw, context, lambda: datetime.now(UTC), home)


def _zone(source: Source, fallback: str) -> ZoneInfo:
    name = source.timezone or fallback
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise ConfigError(
            f"source {source.name!r}: no time zone is called {name!r}; use a name such as Asia/Shanghai."
        ) from error


def _wake(crawler: Crawler) -> None:
    """Lets Scrapy's engine ask the scheduler again; it has no public way to, and would do so every five seconds."""
    slot = crawler.engine._slot if crawler._engine else None
    if slot is not None and slot.closing is None:
        slot.nextcall.schedule()


def _watch_parent(process: CrawlerProcess) -> None:
    """A crawl whose program was killed ends by itself, and frees its locks."""
    parent = os.getppid()

    def look() -> None:
        if os.getppid() != parent:
            log.warning("the program that started this crawl is gone; stopping")
            watch.stop()
            process.stop()

    watch = LoopingCall(look)
    watch.start(PARENT_SECONDS, now=False)


def _emit(out: TextIO, line: dict[str, Any]) -> None:
    try:
        out.write(json.dumps(line, ensure_ascii=True) + "\n")
        out.flush()
    except BrokenPipeError:
        log.debug("nobody listens any more: %s", line)


if __name__ == "__main__":
    raise SystemExit(main())
