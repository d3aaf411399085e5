"""Comparisons of a passage: subject, object, aspect, predicate and which way they lean."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from core.models import Preference
from nlp.arithmetic import softmax
from nlp.heads import Bag, Heads, Row, TokenSpan
from nlp.model_files import Floats
from nlp.pairing import IMPLICIT, overlap
from nlp.spans import COMPARED_ASPECT, OBJECT, PREDICATE, SUBJECT, Candidate

_KINDS = (SUBJECT, OBJECT, COMPARED_ASPECT, PREDICATE)
PREFERENCES: tuple[Preference, ...] = ("worse", "equal", "better", "different")


class Quintuple(NamedTuple):
    """Token spans of subject, object, aspect and predicate ((0, 0): not stated), preference, score, probability."""

    score: float
    parts: tuple[TokenSpan, TokenSpan, TokenSpan, TokenSpan]
    preference: Preference
    probability: float


def quintuples(
    bag: Bag, heads: Heads, found: Mapping[int, Sequence[Candidate]], bias: float, sole: float
) -> dict[int, list[Quintuple]]:
    """Per passage: the combinations of candidate parts that the tuple head joins, best first.

    `found` holds the candidates by passage of the bag. A passage with none above `bias` gives its best one above
    `sole`. Variants and crossings are left out.
    """
    if not found:
        return {}
    texts = {text: _parts(spans) for text, spans in found.items()}
    rows = [[Row(text, *s) for text, parts in texts.items() for s in parts[k]] for k in range(4)]
    which, sizes = [], np.zeros(4, np.intp)
    for parts in texts.values():
        counts = [len(p) for p in parts]
        which.append(_product(counts) + sizes)
        sizes = sizes + counts
    logits = heads.tuples(bag, rows, np.concatenate(which))
    out, first = {}, 0
    for (text, parts), combined in zip(texts.items(), which, strict=True):
        last = first + len(combined)
        joined = _chosen(parts, found[text], logits[first:last], min(bias, sole))
        sure = [q for q in joined if q.score > bias] or joined[:1]
        out[text] = uncrossed(_without_variants(sure))
        first = last
    return out


def _parts(found: Sequence[Candidate]) -> list[list[TokenSpan]]:
    parts = [[IMPLICIT, *(c.span for c in found if c.kind == kind)] for kind in _KINDS[:3]]
    return [*parts, [c.span for c in found if c.kind == PREDICATE] or [IMPLICIT]]


def _product(counts: Sequence[int]) -> NDArray[np.intp]:
    grids = np.meshgrid(*(np.arange(n) for n in counts), indexing="ij")
    return np.stack(grids, -1).reshape(-1, len(counts)).astype(np.intp)


def _chosen(
    parts: Sequence[Sequence[TokenSpan]], found: Sequence[Candidate], logits: Floats, bias: float
) -> list[Quintuple]:
    which = _product([len(p) for p in parts])
    spans = {(c.kind, *c.span): min(c.score, 3.0) for c in found}
    none = softmax(logits)[:, 0]
    joined = np.log(np.maximum(1e-9, 1 - none)) - np.log(np.maximum(1e-9, none))
    worth = [np.array([spans.get((kind, *s), 0.0) for s in p]) for kind, p in zip(_KINDS, parts, strict=True)]
    score = joined + 0.25 * sum(w[which[:, k]] for k, w in enumerate(worth))
    kept = []
    for k in np.flatnonzero(score > bias).tolist():
        a, b, c, d = (parts[i][which[k, i]] for i in range(4))
        preference = PREFERENCES[int(logits[k, 1:].argmax())]
        kept.append(Quintuple(float(score[k]), (a, b, c, d), preference, float(1 - none[k])))
    return sorted(kept, key=lambda q: -q.score)


def uncrossed(found: Sequence[Quintuple]) -> list[Quintuple]:
    """Of comparisons that exchange partners (every object with every predicate), those whose parts stand nearest.

    Two are crossed at a part when both that part and the predicate have partners of their own already: "A is
    quicker than B, brighter than C" gives B–quicker and C–brighter and not B–brighter.
    """
    nearest = sorted(found, key=lambda q: (_stretch(q), -q.score))
    taken: list[set[tuple[TokenSpan, TokenSpan]]] = [set(), set(), set()]
    kept: list[Quintuple] = []
    for quintuple in nearest:
        links = [(part, quintuple.parts[3]) for part in quintuple.parts[:3]]
        if not any(_crossed(link, known) for link, known in zip(links, taken, strict=True)):
            kept.append(quintuple)
            for link, known in zip(links, taken, strict=True):
                known.add(link)
    return sorted(kept, key=lambda q: -q.score)


def _crossed(link: tuple[TokenSpan, TokenSpan], known: set[tuple[TokenSpan, TokenSpan]]) -> bool:
    if link in known or IMPLICIT in link:
        return False
    part_taken = any(p == link[0] for p, _ in known)
    predicate_taken = any(q == link[1] and p != IMPLICIT for p, q in known)
    return part_taken and predicate_taken


def _stretch(q: Quintuple) -> int:
    stated = [p for p in q.parts if p != IMPLICIT]
    return max(p[1] for p in stated) - min(p[0] for p in stated) if stated else 0


def _without_variants(found: Sequence[Quintuple]) -> list[Quintuple]:
    """Drops a comparison all of whose parts overlap a better one's (or are missing in one of the two)."""
    kept: list[Quintuple] = []
    for q in found:
        if not any(_variant(q, other) for other in kept):
            kept.append(q)
    return kept


def _variant(a: Quintuple, b: Quintuple) -> bool:
    if a.parts == b.parts:
        return False
    return all(overlap(p, q) or IMPLICIT in (p, q) for p, q in zip(a.parts, b.parts, strict=True))
