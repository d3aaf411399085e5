"""What every reader of tables yields: rows as written, and the places that are no rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

Format = Literal["csv", "tsv", "jsonl", "xlsx"]

ROW_LIMIT = 4 * 1024 * 1024
"""Bytes (or characters) of the longest row that is read; a longer one is a bad row and never stands in memory whole."""
SHOWN = 2000
"""Characters of a bad row that are kept to show it."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row: `line` is where it begins (from 1), `cells` by column, `key` everything that tells it from another."""

    line: int
    cells: Mapping[str, str]
    key: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BadRow:
    """A place that could not be read as a row, why, and what stood there (at most SHOWN characters)."""

    line: int
    reason: str
    written: str


@dataclass(slots=True)
class Table:
    """An opened table. `rows` streams; `share` says how far it has come (0-1); `notes` may grow until the end."""

    format: Format
    encoding: str
    columns: tuple[str, ...]
    rows: Iterator[Row | BadRow]
    share: Callable[[], float]
    notes: list[str] = field(default_factory=list)


def headings(cells: list[str]) -> tuple[str, ...]:
    """Column names that differ: an empty one gets its number, a repeated one its count."""
    names: list[str] = []
    for number, cell in enumerate(cells, 1):
        name = cell.strip().lstrip("﻿") or f"column {number}"
        twice = sum(1 for other in names if other == name or other.startswith(f"{name} ("))
        names.append(f"{name} ({twice + 1})" if twice else name)
    return tuple(names)


def row_of(line: int, columns: tuple[str, ...], cells: list[str]) -> Row | BadRow:
    """A row under its columns; one of another width would put values under the wrong names, so it is bad."""
    width = len(columns)
    if len(cells) != width:
        if len(cells) < width or any(cell.strip() for cell in cells[width:]):
            reason = f"the row has {len(cells)} cells, the header {width}; a separator may be missing or unquoted"
            return BadRow(line, reason, "\t".join(cells)[:SHOWN])
        cells = cells[:width]
    return Row(line, dict(zip(columns, cells, strict=True)), tuple(cells))
