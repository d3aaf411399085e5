"""Texts in, what the model saw out: encoder, heads and decoding put together, passages joined to texts again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from typing import NamedTuple

import numpy as np

from core.models import AspectTerm, Span, Triplet
from nlp.arithmetic import softmax
from nlp.checkpoint import SHIPPED, folder_of, labels_of, probabilities, sides, version_of
from nlp.encoder import Classifier, Encoded, Encoder, head_graphs
from nlp.heads import Bag, Heads, Row, TokenSpan
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
    Cuts,
    apart,
    candidates,
    characters,
    cuts_of,
    of_one_trade,
    tokens_of,
)
from nlp.thresholds import CLAUSE_SIDE, COMPARATIVE, PARTS_KEPT, SPANS_KEPT, UNDECIDED, WINDOW_TOKENS
from nlp.tokens import Passage, Tokens

_Place = Span | None
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

    def __init__(self, name: str = SHIPPED, threads: int = 1) -> None:
        own = folder_of(name)
        files = find_model(SHIPPED if own else name)
        self._name = name
        self._sides = sides(labels_of(own)) if own else []
        self._classifier = Classifier(own) if own else None
        self._thresholds = files.thresholds()
        self._tokens = Tokens(files.tokenizer)
        self._heads = Heads(head_graphs(files), files.weights())
        self._encoder = Encoder(files, threads)

    @cached_property
    def version(self) -> str:
        """Of all its files, which are read for it: only when asked for, since reading texts needs none."""
        return version_of(self._name)

    def see(self, texts: Sequence[str], asked: Sequence[Sequence[Span]] = ()) -> list[Seen]:
        """One Seen a text, in order. `asked` holds for each text the spans whose polarity is wanted (or is empty)."""
        wanted: list[_Wanted] = []
        owners: list[int] = []
        for k, (text, passages) in enumerate(zip(texts, self._tokens.passages(texts), strict=True)):
            wanted += _wanted(text, passages, asked[k] if asked else ())
            owners += [k] * len(passages)
        found: dict[int, _Part] = {}
        for runs in _windows(self._encoder.encode([w.passage for w in wanted])):
            members = [m for run in runs for m in run.members]
            found.update(zip(members, self._decode(runs, [wanted[m] for m in members]), strict=True))
        parts: list[list[_Part]] = [[] for _ in texts]
        for place, owner in enumerate(owners):
            parts[owner].append(found[place])
        return self._overruled(texts, [_joined(p) for p in parts])

    def _overruled(self, texts: Sequence[str], seen: list[Seen]) -> list[Seen]:
        """With a user's classifier its word on whole texts, where there is something to judge."""
        judged = [k for k, s in enumerate(seen) if s.clauses]
        if self._classifier is None or not judged:
            return seen
        chances = probabilities(self._classifier.logits([texts[k] for k in judged]), self._sides).tolist()
        out = list(seen)
        for k, (negative, neutral, positive) in zip(judged, chances, strict=True):
            out[k] = replace(seen[k], probabilities=(negative, neutral, positive))
        return out

    def _decode(self, runs: Sequence[Encoded], wanted: Sequence[_Wanted]) -> list[_Part]:
        limits = self._thresholds
        least = min(limits.aspect, limits.opinion, limits.triplet[0])
        kinds = (RESTAURANT_ASPECT, PRODUCT_ASPECT, OPINION)
        spans = [of_one_trade(found) for run in runs for found in candidates(run, kinds, least, SPANS_KEPT)]
        bag = Bag([run.hidden for run in runs])
        cuts = [c for run in runs for c in cuts_of(run)]
        terms = [apart([c for c in found if c.kind != OPINION and c.score > limits.aspect]) for found in spans]
        judged = self._judged(bag, wanted, terms, cuts)
        pairable = [[c for c in found if c.score > limits.triplet[0]] for found in spans]
        paired = pairs(bag, self._heads, pairable, *limits.triplet[1:])
        compared = self._compared(runs, bag, wanted, cuts)
        logits = np.concatenate([run.polarity for run in runs])
        chance = softmax(np.concatenate([run.comparative for run in runs]))[:, 1].tolist()
        vectors = np.concatenate([run.embedding for run in runs])
        return [
            _Part(
                tokens=len(w.passage.ids),
                logits=logits[k],
                comparative=chance[k],
                vector=vectors[k],
                aspects=sorted(judged[k][0], key=lambda a: a.span),
                triplets=_triplets(cuts[k], w, paired[k]) or _unpaired(terms[k], judged[k][0]),
                comparisons=compared.get(k, []),
                clauses=judged[k][1],
                asked=judged[k][2],
            )
            for k, w in enumerate(wanted)
        ]

    def _judged(
        self, bag: Bag, wanted: Sequence[_Wanted], terms: Sequence[Sequence[Candidate]], cuts: Sequence[Cuts]
    ) -> list[tuple[list[AspectTerm], list[AspectTerm], dict[int, AspectTerm]]]:
        """Sides of terms, clauses and spans asked for, all by the aspect head in one pass.

        That head learned what is said of devices: of service and delivery it has no view, and there a clause takes
        the side it has as a text of its own.
        """
        rows: list[Row] = []
        for k, (w, found) in enumerate(zip(wanted, terms, strict=True)):
            rows += [Row(k, c.start, c.end) for c in found]
            rows += [Row(k, *tokens_of(w.passage, s)) for s in (*w.clauses, *w.asked.values())]
        judged = softmax(self._heads.aspect_polarity(bag, rows)).tolist() if rows else []
        chances = iter(judged)
        alone = iter(self._alone(bag, wanted, terms, rows, judged))
        out = []
        for k, (w, found) in enumerate(zip(wanted, terms, strict=True)):
            named = [(characters(cuts[k], w.passage, c.span, w.text), next(chances)) for c in found]
            clauses_judged = [_clause_side(span, next(chances), alone) for span in w.clauses]
            asked = {number: _side(span, next(chances)) for number, span in w.asked.items()}
            out.append(([_side(span, chance) for span, chance in named if span], clauses_judged, asked))
        return out

    def _alone(
        self,
        bag: Bag,
        wanted: Sequence[_Wanted],
        terms: Sequence[Sequence[Candidate]],
        rows: Sequence[Row],
        judged: Sequence[Sequence[float]],
    ) -> list[list[float]]:
        """Sides as texts of their own of the clauses on which the aspect head has no view, in order."""
        undecided: list[Row] = []
        at = 0
        for w, found in zip(wanted, terms, strict=True):
            at += len(found)
            undecided += [rows[k] for k in range(at, at + len(w.clauses)) if _no_view(judged[k])]
            at += len(w.clauses) + len(w.asked)
        alone: list[list[float]] = softmax(self._heads.clause_polarity(bag, undecided)).tolist() if undecided else []
        return alone

    def _compared(
        self, runs: Sequence[Encoded], bag: Bag, wanted: Sequence[_Wanted], cuts: Sequence[Cuts]
    ) -> dict[int, list[Compared]]:
        threshold, bias, sole = self._thresholds.comparison
        found: dict[int, list[Candidate]] = {}
        first = 0
        for run in runs:
            rows = np.flatnonzero(softmax(run.comparative)[:, 1] > COMPARATIVE).tolist()
            spans = candidates(run, _COMPARISON_KINDS, threshold, PARTS_KEPT, rows) if rows else []
            found.update(zip((first + row for row in rows), spans, strict=True))
            first += len(run.members)
        return {
            k: [Compared(*_four(cuts[k], wanted[k], q.parts), q.preference, round(q.probability, 4)) for q in joined]
            for k, joined in quintuples(bag, self._heads, found, bias, sole).items()
        }


