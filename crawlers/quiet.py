"""What is left out of the log: pages and items. What people wrote belongs in the store."""

from __future__ import annotations

from typing import Any

from scrapy.logformatter import LogFormatter


class QuietFormatter(LogFormatter):
    """Scrapy's own, silent about what went well: it takes None for nothing to say."""

    def crawled(self, *_: Any) -> None:  # type: ignore[override]
        return None

    def scraped(self, *_: Any) -> None:  # type: ignore[override]
        return None
