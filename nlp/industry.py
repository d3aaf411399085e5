"""Guesses from the text alone which industry it is about, so that the right lexicon reads it."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from core.errors import ConfigError
from nlp.lexicon import GENERAL, industries
from nlp.lexicon_file import read_toml
from nlp.segment import normalise
from nlp.terms import TermFinder

TABLE = Path(__file__).resolve().parent.parent / "lexicons" / "industries.toml"
_STRONG, _WEAK = 3, 1
_ENOUGH = 1
"""Points the best industry needs, and more than the next has; else the text is read with the general lexicon."""


class _Guesser:
    def __init__(self, cues: dict[str, tuple[str, int]]) -> None:
        self._meanings = tuple(cues.values())
        self._finder = TermFinder(tuple(cues))

    def points(self, text: str) -> dict[str, int]:
        """What each industry's words in the text are worth; a word counts once however often it stands there."""
        points: dict[str, int] = {}
        for index in {index for index, _, _ in self._finder.find(normalise(text))}:
            industry, worth = self._meanings[index]
            points[industry] = points.get(industry, 0) + worth
        return points


def guess_industry(text: str) -> str:
    """The industry whose words a text uses most clearly; `general` when none stands out."""
    points = _shipped().points(text)
    ranked = sorted(points.items(), key=lambda item: (-item[1], item[0]))
    if not ranked or ranked[0][1] < _ENOUGH:
        return GENERAL
    if len(ranked) > 1 and ranked[1][1] == ranked[0][1]:
        return GENERAL
    return ranked[0][0]


@cache
def _shipped() -> _Guesser:
    cues: dict[str, tuple[str, int]] = {}
    for industry, table in read_toml(TABLE).items():
        if industry not in industries():
            raise ConfigError(f"{TABLE}: {industry}: there is no such industry; there are: {', '.join(industries())}.")
        for key, worth in (("strong", _STRONG), ("weak", _WEAK)):
            for word in table.get(key, ()):
                known = cues.setdefault(normalise(word), (industry, worth))
                if known != (industry, worth):
                    raise ConfigError(
                        f"{TABLE}: {word!r} stands under {known[0]} and {industry}; a cue speaks for one."
                    )
    return _Guesser(cues)
