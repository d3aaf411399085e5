"""What is left out of the log: pages and items. What people wrote belongs in the store."""

from __future__ import annotations

from typing import Any

from scrapy.logformatter import LogFormatter


class QuietFormatter(LogFormatter):
    """Scrapy's own, silent about what went well."""

    def crawled(self, *_: Any, **__: Any) -> None:
        return None

    def scraped(self, *_: Any, **__: Any) -> None:
        return None
