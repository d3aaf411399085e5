"""Texts in, what the model saw out: encoder, heads and decoding put together, passages joined to texts again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from core.models import AspectTerm, Span, Triplet
from nlp.arithmetic import softmax
from nlp.encoder import Encoded, Encoder
from nlp.heads import Heads, Row, TokenSpan
from nlp.model_files import find_model
from nlp.pairing import Pair, pairs
from nlp.quintuples import quintuples
from nlp.seen import SIDES, Compared, Seen
from nlp.sentences import clauses
from nlp.spans import (
    COMPARED_ASPECT,
    OBJECT,
    OPINION,
    PREDICATE,
    PRODUCT_ASPECT,
    RESTAURANT_ASPECT,
    SUBJECT,
    Candidate,
    apart,
    candidates,
    characters,
    tokens_of,
)
from nlp.thresholds import COMPARATIVE, PARTS_KEPT, SPANS_KEPT
from nlp.tokens import Passage, Tokens

_COMPARISON_KINDS = (SUBJECT, OBJECT, COMPARED_ASPECT, PREDICATE)


class _Part(NamedTuple):
    """What was seen in one passage; logits are [3]."""

    tokens: int
    logits: np.ndarray[tuple[int], np.dtype[np.float32]]
    comparative: float
    vector: np.ndarray[tuple[int], np.dtype[np.float32]]
    aspects: list[AspectTerm]
    triplets: list[Triplet]
    comparisons: list[Compared]
    clauses: list[AspectTerm]
    asked: dict[int, AspectTerm]


class _Wanted(NamedTuple):
    """A passage with the text it is from, its clauses, and the spans asked for in it (by their number)."""

    text: str
    passage: Passage
    clauses: list[Span]
    asked: dict[int, Span]


class Model:
    """A loaded model. Pure: what is seen in a text does not depend on the other texts."""

    def __init__(self, name: str = "s6", threads: int = 1) -> None:
        files = find_model(name)
        self.version = files.version
        self._thresholds = files.thresholds()
        self._tokens = Tokens(files.tokenizer)
        self._heads = Heads(files.weights())
        self._encoder = Encoder(files, threads)

    def see(self, texts: Sequence[str], asked: Sequence[Sequence[Span]] = ()) -> list[Seen]:
        """One Seen a text, in order. `asked` holds for each text the spans whose polarity is wanted (or is empty)."""
        wanted, owners = [], []
        for k, (text, passages) in enumerate(zip(texts, self._tokens.passages(texts), strict=True)):
            wanted += _wanted(text, passages, asked[k] if asked else ())
            owners += [k] * len(passages)
        parts: list[list[_Part]] = [[] for _ in texts]
        found: dict[int, _Part] = {}
        for run in self._encoder.encode([w.passage for w in wanted]):
            found.update(zip(run.members, self._decode(run, [wanted[m] for m in run.members]), strict=True))
        for place, owner in enumerate(owners):
            parts[owner].append(found[place])
        return [_joined(p) for p in parts]

    def _decode(self, run: Encoded, wanted: Sequence[_Wanted]) -> list[_Part]:
        limits = self._thresholds
        least = min(limits.aspect, limits.opinion, limits.triplet[0])
        spans = candidates(run, (RESTAURANT_ASPECT, PRODUCT_ASPECT, OPINION), least, SPANS_KEPT)
        terms = [
            apart([c for c in found if c.kind != OPINION and c.score > limits.aspect][: 2 * SPANS_KEPT])
            for found in spans
        ]
        paired = pairs(run, self._heads, [[c for c in f if c.score > limits.triplet[0]] for f in spans],
                       limits.triplet[1], limits.triplet[2])  # fmt: skip
        judged = self._judged(run, wanted, terms)
        compared = self._compared(run, wanted)
        chance = softmax(run.comparative)
        return [
            _Part(
                tokens=len(w.passage.ids),
                logits=run.polarity[row],
                comparative=float(chance[row, 1]),
                vector=run.embedding[row],
                aspects=sorted(judged[row][0], key=lambda a: a.span),
                triplets=_triplets(run, row, w, paired[row]),
                comparisons=compared.get(row, []),
                clauses=judged[row][1],
                asked=judged[row][2],
            )
            for row, w in enumerate(wanted)
        ]

    def _judged(
        self, run: Encoded, wanted: Sequence[_Wanted], terms: Sequence[Sequence[Candidate]]
    ) -> list[tuple[list[AspectTerm], list[AspectTerm], dict[int, AspectTerm]]]:
        """Sides of terms, clauses and spans asked for, all by the aspect head in one pass."""
        rows: list[Row] = []
        out: list[tuple[list[AspectTerm], list[AspectTerm], dict[int, AspectTerm]]] = []
        for row, (w, found) in enumerate(zip(wanted, terms, strict=True)):
            rows += [Row(row, *c.span) for c in found]
            rows += [Row(row, *tokens_of(w.passage, s)) for s in (*w.clauses, *w.asked.values())]
            out.append(([], [], {}))
        if not rows:
            return out
        chances = iter(softmax(self._heads.aspect_polarity(run.hidden, rows)).tolist())
        for row, (w, found) in enumerate(zip(wanted, terms, strict=True)):
            for candidate in found:
                span, chance = characters(run, row, w.passage, candidate.span, w.text), next(chances)
                if span:
                    out[row][0].append(_side(span, chance))
            out[row][1].extend(_side(span, next(chances)) for span in w.clauses)
            out[row][2].update({k: _side(span, next(chances)) for k, span in w.asked.items()})
        return out

    def _compared(self, run: Encoded, wanted: Sequence[_Wanted]) -> dict[int, list[Compared]]:
        rows = np.flatnonzero(softmax(run.comparative)[:, 1] > COMPARATIVE).tolist()
        if not rows:
            return {}
        threshold, bias = self._thresholds.comparison
        found = candidates(run, _COMPARISON_KINDS, threshold, PARTS_KEPT, rows)
        out: dict[int, list[Compared]] = {}
        for row, spans in zip(rows, found, strict=True):
            out[row] = []
            for q in quintuples(run, self._heads, row, spans, bias):
                parts = [characters(run, row, wanted[row].passage, p, wanted[row].text) for p in q.parts]
                out[row].append(Compared(*parts, q.preference, round(q.probability, 4)))
        return out


def _wanted(text: str, passages: Sequence[Passage], asked: Sequence[Span]) -> list[_Wanted]:
    """Clauses and asked spans, each given to the passage it begins in; clauses without a token are left out."""
    out = [_Wanted(text, p, [], {}) for p in passages]
    borders = [p.end for p in passages]
    at = 0
    for clause in clauses(text):
        while at < len(borders) - 1 and clause.start >= borders[at]:
            at += 1
        out[at].clauses.append(Span(clause.start, min(clause.end, borders[at])))
    for k, span in enumerate(asked):
        place = next((i for i, end in enumerate(borders) if span.start < end), len(borders) - 1)
        out[place].asked[k] = span
    return [w if len(w.passage.ids) > 2 else w._replace(clauses=[]) for w in out]


def _side(span: Span, chance: Sequence[float]) -> AspectTerm:
    side = SIDES[max(range(3), key=chance.__getitem__)]
    return AspectTerm(span, side, round(chance[2] - chance[0], 4))


def _triplets(run: Encoded, row: int, w: _Wanted, found: Sequence[Pair]) -> list[Triplet]:
    def place(span: TokenSpan) -> Span | None:
        return characters(run, row, w.passage, span, w.text)

    return [Triplet(place(p.aspect), place(p.opinion), SIDES[p.side], round(p.probability, 4)) for p in found]


def _joined(parts: Sequence[_Part]) -> Seen:
    """A text's passages as one: sides and vectors averaged by length, findings in order."""
    weight = np.array([p.tokens for p in parts], np.float32) / sum(p.tokens for p in parts)
    chances = (softmax(np.stack([p.logits for p in parts])) * weight[:, None]).sum(0).tolist()
    vector = (np.stack([p.vector for p in parts]) * weight[:, None]).sum(0)
    vector = vector / max(float(np.linalg.norm(vector)), 1e-9)
    asked = {k: term for p in parts for k, term in p.asked.items()}
    return Seen(
        probabilities=(chances[0], chances[1], chances[2]),
        comparative=max(p.comparative for p in parts),
        vector=vector.astype("<f2").tobytes(),
        aspects=tuple(a for p in parts for a in p.aspects),
        triplets=tuple(t for p in parts for t in p.triplets),
        comparisons=tuple(c for p in parts for c in p.comparisons),
        clauses=tuple(c for p in parts for c in p.clauses),
        asked=tuple(asked[k] for k in sorted(asked)),
    )
