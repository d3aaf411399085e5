"""Praise that is meant otherwise: nothing but praise under one star, with a curse after it, or by the words alone."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import NamedTuple

from core.errors import ConfigError
from core.models import Opinion, Span
from nlp.cues import Cue, CueFinder, spelt_out, written
from nlp.lexicon_file import read_toml
from nlp.scene import touches
from nlp.segment import normalise
from nlp.terms import TermFinder

TABLE = Path(__file__).resolve().parent.parent / "lexicons" / "irony.toml"
LOW = 0.25
"""Two stars of five and fewer."""
_REACH = 26
"""Code points within which a blow follows the praise that it makes ironic."""
_SHORT = 80
"""Longer texts tell several things, and a blow after praise is mostly another of them (seen in real reviews)."""
_ANGRY = re.compile(
    r"[😡🤬💢🙄💔😤😠👎🖕😒]|\[(?:怒|怒骂|吐|衰|鄙视|失望|黑线|抓狂|哼|弱|生病|打脸|摊手|费解|白眼|骂|呸)\]"
    r"|(?<!不)无语|呵呵|气死|笑死|醉了|(?<!不)失望|(?<!不)服了|😑|🤮|🤡"
)

_QUOTED = re.compile(r"(?:说|讲|以为|认为|相信|信|打破|不是|并非|不一定|未必|怕)[了过的]?[：:“\"'「]?$")
"""Before a saying: somebody else's, or denied."""


def meant(opinions: Sequence[Opinion], text: str, rating: float | None) -> tuple[Opinion, ...]:
    """Opinions as they are meant: where all praise and the writer is plainly displeased, each is a complaint.

    One complaint among them, and the praise may be honest: then nothing is turned. Words that are ironic by
    themselves (`ironic`) turn all praise, unless stars say that it is honest.
    """
    praise = [o for o in opinions if o.polarity == "positive"]
    if not praise:
        return tuple(opinions)
    opinions = _of_sayings(opinions, normalise(text))
    praise = [o for o in opinions if o.polarity == "positive"]
    turned = len(praise) == len(opinions) and _displeased(text, rating)
    if turned or ((rating is None or rating < 0.75) and ironic(normalise(text))):
        return tuple(_turned(o) if o.polarity == "positive" else o for o in opinions)
    return tuple(opinions)


def _of_sayings(opinions: Sequence[Opinion], normal: str) -> list[Opinion]:
    """Opinions with the praise of a saying that complains turned: 便宜没好货 praises no price.

    It is of no attribute then; where the saying is only quoted (都说便宜没好货), it is no opinion at all.
    """
    said = [Span(start, end) for _, start, end in _shipped().sayings.find(normal)]
    out: list[Opinion] = []
    for o in opinions:
        saying = next((s for s in said if touches(s, [w for w in (o.aspect, o.opinion) if w])), None)
        if saying is None or o.polarity != "positive":
            out.append(o)
        elif not _QUOTED.search(normal, 0, saying.start):
            out.append(replace(o, attribute="", polarity="negative"))
    return out


def ironic(normal: str) -> bool:
    """Whether a normalised text means the opposite of its praise, by its words alone."""
    return _shipped().holds(normal)


def _turned(opinion: Opinion) -> Opinion:
    return replace(opinion, polarity="negative", confidence=round(opinion.confidence * 0.5, 4))


def _displeased(text: str, rating: float | None) -> bool:
    if rating is not None:
        return rating <= LOW
    return _ANGRY.search(text) is not None


class _Irony(NamedTuple):
    """`outright` is ironic by itself, `praise` where a `blow` follows closely without a word of `contrast` between.

    `sayings` are not ironic: they hold a word of praise and complain.
    """

    outright: CueFinder
    praise: CueFinder
    blow: CueFinder
    contrast: TermFinder
    unless: TermFinder
    sayings: TermFinder

    def holds(self, normal: str) -> bool:
        found = [(start, end) for _, start, end in self.outright.find(normal)] or self._pairs(normal)
        if not found:
            return False
        covers = [(left, right) for _, left, right in self.unless.every(normal)]
        return any(not any(left < end and right > start for left, right in covers) for start, end in found)

    def _pairs(self, normal: str) -> list[tuple[int, int]]:
        praised = [(start, end) for _, start, end in self.praise.find(normal)] if len(normal) <= _SHORT else []
        if not praised:
            return []
        blows = [(start, end) for _, start, end in self.blow.find(normal)]
        return [(a, d) for a, b in praised for c, d in blows if 0 <= c - b <= _REACH and not self._turns(normal[b:c])]

    def _turns(self, between: str) -> bool:
        return bool(self.contrast.find(between))


@cache
def _shipped() -> _Irony:
    table = read_toml(TABLE)
    kinds = ("outright", "praise", "blow", "contrast", "unless", "sayings")
    if set(table) != set(kinds):
        raise ConfigError(f"{TABLE}: the lists are {', '.join(kinds)}; found {', '.join(table)}.")
    outright, praise, blow = (CueFinder(_cues(kind, table[kind])) for kind in kinds[:3])
    contrast, unless, sayings = (TermFinder(tuple(spelt_out(table[kind]))) for kind in kinds[3:])
    return _Irony(outright, praise, blow, contrast, unless, sayings)


def _cues(kind: str, lines: Sequence[str]) -> list[Cue]:
    try:
        return [cue for line in lines for cue in written(kind, line, negatable=kind == "praise")]
    except ValueError as wrong:
        raise ConfigError(f"{TABLE}: {kind}: {wrong}") from None
