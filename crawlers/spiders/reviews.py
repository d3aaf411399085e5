"""Any shop or review page that describes its reviews with schema.org."""

from __future__ import annotations

from crawlers.base import SourceSpider
from crawlers.parsers.parsed import Parsed
from crawlers.parsers.reviews import parse_reviews


class Spider(SourceSpider):
    """Follows the pages of a product's reviews, and the products of an index."""

    name = "reviews"
    kind = "review"

    def read(self, body: bytes | str, url: str) -> Parsed:
        return parse_reviews(body, url)
