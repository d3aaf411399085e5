"""Any page, read by a recipe; in a browser where the recipe asks for one."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from scrapy_playwright.page import PageMethod

from core.collected_mention import item_id
from core.config import Source
from core.errors import ConfigError
from core.home import Home
from core.models import FrontierRequest
from crawlers.base import SourceSpider
from crawlers.browser import NO_BROWSER, scroll
from crawlers.guard import Guard
from crawlers.ledger import Crawl, Ledger
from crawlers.parsers.parsed import Parsed
from crawlers.parsers.recipe import parse_fragments, parse_recipe
from crawlers.recipe import Recipe, load_recipe
from crawlers.visit import Trail


class Spider(SourceSpider):
    """The recipe's start addresses stand where the source names none."""

    name = "recipe"
    kind = "post"

    def __init__(self, crawl: Crawl, ledger: Ledger, guard: Guard, browser: Path | None = None, **kwargs: Any) -> None:
        super().__init__(crawl, ledger, guard, browser, **kwargs)
        self.recipe = recipe_of(crawl.home, crawl.source)

    @classmethod
    def starts(cls, home: Home, source: Source) -> tuple[str, ...]:
        return source.urls or recipe_of(home, source).start

    @classmethod
    def needs_browser(cls, home: Home, source: Source) -> bool:
        return recipe_of(home, source).browser

    def read(self, body: bytes | str, url: str) -> Parsed:
        return parse_recipe(body, url, self.recipe)

    def meta(self, request: FrontierRequest) -> dict[str, Any]:
        if not self.recipe.browser:
            return {}
        if self.browser is None:
            return {"no_browser": NO_BROWSER}
        milliseconds = self.crawl.source.timeout_seconds * 1000
        meta: dict[str, Any] = {
            "playwright": True,
            "playwright_page_goto_kwargs": {"wait_until": "load", "timeout": milliseconds},
            "autothrottle_dont_adjust_delay": True,
        }
        trail = Trail.from_meta(request.meta)
        if self.recipe.scroll is not None:
            known = None if trail.all else partial(self._known, url=request.url)
            rule = self.recipe.scroll
            meta["playwright_page_methods"] = [
                PageMethod(scroll, self.recipe.items, rule.patience_seconds, rule.most, known)
            ]
        return meta

    def _known(self, fragments: list[str], url: str) -> bool:
        """Whether every item of these is stored already."""
        items = parse_fragments(fragments, url, self.recipe)
        ids = [item_id(item, self.crawl.context, self.crawl.clock()) for item in items]
        return bool(ids) and self.crawl.store.known(ids).issuperset(ids)


def recipe_of(home: Home, source: Source) -> Recipe:
    """The recipe that a source names: a file in the home's `recipes`, or a path of its own. Raises ConfigError."""
    if not source.recipe:
        raise ConfigError(f'source {source.name!r} crawls by recipe but names none; add `recipe = "name.toml"` to it.')
    inside = home.recipes / source.recipe
    return load_recipe(inside if inside.exists() else Path(source.recipe).expanduser())
