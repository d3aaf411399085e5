"""Reads lexicon files: tables of attributes, shipped or a home's own, checked so that an editor's slip is named."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from core.errors import ConfigError

LISTS = ("words", "within", "english", "positive", "negative")
NAMES = ("zh", "en")
FLAGS = ("thing",)
OVERLAY_KEYS = ("remove", "drop")


@dataclass(frozen=True, slots=True)
class Entry:
    """One attribute as its file writes it.

    `within` are terms believed only inside a longer aspect term; a `thing` gives way to what an opinion
    implies; `remove` and `drop` stand in a home's file only.
    """

    zh: str = ""
    en: str = ""
    words: tuple[str, ...] = ()
    within: tuple[str, ...] = ()
    english: tuple[str, ...] = ()
    positive: tuple[str, ...] = ()
    negative: tuple[str, ...] = ()
    thing: bool = False
    remove: tuple[str, ...] = ()
    drop: bool = False


@dataclass(frozen=True, slots=True)
class LexiconFile:
    """Attributes by path, in the order of the file; `ignore` are words in which a synonym means nothing."""

    zh: str = ""
    en: str = ""
    ignore: tuple[str, ...] = ()
    entries: Mapping[str, Entry] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class GeneralOpinions:
    """Words that judge without saying what."""

    positive: tuple[str, ...]
    negative: tuple[str, ...]


def read_toml(path: Path) -> dict[str, Any]:
    """The table of a TOML file. Raises ConfigError with the file and the line."""
    try:
        return tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path} is not valid TOML: {error}. Mend that line and start again.") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path} is not UTF-8 (byte {error.start}). Save it as UTF-8.") from error
    except OSError as error:
        raise ConfigError(f"{path} cannot be read: {error.strerror}.") from error


def read_lexicon(path: Path, overlay: bool = False) -> LexiconFile:
    """Reads one attributes file. Raises ConfigError naming file and key."""
    table = read_toml(path)
    entries: dict[str, Entry] = {}
    for key, value in table.items():
        if isinstance(value, dict):
            _collect(path, key, value, entries, overlay)
        elif key not in (*NAMES, "ignore"):
            raise ConfigError(f"{path}: {key}: not known here; attributes are tables such as [battery.charging].")
    return LexiconFile(
        zh=_text(path, "zh", table.get("zh", "")),
        en=_text(path, "en", table.get("en", "")),
        ignore=_words(path, "ignore", table.get("ignore", [])),
        entries=entries,
    )


def read_opinions(path: Path) -> GeneralOpinions:
    """Reads an opinions file: `positive` and `negative` lists. Raises ConfigError."""
    table = read_toml(path)
    for key in table:
        if key not in ("positive", "negative"):
            raise ConfigError(f"{path}: {key}: not known here; write `positive = [...]` and `negative = [...]`.")
    return GeneralOpinions(
        _words(path, "positive", table.get("positive", [])), _words(path, "negative", table.get("negative", []))
    )


def merged(base: LexiconFile, overlay: LexiconFile, place: Path) -> LexiconFile:
    """A home's file over the shipped one: adds words and attributes, removes or drops those it names."""
    entries = dict(base.entries)
    for path, change in overlay.entries.items():
        if change.drop:
            _drop(entries, path, place)
        elif path in entries:
            entries[path] = _changed(entries[path], change)
        elif change != Entry():
            entries[path] = change
    return LexiconFile(overlay.zh or base.zh, overlay.en or base.en, (*base.ignore, *overlay.ignore), entries)


def _drop(entries: dict[str, Entry], path: str, place: Path) -> None:
    doomed = [known for known in entries if known == path or known.startswith(f"{path}/")]
    if not doomed:
        raise ConfigError(f"{place}: {path}: there is no such attribute to drop; check its spelling.")
    for known in doomed:
        del entries[known]


def _changed(entry: Entry, change: Entry) -> Entry:
    removed = set(change.remove)
    lists = {
        name: tuple(word for word in getattr(entry, name) if word not in removed) + getattr(change, name)
        for name in LISTS
    }
    return replace(
        entry, zh=change.zh or entry.zh, en=change.en or entry.en, thing=change.thing or entry.thing, **lists
    )


def _collect(file: Path, path: str, table: dict[str, Any], entries: dict[str, Entry], overlay: bool) -> None:
    if path.count("/") > 1:
        raise ConfigError(f"{file}: {path}: attributes have two levels, such as [battery.charging].")
    allowed = (*NAMES, *LISTS, *FLAGS, *(OVERLAY_KEYS if overlay else ()))
    for key, value in table.items():
        if not isinstance(value, dict) and key not in allowed:
            raise ConfigError(f"{file}: {path}: {key}: not known here; there are: {', '.join(allowed)}.")
    entries[path] = _entry(file, path, table)
    for key, value in table.items():
        if isinstance(value, dict):
            _collect(file, f"{path}/{key}", value, entries, overlay)


def _entry(file: Path, path: str, table: dict[str, Any]) -> Entry:
    flags = {name: _flag(file, f"{path}: {name}", table.get(name, False)) for name in (*FLAGS, "drop")}
    names = {name: _text(file, f"{path}: {name}", table.get(name, "")) for name in NAMES}
    lists = {name: _words(file, f"{path}: {name}", table.get(name, [])) for name in (*LISTS, "remove")}
    return Entry(**flags, **names, **lists)  # type: ignore[arg-type]


def _flag(file: Path, key: str, value: object) -> bool:
    if not isinstance(value, bool):
        raise ConfigError(f"{file}: {key}: write `true` or `false`, found {value!r}.")
    return value


def _text(file: Path, key: str, value: object) -> str:
    if not isinstance(value, str):
        raise ConfigError(f"{file}: {key}: expected a name in quotes, found {value!r}.")
    return value


def _words(file: Path, key: str, value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(word, str) and word.strip() for word in value):
        raise ConfigError(f'{file}: {key}: expected a list of words in quotes, such as ["充电", "快充"].')
    return tuple(value)
