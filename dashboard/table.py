"""Tables as HTML: they wrap on a phone, grey what rests on too few mentions, and every cell is escaped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import streamlit as st


@dataclass(frozen=True, slots=True)
class Share:
    """A cell with a bar of 0–1 beside its figure."""

    value: float
    text: str


@dataclass(frozen=True, slots=True)
class Column:
    """A heading; figures stand to the right. `hint` is shown on pointing at it."""

    title: str
    figure: bool = True
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """Cells of a table; `grey` where they rest on too little."""

    cells: Sequence[str | Share]
    grey: bool = False


def table(columns: Sequence[Column], rows: Sequence[Row]) -> None:
    """Draws a table; it scrolls sideways by itself where the screen is narrower."""
    st.html(markup(columns, rows))


def markup(columns: Sequence[Column], rows: Sequence[Row]) -> str:
    """The table's HTML."""
    head = "".join(f"<th{_side(c)}{_hint(c)}>{escape(c.title)}</th>" for c in columns)
    body = _body(columns, rows)
    return f'<div class="sheet"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'


def _body(columns: Sequence[Column], rows: Sequence[Row]) -> str:
    lines = []
    for row in rows:
        cells = "".join(f"<td{_side(c)}>{_cell(cell)}</td>" for c, cell in zip(columns, row.cells, strict=True))
        lines.append(f'<tr class="grey">{cells}</tr>' if row.grey else f"<tr>{cells}</tr>")
    return "".join(lines)


def _side(column: Column) -> str:
    return ' class="figure"' if column.figure else ""


def _hint(column: Column) -> str:
    return f' title="{escape(column.hint)}"' if column.hint else ""


def _cell(cell: str | Share) -> str:
    if isinstance(cell, str):
        return escape(cell)
    width = round(100 * min(max(cell.value, 0.0), 1.0))
    return f'<span class="bar"><i style="width:{width}%"></i></span>{escape(cell.text)}'
