"""Sentences and what must be read from them: tests/cases/reading, whose README has the few words of the notation."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from core.config import Brand, Product, Project
from core.models import Comparison, Opinion, Reading

FOLDER = Path(__file__).resolve().parent.parent / "cases" / "reading"
BRANDS = (
    Brand(name="青禾", own=True, aliases=("Qinghe",), products=(Product(name="青禾Q3", aliases=("Q3",)),)),
    Brand(
        name="云岫",
        aliases=("Yunxiu",),
        products=(Product(name="云岫V1", aliases=("V1",)), Product(name="云岫S7", aliases=("S7",))),
    ),
    Brand(name="北辰"),
)
PAGE = "青禾"
"""The brand on whose page every sentence stands."""
_SIDES = {"+": "positive", "-": "negative", "0": "neutral", "?": "unsure"}
_RESULT = re.compile(r"(\S+) ([>=]) (\S+)(?: (\S+))?")
_OPINION = re.compile(r"(?:(\S+?): )?(?:([a-z][a-z_/]*) )?([+-])")


@dataclass(frozen=True, slots=True)
class Case:
    """`known_wrong` says why it is read wrongly, "" where it is read rightly."""

    phenomenon: str
    industry: str
    text: str
    expected: tuple[str, ...]
    known_wrong: str

    @property
    def name(self) -> str:
        return f"{self.phenomenon}/{self.industry}: {self.text}"


def project(industry: str) -> Project:
    """The world of the sentences: three makers, the first our own."""
    return Project(industry=industry, brands=BRANDS)


def cases() -> tuple[Case, ...]:
    """All of them, by folder and file, in the order written. Raises ValueError where a file is wrong."""
    return tuple(case for place in sorted(FOLDER.glob("*/*.toml")) for case in _read(place))


def _read(place: Path) -> Iterator[Case]:
    table = tomllib.loads(place.read_text(encoding="utf-8"))
    wrong: dict[str, str] = table.get("known_wrong", {})
    sentences: dict[str, str] = table["sentences"]
    if strange := set(wrong) - set(sentences):
        raise ValueError(f"{place}: known_wrong: {min(strange)!r} is no sentence of this file.")
    for text, expected in sentences.items():
        parts = tuple(part.strip() for part in expected.split(";"))
        yield Case(place.parent.name, place.stem, text, parts, wrong.get(text, ""))


def failures(case: Case, reading: Reading) -> list[str]:
    """What was expected and is not so, in the words of the case."""
    return [part for part in case.expected if not any(_holds(one, case.text, reading) for one in part.split(" or "))]


def _holds(expected: str, text: str, reading: Reading) -> bool:
    word, _, rest = expected.partition(" ")
    if expected in _SIDES:
        return _leans(reading) == _SIDES[expected] or reading.polarity == _SIDES[expected]
    if word == "no":
        return not _is_said(rest, text, reading)
    return _is_said(expected, text, reading)


def _leans(reading: Reading) -> str:
    """The side named, or that to which the score leans where the reader is unsure."""
    if reading.polarity != "unsure":
        return reading.polarity
    return "positive" if reading.score > 0 else "negative"


def _is_said(expected: str, text: str, reading: Reading) -> bool:
    word, _, rest = expected.partition(" ")
    if word == "intent":
        return rest in reading.intents
    if word == "said":
        return any(rest in span.of(text) for o in reading.opinions for span in (o.aspect, o.opinion) if span)
    if result := _RESULT.fullmatch(expected):
        return any(_came_out(c, *result.groups()) for c in reading.comparisons)
    opinion = _OPINION.fullmatch(expected)
    if opinion is None:
        raise ValueError(f"{expected!r} is not in the notation of tests/cases/reading/README.md.")
    target, attribute, sign = opinion.groups()
    return any(_is_about(o, target, attribute, _SIDES[sign]) for o in reading.opinions)


def _is_about(opinion: Opinion, target: str | None, attribute: str | None, side: str) -> bool:
    if opinion.polarity != side or (target and opinion.target != target):
        return False
    return _below(opinion.attribute, attribute)


def _below(path: str, attribute: str | None) -> bool:
    return attribute is None or path == attribute or path.startswith(f"{attribute}/")


def _came_out(comparison: Comparison, first: str, sign: str, second: str, attribute: str | None) -> bool:
    sides = (comparison.winner, comparison.loser)
    if sign == "=":
        return comparison.preference == "equal" and sorted(sides) == sorted((first, second))
    won = comparison.preference in ("better", "worse") and sides == (first, second)
    return won and _below(comparison.attribute, attribute)
