"""Whether two phrases stand near each other: the meaning of NEAR/n, on one text."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from core.tree import Near
from nlp.segment import characters, normalise, sentences


@dataclass(frozen=True, slots=True)
class Place:
    """Where a phrase stands: offsets, its first and last countable token, its sentence."""

    start: int
    end: int
    first: int
    last: int
    sentence: int


def near(text: str, question: Near) -> bool:
    """Whether a left and a right phrase stand in one sentence, not overlapping, at most `distance` tokens between.

    Tokens are Chinese characters, Latin words and numbers; marks and spaces are not counted.
    """
    return next(pairs(text, question), None) is not None


def pairs(text: str, question: Near) -> Iterator[tuple[Place, Place]]:
    """Every left place with the nearest right place before and after it, where that is near enough."""
    ground = _Ground(text)
    left, right = ground.places(question.left), ground.places(question.right)
    by_sentence = {s: list(found) for s, found in groupby(right, key=lambda place: place.sentence)}
    for sentence, ones in groupby(left, key=lambda place: place.sentence):
        others = by_sentence.get(sentence, [])
        by_end = sorted(others, key=lambda place: place.end)
        for one in ones:
            after = bisect_left(others, one.end, key=lambda place: place.start)
            before = bisect_right(by_end, one.start, key=lambda place: place.end)
            if after < len(others) and others[after].first - one.last - 1 <= question.distance:
                yield one, others[after]
            if before and one.first - by_end[before - 1].last - 1 <= question.distance:
                yield one, by_end[before - 1]


class _Ground:
    """A text with its countable tokens and sentences."""

    def __init__(self, text: str) -> None:
        self.normal = normalise(text)
        counted = [t for t in characters(text) if t.text[0].isalnum()]
        self.token_starts = [t.start for t in counted]
        self.token_ends = [t.end for t in counted]
        self.sentence_ends = [end for _, end in sentences(text)]

    def places(self, phrases: Iterable[str]) -> list[Place]:
        """Every place of any of the phrases that lies within one sentence, in order."""
        found = (self._place(start, end) for phrase in phrases for start, end in occurrences(self.normal, phrase))
        return sorted({p for p in found if p is not None}, key=lambda place: (place.start, place.end))

    def _place(self, start: int, end: int) -> Place | None:
        sentence = bisect_right(self.sentence_ends, start)
        if bisect_right(self.sentence_ends, end - 1) != sentence:
            return None
        first = bisect_right(self.token_ends, start)
        return Place(start, end, first, bisect_left(self.token_starts, end) - 1, sentence)


def occurrences(normal: str, phrase: str) -> Iterator[tuple[int, int]]:
    """Where a phrase stands in a normalised text; places may overlap."""
    wanted = normalise(phrase)
    start = normal.find(wanted) if wanted else -1
    while start >= 0:
        yield start, start + len(wanted)
        start = normal.find(wanted, start + 1)
