"""Vectors of words, learned from how reviews use them, and the attribute whose terms are used most like a term."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
from ahocorasick_rs import AhoCorasick, MatchKind
from numpy.typing import NDArray

from nlp.lexicon_file import read_toml
from nlp.segment import normalise
from nlp.thresholds import NEAR_TERM

if TYPE_CHECKING:
    from nlp.lexicon import Attribute

TABLE = Path(__file__).resolve().parent / "models" / "term_vectors.npz"
"""Made by `python -m training.term_vectors`; its head says how."""
STOPWORDS = Path(__file__).resolve().parent.parent / "lexicons" / "stopwords.toml"
_NEIGHBOURS = 5
_SHARPNESS = 3
"""Power of the cosine by which a neighbour votes."""
_LEAF = 0.5
"""The share of its top level's votes that an attribute of the second level needs; else the top level is named."""

Vector = NDArray[np.float32]


class TermVectors:
    """The shipped table: `len(words)` rows of unit length, and how much each word says of what is talked about."""

    def __init__(self, place: Path = TABLE) -> None:
        with np.load(place) as table:
            self.words: tuple[str, ...] = tuple(bytes(table["words"]).decode("utf-8").split("\n"))
            rows = table["rows"].astype(np.float32)
            weights = table["weights"].astype(np.float32)
        self._rows: Vector = rows / np.linalg.norm(rows, axis=1, keepdims=True) * weights[:, None]
        self._finder = AhoCorasick(list(self.words), matchkind=MatchKind.LeftmostLongest)

    def of(self, term: str, without: Collection[str] = ()) -> Vector | None:
        """The unit vector [64] of the known words in a term but those `without`; None where there is none."""
        places = self._finder.find_matches_as_indexes(normalise(term))
        found = [index for index, _, _ in places if self.words[index] not in without]
        if not found:
            return None
        total: Vector = self._rows[found].sum(0)
        length = float(np.sqrt(total @ total))
        return total / np.float32(length) if length > 0 else None


@cache
def shipped_vectors() -> TermVectors:
    return TermVectors()


@cache
def said_of_anything() -> frozenset[str]:
    """Words that a term may hold whatever it names."""
    table = read_toml(STOPWORDS)
    return frozenset(normalise(word) for key in ("stop", "edges", "spoken", "hollow") for word in table[key])


class Words(Protocol):
    """What is needed of a lexicon."""

    @property
    def attributes(self) -> tuple[Attribute, ...]: ...
    @property
    def unbound(self) -> tuple[str, ...]: ...
    @property
    def whole(self) -> tuple[str, ...]: ...


class NearestAttribute:
    """Votes of the five lexicon terms that stand nearest to a term; abstains where they are far or disagree.

    Cosine neighbours over distributional vectors (Levy & Goldberg 2014: SVD of shifted PPMI).
    """

    def __init__(self, lexicon: Words, vectors: TermVectors) -> None:
        self._vectors = vectors
        self._paths: list[str] = []
        rows: list[Vector] = []
        for word, path in _anchors(lexicon):
            vector = vectors.of(word)
            if vector is not None:
                rows.append(vector)
                self._paths.append(path)
        self._rows = np.stack(rows) if rows else np.zeros((0, 1), np.float32)
        self._saying_nothing = frozenset((*lexicon.unbound, *lexicon.whole, *said_of_anything()))
        self._known = frozenset(a.path for a in lexicon.attributes)

    def path(self, term: str, least: float = NEAR_TERM) -> str:
        """The attribute of a term that no list holds; "" where the votes are below `least`."""
        vector = self._vectors.of(term, self._saying_nothing) if len(self._paths) > _NEIGHBOURS else None
        if vector is None:
            return ""
        near = self._rows @ vector
        best = np.argpartition(-near, _NEIGHBOURS)[:_NEIGHBOURS]
        votes: defaultdict[str, float] = defaultdict(float)
        for index in best.tolist():
            votes[self._paths[index]] += max(0.0, float(near[index])) ** _SHARPNESS / _NEIGHBOURS
        return self._elected(votes, least)

    def _elected(self, votes: dict[str, float], least: float) -> str:
        """The strongest top level; "" where that is what names nothing."""
        tops: defaultdict[str, float] = defaultdict(float)
        for path, vote in votes.items():
            tops[path.partition("/")[0]] += vote
        top = max(sorted(tops), key=tops.__getitem__)
        if tops[top] < least:
            return ""
        leaf = max(sorted(p for p in votes if p.partition("/")[0] == top), key=votes.__getitem__)
        return leaf if votes[leaf] >= _LEAF * tops[top] or top not in self._known else top


def _anchors(lexicon: Words) -> Iterator[tuple[str, str]]:
    """Every word with what it is a neighbour for: "" for words that judge or say nothing of any attribute."""
    for attribute in lexicon.attributes:
        for word in (*attribute.synonyms, *(o.text for o in attribute.opinions)):
            yield word, attribute.path
    for word in lexicon.unbound:
        yield word, ""
