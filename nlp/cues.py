"""Cues as tables write them: words with alternatives and gaps, found all at once, and taken back by a negation."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import product
from typing import NamedTuple

from nlp.segment import normalise
from nlp.terms import TermFinder

GAP = "…"
"""In a cue it stands for up to `LONGEST_GAP` code points of the same sentence."""
LONGEST_GAP = 8

_GROUP = re.compile(r"\(([^()]*)\)(\??)")
_GAP = rf"[^。！？!?;；\n]{{0,{LONGEST_GAP}}}?"
_NEGATED = re.compile(
    r"(?:没有|没|不用|不需要|不必|不会|不|未|别|勿|无需|无须|免|唔|冇|拒绝|not|no|never|without|[a-z]n't|[a-z]nt)"
    r"(?:\s*[a-z]+\s*|\s+|[^，,。.、！？!?；;：:\s]{0,2})$"
)
_AFFIRMED = re.compile(
    r"(?:不得不|不能不|没办法|忍不住|要不是|没想到|不由得|不知道|不停|不断|不但|不仅|不光|不只|差点没)[^，,。]{0,2}$"
)
_LOOK_BACK = 16
_TURNING = frozenset("不没未别勿无免唔冇拒nt")
"""One of these is in every negation: most texts need no closer look."""


class Cue(NamedTuple):
    """`label` is shown where `head` stands and, unless it is None, `tail` follows."""

    label: str
    head: str
    tail: re.Pattern[str] | None
    negatable: bool


class CueFinder:
    """Cues of several labels, ready to be looked for. Immutable; build it once and keep it."""

    def __init__(self, cues: Iterable[Cue]) -> None:
        by_head: dict[str, list[Cue]] = {}
        for cue in cues:
            by_head.setdefault(cue.head, []).append(cue)
        self._cues = tuple(by_head.values())
        self._heads = TermFinder(tuple(by_head))

    def find(self, normal: str) -> Iterator[tuple[str, int, int]]:
        """Label, start and end of every cue in a normalised text, without those a negation before them takes away."""
        for index, start, end in self._heads.every(normal):
            for cue in self._cues[index]:
                tail = cue.tail.match(normal, end) if cue.tail else None
                if (cue.tail is None or tail) and not (cue.negatable and negated(normal, start)):
                    yield cue.label, start, tail.end() if tail else end


def written(label: str, text: str, negatable: bool) -> Iterator[Cue]:
    """The cues that one line of a table stands for: 下次(再|还)来 is two. Raises ValueError where it is wrong."""
    heads, *tails = (tuple(_spelt_out(normalise(part))) for part in text.split(GAP))
    if not all(all(words) for words in (heads, *tails)) or any(sign in word for word in heads for sign in "()|"):
        raise ValueError(f"{text!r}: words stand on both sides of {GAP}, and (a|b) holds no other brackets.")
    pattern = "".join(f"{_GAP}(?:{'|'.join(map(re.escape, words))})" for words in tails)
    tail = re.compile(pattern) if tails else None
    yield from (Cue(label, word, tail, negatable) for word in dict.fromkeys(heads))


def spelt_out(lines: Iterable[str]) -> Iterator[str]:
    """Every word that lines without gaps stand for."""
    yield from (word for line in lines for word in _spelt_out(line))


def negated(normal: str, start: int) -> bool:
    """Whether the words just before a place turn what follows: 没有退货."""
    before = normal[max(0, start - _LOOK_BACK) : start]
    if _TURNING.isdisjoint(before):
        return False
    return _NEGATED.search(before) is not None and _AFFIRMED.search(before) is None


def _spelt_out(text: str) -> Iterator[str]:
    """Every way to read (a|b) and (a|b)?, which may be left out."""
    plain, *groups = _GROUP.split(text)
    choices: list[tuple[str, ...]] = [(plain,)]
    for group, optional, after in zip(groups[::3], groups[1::3], groups[2::3], strict=True):
        choices += [(*group.split("|"), *(("",) if optional else ())), (after,)]
    yield from ("".join(choice) for choice in product(*choices))
