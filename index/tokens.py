"""A text as numbers: single characters by their code point, Latin words and numbers by their place in a dictionary."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from nlp.segment import FIELD_BREAK, LONGEST_TOKEN, SPACE, pieces, sentences

WORDS_FROM = 0x110000
"""Codes of Latin words and numbers begin after the last code point."""
BREAK = ord(FIELD_BREAK)
"""Stands after each sentence, title and text."""
MOST_MARKS = 127

Ints = npt.NDArray[Any]
Mask = npt.NDArray[np.bool_]


def held(normal: str) -> list[str]:
    """The pieces of a normalised text as an index holds them: spaces as SPACE."""
    return pieces(normal.replace(" ", SPACE))


def tokens_of(text: str, normal: str) -> list[str]:
    """The pieces of a text, given with its normalised form, with FIELD_BREAK between its sentences."""
    ends = sentences(text)
    return held(FIELD_BREAK.join(normal[start:end] for start, end in ends) if len(ends) > 1 else normal)


def codes_of(tokens: Sequence[str], words: Mapping[str, int]) -> list[int]:
    """Codes of tokens; `words` gives the place of a Latin word or number in the dictionary."""
    return [ord(t) if len(t) == 1 else WORDS_FROM + words[t[:LONGEST_TOKEN]] for t in tokens]


def countable(codes: Ints) -> Mask:
    """Which codes NEAR counts: Chinese characters, Latin words and numbers; not marks, spaces and breaks."""
    return _counted()[np.minimum(codes, WORDS_FROM)]


def marks_of(codes: Ints, starts: Ints) -> Ints:
    """The most codes in one sentence of each text that are not counted, at most 127; each text ends with a break."""
    if not len(starts):
        return np.empty(0, dtype=np.int8)
    breaks = np.flatnonzero(codes == BREAK)
    uncounted = np.cumsum(~countable(codes) & (codes != BREAK))[breaks]
    sentences_of = np.searchsorted(breaks, starts)
    here: Ints = np.maximum.reduceat(np.diff(uncounted, prepend=0), sentences_of)
    return np.minimum(here, MOST_MARKS).astype(np.int8)


@cache
def _counted() -> Mask:
    return np.array([*(chr(c).isalnum() for c in range(WORDS_FROM)), True], dtype=np.bool_)
