"""Excel workbooks, row by row. What would unpack into more than a machine holds is refused before it is unpacked."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from itertools import islice
from typing import Any, BinaryIO, Protocol, cast
from zipfile import BadZipFile, ZipFile, ZipInfo

import openpyxl

from core.errors import InputError
from crawlers.parsers.table_rows import ROW_LIMIT, BadRow, Row, Table, headings, row_of

if not openpyxl.DEFUSEDXML:  # pragma: no cover
    raise ImportError("defusedxml is missing, and without it a workbook could harm the machine; install it.")

UNPACKED_LIMIT = 1024**3
"""Bytes of a whole workbook unpacked."""
_RATIO, _RATIO_FROM = 200, 10 * 1024 * 1024
"""No table packs better than 200 to 1; small members may."""
_MEMBERS = 5000
_ROWS = 1_048_576
_HEAD = 1024 * 1024
_CHUNK = 200
_FORBIDDEN = re.compile(rb"<!(?:DOCTYPE|ENTITY)")

Cells = tuple[Any, ...]


class _Sheet(Protocol):
    """What is used of openpyxl's read-only sheet."""

    title: str
    max_row: int | None

    def reset_dimensions(self) -> None: ...

    def iter_rows(self, *, values_only: bool) -> Iterator[Cells]: ...


def read_excel(stream: BinaryIO, name: str) -> Table:
    """Opens an .xlsx: sheets with the first one's header are read, others named in `notes`. Raises InputError."""
    _check_archive(stream, name)
    try:
        with warnings.catch_warnings():
            # openpyxl warns of drawings and validations it leaves out; none of them is a cell.
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(stream, read_only=True, data_only=True, keep_links=False)
    except Exception as error:
        raise _unreadable(name, error) from error
    sheets = cast(list[_Sheet], book.worksheets)
    expected = max(1, sum(min(sheet.max_row or 0, _ROWS) for sheet in sheets))
    return _Workbook(sheets, name, expected).table()


class _Workbook:
    def __init__(self, sheets: list[_Sheet], name: str, expected: int) -> None:
        self._sheets, self._name, self._expected = sheets, name, expected
        self._notes: list[str] = []
        self._read = 0

    def table(self) -> Table:
        records = self._records()
        first = next(records, None)
        if first is None:
            raise InputError(f"{self._name} is empty: no sheet has a header and a row.")
        columns = headings(first[1])
        return Table("xlsx", "", columns, self._rows(records, columns), self._share, self._notes)

    def _share(self) -> float:
        return min(1.0, self._read / self._expected)

    def _rows(self, records: Iterator[tuple[int, list[str]]], columns: tuple[str, ...]) -> Iterator[Row | BadRow]:
        for line, cells in records:
            if sum(map(len, cells)) > ROW_LIMIT:
                yield BadRow(line, f"the row is longer than the longest read, {ROW_LIMIT:,} characters", "")
            else:
                # Excel does not keep empty cells at the end of a row.
                yield row_of(line, columns, cells + [""] * (len(columns) - len(cells)))

    def _records(self) -> Iterator[tuple[int, list[str]]]:
        """The header first, then the rows of every sheet that has the same one."""
        header: list[str] | None = None
        for sheet in self._sheets:
            rows = self._sheet(sheet)
            top = next(rows, None)
            if top is None:
                continue
            if header is None:
                header = top[1]
                yield top
            elif top[1] != header:
                self._notes.append(f"sheet {sheet.title!r} was not read: its header is another than the first sheet's")
                continue
            yield from rows

    def _sheet(self, sheet: _Sheet) -> Iterator[tuple[int, list[str]]]:
        # The size that a workbook claims may be wrong; the rows themselves are not.
        sheet.reset_dimensions()
        rows, line = sheet.iter_rows(values_only=True), 0
        while chunk := self._chunk(rows):
            for values in chunk:
                line += 1
                if line > _ROWS:
                    raise InputError(
                        f"{self._name}: sheet {sheet.title!r} has rows beyond {_ROWS:,}; Excel has none there."
                    )
                cells = [_text(value) for value in values]
                while cells and not cells[-1]:
                    cells.pop()
                if cells:
                    yield line, cells
            self._read += len(chunk)

    def _chunk(self, rows: Iterator[Cells]) -> list[Cells]:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                return list(islice(rows, _CHUNK))
        except Exception as error:
            raise _unreadable(self._name, error) from error


def _unreadable(name: str, error: Exception) -> InputError:
    """Damaged workbooks make the library fail in every way there is; all of them mean the same to the user."""
    what = type(error).__name__
    if "Forbidden" in what:
        return InputError(f"{name} declares XML entities, which a workbook never needs: it was made to do harm.")
    return InputError(f"{name} cannot be read as a workbook ({what}: {error}). Open and save it again in Excel.")


def _check_archive(stream: BinaryIO, name: str) -> None:
    try:
        with ZipFile(stream) as archive:
            members = archive.infolist()
            _check_sizes(members, name)
            if not any(member.filename.lower().startswith("xl/") for member in members):
                raise InputError(f"{name} is a ZIP archive but no workbook. Unpack it and import what is in it.")
            for member in members:
                if member.filename.lower().endswith((".xml", ".rels")):
                    _check_declarations(archive, member, name)
    except (BadZipFile, OSError, EOFError, ValueError, RuntimeError, NotImplementedError) as error:
        raise InputError(f"{name} is damaged: its ZIP archive cannot be read ({error}). Save it again.") from error
    except Exception as error:
        if isinstance(error, InputError):
            raise
        raise _unreadable(name, error) from error
    stream.seek(0)


def _check_sizes(members: list[ZipInfo], name: str) -> None:
    unpacked = sum(member.file_size for member in members)
    if unpacked > UNPACKED_LIMIT or len(members) > _MEMBERS:
        raise InputError(
            f"{name} would unpack into {len(members):,} parts of {unpacked:,} bytes together;"
            f" at most {UNPACKED_LIMIT:,} are read. Split it, or export it as CSV."
        )
    for member in members:
        if member.file_size > _RATIO_FROM and member.file_size > _RATIO * max(1, member.compress_size):
            raise InputError(
                f"{name} is a ZIP bomb: {member.filename} unpacks to {member.file_size:,} bytes from next to none."
            )


def _check_declarations(archive: ZipFile, member: ZipInfo, name: str) -> None:
    """Workbooks have no document types. The parsers refuse entities too; this says so before anything is parsed."""
    with archive.open(member) as part:
        head = part.read(_HEAD)
    # UTF-16 would hide the words from the search; with the zeros out it does not.
    if _FORBIDDEN.search(head.replace(b"\0", b"")):
        raise InputError(f"{name} declares XML entities ({member.filename}), which a workbook never needs.")


def _text(value: object) -> str:
    if value is None or isinstance(value, str):
        return value or ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    # datetime writes itself with a space, date and time as ISO 8601.
    return str(value)
