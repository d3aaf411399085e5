"""Rows into an .xlsx, one at a time, on as many sheets as they need."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Protocol, cast

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from reports.export_rows import Cell

SHEET_ROWS = 1_048_576
"""Rows that a sheet can hold, its header included."""
CELL_CHARACTERS = 32_767
"""Characters that a cell can hold, counted as Excel does in UTF-16."""
_CUT = "… [cut: Excel holds no more]"


class _Sheet(Protocol):
    def append(self, iterable: Iterable[Any]) -> None: ...


def write_sheets(
    rows: Iterable[Sequence[Cell]],
    path: Path,
    columns: Sequence[str],
    note: Sequence[tuple[str, Cell]],
    sheet_rows: int = SHEET_ROWS,
) -> int:
    """Writes mentions, mentions 2, … and the sheet note; returns how many rows.

    Characters that XML forbids become U+FFFD; a text longer than a cell is cut and says so.
    """
    book = Workbook(write_only=True)
    try:
        count = _fill(book, rows, columns, sheet_rows)
        last = cast(_Sheet, book.create_sheet("note"))
        for name, value in (*note, ("rows", count)):
            text = f"'{value}" if isinstance(value, str) and value[:1] in "=+-@" else value
            last.append([_fitting(name), _fitting(text)])
    finally:
        # Saving also ends openpyxl's open sheets and removes their temporary files, so it is done after an error too;
        # the caller throws such a file away.
        book.save(path)
    return count


def _fill(book: Workbook, rows: Iterable[Sequence[Cell]], columns: Sequence[str], sheet_rows: int) -> int:
    sheet, left, sheets, count = _sheet(book, columns, 1), sheet_rows - 1, 1, 0
    for row in rows:
        if not left:
            sheets += 1
            sheet, left = _sheet(book, columns, sheets), sheet_rows - 1
        sheet.append([_fitting(cell) for cell in row])
        left, count = left - 1, count + 1
    return count


def _sheet(book: Workbook, columns: Sequence[str], number: int) -> _Sheet:
    sheet = cast(_Sheet, book.create_sheet("mentions" if number == 1 else f"mentions {number}"))
    sheet.append(columns)
    return sheet


def _fitting(cell: Cell) -> Cell:
    if not isinstance(cell, str):
        return cell
    text = ILLEGAL_CHARACTERS_RE.sub("�", cell).encode("utf-8", "replace").decode()
    text = text.replace("￾", "�").replace("￿", "�")
    if len(text) * 2 > CELL_CHARACTERS and len(text.encode("utf-16-le")) // 2 > CELL_CHARACTERS:
        kept = text.encode("utf-16-le")[: 2 * (CELL_CHARACTERS - len(_CUT))]
        return kept.decode("utf-16-le", "ignore") + _CUT
    return text
