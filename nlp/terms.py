"""Finds many words in a text at once: the longest at each place, and Latin words only whole."""

from __future__ import annotations

from collections.abc import Sequence

from ahocorasick_rs import AhoCorasick, MatchKind

from nlp.segment import normalise

Found = tuple[int, int, int]
"""Which term (its place in the sequence given), start, end."""


class TermFinder:
    """Terms are folded once here; `find` takes folded text."""

    def __init__(self, terms: Sequence[str]) -> None:
        folded = [normalise(term) for term in terms]
        self._longest = AhoCorasick(folded, matchkind=MatchKind.LeftmostLongest)
        self._all = AhoCorasick(folded, matchkind=MatchKind.Standard)
        self._edges = [(_latin(term[0]), _latin(term[-1])) for term in folded]

    def find(self, folded: str) -> list[Found]:
        """Longest matches from the left, none overlapping. Offsets are code points."""
        found: list[Found] = self._longest.find_matches_as_indexes(folded)
        for match in found:
            if not self._whole(folded, match):
                break
        else:
            return found
        # A rejected part of a Latin word may have hidden shorter or later terms: look at every match.
        return _leftmost_longest(self.every(folded))

    def touches(self, folded: str) -> bool:
        """Whether any term stands in a text, even as a part of a Latin word: False says that `find` finds nothing."""
        return bool(self._longest.find_matches_as_indexes(folded))

    def every(self, folded: str) -> list[Found]:
        """All matches, overlapping ones too, by where they end."""
        found: list[Found] = self._all.find_matches_as_indexes(folded, overlapping=True)
        return [match for match in found if self._whole(folded, match)]

    def _whole(self, folded: str, match: Found) -> bool:
        index, start, end = match
        left, right = self._edges[index]
        if left and start > 0 and _latin(folded[start - 1]):
            return False
        return not (right and end < len(folded) and _latin(folded[end]))


def _latin(char: str) -> bool:
    """Letters and digits that run together into words: not Chinese, Japanese or Korean."""
    return char.isalnum() and char < "\u2e80"


def _leftmost_longest(found: list[Found]) -> list[Found]:
    kept: list[Found] = []
    reached = 0
    for match in sorted(found, key=lambda m: (m[1], -m[2])):
        if match[1] >= reached:
            kept.append(match)
            reached = match[2]
    return kept
