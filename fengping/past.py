"""An old number again: the states of a generation, put into a temporary index and asked there."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from core.errors import InputError
from core.interfaces import Index, Store, Understood
from core.models import SearchDocument
from index.document import document
from index.embedded import TantivyIndex

BATCH = 5000


@dataclass(frozen=True, slots=True)
class Past:
    """An index of how everything stood, and how many mentions erasure or retention has removed since."""

    index: Index
    states: dict[str, Understood]
    removed: int

    def understood(self, ids: Sequence[str]) -> list[Understood]:
        """Mentions as they were, in the order asked."""
        return [self.states[i] for i in ids if i in self.states]


@contextmanager
def past(store: Store, generation: int) -> Iterator[Past]:
    """Everything as it stood after a generation. Slow: every mention is indexed again.

    Raises InputError for a generation that never was.
    """
    if not 0 <= generation <= store.generation():
        raise InputError(f"there is no generation {generation}; they go from 0 to {store.generation()}.")
    states: dict[str, Understood] = {}
    with tempfile.TemporaryDirectory(prefix="fengping-past-") as folder:
        index = TantivyIndex(Path(folder), write=True)
        try:
            for batch in _batches(store, generation, states):
                index.put(batch, generation)
            yield Past(index, states, store.missing_at(generation))
        finally:
            index.close()


def _batches(store: Store, generation: int, states: dict[str, Understood]) -> Iterator[list[SearchDocument]]:
    held = store.documents_at(generation)
    while batch := list(islice(held, BATCH)):
        states.update((u.mention.id, u) for u in batch)
        yield [document(u.mention, u.reading, u.relation) for u in batch if u.reading and u.relation]
