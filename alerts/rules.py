"""rules/*.toml: what is watched. Checked when loaded, so that nothing fails when it fires."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from pathlib import Path
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from core.errors import ConfigError, QueryError
from core.models import Rule
from index.query import parse

KINDS = ("negative_spike", "slow_burn", "rumour", "campaign", "silence")
HARM = '"召回" OR "自燃" OR "起火" OR "爆炸" OR "漏电" OR "致癌" OR recall OR recalled'
"""Words of which a handful in a day is news, however few they are beside all other complaints."""
DEFAULTS = (
    Rule("negative spike", "negative_spike", floor=5),
    Rule("recalls and dangers", "negative_spike", query=HARM, floor=4),
    Rule("slow burn", "slow_burn", floor=8),
    Rule("rumour", "rumour", floor=5),
    Rule("campaign", "campaign", floor=6),
    Rule("silent source", "silence"),
)
"""Watched when a home has no rules: every brand, every attribute, every source."""


class _Rule(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(min_length=1, max_length=80)
    kind: str
    brand: str = ""
    attribute: str = ""
    query: str = ""
    floor: int = Field(default=5, ge=1, le=100_000)
    sensitivity: float = Field(default=1.0, ge=0.2, le=3.0)
    cooldown_hours: int = Field(default=24, ge=1, le=24 * 90)
    channels: tuple[str, ...] = ()


def load_rules(folder: Path, channels: Sequence[str] | None = None) -> tuple[Rule, ...]:
    """Rules of every .toml file in a folder, by file name; the defaults where there are none.

    `channels` are the configured names (None: not checked). Raises ConfigError with file and key.
    """
    files = sorted(folder.glob("*.toml")) if folder.is_dir() else []
    rules = [(file, rule) for file in files for rule in _rules_of(file)]
    if not rules:
        return DEFAULTS
    _check_names(rules)
    for file, rule in rules:
        _check_channels(file, rule, channels)
    return tuple(rule for _, rule in rules)


def _rules_of(file: Path) -> list[Rule]:
    try:
        table = tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{file} is not valid TOML: {error}. Mend that line and start again.") from error
    except OSError as error:
        raise ConfigError(f"{file} cannot be read: {error.strerror}.") from error
    unknown = sorted(set(table) - {"rule"})
    if unknown or not isinstance(table.get("rule"), list):
        told = f"the key {unknown[0]!r} has no meaning" if unknown else "there is no rule"
        raise ConfigError(f"{file}: {told}. Each rule begins with a line [[rule]].")
    return [_rule(file, number, entry) for number, entry in enumerate(table["rule"])]


def _rule(file: Path, number: int, entry: object) -> Rule:
    place = f"{file}: rule[{number}]"
    try:
        checked = _Rule.model_validate(entry)
    except ValidationError as error:
        problem = error.errors()[0]
        key = ".".join(str(part) for part in problem["loc"])
        told = (
            "no setting has this name; check its spelling" if problem["type"] == "extra_forbidden" else problem["msg"]
        )
        raise ConfigError(f"{place}.{key}: {told}") from error
    if checked.kind not in KINDS:
        raise ConfigError(f"{place}.kind: {checked.kind!r} is not watched for; use one of {', '.join(KINDS)}.")
    if checked.query:
        try:
            parse(checked.query, ZoneInfo("UTC"))
        except QueryError as error:
            raise ConfigError(f"{place}.query: {error} (at character {error.position + 1})") from error
    return Rule(**checked.model_dump())


def _check_names(rules: Sequence[tuple[Path, Rule]]) -> None:
    seen: dict[str, Path] = {}
    for file, rule in rules:
        if rule.name in seen:
            raise ConfigError(
                f"{file}: a rule named {rule.name!r} is in {seen[rule.name]} too; each needs its own name."
            )
        seen[rule.name] = file


def _check_channels(file: Path, rule: Rule, channels: Sequence[str] | None) -> None:
    missing = [] if channels is None else [c for c in rule.channels if c not in channels]
    if missing:
        raise ConfigError(
            f"{file}: rule {rule.name!r} tells the channel {missing[0]!r}, but fengping.toml has no such entry "
            f"under [watch.channels] (there are: {', '.join(channels or ()) or 'none'})."
        )
