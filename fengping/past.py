"""An old number again: the states of a generation, put into a temporary index and asked there."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from core.interfaces import Store, Understood
from core.models import SearchDocument
from core.tree import Node
from index.document import document
from index.embedded import TantivyIndex

BATCH = 5000


@dataclass(frozen=True, slots=True)
class Past:
    """What matched at a generation, and how many mentions erasure or retention has removed since."""

    matches: tuple[Understood, ...]
    removed: int


def past_matches(store: Store, tree: Node, generation: int) -> Past:
    """Asks a query of the documents as they stood after `generation`. Slow: every mention is indexed again."""
    states: dict[str, Understood] = {}
    with tempfile.TemporaryDirectory(prefix="fengping-past-") as folder:
        index = TantivyIndex(Path(folder), write=True)
        try:
            for batch in _batches(store, generation, states):
                index.put(batch, generation)
            ids = [d.id for d in index.scroll(tree)]
        finally:
            index.close()
    return Past(tuple(states[i] for i in ids), store.missing_at(generation))


def _batches(store: Store, generation: int, states: dict[str, Understood]) -> Iterator[list[SearchDocument]]:
    held = store.documents_at(generation)
    while batch := list(islice(held, BATCH)):
        states.update((u.mention.id, u) for u in batch)
        yield [document(u.mention, u.reading, u.relation) for u in batch if u.reading and u.relation]
