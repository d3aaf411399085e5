"""RSS, Atom and JSON feeds."""

from __future__ import annotations

from crawlers.base import SourceSpider
from crawlers.parsers.feed import parse_feed
from crawlers.parsers.parsed import Parsed


class Spider(SourceSpider):
    """Reads a feed, and its archive where it names one."""

    name = "feed"
    kind = "post"

    def read(self, body: bytes | str, url: str) -> Parsed:
        return parse_feed(body, url)
