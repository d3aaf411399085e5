"""What attributes of the taxonomy are called in another label set: the tables of lexicons/crosswalks.toml."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from functools import cache
from typing import Any

from core.errors import ConfigError
from nlp.lexicon import OVERALL, SHIPPED
from nlp.lexicon_file import read_toml
from nlp.segment import normalise
from nlp.terms import TermFinder

TABLE = SHIPPED / "crosswalks.toml"
_LISTS = ("paths", "words", "otherwise")


class Crosswalk:
    """One label set. `labels` are its names in the order of the file."""

    def __init__(self, name: str, table: dict[str, Any]) -> None:
        self.rest = str(table.get("rest", ""))
        entries = {label: entry for label, entry in table.items() if isinstance(entry, dict)}
        for label, entry in entries.items():
            if wrong := set(entry) - {*_LISTS, "always"}:
                raise ConfigError(f"{TABLE}: {name}: {label}: {min(wrong)}: there are {', '.join(_LISTS)} and always.")
        self.labels = (*entries, self.rest) if self.rest else tuple(entries)
        self._always = frozenset(label for label, entry in entries.items() if entry.get("always"))
        self._paths = _turned(entries, "paths")
        self._words = _Words(_turned(entries, "words"))
        self._otherwise = _Words(_turned(entries, "otherwise"))

    def all_of(self, text: str, paths: Iterable[str]) -> frozenset[str]:
        """Every label of a text whose attributes are `paths`."""
        normal = normalise(text)
        found = {
            *self._always,
            *self._words.labels(normal),
            *(label for path in paths for label in self._of_path(path)),
        }
        return frozenset(found)

    def one_of(self, text: str, paths: Collection[str]) -> str:
        """The label of a clause: by the table's words, its most telling attribute, its other words, or the rest."""
        normal = normalise(text)
        telling = [p for p in paths if p and p != OVERALL]
        choices = (
            *self._words.labels(normal),
            *(label for path in telling for label in self._of_path(path)),
            *self._otherwise.labels(normal),
            *(label for path in paths for label in self._of_path(path)),
        )
        return next(iter(choices), self.rest)

    def _of_path(self, path: str) -> tuple[str, ...]:
        return self._paths.get(path) or self._paths.get(path.partition("/")[0], ())


class _Words:
    def __init__(self, labels: dict[str, tuple[str, ...]]) -> None:
        self._finder = TermFinder(tuple(labels))
        self._labels = tuple(labels.values())

    def labels(self, normal: str) -> list[str]:
        """The labels of the words in a text, in the order of the words."""
        return [label for index, _, _ in self._finder.find(normal) for label in self._labels[index]]


@cache
def crosswalk(name: str) -> Crosswalk:
    """The shipped table for a label set (`jd`, `aic`). Raises ConfigError for another, and for a wrong table."""
    tables = read_toml(TABLE)
    if name not in tables:
        raise ConfigError(f"{TABLE}: there is no set called {name!r}; there are: {', '.join(tables)}.")
    return Crosswalk(name, tables[name])


def _turned(entries: dict[str, dict[str, Any]], key: str) -> dict[str, tuple[str, ...]]:
    """What is listed -> its labels, in the order of the file."""
    found: dict[str, tuple[str, ...]] = {}
    for label, entry in entries.items():
        for item in entry.get(key, ()):
            found[item] = (*found.get(item, ()), label)
    return found
