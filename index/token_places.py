"""NEAR for all texts at once, from the codes of their tokens.

Two phrases are near each other when no break and at most n countable codes lie between them; `index.near` says the same
of one text, and decides where codes cannot.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.tree import Near
from index.snapshot import Ints, Snapshot
from index.tokens import BREAK, WORDS_FROM, countable, held
from nlp.segment import is_run, normalise

AT_ONCE = 20_000
"""Rows looked at together: some 40 bytes of memory for each of their tokens."""


@dataclass(frozen=True, slots=True)
class _Stretch:
    """The codes of some rows, one after the other, and what lies before each."""

    codes: Ints
    owner: Ints
    counted: Ints
    """Countable codes before each place; one longer than `codes`."""
    sentence: Ints


@dataclass(frozen=True, slots=True)
class _Places:
    """Where phrases stand: first code and the one after the last; `partial` where a piece may be part of a word."""

    start: Ints
    end: Ints
    partial: bool


def near_rows(snapshot: Snapshot, rows: Ints, question: Near) -> tuple[Ints, Ints]:
    """Of some rows those in which the question holds, and those that only their text can tell."""
    parts = [_near(snapshot, rows[k : k + AT_ONCE], question) for k in range(0, len(rows), AT_ONCE)]
    sure, unsure = ([part[side] for part in parts] for side in (0, 1))
    return np.concatenate([rows[:0], *sure]), np.concatenate([rows[:0], *unsure])


def _near(snapshot: Snapshot, rows: Ints, question: Near) -> tuple[Ints, Ints]:
    stretch = _stretch(snapshot, rows)
    left, right = (_places(snapshot, stretch, side) for side in (question.left, question.right))
    sure = np.zeros(len(rows), dtype=np.bool_)
    sure[stretch.owner[_followed(stretch, left, right, question.distance)]] = True
    sure[stretch.owner[_followed(stretch, right, left, question.distance)]] = True
    unsure = snapshot.column("long")[rows] == 1
    if left.partial or right.partial:  # two parts of one word can be near each other, too
        for one, other in ((left, right), (right, left)):
            unsure[stretch.owner[one.start[np.isin(one.end - 1, other.start)]]] = True
    return rows[sure], rows[unsure & ~sure]


def _stretch(snapshot: Snapshot, rows: Ints) -> _Stretch:
    begins, every = snapshot.column("token.start"), snapshot.column("token")
    ends = np.append(begins[1:], len(every))
    start, length = begins[rows], ends[rows] - begins[rows]
    owner = np.repeat(np.arange(len(rows)), length)
    before = np.cumsum(length) - length
    codes = every[np.repeat(start - before, length) + np.arange(len(owner))]
    counted = np.append(0, np.cumsum(countable(codes)))
    return _Stretch(codes, owner, counted, np.cumsum(codes == BREAK))


def _places(snapshot: Snapshot, stretch: _Stretch, phrases: Sequence[str]) -> _Places:
    starts, ends, partial = [], [], False
    for phrase in phrases:
        parts = held(normalise(phrase))
        if not parts:
            continue
        found = _standing(snapshot, stretch.codes, parts)
        starts.append(found)
        ends.append(found + len(parts))
        partial = partial or is_run(parts[0]) or is_run(parts[-1])
    none: Ints = np.empty(0, dtype=np.int64)
    return _Places(np.concatenate([none, *starts]), np.concatenate([none, *ends]), partial)


def _standing(snapshot: Snapshot, codes: Ints, parts: Sequence[str]) -> Ints:
    """Where the parts stand one after the other; the first and the last may be the end and the beginning of a word."""
    found: Ints | None = None
    for k, part in enumerate(parts):
        fits = _fitting(snapshot, part, k == 0, k == len(parts) - 1)
        if found is None:
            found = np.flatnonzero(codes == fits[0] if len(fits) == 1 else np.isin(codes, fits))
        else:
            found = found[found + k < len(codes)]
            here = codes[found + k]
            found = found[here == fits[0] if len(fits) == 1 else np.isin(here, fits)]
    return found if found is not None else np.empty(0, dtype=np.int64)


def _fitting(snapshot: Snapshot, part: str, first: bool, last: bool) -> Ints:
    """The codes that hold a part of a phrase."""
    if not is_run(part):
        return np.array([ord(part)], dtype=np.int64)
    if not first and not last:
        return np.array([_code(snapshot, part)])
    word = [WORDS_FROM + n for n, w in enumerate(snapshot.lists.keys("word")) if _holds(w, part, first, last)]
    return np.array([*([ord(part)] if len(part) == 1 else []), *word], dtype=np.int64)


def _code(snapshot: Snapshot, word: str) -> int:
    """-1, which no text holds, for an unknown word."""
    found = snapshot.lists.code("word", word)
    return ord(word) if len(word) == 1 else WORDS_FROM + found if found >= 0 else -1


def _holds(word: str, part: str, first: bool, last: bool) -> bool:
    if first and last:
        return part in word
    return word.endswith(part) if first else word.startswith(part)


def _followed(stretch: _Stretch, ones: _Places, others: _Places, distance: int) -> Ints:
    """First codes of the places that one of the others follows in the same sentence, near enough."""
    if not len(ones.start) or not len(others.start):
        return np.empty(0, dtype=np.int64)
    begins = np.sort(others.start)
    at = np.searchsorted(begins, ones.end)
    there = at < len(begins)
    start, end, next_ = ones.start[there], ones.end[there], begins[at[there]]
    between = stretch.counted[next_] - stretch.counted[end]
    same = stretch.sentence[next_] == stretch.sentence[end - 1]
    found: Ints = start[same & (between <= distance)]
    return found
