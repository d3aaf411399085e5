"""The home of the demo: brands, sources and the recipe with which the ordinary spiders crawl the demo sites."""

from __future__ import annotations

from collections.abc import Iterable

import tomlkit
from tomlkit.items import Table

from core.config import parse_project
from core.home import Home
from fengping.demo.market import MarketBrand, market
from fengping.demo.sites import Sites

TIMEOUT_SECONDS, RETRIES = 5, 1
RECIPE = "microblog.toml"
_RECIPE = """\
# The demo's microblog: a script draws the posts, more of them as one scrolls down.
kind = "post"
items = "article.post"
browser = true

[scroll]
patience_seconds = 2.5
most = 2000

[page]
brand = "h1 .brand"

[fields]
text = "div.text"
native_id = "xpath:./@data-id"
parent_native_id = "xpath:./@data-parent"
author = "b.author"
author_followers = "xpath:./@data-followers"
date = "xpath:.//time/@datetime"
region = "span.region"
url = "xpath:.//a[@class='permalink']/@href"
likes = "span.likes"
replies = "span.replies"
shares = "span.shares"
views = "span.views"
"""


def write_demo_home(home: Home, sites: Sites) -> None:
    """Writes fengping.toml and recipes/microblog.toml for the sites; what else is in the home stays.

    Raises ConfigError should the result not be a project.
    """
    text = project_toml(sites)
    parse_project(text, str(home.config))
    for folder in (home.path, home.rules, home.lexicons, home.recipes, home.exports, home.logs):
        folder.mkdir(parents=True, exist_ok=True)
    if sites.microblog:
        (home.recipes / RECIPE).write_text(_RECIPE, encoding="utf-8")
    home.config.write_text(text, encoding="utf-8")
    home.secret()


def project_toml(sites: Sites) -> str:
    """The text of the demo's fengping.toml: the whole world, or only the shop of a file."""
    document = tomlkit.document()
    document.add(tomlkit.comment("The demo world. Its sites are our own and on this machine."))
    document["schema"] = 1
    document["name"] = "demo"
    document["timezone"] = "Asia/Shanghai"
    document["industry"] = "electronics" if sites.microblog else "general"
    document["contact"] = "demo@localhost"
    if sites.microblog:
        document["brands"] = _tables(_brand(b) for b in market())
        document["sources"] = _tables(_world_sources(sites))
    else:
        document["sources"] = _tables([_source("shop", "reviews", [f"{sites.shop}/"], every=60)])
    return tomlkit.dumps(document)


def _world_sources(sites: Sites) -> list[Table]:
    topics = [f"{sites.microblog}/topic/{b.slug}" for b in market()]
    outlet = _source("outlet", "reviews", [f"{sites.shop}/outlet/"], every=30)
    outlet["own"] = tomlkit.item(False).comment("another's corner of the shop: robots.txt is obeyed there")
    microblog = _source("microblog", "recipe", topics, every=0.5)
    microblog["recipe"] = RECIPE
    return [
        _source("shop", "reviews", [f"{sites.shop}/"], every=0),
        microblog,
        _source("forum", "feed", [f"{sites.forum}/feed.atom"], every=0),
        outlet,
    ]


def _source(name: str, spider: str, urls: list[str], every: float) -> Table:
    table = tomlkit.table()
    table["name"] = name
    table["spider"] = spider
    table["urls"] = urls
    table["timezone"] = "Asia/Shanghai"
    table["own"] = True
    table["allow_private"] = True
    table["every_minutes"] = every
    table["timeout_seconds"] = TIMEOUT_SECONDS
    table["retries"] = RETRIES
    table["autothrottle"] = False
    return table


def _brand(brand: MarketBrand) -> Table:
    table = tomlkit.table()
    table["name"] = brand.name
    table["own"] = brand.own
    table["industry"] = "electronics"
    table["aliases"] = list(brand.aliases)
    table["excludes"] = list(brand.excludes)
    products = tomlkit.aot()
    for product in brand.products:
        entry = tomlkit.table()
        entry["name"] = product.name
        entry["aliases"] = list(product.aliases)
        products.append(entry)
    table["products"] = products
    return table


def _tables(tables: Iterable[Table]) -> tomlkit.items.AoT:
    found = tomlkit.aot()
    for table in tables:
        found.append(table)
    return found
