"""One moment of the columns, mapped into memory: masks of rows, counted by numpy."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from core.tree import SameOpinion
from index.columns import DICTIONARIES, TYPES, State, read_keys

Mask = npt.NDArray[np.bool_]
Ints = npt.NDArray[Any]


class KeyLists:
    """The dictionaries of a folder, read on as they grow. Shared by the snapshots of one reader."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._keys: dict[str, list[str]] = {name: [] for name in DICTIONARIES}
        self._codes: dict[str, dict[str, int]] = {name: {} for name in DICTIONARIES}
        self._offsets = dict.fromkeys(DICTIONARIES, 0)

    def grow(self, state: State) -> None:
        for name in DICTIONARIES:
            missing = state.keys.get(name, 0) - len(self._keys[name])
            if missing > 0:
                new, self._offsets[name] = read_keys(self._folder / f"keys.{name}", missing, self._offsets[name])
                self._codes[name].update((key, n) for n, key in enumerate(new, len(self._keys[name])))
                self._keys[name] += new

    def keys(self, name: str) -> list[str]:
        return self._keys[name]

    def code(self, name: str, key: str) -> int:
        """-2, which no row holds, for an unknown key."""
        return self._codes[name].get(key, -2)

    def descendants(self, name: str, path: str) -> npt.NDArray[np.int32]:
        """Codes of a taxonomy path and of everything below it."""
        found = [n for n, key in enumerate(self._keys[name]) if key == path or key.startswith(f"{path}/")]
        return np.array(found, dtype=np.int32)


class Snapshot:
    """The columns as one state names them."""

    def __init__(self, folder: Path, state: State, lists: KeyLists) -> None:
        self._folder, self.state, self.lists = folder, state, lists
        self._columns: dict[str, Ints] = {}
        self.rows = state.rows
        self.alive: Mask = np.ones(self.rows, dtype=np.bool_)
        self.alive[self.column("dead")] = False
        self.alive.flags.writeable = False

    def column(self, name: str) -> Ints:
        found = self._columns.get(name)
        if found is None:
            length = self.state.lengths.get(name, 0)
            kind = np.dtype(TYPES[name])
            place = self._folder / name
            found = np.memmap(place, kind, "r", shape=(length,)) if length else np.empty(0, kind)
            found = self._columns[name] = np.asarray(found)
        return found

    def of_rows(self, rows: Ints) -> Mask:
        """A mask of the rows named."""
        mask = np.zeros(self.rows, dtype=np.bool_)
        mask[rows] = True
        return mask

    def term(self, field: str, value: str) -> Mask:
        """The rows whose field holds a value."""
        code = self.lists.code(field, value)
        if f"single.{field}" in TYPES:
            return np.asarray(self.column(f"single.{field}") == code)
        return self.of_rows(self.column(f"several.{field}.row")[self.column(f"several.{field}") == code])

    def same_opinion(self, target: str, attribute: str, polarity: str, phrase: str) -> Mask:
        """The rows with one opinion that satisfies every condition given."""
        return self.of_rows(self.column("opinion.row")[self._opinions(target, attribute, polarity, phrase)])

    def phrase_counts(self, mask: Mask, wanted: SameOpinion) -> npt.NDArray[np.int64]:
        """How many rows of a mask hold an opinion as wanted in each phrase, by code; a row counts once a phrase."""
        rows = self.column("opinion.row")
        chosen = self._opinions(wanted.brand, wanted.attribute, wanted.polarity, wanted.phrase) & mask[rows]
        size = max(len(self.lists.keys("phrase")), 1)
        pairs = np.unique(rows[chosen].astype(np.int64) * size + self.column("opinion.phrase")[chosen])
        return np.bincount(pairs % size, minlength=size)

    def _opinions(self, target: str, attribute: str, polarity: str, phrase: str) -> Mask:
        keep = np.ones(self.state.lengths.get("opinion.row", 0), dtype=np.bool_)
        for name, dictionary, value in (
            ("target", "target", target), ("polarity", "polarity", polarity), ("phrase", "phrase", phrase),
        ):  # fmt: skip
            if value:
                keep &= self.column(f"opinion.{name}") == self.lists.code(dictionary, value)
        if attribute:
            known = np.zeros(len(self.lists.keys("path")), dtype=np.bool_)
            known[self.lists.descendants("path", attribute)] = True
            keep &= known[self.column("opinion.path")]
        return keep

    def entries(self, field: str, mask: Mask) -> tuple[Ints, Ints]:
        """Codes of a facet field in the rows of a mask, each with its row."""
        if f"single.{field}" in TYPES:
            rows = np.flatnonzero(mask)
            codes = self.column(f"single.{field}")[rows]
            there = codes >= 0
            return (codes, rows) if there.all() else (codes[there], rows[there])
        rows = self.column(f"several.{field}.row")
        chosen = np.flatnonzero(mask[rows])
        return self.column(f"several.{field}")[chosen], rows[chosen]

    def key_counts(self, field: str, mask: Mask) -> npt.NDArray[np.int64]:
        """How many rows of a mask hold each key, by code."""
        size = len(self.lists.keys(field))
        if f"single.{field}" in TYPES:
            codes = self.column(f"single.{field}")[mask]
            return np.bincount(codes + 1, minlength=size + 1)[1:]
        return np.bincount(self.column(f"several.{field}")[mask[self.column(f"several.{field}.row")]], minlength=size)


def ranked(counts: npt.NDArray[np.int64], keys: Sequence[str], n: int, prefix: str = "") -> list[tuple[str, int]]:
    """The n keys with the highest counts above 0: by count descending, then key by code point."""
    codes = np.flatnonzero(counts)
    if prefix:
        codes = np.array([c for c in codes.tolist() if keys[c].startswith(prefix)], dtype=np.int64)
    if 0 < n < len(codes):
        least = np.partition(counts[codes], len(codes) - n)[len(codes) - n]
        codes = codes[counts[codes] >= least]
    found = [(keys[c], int(counts[c])) for c in codes.tolist()]
    return sorted(found, key=lambda pair: (-pair[1], pair[0]))[: max(n, 0)]
