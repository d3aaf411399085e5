"""Which texts hang together: connected components of "same words" and "nearly the same words", whatever the order.

A bucket (one band) may hold thousands of texts of a campaign. They are kept by component, and a newcomer is compared
with a few of each first: once one is alike, the rest of that component need not be asked. Components that show no
likeness in those few are compared in full, so the result never depends on who was asked first.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

import numpy as np

from nlp.relate.minhash import ALIKE, HASHES, Minhash, likeness

Rank = tuple[datetime, str]
_FIRST = 8


class Clusters:
    """Nodes are numbered in order of `add`; `rank` orders them within a component (equal ranks: the earlier added)."""

    def __init__(self) -> None:
        self._parent: list[int] = []
        self._lowest: list[tuple[Rank, int]] = []
        self._exact: dict[str, int] = {}
        self._buckets: dict[str, dict[int, list[int]]] = {}
        self._minhashes = np.zeros((64, HASHES), dtype=np.uint16)

    def add(self, rank: Rank, exact: str, bands: Sequence[str], mins: Minhash | None) -> int:
        """Adds a node and joins it with all that are the same or alike. `exact` "" equals nothing."""
        node = self._new(rank, mins)
        twin = self._exact.setdefault(exact, node) if exact else node
        if twin != node:
            self.join(twin, node)
        elif mins is not None:
            self._join_alike(node, bands, mins)
            self._enter(node, bands)
        return node

    def place(self, rank: Rank, exact: str, bands: Sequence[str], mins: Minhash | None, beside: int | None) -> int:
        """Adds a node whose component is known already: that of the node `beside`, or one of its own."""
        node = self._new(rank, mins)
        if beside is not None:
            self.join(beside, node)
        if exact and self._exact.setdefault(exact, node) != node:
            return node
        if mins is not None:
            self._enter(node, bands)
        return node

    def join(self, one: int, other: int) -> None:
        low, high = sorted((self.root(one), self.root(other)))
        self._parent[high] = low
        self._lowest[low] = min(self._lowest[low], self._lowest[high])

    def lowest(self, node: int) -> int:
        """The node of the smallest rank in a node's component."""
        return self._lowest[self.root(node)][1]

    def root(self, node: int) -> int:
        while self._parent[node] != node:
            self._parent[node] = self._parent[self._parent[node]]
            node = self._parent[node]
        return node

    def components(self) -> list[list[int]]:
        """Nodes that hang together, each list ascending."""
        found: dict[int, list[int]] = {}
        for node in range(len(self._parent)):
            found.setdefault(self.root(node), []).append(node)
        return list(found.values())

    def _new(self, rank: Rank, mins: Minhash | None) -> int:
        node = len(self._parent)
        self._parent.append(node)
        self._lowest.append((rank, node))
        if node >= len(self._minhashes):
            self._minhashes = np.concatenate([self._minhashes, np.zeros_like(self._minhashes)])
        if mins is not None:
            self._minhashes[node] = mins
        return node

    def _enter(self, node: int, bands: Sequence[str]) -> None:
        for band in bands:
            self._buckets.setdefault(band, {}).setdefault(self.root(node), []).append(node)

    def _join_alike(self, node: int, bands: Sequence[str], mins: Minhash) -> None:
        lists = [(mark, members) for band in bands for mark, members in self._buckets.get(band, {}).items()]
        for mark, members in lists:
            if self.root(mark) != self.root(node):
                self._join_if_alike(node, mins, members[:_FIRST] + members[-_FIRST:])
        rest = {m for mark, members in lists if self.root(mark) != self.root(node) for m in members}
        self._join_if_alike(node, mins, rest)

    def _join_if_alike(self, node: int, mins: Minhash, candidates: Iterable[int]) -> None:
        rows = np.fromiter(candidates, dtype=np.intp)
        if len(rows):
            for other in rows[likeness(mins, self._minhashes[rows]) >= ALIKE]:
                self.join(int(other), node)
