"""Which row holds the newest version of which id: known to the writer only."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from index.columns import key_lines, read_keys


class RowsById:
    """A file with the id of every row in order, and in memory the row of every live id."""

    def __init__(self, folder: Path, rows: int, dead: Iterable[int]) -> None:
        self._place = folder / "ids"
        self._place.touch()
        ids, size = read_keys(self._place, rows)
        os.truncate(self._place, size)
        gone = frozenset(dead)
        self._rows = {i: row for row, i in enumerate(ids) if row not in gone}
        self._new: list[str] = []

    def row(self, identity: str) -> int | None:
        return self._rows.get(identity)

    def add(self, identity: str, row: int) -> None:
        """Rows are added in ascending order, without gaps."""
        self._rows[identity] = row
        self._new.append(identity)

    def remove(self, identity: str) -> int | None:
        return self._rows.pop(identity, None)

    def flush(self) -> None:
        with self._place.open("ab") as file:
            file.write(key_lines(self._new))
        self._new = []
