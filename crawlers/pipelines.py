"""The end of the way: visits go into the books, which commit them in batches."""

from __future__ import annotations

from typing import Any

from scrapy.crawler import Crawler
from twisted.internet.task import LoopingCall

from crawlers.base import SourceSpider
from crawlers.visit import Visit

TICK_SECONDS = 0.05


class CommitPipeline:
    """Hands every Visit to the ledger of its spider, ticks it, and closes it last."""

    def __init__(self, spider: SourceSpider) -> None:
        self._ledger = spider.ledger
        self._spider = spider
        self._clock = LoopingCall(self._ledger.tick)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> CommitPipeline:
        if not isinstance(crawler.spider, SourceSpider):
            raise TypeError(f"{type(crawler.spider).__name__} is no SourceSpider: its items have no ledger to go to")
        return cls(crawler.spider)

    def open_spider(self) -> None:
        self._clock.start(TICK_SECONDS, now=False)

    def process_item(self, item: Any) -> Any:
        if isinstance(item, Visit):
            self._ledger.add(item)
        return item

    def close_spider(self) -> None:
        if self._clock.running:
            self._clock.stop()
        self._ledger.close()
