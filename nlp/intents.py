"""What the writer wants or threatens: a closed set of intents, told by cue words and the negations before them."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

from core.errors import ConfigError
from nlp.lexicon_file import read_toml
from nlp.segment import normalise
from nlp.terms import TermFinder

TABLE = Path(__file__).resolve().parent.parent / "lexicons" / "intents.toml"
INTENTS = (
    "purchase", "repurchase", "churn", "complaint", "return_refund", "question", "recommendation",
    "suggestion", "safety", "legal_threat", "service_request", "rumour_claim",
)  # fmt: skip
"""Every intent there is; docs/lexicons.md says what each means."""
GAP = "…"
"""In a cue it stands for up to `LONGEST_GAP` code points of the same sentence."""
LONGEST_GAP = 8

_STOP = re.compile(r"[。！？!?;；\n]")
_NEGATED = re.compile(
    r"(?:没有|没|不用|不需要|不必|不会|不|未|别|勿|无需|无须|免|拒绝|not|no|never|without|[a-z]n't|[a-z]nt)"
    r"(?:\s*[a-z]+\s*|\s+|[^，,。.、！？!?；;：:\s]{0,2})$"
)
_AFFIRMED = re.compile(
    r"(?:不得不|不能不|没办法|忍不住|要不是|没想到|不由得|不知道|不停|不断|不但|不仅|不光|不只|差点没)[^，,。]{0,2}$"
)
_LOOK_BACK = 16


class _Cue(NamedTuple):
    intent: str
    head: str
    tail: str
    negatable: bool


class _Cues:
    def __init__(self, cues: tuple[_Cue, ...], unless: dict[str, TermFinder]) -> None:
        self._cues = cues
        self._heads = TermFinder([cue.head for cue in cues])
        self._unless = unless

    def intents(self, normal: str) -> set[str]:
        found: dict[str, list[tuple[int, int]]] = {}
        for index, start, end in self._heads.every(normal):
            cue = self._cues[index]
            reach = _tail_end(normal, end, cue.tail)
            if reach and not (cue.negatable and _negated(normal, start)):
                found.setdefault(cue.intent, []).append((start, reach))
        return {intent for intent, spans in found.items() if self._stands(intent, spans, normal)}

    def _stands(self, intent: str, spans: list[tuple[int, int]], normal: str) -> bool:
        """Whether a cue is left that lies in no phrase of `unless`."""
        finder = self._unless.get(intent)
        if finder is None:
            return True
        covers = [(left, right) for _, left, right in finder.every(normal)]
        return any(not any(left < end and right > start for left, right in covers) for start, end in spans)


def intents(text: str) -> tuple[str, ...]:
    """The intents a text shows, in the order of `INTENTS`; () when it shows none."""
    found = _shipped().intents(normalise(text))
    return tuple(intent for intent in INTENTS if intent in found)


def _tail_end(normal: str, end: int, tail: str) -> int:
    """Where a cue ends whose tail follows after a gap; 0 when the tail does not follow."""
    if not tail:
        return end
    stop = _STOP.search(normal, end)
    limit = min(end + LONGEST_GAP + len(tail), stop.end() if stop else len(normal))
    place = normal.find(tail, end, limit)
    return place + len(tail) if place >= 0 else 0


def _negated(normal: str, start: int) -> bool:
    before = normal[max(0, start - _LOOK_BACK) : start]
    return _NEGATED.search(before) is not None and _AFFIRMED.search(before) is None


@cache
def _shipped() -> _Cues:
    table = read_toml(TABLE)
    unknown = set(table) ^ set(INTENTS)
    if unknown:
        raise ConfigError(f"{TABLE}: {sorted(unknown)[0]}: the intents are: {', '.join(INTENTS)}; each has its table.")
    cues = tuple(
        _cue(intent, written, key == "cues")
        for intent in INTENTS
        for key in ("cues", "fixed")
        for written in table[intent].get(key, ())
    )
    return _Cues(cues, {i: TermFinder(table[i]["unless"]) for i in INTENTS if table[i].get("unless")})


def _cue(intent: str, written: str, negatable: bool) -> _Cue:
    head, _, tail = normalise(written).partition(GAP)
    if not head or GAP in tail:
        raise ConfigError(f"{TABLE}: {intent}: {written!r}: a cue begins with a word and has at most one {GAP}.")
    return _Cue(intent, head, tail, negatable)
