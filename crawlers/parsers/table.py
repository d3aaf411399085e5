"""Tables of reviews in any form people export them: CSV, TSV, JSONL, Excel. Pure: bytes in, rows out, one at a time."""

from __future__ import annotations

from pathlib import PurePath
from typing import BinaryIO

from core.errors import InputError
from crawlers.parsers.table_delimited import read_delimited
from crawlers.parsers.table_excel import read_excel
from crawlers.parsers.table_jsonl import read_jsonl
from crawlers.parsers.table_lines import Lines
from crawlers.parsers.table_rows import Table

_JSON, _TABS = {".jsonl", ".ndjson", ".json"}, {".tsv", ".tab"}


def read_table(stream: BinaryIO, name: str, size: int = 0) -> Table:
    """Opens a table from its start; `name` is for messages, its suffix for the format, `size` in bytes for progress.

    What can be read is yielded as rows, what cannot as BadRow. Raises InputError for files that are no table at all,
    and for damage that ends a workbook in its middle.
    """
    stream.seek(0)
    head = stream.read(4)
    stream.seek(0)
    if head.startswith(b"PK"):
        return read_excel(stream, name)
    suffix = PurePath(name).suffix.lower()
    if suffix in {".xlsx", ".xlsm"} and not head:
        raise InputError(f"{name} is empty.")
    lines = Lines(stream, name)
    if suffix in _JSON or (suffix not in {".csv", *_TABS} and lines.sample.lstrip(b"\xef\xbb\xbf \r\n\t")[:1] == b"{"):
        columns, rows = read_jsonl(lines, name)
        return Table("jsonl", lines.encoding, columns, rows, lambda: _share(lines, size))
    if suffix in {".xlsx", ".xlsm", ".xls"}:
        raise InputError(f"{name} is called {suffix} but is no workbook. Save it again in Excel, or name it .csv.")
    tabs = suffix in _TABS
    columns, rows = read_delimited(lines, name, tabs)
    return Table("tsv" if tabs else "csv", lines.encoding, columns, rows, lambda: _share(lines, size))


def _share(lines: Lines, size: int) -> float:
    return min(1.0, lines.done / size) if size else 0.0
