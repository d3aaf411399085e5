"""The index as one member may see it: lists within the scope, figures of rivals only where enough stand behind them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Literal, TypeVar

from core.interfaces import Facet, Hits, Index, Interval, Series, Sort, Sums, Table
from core.models import SearchDocument
from core.scope import OPEN, Scope
from core.tree import Node, SameOpinion, both

FEWEST = 30
"""A figure about rivals needs at least so many of their mentions."""
QUOTING_FIELDS = frozenset({"phrase", "author", "id"})
"""Counting by these would say what somebody else's mentions say: they stay within the scope."""
_ALL_KEYS = 1_000_000
Key = TypeVar("Key", str, tuple[str, str])


class Scoped:
    """What pages may hold instead of an Index: the same questions, without those that change it."""

    def __init__(self, index: Index, scope: Scope = OPEN) -> None:
        self._index, self.scope = index, scope
        self._rivals = scope.figures_tree() != scope.tree()

    def search(self, tree: Node, sort: Sort = "newest", after: str = "", n: int = 20) -> Hits:
        return self._index.search(self._seen(tree), sort, after, n)

    def get(self, ids: Sequence[str]) -> list[SearchDocument]:
        """In the order asked; ids that are unknown or out of scope are left out."""
        found = self._index.get(ids)
        return [d for d in found if self.scope.is_open or self.scope.sees(d.brands, d.source, d.region)]

    def scroll(self, tree: Node, batch: int = 1000) -> Iterator[SearchDocument]:
        return self._index.scroll(self._seen(tree), batch)

    def count(self, tree: Node) -> int:
        return self._index.count(self._figures(tree))

    def sums(self, tree: Node, fields: Sequence[str]) -> Sums:
        return self._index.sums(self._figures(tree), fields)

    def facets(self, tree: Node, field: str, n: int = 20, prefix: str = "") -> tuple[Facet, ...]:
        if not self._rivals or field in QUOTING_FIELDS:
            return self._index.facets(self._seen(tree), field, n, prefix)
        counts = _allowed(
            {
                f.key: f.count
                for f in self._index.facets(both(tree, self.scope.figures_tree()), field, _ALL_KEYS, prefix)
            },
            {f.key: f.count for f in self._index.facets(self._seen(tree), field, _ALL_KEYS, prefix)},
        )
        ranked = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
        return tuple(Facet(key, count) for key, count in ranked[:n])

    def phrases(self, tree: Node, wanted: SameOpinion, n: int = 20) -> tuple[Facet, ...]:
        """Phrases quote people: they stay within the scope."""
        return self._index.phrases(self._seen(tree), wanted, n)

    def distinct(self, tree: Node, field: str) -> int:
        if not self._rivals or field in QUOTING_FIELDS:
            return self._index.distinct(self._seen(tree), field)
        return len(self.facets(tree, field, _ALL_KEYS))

    def series(
        self,
        tree: Node,
        interval: Interval,
        timezone: str,
        split: str | None = None,
        time: Literal["published", "collected"] = "published",
        until: datetime | None = None,
        prefix: str = "",
    ) -> Series:
        if split is None or not self._rivals:
            return self._index.series(self._figures(tree), interval, timezone, split, time, until, prefix)
        if split in QUOTING_FIELDS:
            return self._index.series(self._seen(tree), interval, timezone, split, time, until, prefix)
        everyone = self._index.series(
            both(tree, self.scope.figures_tree()), interval, timezone, split, time, until, prefix
        )
        return _gated(everyone, self._index.series(self._seen(tree), interval, timezone, split, time, until, prefix))

    def table(self, tree: Node, rows: str, columns: str, n: int = 50) -> Table:
        if not self._rivals or {rows, columns} & QUOTING_FIELDS:
            return self._index.table(self._seen(tree), rows, columns, n)
        everyone = self._index.table(both(tree, self.scope.figures_tree()), rows, columns, n)
        seen = self._index.table(self._seen(tree), rows, columns, _ALL_KEYS)
        cells = _allowed(everyone.cells, seen.cells)
        kept = {cell: count for cell, count in cells.items() if cell in everyone.cells}
        return Table(everyone.rows, everyone.columns, kept)

    def within(self, of: Node) -> Whole | Scoped:
        """What the parts of one figure are counted by: all with the rivals or all without, as the whole `of` decides.

        Left out part by part, a rival's few complaints would be none.
        """
        return Whole(self._index, self._figures(of), self._seen(of)) if self._rivals else self

    def generation(self) -> int:
        return self._index.generation()

    def _seen(self, tree: Node) -> Node:
        return both(tree, self.scope.tree())

    def _figures(self, tree: Node) -> Node:
        """Rivals are within only where enough of their mentions are."""
        if not self._rivals:
            return self._seen(tree)
        everyone, seen = both(tree, self.scope.figures_tree()), self._seen(tree)
        return everyone if self._index.count(everyone) - self._index.count(seen) >= FEWEST else seen


class Whole:
    """The mentions of one figure, and nothing outside of it; what quotes stays within the scope."""

    def __init__(self, index: Index, figures: Node, seen: Node) -> None:
        self._index, self._figures, self._seen = index, figures, seen

    def count(self, tree: Node) -> int:
        return self._index.count(self._asked(tree))

    def sums(self, tree: Node, fields: Sequence[str]) -> Sums:
        return self._index.sums(self._asked(tree), fields)

    def facets(self, tree: Node, field: str, n: int = 20, prefix: str = "") -> tuple[Facet, ...]:
        return self._index.facets(self._asked(tree, field), field, n, prefix)

    def series(
        self,
        tree: Node,
        interval: Interval,
        timezone: str,
        split: str | None = None,
        time: Literal["published", "collected"] = "published",
        until: datetime | None = None,
        prefix: str = "",
    ) -> Series:
        asked = self._asked(tree, *((split,) if split else ()))
        return self._index.series(asked, interval, timezone, split, time, until, prefix)

    def table(self, tree: Node, rows: str, columns: str, n: int = 50) -> Table:
        return self._index.table(self._asked(tree, rows, columns), rows, columns, n)

    def _asked(self, tree: Node, *fields: str) -> Node:
        return both(tree, self._figures if QUOTING_FIELDS.isdisjoint(fields) else self._seen)


def _allowed(everyone: Mapping[Key, int], seen: Mapping[Key, int]) -> dict[Key, int]:
    """Each count with the rivals' part where that is large enough, else without it."""
    counts = {k: c if c - seen.get(k, 0) >= FEWEST else seen.get(k, 0) for k, c in everyone.items()}
    return {key: count for key, count in counts.items() if count}


def _gated(everyone: Series, seen: Series) -> Series:
    """Each group with the rivals' part where the group is large enough, else without it."""
    groups: dict[str, tuple[int, ...]] = {}
    for key, row in everyone.counts.items():
        own = seen.counts.get(key, ())
        if sum(row) - sum(own) >= FEWEST:
            groups[key] = row
        elif own:
            places = dict(zip(seen.starts, own, strict=True))
            groups[key] = tuple(places.get(start, 0) for start in everyone.starts)
    return replace(everyone, counts=groups)
