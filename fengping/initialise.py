"""Making a home: a folder and a fengping.toml that explains itself."""

from __future__ import annotations

import re
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
    new_industry: bool = False


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

NEW_LEXICON = """\
# The words of {industry}. What stands in the shipped lexicon `general` holds here too; this file adds to it, and takes
# from it with `remove` and `drop` (docs/lexicons.md). Import 200 reviews, then `fengping lexicon suggest`.
"""

_FILE_NAME = re.compile(r"\w[\w-]{0,39}")

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
    _check_industry(wanted)
    text = toml_of(wanted)
    parse_project(text, str(home.config))
    for folder in (home.path, home.rules, home.lexicons, home.recipes, home.exports, home.logs):
        folder.mkdir(parents=True, exist_ok=True)
    if wanted.new_industry:
        lexicon = home.lexicons / f"{wanted.industry}.toml"
        lexicon.write_text(NEW_LEXICON.format(industry=wanted.industry), encoding="utf-8")
    home.config.write_text(text, encoding="utf-8")
    home.secret()
    return home


def _check_industry(wanted: Wanted) -> None:
    """Raises InputError for an unknown industry that was not said to be new, and for a new one that cannot be."""
    known = wanted.industry in industries()
    if wanted.new_industry and (known or not _FILE_NAME.fullmatch(wanted.industry)):
        reason = "is shipped already; leave out --new-industry" if known else "cannot name a file; write letters and -_"
        raise InputError(f"the industry {wanted.industry!r} {reason}.")
    if not known and not wanted.new_industry:
        raise InputError(
            f"no industry is called {wanted.industry!r}; there are: {', '.join(industries())}. "
            "`--new-industry` starts one of your own from the words of general."
        )


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
