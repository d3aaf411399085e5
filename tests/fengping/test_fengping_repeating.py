"""Fifty numbers noted, everything changed, and the same numbers again by their generation."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from fengping_command import Command, command
from fengping_models import END, another_model, change, mentions

from core.errors import QueryError
from core.home import Home
from core.interfaces import Index
from core.privacy import author_digest
from core.tree import Node
from fengping import pipeline
from fengping.assembly import Assembly
from fengping.initialise import Wanted, initialise
from fengping.past import past, question
from index.measures import population
from store.erasure import erase
from store.raw import RawFolder
from store.sqlite import SqliteStore

QUERIES = (
    "*", "brand:星禾", "brand:小禾 polarity:negative", "attribute:电池", "attribute:screen OR attribute:price",
    "opinion:(brand:云帆 attribute:screen polarity:negative)", '"充电慢"', "source:shop rating:[* TO 2]",
    "date:7d NOT 客服", "author:客3",
)  # fmt: skip
FORMS = ("count", "count counted", "facet attribute", "facet polarity counted", "series day")
ASKED = tuple((query, form) for query in QUERIES for form in FORMS)
ERASED = "客2"


class Turned:
    """A clock that moves only when told."""

    def __init__(self) -> None:
        self.now = END

    def __call__(self) -> datetime:
        return self.now


@dataclass(frozen=True)
class Place:
    home: Home
    clock: Turned

    @contextmanager
    def opened(self) -> Iterator[Assembly]:
        store = SqliteStore(self.home.path / "store.sqlite", self.clock)
        try:
            yield Assembly(self.home, self.home.project(), store, self.clock)
        finally:
            store.close()

    def add(self, first: int, last: int) -> None:
        with self.opened() as assembly:
            assembly.store.add_mentions(mentions(self.home, first, last))
            pipeline.chain(assembly)

    def follow(self) -> None:
        """Everything that follows from what was changed."""
        with self.opened() as assembly:
            pipeline.chain(assembly)


def number(index: Index, tree: Node, form: str, zone: str) -> object:
    kind, *more = form.split()
    tree = population(tree) if "counted" in more else tree
    if kind == "count":
        return index.count(tree)
    if kind == "facet":
        return [(f.key, f.count) for f in index.facets(tree, more[0], 1000)]
    found = index.series(tree, "day", zone)
    days = [(start.isoformat(), n) for start, n in zip(found.starts, found.counts.get("", ()), strict=False)]
    return [(day, n) for day, n in days if n], found.undated


def numbers_now(assembly: Assembly, without: str = "") -> list[object]:
    """The fifty as the index gives them now, or what they would be without what an author wrote."""
    zone = assembly.project.timezone
    with assembly.index() as index:
        found = []
        for query, form in ASKED:
            asked = f"({query}) NOT author:{without}" if without else query
            found.append(number(index, assembly.parse(asked, index), form, zone))
        return found


def numbers_then(assembly: Assembly, generation: int) -> tuple[list[object], int]:
    with past(assembly.store, generation) as then:
        found = []
        for query, form in ASKED:
            tree, zone = question(assembly, query, then)
            found.append(number(then.index, tree, form, zone))
        return found, then.removed


@pytest.fixture
def place(tmp_path: Path) -> Place:
    home = initialise(tmp_path / "home", Wanted("w", ("星禾",), ("云帆",), "electronics", "Asia/Shanghai"))
    ours = {"name": "星禾", "own": True, "aliases": ["小禾"]}
    change(home, brands=[ours, {"name": "云帆"}])
    return Place(home, Turned())


def test_fifty_numbers_come_again_after_everything_has_changed(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    place.add(0, 150)
    place.add(150, 220)
    with place.opened() as assembly:
        generation = assembly.store.generation()
        noted, without = numbers_now(assembly), numbers_now(assembly, ERASED)
        theirs = sum(u.mention.author == author_digest(ERASED, place.home.secret()) for u in assembly.store.scan())
    assert len(noted) == 50 and noted != without and all(n != 0 for n in noted[:5])

    place.clock.now += timedelta(days=3)
    place.add(220, 1220)  # a thousand more
    change(place.home, model=another_model(tmp_path))  # read anew
    place.follow()
    overlay = place.home.lexicons / "electronics.toml"
    overlay.write_text('[battery]\nzh = "能量"\nwords = ["电芯"]\n', "utf-8")  # mapped again, and called otherwise
    place.follow()
    change(place.home, brands=[{"name": "星禾", "own": True}, {"name": "云上", "aliases": ["小禾", "云帆"]}])
    place.follow()
    change(place.home, timezone="America/New_York")
    with place.opened() as assembly:
        with assembly.index() as index:
            with pytest.raises(QueryError, match="no value '电池'"):  # nothing is called so any more
                assembly.parse("attribute:电池", index)
            assert index.count(assembly.parse("brand:小禾", index)) != noted[ASKED.index(("brand:星禾", "count"))]
        assert numbers_then(assembly, generation) == (noted, 0)
        with assembly.index(write=True) as index:
            raw = RawFolder(assembly.home.raw)
            erase(assembly.store, raw, index, assembly.home.exports, author=author_digest(ERASED, place.home.secret()))
            raw.close()
    place.follow()
    with place.opened() as assembly:
        assert theirs > 0 and numbers_then(assembly, generation) == (without, theirs)

    fengping: Command = command(monkeypatch, capsysbinary)
    query = "brand:小禾 polarity:negative"
    (told,) = fengping("query", query, "--home", place.home.path, "--json", "--count", "--at", generation).lines()
    expected = {"count": without[ASKED.index((query, "count"))], "removed_since": theirs}
    assert told == {"query": query, "generation": generation, **expected}
