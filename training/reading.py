"""A teacher as a reader of single clauses: its product terms with scores and sides."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import torch

from core.models import Span
from training.alignment import Pieces
from training.batches import Ints, padded
from training.marked import UNKNOWN
from training.network_heads import Heads, running_sums
from training.reviews import SIDE_SURE, TERM_ABSENT, Found, apart
from training.teacher import Seen, Teacher, inner_spans

AT_ONCE = 32
_PRODUCT = 2


class ClauseReader:
    """Reads clauses alone, in batches of like length."""

    def __init__(self, teacher: Teacher, pieces: Pieces) -> None:
        self._teacher, self._pieces = teacher, pieces
        self._heads = Heads().eval().requires_grad_(False)
        state = {k.removeprefix("heads."): torch.from_numpy(v) for k, v in teacher.weights.items() if "heads." in k}
        self._heads.load_state_dict(state)

    def __call__(self, texts: Sequence[str]) -> list[list[Found]]:
        encoded = self._pieces.encode(texts)
        order = sorted(range(len(texts)), key=lambda k: len(encoded[k][0]))
        found: list[list[Found]] = [[] for _ in texts]
        for first in range(0, len(order), AT_ONCE):
            some = order[first : first + AT_ONCE]
            for k, terms in zip(some, self._read([encoded[k] for k in some]), strict=True):
                found[k] = terms
        return found

    def _read(self, encoded: Sequence[tuple[list[int], list[tuple[int, int]]]]) -> Iterator[list[Found]]:
        ids, mask = padded([e[0] for e in encoded])
        seen = self._teacher.see(ids, mask)
        scores = np.where(inner_spans(mask), seen.grid[:, _PRODUCT], -99)
        spans = [list(apart(grid, TERM_ABSENT)) for grid in scores]
        cuts, sides = self._judged(seen, mask, [(k, a, e) for k, some in enumerate(spans) for a, e, _ in some])
        at = 0
        for (_, offsets), some in zip(encoded, spans, strict=True):
            terms = []
            for start, end, score in some:
                left, right = offsets[start][0] + cuts[at][0], offsets[end][1] - cuts[at][1]
                span = Span(left, right) if left < right else Span(offsets[start][0], offsets[end][1])
                terms.append(Found(span, score, sides[at]))
                at += 1
            yield terms

    def _judged(
        self, seen: Seen, mask: Ints, rows: Sequence[tuple[int, int, int]]
    ) -> tuple[list[tuple[int, int]], list[int]]:
        """(characters to cut at start and end, side where it is sure) of every span."""
        if not rows:
            return [], []
        where = torch.tensor(rows)
        hidden = torch.from_numpy(seen.hidden)
        with torch.no_grad():
            logits = self._heads.aspects(hidden, running_sums(hidden), torch.from_numpy(mask), where)
            starts = self._heads.bound(hidden[where[:, 0], where[:, 1]])[:, :4].argmax(-1)
            ends = self._heads.bound(hidden[where[:, 0], where[:, 2]])[:, 4:].argmax(-1)
        chance, side = logits.softmax(-1).max(-1)
        sides = torch.where(chance >= SIDE_SURE, side, torch.full_like(side, UNKNOWN)).tolist()
        return list(zip(starts.tolist(), ends.tolist(), strict=True)), sides
