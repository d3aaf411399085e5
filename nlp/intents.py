"""What the writer wants or threatens: a closed set of intents, told by cue words and the negations before them."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

from core.errors import ConfigError
from nlp.cues import Cue, CueFinder, spelt_out, written
from nlp.intent_head import IntentHead
from nlp.irony import ironic
from nlp.lexicon_file import read_toml
from nlp.segment import normalise
from nlp.terms import TermFinder

TABLE = Path(__file__).resolve().parent.parent / "lexicons" / "intents.toml"
_TOLD_BY_CUES = (
    "purchase", "repurchase", "churn", "complaint", "return_refund", "question", "recommendation",
    "suggestion", "safety", "legal_threat", "service_request", "rumour_claim", "praise",
)  # fmt: skip
INTENTS = (*_TOLD_BY_CUES, "irony")
"""Every intent there is; docs/lexicons.md says what each means."""


class _Shape(NamedTuple):
    """Words that are not listed one by one: tried only where one of `needs` stands in the text."""

    needs: TermFinder
    pattern: re.Pattern[str]


class _Cues:
    def __init__(self, cues: CueFinder, unless: dict[str, TermFinder], shapes: dict[str, _Shape]) -> None:
        self._cues, self._unless, self._shapes = cues, unless, shapes

    def intents(self, normal: str) -> set[str]:
        return {intent for intent, spans in self.places(normal).items() if self._stands(intent, spans, normal)}

    def places(self, normal: str) -> dict[str, list[tuple[int, int]]]:
        """Where the cues of each intent stand."""
        found: dict[str, list[tuple[int, int]]] = {}
        for intent, start, end in self._cues.find(normal):
            found.setdefault(intent, []).append((start, end))
        for intent, shape in self._shapes.items():
            if shape.needs.find(normal):
                found.setdefault(intent, []).extend(m.span() for m in shape.pattern.finditer(normal))
        return found

    def _stands(self, intent: str, spans: list[tuple[int, int]], normal: str) -> bool:
        """Whether a cue is left that lies in no phrase of `unless`."""
        finder = self._unless.get(intent)
        if finder is None:
            return bool(spans)
        covers = [(left, right) for _, left, right in finder.every(normal)]
        return any(not any(left < end and right > start for left, right in covers) for start, end in spans)


def intents(text: str, vector: bytes = b"", head: IntentHead | None = None) -> tuple[str, ...]:
    """The intents a text shows, in the order of `INTENTS`; () when it shows none.

    Cues tell some; the `head` of the encoder that gave the text its `vector` tells those said in other words.
    """
    normal = normalise(text)
    found = _shipped().intents(normal)
    if head is not None:
        found.update(head.told(vector, text))
    if ironic(normal):
        found.add("irony")
        found.discard("praise")  # what is meant otherwise praises nothing
    return tuple(intent for intent in INTENTS if intent in found)


def told_at(intent: str, normal: str) -> tuple[tuple[int, int], ...]:
    """Where the cues stand that tell an intent in a normalised text; none where it does not show it."""
    cues = _shipped()
    return tuple(cues.places(normal).get(intent, ())) if intent in cues.intents(normal) else ()


@cache
def _shipped() -> _Cues:
    table = read_toml(TABLE)
    unknown = set(table) ^ set(_TOLD_BY_CUES)
    if unknown:
        raise ConfigError(f"{TABLE}: {min(unknown)}: there is a table for each of {', '.join(_TOLD_BY_CUES)}.")
    cues = (
        cue
        for intent in _TOLD_BY_CUES
        for key in ("cues", "fixed")
        for line in table[intent].get(key, ())
        for cue in _cues_of(intent, line, key == "cues")
    )
    unless = {i: TermFinder(tuple(spelt_out(table[i]["unless"]))) for i in _TOLD_BY_CUES if table[i].get("unless")}
    shapes = {i: _shape(table[i]) for i in _TOLD_BY_CUES if table[i].get("patterns")}
    return _Cues(CueFinder(cues), unless, shapes)


def _cues_of(intent: str, line: str, negatable: bool) -> tuple[Cue, ...]:
    try:
        return tuple(written(intent, line, negatable))
    except ValueError as wrong:
        raise ConfigError(f"{TABLE}: {intent}: {wrong}") from None


def _shape(entry: dict[str, list[str]]) -> _Shape:
    return _Shape(TermFinder(entry["needs"]), re.compile("|".join(entry["patterns"])))
