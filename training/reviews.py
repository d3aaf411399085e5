"""Whole reviews with pseudo-labels: terms found by reading each clause alone, kept where the reader was sure.

Terms of products are marked in the sets for single clauses only. A model that learned them reads a clause of a review
alone as well as those; put back into the review, what it found there is a label for the whole (self-training,
Yarowsky 1995). Every marked clause had a term, so a clause without any is taken for one as a whole: a term counts
only where it is less than its clause and ends in a word that people marked somewhere. What is half believed is
neither a term nor the absence of one, and teaches nothing.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from core.models import Span
from nlp.sentences import clauses
from training.marked import UNKNOWN, Marked
from training.sets import DOMAINS

TERM_SURE, TERM_ABSENT = 1.0, -2.0
"""Span scores from which on a term is one, and up to which it is none; between them it is `unsure`."""
SIDE_SURE = 0.9
"""Least probability of a side."""
SHORTEST, LONGEST, CLAUSES = 14, 160, (3, 12)
"""Characters and clauses of a review that is read."""
SOURCES = ("shop10",)
_OTHERS = ("酒店", "房间", "入住", "早餐", "前台", "宾馆", "服务员", "这本书", "作者", "小说", "读者")
"""Words of hotels and books: their terms were never marked, so a reader of devices is not asked about them."""


@dataclass(frozen=True, slots=True)
class Found:
    """A span of a clause read alone, in the clause's characters, with its score and its side or UNKNOWN."""

    span: Span
    score: float
    side: int


Known = Collection[str]
Read = Callable[[Sequence[str]], list[list[Found]]]
"""Product terms of each clause down to TERM_ABSENT, without overlaps, best first."""


def drawn(texts: Sequence[Marked], count: int, seed: int) -> list[Marked]:
    """At most `count` reviews of several clauses from the training part."""
    fit = [t for t in texts if t.source in SOURCES and SHORTEST <= len(t.text) <= LONGEST and _about_goods(t.text)]
    several = [t for t in fit if CLAUSES[0] <= len(clauses(t.text)) <= CLAUSES[1]]
    return random.Random(seed).sample(several, min(count, len(several)))


def _about_goods(text: str) -> bool:
    return not any(word in text for word in _OTHERS)


def known_terms(texts: Sequence[Marked]) -> frozenset[str]:
    """Terms of two characters or more that people marked twice or more."""
    marked = Counter(t.text[s.start : s.end] for t in texts if t.source in DOMAINS for s in t.terms)
    return frozenset(term for term, count in marked.items() if count > 1 and len(term) > 1)


def labelled(texts: Sequence[Marked], read: Read, known: Known) -> list[Marked]:
    """The reviews with the terms of their clauses; those in which nothing is sure are left out."""
    pieces = [[_core(t.text, c) for c in clauses(t.text)] for t in texts]
    flat = [t.text[c.start : c.end] for t, cs in zip(texts, pieces, strict=True) for c in cs]
    found = iter(read(flat))
    marked = [_marked(t, [(c, next(found)) for c in cs], known) for t, cs in zip(texts, pieces, strict=True)]
    return [m for m in marked if m.terms]


def _core(text: str, clause: Span) -> Span:
    """The clause without punctuation and blanks at its end, as the marked clauses are."""
    held = text[clause.start : clause.end].rstrip("。，！？；、,.!?;~～…：: \n")
    return Span(clause.start, clause.start + max(len(held), 1))


def _marked(text: Marked, read: Sequence[tuple[Span, list[Found]]], known: Known) -> Marked:
    every = [(clause, f, _is_term(text.text, clause, f, known)) for clause, found in read for f in found]
    sure = [(clause, f) for clause, f, is_term in every if is_term]
    unsure = [(clause, f) for clause, f, is_term in every if not is_term]
    sides = [(_whole(c, f), f.side) for c, f in sure if f.side != UNKNOWN]
    return Marked(
        "reviews",
        text.text,
        group="product",
        polarity=text.polarity,
        two_sided=text.two_sided,
        aspects=tuple(sides),
        terms=tuple(_whole(c, f) for c, f in sure),
        unsure=tuple(_whole(c, f) for c, f in unsure),
        joined=True,
    )


def _is_term(text: str, clause: Span, found: Found, known: Known) -> bool:
    span = _whole(clause, found)
    word = text[span.start : span.end]
    ends_known = any(word[k:] in known for k in range(len(word) - 1))
    return found.score >= TERM_SURE and span != clause and ends_known


def _whole(clause: Span, found: Found) -> Span:
    return Span(clause.start + found.span.start, clause.start + found.span.end)


def apart(scores: np.ndarray, least: float) -> Iterator[tuple[int, int, float]]:
    """(start, end, score) of the cells of one grid [n, n] above `least`, best first, without overlaps."""
    starts, ends = np.nonzero(scores > least)
    order = np.argsort(-scores[starts, ends], kind="stable")
    taken: list[tuple[int, int]] = []
    for start, end in zip(starts[order].tolist(), ends[order].tolist(), strict=True):
        if all(end < a or start > b for a, b in taken):
            taken.append((start, end))
            yield start, end, float(scores[start, end])
