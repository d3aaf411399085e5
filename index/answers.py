"""Counting on one snapshot: facets, series, tables and sums of the rows of a mask. Exact, and without tantivy."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

from core.errors import QueryError
from core.interfaces import Facet, Interval, Series, Sums, Table
from core.tree import FACET_FIELDS, SameOpinion
from index.buckets import QUARTER, extent, from_quarter, microseconds, quarter, starts
from index.columns import NO_QUARTER, NUMBERS
from index.snapshot import Ints, Mask, Snapshot, ranked

LARGEST_GRID = 20_000_000
SUM_FIELDS = tuple(n for n in NUMBERS if n != "relevance")


def facets(snapshot: Snapshot, mask: Mask, field: str, n: int, prefix: str) -> tuple[Facet, ...]:
    check_facet(field)
    counts = snapshot.key_counts(field, mask)
    return tuple(Facet(key, count) for key, count in ranked(counts, snapshot.lists.keys(field), n, prefix))


def phrases(snapshot: Snapshot, mask: Mask, wanted: SameOpinion, n: int) -> tuple[Facet, ...]:
    counts = snapshot.phrase_counts(mask, wanted)
    found = ranked(counts, snapshot.lists.keys("phrase"), n + 1)
    return tuple(Facet(key, count) for key, count in found if key)[:n]


def distinct(snapshot: Snapshot, mask: Mask, field: str) -> int:
    check_facet(field)
    return int(np.count_nonzero(snapshot.key_counts(field, mask)))


def sums(snapshot: Snapshot, mask: Mask, fields: Sequence[str]) -> Sums:
    total: dict[str, float] = {}
    present: dict[str, int] = {}
    for field in fields:
        if field not in SUM_FIELDS:
            raise QueryError(f"{field!r} is no number to add up; there are {', '.join(SUM_FIELDS)}.")
        values = snapshot.column(f"number.{field}")[mask]
        there = values[~np.isnan(values)]
        total[field], present[field] = float(there.sum()), len(there)
    return Sums(int(np.count_nonzero(mask)), total, present)


def table(snapshot: Snapshot, mask: Mask, rows: str, columns: str, n: int) -> Table:
    row_keys, left = _top(snapshot, mask, rows, n)
    column_keys, right = _top(snapshot, mask, columns, n)
    width = max(len(column_keys), 1)
    cells = _paired(left, right, width, len(row_keys) * width, snapshot.rows)
    found = {
        (row_keys[place // width], column_keys[place % width]): int(cells[place])
        for place in np.flatnonzero(cells).tolist()
    }
    return Table(tuple(row_keys), tuple(column_keys), found)


def series(
    snapshot: Snapshot,
    mask: Mask,
    interval: Interval,
    timezone: str,
    split: str | None,
    time: Literal["published", "collected"],
    asked: tuple[datetime | None, datetime | None],
    until: datetime | None,
    prefix: str,
) -> Series:
    zone = ZoneInfo(timezone)
    undated = int(np.count_nonzero(mask & (snapshot.column(f"quarter.{time}") == NO_QUARTER)))
    dated = mask & (snapshot.column(f"quarter.{time}") != NO_QUARTER)
    if until is not None:
        dated &= snapshot.column(f"time.{time}") < microseconds(until)
    quarters = snapshot.column(f"quarter.{time}")
    inside = quarters[dated]
    found = (from_quarter(int(inside.min())), from_quarter(int(inside.max()))) if len(inside) else None
    reach = extent(found, asked, until)
    if reach is None:
        return Series(interval, timezone, (), {} if split else {"": ()}, undated)
    begins = starts(*reach, interval, zone)
    bins = _bins(begins, found or reach)
    first = quarter(found[0] if found else reach[0])
    if split is None:
        counts = np.bincount(bins[inside - first], minlength=len(begins))
        return Series(interval, timezone, tuple(begins), {"": _row(counts)}, undated)
    groups = _split(snapshot, dated, split, prefix, lambda rows: bins[quarters[rows] - first], len(begins))
    return Series(interval, timezone, tuple(begins), groups, undated)


def check_facet(field: str) -> None:
    if field not in FACET_FIELDS:
        raise QueryError(f"{field!r} is no field to count by; there are {', '.join(FACET_FIELDS)}.")


def _bins(begins: Sequence[datetime], found: tuple[datetime, datetime]) -> npt.NDArray[np.int64]:
    """For each quarter of an hour from the first to the last found, the number of its bucket."""
    edges = np.array([microseconds(b) // QUARTER for b in begins])
    span = np.arange(quarter(found[0]), quarter(found[1]) + 1)
    return np.maximum(np.searchsorted(edges, span, side="right") - 1, 0)


def _split(
    snapshot: Snapshot, mask: Mask, field: str, prefix: str, bins_of: Any, width: int
) -> Mapping[str, tuple[int, ...]]:
    """Counts a bucket for each key, the most frequent key first."""
    check_facet(field)
    codes, rows = snapshot.entries(field, mask)
    keys = snapshot.lists.keys(field)
    if prefix:
        wanted = np.array([key.startswith(prefix) for key in keys], dtype=np.bool_)
        kept = wanted[codes] if len(keys) else np.zeros(len(codes), dtype=np.bool_)
        codes, rows = codes[kept], rows[kept]
    counts = np.bincount(codes, minlength=len(keys))
    present = np.flatnonzero(counts)
    places = np.zeros(len(counts), dtype=np.int64)
    places[present] = np.arange(len(present))
    dense = places[codes] if len(codes) else codes
    if len(present) * width > LARGEST_GRID:
        raise QueryError(
            f"{len(present)} keys in {width} buckets are too many at once; ask for a longer interval, "
            "fewer days or a prefix."
        )
    grid = np.bincount(dense * width + bins_of(rows), minlength=len(present) * width).reshape(len(present), width)
    totals = grid.sum(axis=1)
    order = sorted(range(len(present)), key=lambda n: (-totals[n], keys[present[n]]))
    return {keys[present[n]]: _row(grid[n]) for n in order}


def _row(counts: npt.NDArray[np.int64]) -> tuple[int, ...]:
    return tuple(int(count) for count in counts.tolist())


def _top(snapshot: Snapshot, mask: Mask, field: str, n: int) -> tuple[list[str], tuple[Ints, Ints]]:
    """The keys of a facet, and the rows that hold one, ascending, each with the place of its key in the list."""
    check_facet(field)
    codes, rows = snapshot.entries(field, mask)
    all_keys = snapshot.lists.keys(field)
    keys = [key for key, _ in ranked(np.bincount(codes, minlength=len(all_keys)), all_keys, n)]
    places = np.full(len(all_keys), -1, dtype=np.int64)
    for place, key in enumerate(keys):
        places[snapshot.lists.code(field, key)] = place
    held = places[codes] if len(codes) else codes
    if len(keys) == len(all_keys):
        return keys, (rows, held)
    return keys, (rows[held >= 0], held[held >= 0])


def _paired(
    left: tuple[Ints, Ints], right: tuple[Ints, Ints], width: int, size: int, rows: int
) -> npt.NDArray[np.int64]:
    """Counts every pair of a left and a right place that share a row: the first place of each row, the second, …"""
    if len(left[0]) < len(right[0]):
        return _matched(right, left, rows, lambda of_right, of_left: of_left * width + of_right, size)
    return _matched(left, right, rows, lambda of_left, of_right: of_left * width + of_right, size)


def _matched(
    many: tuple[Ints, Ints], few: tuple[Ints, Ints], rows: int, cell: Callable[[Ints, Ints], Ints], size: int
) -> npt.NDArray[np.int64]:
    """Goes as often over the many as the fullest row of the few holds places: once or twice for most fields."""
    counts = np.bincount(few[0], minlength=rows)
    begins = np.cumsum(counts) - counts
    found = np.zeros(size, dtype=np.int64)
    row, place = many
    for nth in range(int(counts.max(initial=0))):
        kept = counts[row] > nth
        if not kept.all():
            row, place = row[kept], place[kept]
        found += np.bincount(cell(place, few[1][begins[row] + nth]), minlength=size)
    return found
