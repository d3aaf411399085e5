"""The message catalogue: every string a person sees, in 中文 and English."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from core.errors import ConfigError

FOLDER = Path(__file__).parent / "locale"
LANGUAGES = {"zh": "中文", "en": "English"}


@dataclass(frozen=True, slots=True)
class Words:
    """One language's strings; asking for one that is missing is a bug and says so."""

    language: str
    strings: Mapping[str, str]

    def __call__(self, key: str, **values: object) -> str:
        try:
            return self.strings[key].format(**values)
        except KeyError as error:
            raise ConfigError(
                f"dashboard/locale/{self.language}.toml has no string or place {error} for {key!r}."
            ) from error

    def or_plain(self, key: str, plain: str) -> str:
        """The string of a key made from a value (`polarity.negative`), or the value itself."""
        return self.strings.get(key, plain)


@cache
def words(language: str) -> Words:
    """The catalogue of a language ("zh" or "en")."""
    table = tomllib.loads((FOLDER / f"{language}.toml").read_text(encoding="utf-8"))
    return Words(language, dict(_flat(table)))


def _flat(table: Mapping[str, object], before: str = "") -> list[tuple[str, str]]:
    rows: list[tuple[str, str]] = []
    for key, value in table.items():
        rows += _flat(value, f"{before}{key}.") if isinstance(value, Mapping) else [(before + key, str(value))]
    return rows
