"""What every spider has in common: a request for a leased page, and a Visit for whatever becomes of it."""

from __future__ import annotations

import logging
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

from scrapy import Request, Spider
from scrapy.http import Response
from twisted.python.failure import Failure

from core.config import Source
from core.home import Home
from core.models import FrontierRequest, Kind
from crawlers.endings import ending
from crawlers.guard import Guard
from crawlers.ledger import Crawl, Ledger
from crawlers.parsers.decode import decoded, looks_binary
from crawlers.parsers.parsed import Parsed
from crawlers.visit import Trail, Visit, page_request

log = logging.getLogger(__name__)


class SourceSpider(Spider, ABC):
    """A spider over one source: subclasses say how a page is read, and little else."""

    kind: Kind = "review"
    """What its items are unless the source or the item says otherwise."""

    def __init__(self, crawl: Crawl, ledger: Ledger, guard: Guard, browser: Path | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.crawl = crawl
        self.ledger = ledger
        self.guard = guard
        self.browser = browser

    @classmethod
    def starts(cls, home: Home, source: Source) -> tuple[str, ...]:  # noqa: ARG003 (some need the home)
        """The start addresses of a source. Raises ConfigError when the source lacks what this spider needs."""
        return source.urls

    @classmethod
    def needs_browser(cls, home: Home, source: Source) -> bool:  # noqa: ARG003
        """Whether a source's pages draw themselves."""
        return False

    @abstractmethod
    def read(self, body: bytes | str, url: str) -> Parsed:
        """Reads one page; never raises on what it holds."""

    def meta(self, request: FrontierRequest) -> dict[str, Any]:  # noqa: ARG002 (spiders that need a browser use it)
        """What Scrapy must know of a request beyond its address."""
        return {}

    def follow(self, parsed: Parsed, trail: Trail) -> tuple[FrontierRequest, ...]:
        """The requests that a page leads to."""
        return tuple(page_request(url, trail) for url in parsed.next_urls)

    async def start(self) -> AsyncIterator[Any]:
        """Nothing: start addresses go through the frontier like every other page."""
        return
        yield

    def asked(self, request: FrontierRequest) -> Request:
        """The Scrapy request for a leased page."""
        meta = {"lease": request, **self.meta(request)}
        return Request(request.url, self.parse, meta=meta, errback=self.failed, dont_filter=True)

    def parse(self, response: Response, **kwargs: Any) -> Iterator[Visit]:  # noqa: ARG002 (Scrapy's signature)
        """The Visit of a page that came."""
        request: FrontierRequest = response.meta["lease"]
        if response.status >= 300:
            yield _refused_page(request, response.status)
            return
        try:
            parsed = self.read(_body(response), response.url)
            trail = Trail.from_meta(request.meta)
            found = self.follow(parsed, Trail(trail.subject, trail.all))
        except Exception as error:
            log.exception("%s: reading %s failed", self.crawl.source.name, response.url)
            note = f"{request.url}: the {self.name} spider could not read it ({type(error).__name__})"
            yield Visit(request, "failed", body=response.body, url=response.url, note=note, lasting=True)
            return
        yield Visit(request, "answered", parsed, found, response.body, response.url)

    def failed(self, failure: Failure) -> Iterator[Visit]:
        """The Visit of a page that did not come."""
        request: FrontierRequest = failure.request.meta["lease"]  # type: ignore[attr-defined]
        error = failure.value or RuntimeError("no reason was given")
        outcome, note, lasting = ending(error, failure.request.url)  # type: ignore[attr-defined]
        yield Visit(request, outcome, note=note, lasting=lasting)


def _refused_page(request: FrontierRequest, status: int) -> Visit:
    lasting = status in {400, 401, 403, 404, 405, 410, 451}
    return Visit(request, "failed", note=f"{request.url} answered {status}", lasting=lasting)


def _body(response: Response) -> bytes | str:
    """The body, decoded only where the header names a charset; parsers find out the rest themselves."""
    kind = (response.headers.get(b"Content-Type") or b"").decode("latin-1").lower()
    charset = kind.partition("charset=")[2].split(";")[0].strip(" \"'")
    if charset and charset not in {"utf-8", "utf8"} and not looks_binary(response.body):
        return decoded(response.body, charset)
    return response.body