def _windows(runs: Iterable[Encoded]) -> Iterator[list[Encoded]]:
    """Runs taken together for the heads: enough rows for the matrices, few enough tokens for the memory."""
    held: list[Encoded] = []
    tokens = 0
    for run in runs:
        held.append(run)
        tokens += run.hidden.shape[0] * run.hidden.shape[1]
        if tokens >= WINDOW_TOKENS:
            yield held
            held, tokens = [], 0
    if held:
        yield held


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


def _no_view(chance: Sequence[float]) -> bool:
    return abs(round(chance[2] - chance[0], 4)) < UNDECIDED


def _clause_side(span: Span, within: Sequence[float], alone: Iterator[Sequence[float]]) -> AspectTerm:
    side = _side(span, within)
    if not _no_view(within):
        return side
    own = _side(span, next(alone))
    return own if abs(own.score) >= CLAUSE_SIDE else side


def _four(cuts: Cuts, w: _Wanted, parts: Sequence[TokenSpan]) -> tuple[_Place, _Place, _Place, _Place]:
    a, b, c, d = (characters(cuts, w.passage, p, w.text) for p in parts)
    return a, b, c, d


def _triplets(cuts: Cuts, w: _Wanted, found: Sequence[Pair]) -> list[Triplet]:
    def place(span: TokenSpan) -> _Place:
        return characters(cuts, w.passage, span, w.text)

    return [Triplet(place(p.aspect), place(p.opinion), SIDES[p.side], round(p.probability, 4)) for p in found]


def _unpaired(found: Sequence[Candidate], terms: Sequence[AspectTerm]) -> list[Triplet]:
    """Judged terms of a text unlike those on which pairs were learned: their words are still to be found."""
    if any(c.kind == RESTAURANT_ASPECT for c in found):
        return []
    return [Triplet(t.span, None, t.polarity, abs(t.score)) for t in terms if t.polarity != "neutral"]


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
