"""The yardstick: a bare Scrapy spider with the same parser, writing dicts to JSONL. Arguments: address, file."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from scrapy import Request, Spider
from scrapy.crawler import CrawlerProcess
from scrapy.http import Response

from crawlers.parsers.reviews import parse_reviews


class Bare(Spider):
    """Parses, writes, follows."""

    name = "bare"

    def __init__(self, url: str, out: str, **kwargs: Any) -> None:
        super().__init__(start_urls=[url], **kwargs)
        self.out = Path(out).open("w", encoding="utf-8")  # noqa: SIM115 (open as long as the process)
        self.pages = 0

    def parse(self, response: Response, **kwargs: Any) -> Iterator[Request]:  # noqa: ARG002 (Scrapy's signature)
        parsed = parse_reviews(response.body, response.url)
        self.pages += 1
        for item in parsed.items:
            self.out.write(json.dumps(asdict(item), ensure_ascii=False) + "\n")
        for url in parsed.next_urls:
            yield Request(url)


def main() -> None:
    settings = {"CONCURRENT_REQUESTS": 16, "CONCURRENT_REQUESTS_PER_DOMAIN": 16, "LOG_LEVEL": "WARNING"}
    process = CrawlerProcess({**settings, "DOWNLOAD_DELAY": 0, "ROBOTSTXT_OBEY": False})
    crawler = process.create_crawler(Bare)
    process.crawl(crawler, url=sys.argv[1], out=sys.argv[2])
    begun = time.perf_counter()
    process.start()
    taken = time.perf_counter() - begun
    assert isinstance(crawler.spider, Bare)
    crawler.spider.out.close()
    sys.stdout.write(json.dumps({"pages": crawler.spider.pages, "seconds": taken}) + "\n")


if __name__ == "__main__":
    main()
