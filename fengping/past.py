"""An old number again: the states of a generation, put into a temporary index and asked there."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from zoneinfo import ZoneInfo

from core.errors import InputError
from core.interfaces import Index, Store, Understood
from core.models import SearchDocument
from core.privacy import author_digest
from core.rereading import Words
from core.tree import Node
from fengping.assembly import Assembly
from index.document import document
from index.embedded import TantivyIndex
from index.query import parse
from nlp.segment import normalise
from nlp.vocabulary import project_lexicons, seen, vocabulary

BATCH = 5000


@dataclass(frozen=True, slots=True)
class Past:
    """An index of how everything stood, and how many mentions erasure or retention has removed since."""

    index: Index
    states: dict[str, Understood]
    removed: int
    words: Words

    def understood(self, ids: Sequence[str]) -> list[Understood]:
        """Mentions as they were, in the order asked."""
        return [self.states[i] for i in ids if i in self.states]


def words_of(assembly: Assembly) -> str:
    """How questions are understood by today's configuration, for the Store to keep with the generations under it."""
    called = vocabulary(assembly.project, project_lexicons(assembly.project, assembly.home.lexicons), {})
    form = {"timezone": assembly.project.timezone, "known": called.known, "names": called.names}
    return json.dumps(form, ensure_ascii=False, separators=(",", ":"))


def question(assembly: Assembly, text: str, then: Past) -> tuple[Node, str]:
    """A query as it was understood then, and the time zone of its days. Raises QueryError.

    Names of brands and attributes, the time zone and what "7d" goes back from are those of the generation. A home that
    did not keep them yet is asked by today's.
    """
    if not then.words.body:
        return assembly.parse(text, then.index), assembly.project.timezone
    form = json.loads(then.words.body)
    known = {field: tuple(dict.fromkeys((*form["known"][field], *keys))) for field, keys in seen(then.index).items()}
    names = {**form["names"], "brand": form["names"]["brand"] | {normalise(b): b for b in known["brand"]}}
    secret, at = assembly.home.secret(), then.words.at
    clock = assembly.clock if at is None else lambda: at
    zone = ZoneInfo(form["timezone"])
    return parse(text, zone, lambda name: author_digest(name, secret), known, names, clock), form["timezone"]


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
            yield Past(index, states, store.missing_at(generation), store.words_at(generation))
        finally:
            index.close()


def _batches(store: Store, generation: int, states: dict[str, Understood]) -> Iterator[list[SearchDocument]]:
    held = store.documents_at(generation)
    while batch := list(islice(held, BATCH)):
        states.update((u.mention.id, u) for u in batch)
        yield [document(u.mention, u.reading, u.relation) for u in batch if u.reading and u.relation]
