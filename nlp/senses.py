"""Decides whether a name that is also an everyday word is the brand where it stands: 苹果, the maker or the fruit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from core.errors import ConfigError
from core.models import Span
from nlp.lexicon_file import read_toml
from nlp.segment import normalise
from nlp.terms import TermFinder

TABLE = Path(__file__).resolve().parent.parent / "lexicons" / "ambiguous.toml"
WINDOW = 40
"""Code points on either side of a name in which other words may tell its sense."""
NEAR = 12
"""A word this close says more than one further away."""


@dataclass(frozen=True, slots=True)
class Sense:
    """What tells the senses of one name apart. `phrases` contain the name; `default` holds when nothing else tells."""

    name: str
    brand: tuple[str, ...]
    other: tuple[str, ...]
    brand_phrases: tuple[str, ...]
    other_phrases: tuple[str, ...]
    default: bool


class SenseTable:
    """The names that have another sense, ready to be asked."""

    def __init__(self, senses: Mapping[str, Sense]) -> None:
        self.names = frozenset(senses)
        self._judges = {name: _Judge(sense) for name, sense in senses.items()}

    def means_brand(self, name: str, text: str, span: Span) -> bool:
        """Whether the name standing at `span` of `text` is the brand. A name not in the table always is."""
        judge = self._judges.get(normalise(name))
        return judge is None or judge.means_brand(normalise(text), span)


class _Judge:
    def __init__(self, sense: Sense) -> None:
        self._default = sense.default
        words = [(w, 1) for w in sense.brand] + [(w, -1) for w in sense.other]
        phrases = [(p, 1) for p in sense.brand_phrases] + [(p, -1) for p in sense.other_phrases]
        self._word_signs, self._words = _signed(words)
        self._phrase_signs, self._phrases = _signed(phrases)

    def means_brand(self, normal: str, span: Span) -> bool:
        """A phrase around the name decides; else the words near it, nearer ones twice; else the default."""
        low, high = max(0, span.start - WINDOW), span.end + WINDOW
        window = normal[low:high]
        start, end = span.start - low, span.end - low
        if self._phrases is not None:
            around = [
                (right - left, self._phrase_signs[index])
                for index, left, right in self._phrases.every(window)
                if left <= start and right >= end
            ]
            if around:
                return max(around)[1] > 0
        weight = 0
        for index, left, right in self._words.find(window) if self._words is not None else ():
            if right <= start or left >= end:
                distance = start - right if right <= start else left - end
                weight += self._word_signs[index] * (2 if distance <= NEAR else 1)
        return weight > 0 or (weight == 0 and self._default)


def _signed(pairs: list[tuple[str, int]]) -> tuple[list[int], TermFinder | None]:
    return [sign for _, sign in pairs], TermFinder([word for word, _ in pairs]) if pairs else None


@cache
def shipped_senses() -> SenseTable:
    """The table in lexicons/ambiguous.toml. Raises ConfigError where it is wrong."""
    table = read_toml(TABLE)
    return SenseTable({normalise(name): _sense(name, entry) for name, entry in table.items()})


def _sense(name: str, entry: Any) -> Sense:
    keys = {"brand", "other", "brand_phrases", "other_phrases", "default"}
    if not isinstance(entry, dict) or set(entry) - keys:
        raise ConfigError(f"{TABLE}: {name}: write a table with {', '.join(sorted(keys))}.")
    if entry.get("default") not in ("brand", "other"):
        raise ConfigError(f'{TABLE}: {name}: default: write "brand" or "other".')
    lists = {key: tuple(entry.get(key, ())) for key in keys - {"default"}}
    for key in ("brand_phrases", "other_phrases"):
        strange = [phrase for phrase in lists[key] if normalise(name) not in normalise(phrase)]
        if strange:
            raise ConfigError(f"{TABLE}: {name}: {key}: {strange[0]!r} does not contain the name.")
    return Sense(name=name, default=entry["default"] == "brand", **lists)
