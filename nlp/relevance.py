"""Whether a mention is about what is watched: default reviews, lotteries, advertisements and other senses are not."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from core.errors import ConfigError
from core.models import RelevanceReason, Span
from nlp.brands import BrandHit
from nlp.lexicon_file import read_toml
from nlp.segment import normalise
from nlp.senses import shipped_senses
from nlp.terms import TermFinder

TABLE = Path(__file__).resolve().parent.parent / "lexicons" / "relevance.toml"
_KINDS = ("default_review", "filler", "lottery", "advertisement", "off_topic")
_SAID = re.compile(r"[^\W_]")
_MARKS = re.compile(r"[\W_]+")
_EMOTICON = re.compile(r"\[[^\[\]\s]{1,6}\]")
"""How sites write their own emoticons: [赞], [doge]."""
_ONE_SIGN = re.compile(r"(.)\1{3,}")
_SHARE = 0.6
"""A default review is one whose text is at least this much the platform's phrase."""
_ENOUGH = 2
"""Points at which a text is a lottery or an advertisement; a strong cue alone has them."""


@dataclass(frozen=True, slots=True)
class Relevance:
    """`score` 0-1; below `core.models.RELEVANT` a mention is not counted, and `reason` says why."""

    score: float
    reason: RelevanceReason = ""


@dataclass(frozen=True, slots=True)
class _Cues:
    strong: TermFinder
    weak: TermFinder
    against: TermFinder
    whole: frozenset[str]
    patterns: tuple[re.Pattern[str], ...]
    telling: TermFinder
    """Strong and weak cues together."""
    pattern: re.Pattern[str] | None
    """All patterns as one."""

    def points(self, normal: str) -> int:
        """Two for each different strong cue, one for each weak one or pattern, two off for each that speaks against.

        0 where no cue or pattern speaks for it, as of most texts: those are searched once for all of them.
        """
        if not self.telling.touches(normal) and (self.pattern is None or not self.pattern.search(normal)):
            return 0
        total = 0
        for finder, worth in ((self.strong, 2), (self.weak, 1), (self.against, -2)):
            total += worth * len({index for index, _, _ in finder.find(normal)})
        return total + sum(bool(pattern.search(normal)) for pattern in self.patterns)


def relevance(
    text: str,
    title: str = "",
    hits: Sequence[BrandHit] = (),
    rating: float | None = None,
    expected_brand: str = "",
    rejected: Sequence[BrandHit] = (),
    watched: bool = False,
    passing: bool = False,
) -> Relevance:
    """How far a mention is about what is watched. Pure.

    `hits` and `rejected` are `BrandMatcher.find` and `.other_meanings` of title and text, `rating` is 0-1,
    `expected_brand` the brand of the page it stands on; `watched` says that it was found by searching for the
    brands, so it should name one; `passing` that it names them only as a tag, or says so itself, and tells nothing
    of them (`nlp.passing`).
    """
    normal = normalise(f"{title}\n{text}" if title else text)
    said = _MARKS.sub("", normal)
    return (
        _nothing_said(normal, said, rating)
        or _cued(normal)
        or _wrong_subject(normal, hits, rejected, expected_brand, watched)
        or (Relevance(0.2, "off_topic") if passing else None)
        or Relevance(1.0)
    )


def _nothing_said(normal: str, said: str, rating: float | None) -> Relevance | None:
    if not _SAID.search(normal):
        return Relevance(0.1 if normal.strip() else 0.0, "empty")
    once = _ONE_SIGN.sub(r"\1", said)
    if _share(once, "default_review") >= _SHARE:
        low = rating is not None and rating < 0.5  # a platform's default is always good: this one chose the stars
        return Relevance(0.1, "empty" if low else "default_review")
    plain = _MARKS.sub("", _EMOTICON.sub("", normal)) if "[" in normal else said
    if not plain or plain in _shipped()["filler"].whole or plain.isdecimal():
        return Relevance(0.1, "empty")
    if (len(said) >= 4 and len(set(said)) == 1) or _share(once, "filler") >= _SHARE:
        return Relevance(0.1, "empty")
    return None


def _share(once: str, kind: str) -> float:
    """How much of a text, in which repeated signs are taken once, the phrases of a kind make up."""
    return sum(end - start for _, start, end in _shipped()[kind].strong.find(once)) / len(once)


def _cued(normal: str) -> Relevance | None:
    table = _shipped()
    lottery, advertisement = table["lottery"].points(normal), table["advertisement"].points(normal)
    if lottery >= _ENOUGH and lottery >= advertisement:
        return Relevance(0.1, "lottery")
    return Relevance(0.1, "advertisement") if advertisement >= _ENOUGH else None


def _wrong_subject(
    normal: str, hits: Sequence[BrandHit], rejected: Sequence[BrandHit], expected: str, watched: bool
) -> Relevance | None:
    if hits:
        return None
    if rejected or _in_another_sense(normal, expected):
        return Relevance(0.1, "other_meaning")
    if watched and not expected:
        return Relevance(0.2, "off_topic")
    return Relevance(0.2, "off_topic") if _shipped()["off_topic"].points(normal) >= _ENOUGH else None


def _in_another_sense(normal: str, expected: str) -> bool:
    """Whether the brand's name stands in the text, but never as the brand."""
    name = normalise(expected)
    if name not in shipped_senses().names:
        return False
    spans = [Span(m.start(), m.end()) for m in re.finditer(re.escape(name), normal)]
    return bool(spans) and not any(shipped_senses().means_brand(name, normal, span) for span in spans)


@cache
def _shipped() -> dict[str, _Cues]:
    table = read_toml(TABLE)
    if set(table) != set(_KINDS):
        raise ConfigError(f"{TABLE}: the tables are {', '.join(_KINDS)}; found {', '.join(table)}.")
    return {kind: _cues(kind, table[kind]) for kind in _KINDS}


def _cues(kind: str, table: dict[str, Any]) -> _Cues:
    unknown = set(table) - {"strong", "weak", "against", "whole", "patterns"}
    if unknown:
        raise ConfigError(f"{TABLE}: {kind}: {sorted(unknown)[0]}: write strong, weak, against, whole or patterns.")
    strong, weak, against = (TermFinder(table.get(key, ())) for key in ("strong", "weak", "against"))
    whole = frozenset(_MARKS.sub("", normalise(said)) for said in table.get("whole", ()))
    written = table.get("patterns", ())
    return _Cues(
        strong,
        weak,
        against,
        whole,
        tuple(re.compile(p) for p in written),
        TermFinder((*table.get("strong", ()), *table.get("weak", ()))),
        re.compile("|".join(f"(?:{p})" for p in written)) if written else None,
    )
