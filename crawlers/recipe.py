"""Recipes: how to read a site that describes itself to nobody. TOML, checked whole when loaded."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal, get_args

from cssselect import SelectorError
from lxml import etree  # type: ignore[import-untyped]
from parsel.csstranslator import HTMLTranslator
from pydantic import Field, ValidationError, field_validator, model_validator

from core.config import Strict
from core.errors import ConfigError

FieldName = Literal[
    "text", "title", "native_id", "parent_native_id", "url", "product_url", "author", "author_followers", "date",
    "rating", "rating_low", "rating_high", "likes", "replies", "shares", "views", "brand", "product", "region",
    "images",
]  # fmt: skip
FIELDS: tuple[str, ...] = get_args(FieldName)


_XPATH = re.compile(
    r"^(?:/|\.(?:/|\.|$)|\(|@|(?:ancestor|attribute|child|descendant|following|parent|preceding|self)[a-z-]*::)"
)


def xpath_of(selector: str) -> str:
    """The XPath of a selector, which is CSS unless it begins like an XPath or with `xpath:`. Raises ValueError."""
    written = selector.removeprefix("xpath:").strip()
    if written != selector or _XPATH.match(written):
        path = written
    else:
        try:
            path = HTMLTranslator().css_to_xpath(selector.removeprefix("css:").strip())
        except SelectorError as error:
            raise ValueError(f"{selector!r} is no CSS selector: {error}") from error
    try:
        etree.XPath(path, namespaces={"re": "http://exslt.org/regular-expressions"})
    except etree.XPathError as error:
        raise ValueError(f"{selector!r} is no XPath: {error}") from error
    return path


class Rule(Strict):
    """Where a value stands: a selector, a pattern whose first group (or whole) is kept, or a fixed value."""

    select: str = ""
    pattern: str = ""
    value: str = ""

    @field_validator("select")
    @classmethod
    def _can_select(cls, written: str) -> str:
        return xpath_of(written) if written else ""

    @field_validator("pattern")
    @classmethod
    def _can_match(cls, written: str) -> str:
        try:
            re.compile(written)
        except re.error as error:
            raise ValueError(f"{written!r} is no regular expression: {error}") from error
        return written

    @model_validator(mode="after")
    def _says_something(self) -> Rule:
        if bool(self.select) == bool(self.value):
            raise ValueError("give either `select` or `value`")
        return self


class Scroll(Strict):
    """How to scroll a page that loads as one goes down: until nothing new comes for `patience_seconds`."""

    patience_seconds: float = Field(default=2, gt=0, le=60)
    most: int = Field(default=500, ge=1, le=10_000)


class Recipe(Strict):
    """One site's reading. `items` picks the elements that are one item each; field selectors start inside them."""

    start: tuple[str, ...] = ()
    kind: Literal["review", "post", "comment", "article", "ticket"] | None = None
    items: str
    fields: dict[FieldName, Rule]
    page: dict[FieldName, Rule] = Field(default_factory=dict)
    next: str = ""
    links: str = ""
    browser: bool = False
    scroll: Scroll | None = None

    @field_validator("items", "next", "links")
    @classmethod
    def _can_select(cls, written: str) -> str:
        return xpath_of(written) if written else ""

    @field_validator("fields", "page", mode="before")
    @classmethod
    def _short_forms(cls, written: Any) -> Any:
        """`text = ".body"` is short for `text = { select = ".body" }`."""
        if not isinstance(written, dict):
            return written
        return {name: {"select": rule} if isinstance(rule, str) else rule for name, rule in written.items()}

    @field_validator("start")
    @classmethod
    def _addresses(cls, written: tuple[str, ...]) -> tuple[str, ...]:
        for url in written:
            if not url.startswith(("http://", "https://")):
                raise ValueError(f"{url!r} is no web address; begin it with https://")
        return written

    @model_validator(mode="after")
    def _complete(self) -> Recipe:
        if not self.items:
            raise ValueError("`items` is empty; give the selector of one item")
        if "text" not in self.fields:
            raise ValueError("`fields.text` is missing; say where an item's text stands")
        if self.scroll is not None and not self.browser:
            raise ValueError("`scroll` needs a browser; add `browser = true`")
        return self


def parse_recipe_file(text: str, place: str) -> Recipe:
    """Reads a recipe. Raises ConfigError naming the file, the key and what is wrong with it."""
    try:
        return Recipe.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{place} is not valid TOML: {error}. Mend that line and start again.") from error
    except ValidationError as error:
        raise ConfigError(f"{place}: {'; '.join(_explained(error))}.") from error


def load_recipe(path: Path) -> Recipe:
    """Reads a recipe file. Raises ConfigError."""
    try:
        return parse_recipe_file(path.read_text(encoding="utf-8-sig"), str(path))
    except FileNotFoundError as error:
        raise ConfigError(f"there is no recipe {path}; put it there, or mend `recipe` of the source.") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path} is not UTF-8 (byte {error.start}). Save it as UTF-8.") from error
    except OSError as error:
        raise ConfigError(f"{path} cannot be read: {error.strerror}.") from error


def _explained(error: ValidationError) -> Iterator[str]:
    for problem in error.errors():
        key = ".".join(str(part) for part in problem["loc"] if part != "[key]") or "recipe"
        message = problem["msg"].removeprefix("Value error, ")
        if problem["type"] == "literal_error" and problem["loc"][-1] == "[key]":
            message = f"no field has this name; there are: {', '.join(FIELDS)}"
        elif problem["type"] == "extra_forbidden":
            message = "no setting has this name; check its spelling"
        yield f"{key}: {message}"
