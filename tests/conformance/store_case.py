"""What the store's contract suite stands on: implementations to try, a clock to turn, and mentions to store."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from core import identity
from core.interfaces import Clock, Stage, Store
from core.models import (
    Batch,
    Mention,
    Opinion,
    Reading,
    Relation,
    Span,
    Versions,
)
from store.sqlite import SqliteStore

START = datetime(2026, 3, 1, 8, tzinfo=UTC)
FIRST = Versions(model="m1", lexicon="l1", brands="b1")


class TurnedClock:
    """A clock that moves only when told."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now

    def turn(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


def open_sqlite(folder: Path, clock: Clock) -> Store:
    return SqliteStore(folder / "store.sqlite", clock)


IMPLEMENTATIONS: Mapping[str, Callable[[Path, Clock], Store]] = {"sqlite": open_sqlite}
"""Every store there is; each opens the same documents again when opened on the same folder."""


@contextmanager
def opened(name: str, folder: Path, clock: Clock) -> Iterator[Store]:
    store = IMPLEMENTATIONS[name](folder, clock)
    try:
        yield store
    finally:
        store.close()


def mention(id: str, text: str = "电池半天就没电了", **more: object) -> Mention:
    made = Mention(id=id, source="shop", platform="reviews", kind="review", text=text, collected_at=START)
    made = replace(made, **more)
    return replace(made, revision=made.revision or identity.revision(made.title, made.text))


def reading(of: Mention, polarity: str = "negative", versions: Versions = FIRST) -> Reading:
    opinion = Opinion("星河", "battery", Span(0, 2), None, "negative", 0.9, Span(0, len(of.text)))
    return Reading(of.id, of.revision, versions, polarity, -0.5, opinions=(opinion,), vector=b"\x00\x3c")


def claim(store: Store, stage: Stage, n: int = 1000, seconds: float = 60) -> Batch:
    return store.claim(stage, n, seconds)


def read_all(store: Store, versions: Versions = FIRST, polarity: str = "negative") -> None:
    batch = claim(store, "read")
    found = store.mentions(batch.ids)
    assert store.save_readings(batch.token, [reading(m, polarity, versions) for m in found]) == len(found)


def relate_all(store: Store, version: str = "r1") -> None:
    batch = claim(store, "relate")
    assert store.save_relations(batch.token, [Relation(i, version) for i in batch.ids]) == len(batch.ids)


def index_all(store: Store) -> int:
    batch = claim(store, "index")
    return store.mark_indexed(batch.token, batch.ids)


def through(store: Store, *mentions: Mention) -> int:
    """Adds mentions and takes everything waiting through all stages; returns the generation."""
    store.add_mentions(mentions)
    read_all(store)
    relate_all(store)
    return index_all(store)
