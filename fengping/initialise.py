"""Making a home: a folder and a fengping.toml that explains itself."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import tomlkit

from core.config import parse_project
from core.errors import HomeError, InputError
from core.home import Home
from nlp.lexicon import industries


@dataclass(frozen=True, slots=True)
class Wanted:
    """What `fengping init` was asked for."""

    name: str
    brands: tuple[str, ...]
    rivals: tuple[str, ...]
    industry: str
    timezone: str


EXPLAINED = """\
# One project of fengping. Every setting is explained in docs/configuration.md; a wrong one is named at start.
schema = 1
name = {name}
timezone = {timezone}          # days and weeks begin and end here
industry = {industry}          # which lexicon reads mentions of brands that name none

# contact = "you@example.com"   # goes into the crawler's user agent, so that a site can reach you

{brands}
# A source is crawled by `fengping up` every `every_minutes`. Spiders: reviews, recipe, feed.
# [[sources]]
# name = "shop"
# spider = "reviews"
# urls = ["https://shop.example/product/1"]
# brand = "…"
# own = false                    # true only for sites of your own: robots.txt is then not asked
"""

BRAND = """\
[[brands]]
name = {name}
own = {own}
industry = {industry}
aliases = []                    # other ways people write it
excludes = []                   # words around it that mean something else
"""


def initialise(path: Path | None, wanted: Wanted) -> Home:
    """Writes the home. Raises HomeError when there is one already, InputError for an unknown industry."""
    home = Home((path or Path("fengping-home")).expanduser().resolve())
    if home.config.exists():
        raise HomeError(f"{home.config} exists already; nothing was changed. Edit it, or choose another --home.")
    if wanted.industry not in industries():
        raise InputError(f"no industry is called {wanted.industry!r}; there are: {', '.join(industries())}.")
    text = toml_of(wanted)
    parse_project(text, str(home.config))
    for folder in (home.path, home.rules, home.lexicons, home.recipes, home.exports, home.logs):
        folder.mkdir(parents=True, exist_ok=True)
    home.config.write_text(text, encoding="utf-8")
    home.secret()
    return home


def toml_of(wanted: Wanted) -> str:
    """The text of a new fengping.toml."""
    named = [(n, True) for n in wanted.brands] + [(n, False) for n in wanted.rivals]
    blocks = [
        BRAND.format(name=_quoted(n), own=str(own).lower(), industry=_quoted(wanted.industry)) for n, own in named
    ]
    return EXPLAINED.format(
        name=_quoted(wanted.name),
        timezone=_quoted(wanted.timezone),
        industry=_quoted(wanted.industry),
        brands="\n".join(blocks) or '# [[brands]]\n# name = "…"\n# own = true\n',
    )


def _quoted(text: str) -> str:
    return tomlkit.item(text).as_string()
