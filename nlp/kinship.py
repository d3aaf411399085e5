"""Which terms belong together, and which attribute's words look most like a term: by what they share in writing."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from nlp.lexicon import OVERALL, Lexicon
from nlp.segment import is_run, normalise, pieces

_ENOUGH = 2
"""Chinese characters that terms must share to be akin; a Latin word is enough by itself."""
_SHORTEST_WORD = 3
_LIKELY = 0.5
"""An attribute is near from this share of the words that have what is shared, summed over what is."""


def grouped(terms: Iterable[str]) -> list[list[str]]:
    """Terms, most frequent first, each put with the first earlier one that leads a group and is akin to it.

    Akin are terms of which one holds the other, and terms that begin or end with the same two Chinese characters
    (充电头, 充电器) or end with the same Latin word. Only leaders are compared, so that groups do not run into one.
    """
    groups: list[list[str]] = []
    leaders = _Leaders()
    for term in terms:
        number = leaders.akin(term)
        if number is None:
            leaders.add(term)
            groups.append([term])
        else:
            groups[number].append(term)
    return groups


class _Leaders:
    """The first terms of groups, found by any part that makes another term akin."""

    def __init__(self) -> None:
        self._whole: dict[str, int] = {}
        self._part: dict[str, int] = {}
        self._rims: dict[tuple[str, str], int] = {}
        self._count = 0

    def add(self, term: str) -> None:
        self._whole[term] = self._count
        for part in _parts(term):
            self._part.setdefault(part, self._count)
        for rim in _rims(term):
            self._rims.setdefault(rim, self._count)
        self._count += 1

    def akin(self, term: str) -> int | None:
        """The number of the earliest leader that is akin; None where none is."""
        found = [self._part.get(term), *map(self._whole.get, _parts(term)), *map(self._rims.get, _rims(term))]
        return min((number for number in found if number is not None), default=None)


def _parts(term: str) -> Iterator[str]:
    """Every stretch of whole pieces that says enough to be a term's core."""
    cut = pieces(term)
    for start in range(len(cut)):
        weight = 0
        for end in range(start, len(cut)):
            weight += _weight(cut[end])
            if weight >= _ENOUGH and not cut[start].isspace() and not cut[end].isspace():
                yield "".join(cut[start : end + 1])


def _rims(term: str) -> Iterator[tuple[str, str]]:
    cut = pieces(term)
    if _is_word(cut[-1]):
        yield "tail", cut[-1]
    for name, pair in (("head", cut[:_ENOUGH]), ("tail", cut[-_ENOUGH:])):
        if len(pair) == _ENOUGH and all(_is_character(p) for p in pair):
            yield name, "".join(pair)


def _weight(piece: str) -> int:
    return _ENOUGH if _is_word(piece) else int(_is_character(piece))


def _is_word(piece: str) -> bool:
    return is_run(piece) and piece.isalpha() and len(piece) >= _SHORTEST_WORD


def _is_character(piece: str) -> bool:
    return piece.isalpha() and not is_run(piece)


class Nearest:
    """The attribute whose synonyms share most with a term: Latin words, or two characters (格 alone is any word's)."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._votes: defaultdict[str, Counter[str]] = defaultdict(Counter)
        for attribute in lexicon.attributes:
            for synonym in attribute.synonyms if attribute.path != OVERALL else ():
                for gram in _grams(pieces(normalise(synonym))):
                    self._votes[gram][attribute.path] += 1

    def path(self, term: str) -> str:
        """The attribute's path; "" where what is shared could be of any."""
        score: defaultdict[str, float] = defaultdict(float)
        for gram in _grams(pieces(term)):
            votes = self._votes.get(gram, Counter())
            for path, count in votes.items():
                score[path] += count / votes.total()
        best = min(score, key=lambda path: (-score[path], path), default="")
        return best if best and score[best] >= _LIKELY else ""


def _grams(cut: Sequence[str]) -> Iterator[str]:
    """Latin words, and pairs of neighbouring Chinese characters."""
    yield from (p for p in cut if _is_word(p))
    yield from (a + b for a, b in pairwise(cut) if _is_character(a) and _is_character(b))
