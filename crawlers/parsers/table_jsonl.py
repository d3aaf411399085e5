"""JSONL: an object a line; values as written, numbers digit for digit."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import chain, islice

from core.errors import InputError
from crawlers.parsers.table_lines import Line, Lines
from crawlers.parsers.table_rows import SHOWN, BadRow, Row

_PEEKED = 200
"""Rows whose names make the columns; names that first occur later are kept in the rows all the same."""
# Numbers stay text: no digit is lost, and a million digits cost nothing.
_parse = json.JSONDecoder(parse_float=str, parse_int=str, parse_constant=str).decode
_write = json.JSONEncoder(ensure_ascii=False).encode


def read_jsonl(lines: Lines, name: str) -> tuple[tuple[str, ...], Iterator[Row | BadRow]]:
    """Columns (of the first rows) and rows. Raises InputError when none of the first lines is an object."""
    rows = _rows(iter(lines))
    first = list(islice(rows, _PEEKED))
    columns = tuple(dict.fromkeys(column for row in first if isinstance(row, Row) for column in row.cells))
    if not columns:
        reason = f": line {first[0].line}: {first[0].reason}" if first and isinstance(first[0], BadRow) else ""
        raise InputError(f"{name} holds no JSON objects, one a line{reason}. Write it as JSONL, CSV or .xlsx.")
    return columns, chain(first, rows)


def _rows(lines: Iterator[Line | BadRow]) -> Iterator[Row | BadRow]:
    for line in lines:
        if isinstance(line, BadRow):
            yield line
        elif line.text.strip():
            yield _row(line)


def _row(line: Line) -> Row | BadRow:
    try:
        value = _parse(line.text)
    except RecursionError:
        return BadRow(line.number, "the JSON is nested too deeply", line.text[:SHOWN])
    except ValueError as error:
        return BadRow(line.number, f"the line is not JSON: {error}", line.text[:SHOWN])
    if not isinstance(value, dict):
        return BadRow(line.number, "the line is JSON, but no object with names", line.text[:SHOWN])
    cells = {column: _text(cell) for column, cell in value.items()}
    return Row(line.number, cells, tuple(chain.from_iterable(sorted(cells.items()))))


def _text(cell: object) -> str:
    if isinstance(cell, str):
        return cell
    return "" if cell is None else _write(cell)
