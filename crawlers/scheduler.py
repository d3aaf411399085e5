"""Scrapy's SCHEDULER over the frontier: a page is leased, and forgotten only once what came of it is committed."""

from __future__ import annotations

import heapq
from itertools import count
from typing import TYPE_CHECKING

from scrapy import Request, Spider
from scrapy.core.scheduler import BaseScheduler

from crawlers.base import SourceSpider
from crawlers.visit import Trail, Visit, page_request

if TYPE_CHECKING:
    from twisted.internet.defer import Deferred


class FrontierScheduler(BaseScheduler):
    """Retries and redirects of a leased page stay in memory, under its lease; all other requests go to the frontier."""

    def __init__(self) -> None:
        self._again: list[tuple[int, int, Request]] = []
        self._order = count()
        self._spider: SourceSpider

    def open(self, spider: Spider) -> Deferred[None] | None:
        if not isinstance(spider, SourceSpider):
            raise TypeError(f"{type(spider).__name__} is no SourceSpider: it has no frontier to take requests from")
        self._spider = spider
        spider.ledger.open()
        return None

    def close(self, reason: str) -> Deferred[None] | None:
        """The pipeline closes the books: after this, items may still be on their way."""

    def has_pending_requests(self) -> bool:
        return bool(self._again) or self._spider.ledger.pending()

    def enqueue_request(self, request: Request) -> bool:
        if "lease" in request.meta:
            heapq.heappush(self._again, (-request.priority, next(self._order), request))
            return True
        crawl = self._spider.crawl
        trail = Trail(crawl.starts[0] if crawl.starts else request.url, crawl.full)
        return crawl.store.push(crawl.name, [page_request(request.url, trail, priority=request.priority)]) == 1

    def next_request(self) -> Request | None:
        if self._again:
            return heapq.heappop(self._again)[2]
        while (leased := self._spider.ledger.next()) is not None:
            try:
                return self._spider.asked(leased)
            except ValueError as error:
                note = f"{leased.url} is no address that can be asked for ({error})"
                self._spider.ledger.add(Visit(leased, "failed", note=note, lasting=True))
        return None
