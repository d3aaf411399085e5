"""CSV and TSV. A quote that is never closed costs its own line, not the rest of the file."""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterator

from core.errors import InputError
from crawlers.parsers.table_lines import Line, Lines
from crawlers.parsers.table_rows import ROW_LIMIT, SHOWN, BadRow, Row, headings, row_of

csv.field_size_limit(max(csv.field_size_limit(), ROW_LIMIT))
_MOST_LINES = 20_000
"""Lines of the longest quoted cell."""
_JUDGED = 200
"""Rows by which quoting is judged in files separated by tabs, where a quote often is only a quote."""


class _Wrong(Exception):
    """The lines handed out since the last row do not make a row."""


class _Feed:
    """Hands lines to csv.reader and remembers them, so that they can be taken back when the row goes wrong."""

    def __init__(self, lines: Iterator[Line | BadRow]) -> None:
        self._lines, self._back = lines, deque[Line | BadRow]()
        self.taken: list[Line] = []
        self._size = 0

    def begin(self) -> None:
        self.taken, self._size = [], 0

    def take_back(self) -> Line:
        """All lines but the first go back; the first is returned."""
        first, *rest = self.taken
        self._back.extendleft(reversed(rest))
        return first

    def next_item(self) -> Line | BadRow | None:
        return self._back.popleft() if self._back else next(self._lines, None)

    def put_back(self, item: Line | BadRow) -> None:
        self._back.appendleft(item)

    def __iter__(self) -> _Feed:
        return self

    def __next__(self) -> str:
        item = self.next_item()
        if item is None:
            raise StopIteration
        if isinstance(item, BadRow):
            self.put_back(item)
            raise _Wrong("a quote is opened and the next line cannot be read")
        self.taken.append(item)
        self._size += len(item.text)
        if self._size > ROW_LIMIT or len(self.taken) > _MOST_LINES:
            raise _Wrong("a quote is opened and not closed")
        return item.text + "\n"


def read_delimited(lines: Lines, name: str, tabs: bool) -> tuple[tuple[str, ...], Iterator[Row | BadRow]]:
    """Columns and rows of a CSV (separator found by its header) or TSV. Raises InputError when there is no header."""
    items = iter(lines)
    sample = lines.sample.decode("utf-8" if lines.encoding.startswith("utf-8") else lines.encoding, "replace")
    separator = "\t" if tabs else _separator(sample)
    quoted = separator != "\t" or _quoted(sample)
    records = _quoted_records(items, separator) if quoted else _raw_records(items, separator)
    for record in records:
        if isinstance(record, BadRow):
            raise InputError(f"{name}: the header (line {record.line}) cannot be read: {record.reason}.")
        columns = headings(record[1])
        return columns, _rows(records, columns)
    raise InputError(f"{name} is empty: there is no header and no row.")


def _rows(records: Iterator[tuple[int, list[str]] | BadRow], columns: tuple[str, ...]) -> Iterator[Row | BadRow]:
    for record in records:
        yield record if isinstance(record, BadRow) else row_of(record[0], columns, record[1])


def _separator(sample: str) -> str:
    header = next((line for line in sample.splitlines() if line.strip()), "")
    counts = {mark: header.count(mark) for mark in ",\t;|，"}
    best = max(counts, key=lambda mark: counts[mark])
    return best if counts[best] else ","


def _quoted(sample: str) -> bool:
    """Whether quotes in a file of tabs hold cells together: only where that leaves fewer rows of the wrong width."""
    if '"' not in sample:
        return False
    wrong = []
    for read in (_quoted_records, _raw_records):
        made = (Line(number, text) for number, text in enumerate(sample.split("\n")[: _JUDGED * 4], 1))
        records = list(read(iter(made), "\t"))[:_JUDGED]
        width = next((len(record[1]) for record in records if not isinstance(record, BadRow)), 0)
        wrong.append(
            sum(isinstance(record, BadRow) or len(record[1]) != width for record in records) / len(records or [0])
        )
    return wrong[0] < wrong[1]


def _raw_records(lines: Iterator[Line | BadRow], separator: str) -> Iterator[tuple[int, list[str]] | BadRow]:
    for line in lines:
        if isinstance(line, BadRow):
            yield line
        elif line.text.strip():
            yield line.number, line.text.split(separator)


def _quoted_records(lines: Iterator[Line | BadRow], separator: str) -> Iterator[tuple[int, list[str]] | BadRow]:
    feed = _Feed(lines)
    reader = csv.reader(feed, delimiter=separator, strict=True)
    while (item := feed.next_item()) is not None:
        if isinstance(item, BadRow):
            yield item
            continue
        feed.put_back(item)
        feed.begin()
        try:
            cells = next(reader)
        except (csv.Error, _Wrong) as error:
            first = feed.take_back()
            reader = csv.reader(feed, delimiter=separator, strict=True)
            yield BadRow(first.number, f"the quoting is wrong: {error}", first.text[:SHOWN])
            continue
        if any(cell.strip() for cell in cells):
            yield item.number, cells
