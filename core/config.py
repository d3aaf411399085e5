"""fengping.toml: brands, products, sources, backends. Checked when loaded, so that nothing fails later for it."""

from __future__ import annotations

import hashlib
import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from core.errors import ConfigError

Name = Annotated[str, Field(min_length=1, max_length=80)]


class Strict(BaseModel):
    """Unknown keys are errors: a misspelt setting must not be silently ignored."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Product(Strict):
    """A product of a brand; `aliases` are other ways people write it."""

    name: Name
    aliases: tuple[str, ...] = ()


class Brand(Strict):
    """A brand to watch. `excludes` are contexts in which an alias means something else (苹果 in 苹果汁)."""

    name: Name
    own: bool = False
    industry: str = ""
    aliases: tuple[str, ...] = ()
    excludes: tuple[str, ...] = ()
    products: tuple[Product, ...] = ()


class Source(Strict):
    """Where mentions come from: a spider, its start addresses and how to be polite there."""

    name: Name
    spider: Name
    urls: tuple[str, ...] = ()
    recipe: str = ""
    brand: str = ""
    product: str = ""
    kind: Literal["review", "post", "comment", "article", "ticket"] | None = None
    timezone: str = ""
    own: bool = False
    allow_private: bool = False
    every_minutes: float = Field(default=60, ge=0, allow_inf_nan=False)
    timeout_seconds: float = Field(default=30, gt=0, le=600)
    retries: int = Field(default=2, ge=0, le=10)
    max_pages: int = Field(default=100_000, ge=1)
    concurrency: int = Field(default=8, ge=1, le=64)
    autothrottle: bool = True
    delay_seconds: float = Field(default=0, ge=0)
    silent_after_hours: float = Field(default=36, gt=0)


class Privacy(Strict):
    """How long raw pages stay, in days; 0 keeps none."""

    raw_days: int = Field(default=30, ge=0)


class Watch(Strict):
    """Where people are told: channels are names of notifiers with their address."""

    channels: dict[str, str] = Field(default_factory=dict)
    dashboard_url: str = ""


class ReadingRules(Strict):
    """How texts are read here. `sure`: from which probability on a side is named, where labels said so (else the
    program's own)."""

    sure: float | None = Field(default=None, ge=0.5, le=0.99)


class Project(Strict):
    """The whole of fengping.toml."""

    schema_version: int = Field(default=1, alias="schema")
    name: Name = "fengping"
    timezone: str = "Asia/Shanghai"
    industry: str = "general"
    store: str = "sqlite:///store.sqlite"
    index: str = "tantivy:///index"
    model: str = "s6"
    contact: str = ""
    brands: tuple[Brand, ...] = ()
    sources: tuple[Source, ...] = ()
    privacy: Privacy = Privacy()
    watch: Watch = Watch()
    reading: ReadingRules = ReadingRules()

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise ValueError(f"no time zone is called {value!r}; use a name such as Asia/Shanghai") from error
        return value

    @model_validator(mode="after")
    def _names_differ(self) -> Project:
        for what, names in (("brand", [b.name for b in self.brands]), ("source", [s.name for s in self.sources])):
            twice = {n for n in names if names.count(n) > 1}
            if twice:
                raise ValueError(f"two {what}s are called {sorted(twice)[0]!r}; each needs a name of its own")
        return self

    def brand(self, name: str) -> Brand | None:
        return next((b for b in self.brands if b.name == name), None)

    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    @property
    def own_brands(self) -> tuple[str, ...]:
        return tuple(b.name for b in self.brands if b.own)


def parse_project(text: str, place: str = "fengping.toml") -> Project:
    """Reads the text of a fengping.toml. Raises ConfigError with file, key and what is wrong."""
    try:
        table: dict[str, Any] = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{place} is not valid TOML: {error}. Mend that line and start again.") from error
    try:
        return Project.model_validate(table)
    except ValidationError as error:
        raise ConfigError(f"{place}: {_explain(error)}") from error


def load_project(path: Path) -> Project:
    """Reads and checks a fengping.toml. Raises ConfigError."""
    try:
        raw = path.read_bytes()
    except FileNotFoundError as error:
        raise ConfigError(f"{path} does not exist. `fengping init --home {path.parent}` makes one.") from error
    except OSError as error:
        raise ConfigError(f"{path} cannot be read: {error.strerror}.") from error
    try:
        return parse_project(raw.decode("utf-8-sig"), str(path))
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path} is not UTF-8 (byte {error.start}). Save it as UTF-8.") from error


def digest(path: Path) -> str:
    """Twelve hex digits of a file's content: a worker with another digest works on another project."""
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]


def _explain(error: ValidationError) -> str:
    lines = []
    for problem in error.errors():
        key = ".".join(str(part) for part in problem["loc"]) or "file"
        message = problem["msg"].removeprefix("Value error, ")
        if problem["type"] == "extra_forbidden":
            message = "no setting has this name; check its spelling"
        lines.append(f"{key}: {message}")
    return "; ".join(lines)
