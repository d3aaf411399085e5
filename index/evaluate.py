"""From a tree to the mask of the rows that match, on one snapshot of columns and text."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from datetime import datetime
from itertools import product
from threading import Lock

import numpy as np
import numpy.typing as npt
import tantivy

from core.errors import QueryError
from core.tree import (
    RANGE_FIELDS,
    TERM_FIELDS,
    And,
    Everything,
    Near,
    Node,
    Not,
    Or,
    Phrase,
    Range,
    SameOpinion,
    Term,
    Word,
)
from index.buckets import microseconds
from index.columns import NO_TIME
from index.fulltext import FullText, Rows, contains, either
from index.near import near
from index.snapshot import Mask, Snapshot
from index.stored import texts
from index.token_places import near_rows
from nlp.segment import Segmenter, is_run, normalise, pieces

KEPT_MASKS = 500
"""Kept as bits: 60 MB of a million rows."""
VERIFIED_AT_ONCE = 2000
FEW_MARKS, MOST_CLOSE, FEW_ROWS = 12, 16, 10_000
_TIME_COLUMNS = {"date": "published", "collected": "collected"}


class Evaluator:
    """Answers which rows match, remembering the masks of leaves and trees asked last."""

    def __init__(self, snapshot: Snapshot, text: FullText, segmenter: Segmenter) -> None:
        self.snapshot, self.text, self._segmenter = snapshot, text, segmenter
        self._kept: OrderedDict[object, npt.NDArray[np.uint8]] = OrderedDict()
        self._lock = Lock()

    def matching(self, tree: Node) -> Mask:
        """The live rows that match."""
        return self._remembered(("alive", tree), lambda: self.mask(tree) & self.snapshot.alive)

    def mask(self, tree: Node) -> Mask:
        """The rows that match, replaced versions among them."""
        if isinstance(tree, Everything):
            return self.snapshot.alive
        if isinstance(tree, And):
            return self._and(tree.parts)
        if isinstance(tree, Or):
            return _any([self.mask(part) for part in tree.parts])
        if isinstance(tree, Not):
            return ~self.mask(tree.part)
        return self._remembered(tree, lambda: self._leaf(tree))

    def scoring(self, tree: Node) -> list[tantivy.Query]:
        """The text queries in a tree that say how relevant a match is."""
        if isinstance(tree, And | Or):
            return [query for part in tree.parts for query in self.scoring(part)]
        if isinstance(tree, Word):
            query = self.text.word(tree.text, self._segmenter)
            return [query] if query is not None else []
        return [self.text.phrase(tree.text)] if isinstance(tree, Phrase) and normalise(tree.text) else []

    def _and(self, parts: tuple[Node, ...]) -> Mask:
        """Nearness costs most, so it is asked last and only where the rest holds."""
        within = self.snapshot.alive
        for part in sorted(parts, key=lambda p: isinstance(p, Near)):
            if isinstance(part, Near) and part not in self._kept:
                within = within & self._near(part, within)
            else:
                within = within & self.mask(part)
        return within

    def _leaf(self, tree: Node) -> Mask:
        match tree:
            case Word(text):
                query = self.text.word(text, self._segmenter)
                return self._of_rows(self.text.rows(query)) if query is not None else self._none()
            case Phrase(text):
                return self._phrase(text)
            case Near():
                return self._near(tree, self.snapshot.alive)
            case SameOpinion(brand, attribute, polarity, phrase):
                return self.snapshot.same_opinion(brand, attribute, polarity, phrase)
            case Range():
                return self._range(tree)
            case Term():
                return self._term(tree)
            case _:
                raise QueryError(f"{type(tree).__name__} is no leaf of a query.")

    def _term(self, term: Term) -> Mask:
        if term.field not in TERM_FIELDS:
            raise QueryError(f"{term.field!r} is no field of whole values; there are {', '.join(TERM_FIELDS)}.")
        if term.field == "id":
            return self._of_rows(self.text.rows(self.text.ids([term.value])))
        return self.snapshot.term(term.field, term.value)

    def _range(self, tree: Range) -> Mask:
        if tree.field not in RANGE_FIELDS:
            raise QueryError(f"{tree.field!r} is no field of numbers or dates; there are {', '.join(RANGE_FIELDS)}.")
        if tree.field in _TIME_COLUMNS:
            column = self.snapshot.column(f"time.{_TIME_COLUMNS[tree.field]}")
            mask = column > NO_TIME
            if isinstance(tree.low, datetime):
                mask &= column >= microseconds(tree.low)
            return mask & (column < microseconds(tree.high)) if isinstance(tree.high, datetime) else mask
        column = self.snapshot.column(f"number.{tree.field}")
        if tree.low is None and tree.high is None:
            return ~np.isnan(column)
        mask = column >= _number(tree.low) if tree.low is not None else column <= _number(tree.high)
        return mask & (column <= _number(tree.high)) if tree.high is not None else mask

    def _phrase(self, phrase: str) -> Mask:
        normal = normalise(phrase)
        if not normal:
            return self.snapshot.alive
        try:
            mask = self._of_rows(self.text.rows(self.text.phrase(phrase)))
        except ValueError:  # more words fit the edges of the phrase than tantivy expands: look at the texts themselves
            return self._verified(self._candidates(normal), lambda *text: contains(phrase, *text))
        if any(is_run(piece) for piece in pieces(normal)):
            # A word that was cut hides its end, and ends where it does not.
            cut = self.snapshot.column("long") == 1
            unsure = np.flatnonzero(cut & self.snapshot.alive)
            mask = (mask & ~cut) | self._verified(unsure, lambda *text: contains(phrase, *text))
        return mask

    def _candidates(self, normal: str) -> Rows:
        inner = [piece for piece in pieces(normal)[1:-1] if piece != " "]
        mask = self.snapshot.alive.copy()
        for piece in inner[:8]:
            mask &= self._of_rows(self.text.rows(self.text.phrase(piece))) | (self.snapshot.column("long") == 1)
        return np.flatnonzero(mask)

    def _near(self, question: Near, within: Mask) -> Mask:
        candidates = within & self.snapshot.alive & self._close(question)
        sure, unsure = near_rows(self.snapshot, np.flatnonzero(candidates), question)
        told = self._verified(unsure, lambda title, text: near(text, question) or near(title, question))
        return told | self.snapshot.of_rows(sure)

    def _close(self, question: Near) -> Mask:
        """All rows in which the question may hold, and few others: with few marks in a sentence, phrases that are near
        by counted tokens are near by all of them."""
        pairs = list(product(question.left, question.right))
        queries = [self.text.close(left, right, question.distance + FEW_MARKS) for left, right in pairs[:MOST_CLOSE]]
        close = [query for query in queries if query is not None]
        if len(close) == len(pairs):
            near = self._of_rows(self.text.rows(either(close)))
            many = self.snapshot.column("marks") > FEW_MARKS
            return near | (many & self._both(question) if np.count_nonzero(many) > FEW_ROWS else many)
        return self._both(question)

    def _both(self, question: Near) -> Mask:
        left, right = (_any([self.mask(Phrase(text)) for text in side]) for side in (question.left, question.right))
        return left & right

    def _verified(self, rows: Rows, holds: Callable[[str, str], bool]) -> Mask:
        """The rows of which a condition on title and text holds, read one by one."""
        found: list[int] = []
        for start in range(0, len(rows), VERIFIED_AT_ONCE):
            stored = self.text.stored(rows[start : start + VERIFIED_AT_ONCE].tolist())
            found += [row for row, document in stored.items() if holds(*texts(document))]
        return self.snapshot.of_rows(np.array(found, dtype=np.int64))

    def _of_rows(self, rows: Rows) -> Mask:
        """Rows beyond the snapshot were committed after it and are left out."""
        return self.snapshot.of_rows(rows[rows < self.snapshot.rows])

    def _none(self) -> Mask:
        return np.zeros(self.snapshot.rows, dtype=np.bool_)

    def _remembered(self, key: object, made: Callable[[], Mask]) -> Mask:
        with self._lock:
            bits = self._kept.get(key)
            if bits is not None:
                self._kept.move_to_end(key)
        if bits is not None:
            return np.unpackbits(bits, count=self.snapshot.rows).view(np.bool_)
        found = made()
        with self._lock:
            self._kept[key] = np.packbits(found)
            if len(self._kept) > KEPT_MASKS:
                self._kept.popitem(last=False)
        return found


def _any(masks: Sequence[Mask]) -> Mask:
    """OR of at least one mask."""
    found = masks[0].copy()
    for mask in masks[1:]:
        found |= mask
    return found


def _number(bound: float | datetime | None) -> float:
    if bound is None or isinstance(bound, datetime):
        raise QueryError("a field of numbers was asked for dates.")
    return float(bound)
