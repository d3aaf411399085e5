"""Files of reviews into the Store. Every row ends as new, changed, same, repeated or bad, and none is lost unseen."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from zoneinfo import ZoneInfo

from core.collected_mention import Context
from core.errors import InputError
from core.interfaces import Store
from core.models import Kind
from crawlers.import_rows import Picker, Scale
from crawlers.import_work import BadFile, Book, DryBook, ImportReport, StoreBook, Work
from crawlers.mapping import Mapping, unrecognised
from crawlers.parsers.table import read_table
from crawlers.parsers.table_rows import BadRow, Row, Table

__all__ = ["ImportReport", "Mapping", "import_file", "parse_scale"]

BATCH = 1000
PLATFORM = "import"
_PEEKED = 50

Progress = Callable[[int, float], None]
"""Called after each batch with the rows so far and the share of the file that is read (0-1)."""


def parse_scale(written: str) -> tuple[float, float]:
    """Reads `1-5`. Raises InputError."""
    low, mark, high = written.strip().partition("-")
    try:
        ends = float(low), float(high)
    except ValueError as error:
        raise InputError(
            f"--scale {written!r} is no scale; write its lowest and highest, as in --scale 1-5."
        ) from error
    if not mark or not ends[0] < ends[1]:
        raise InputError(
            f"--scale {written!r} has no room between its ends; write the lowest first, as in --scale 1-5."
        )
    return ends


def import_file(
    path: Path,
    source: str,
    mapping: Mapping | None,
    scale: tuple[float, float] | None,
    store: Store,
    secret: bytes,
    zone: ZoneInfo,
    now: datetime,
    brand: str = "",
    product: str = "",
    dry_run: bool = False,
    bad_rows: Path | None = None,
    on_progress: Progress | None = None,
    kind: Kind = "review",
) -> ImportReport:
    """Imports a CSV, TSV, JSONL or .xlsx file; the same file again adds nothing. With `dry_run` nothing is stored.

    A `source` column gives each row its own source, else `source` is everyone's. Raises InputError when the file is no
    table, or no column can be taken for the text and `mapping` is None.
    """
    run = f"import-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    try:
        with path.open("rb") as stream, BadFile(bad_rows) as bad:
            table = read_table(stream, path.name, path.stat().st_size)
            chosen = _chosen(table, path.name, mapping)
            written = Scale(*(f"{end:g}" for end in scale)) if scale else Scale()
            context = Context(source, PLATFORM, kind, zone, secret, run, brand, product)
            book: Book = DryBook(store) if dry_run else StoreBook(store)
            work = Work(Picker(chosen, written), context, now, book, bad)
            for rows in _batches(table.rows):
                work.take(rows)
                if on_progress:
                    on_progress(work.rows, table.share())
            return work.report(table, chosen, dry_run)
    except OSError as error:
        raise InputError(f"{path} cannot be read or listed: {error.strerror or error}.") from error


def _chosen(table: Table, name: str, mapping: Mapping | None) -> Mapping:
    """The mapping to use. Where none can be found, a few rows show which column holds the longest texts."""
    if mapping is not None:
        return mapping.on(table.columns, name)
    chosen = Mapping.recognise(table.columns)
    if chosen.column("text") or chosen.column("title"):
        return chosen
    first = [row for row in islice(table.rows, _PEEKED) if isinstance(row, Row)]
    longest = max(table.columns, key=lambda column: sum(len(row.cells.get(column, "")) for row in first))
    raise unrecognised(name, table.columns, longest)


def _batches(rows: Iterator[Row | BadRow]) -> Iterator[list[Row | BadRow]]:
    while batch := list(islice(rows, BATCH)):
        yield batch
