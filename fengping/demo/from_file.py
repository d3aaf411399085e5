"""A user's own table served as shop pages: every row is a review with an `@id`, fifty to a page, grouped by product."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

from core.errors import InputError
from crawlers.mapping import Mapping, unrecognised
from crawlers.parsers.table import read_table
from crawlers.parsers.table_rows import BadRow, Row
from fengping.demo.http import Asked, Reply, page_number, text
from fengping.demo.layout import frame, json_ld, missing, pages
from fengping.demo.shop_pages import index_page

NAME = "文件商城"
PAGE = 50
"""Reviews on a page."""
GROUPS = ("category", "cat", "类目", "分类", "类别", "品类", "品牌", "brand")
"""Columns by which rows are grouped where none is the product."""
UNGROUPED = "全部"
_SCALES = ((1.0, "0", "1"), (5.0, "1", "5"), (10.0, "0", "10"), (100.0, "0", "100"))
_NUMBER = re.compile(r"\d{1,3}(?:\.\d{1,4})?")


@dataclass(frozen=True, slots=True)
class Served:
    """A row as it is served: its number in the file (from 1) and what is known of it, as written."""

    number: int
    text: str
    title: str = ""
    author: str = ""
    date: str = ""
    rating: str = ""
    brand: str = ""


@dataclass(frozen=True, slots=True)
class ServedFile:
    """The rows of a file by product, in the order of the file; `bad` rows could not be read as rows."""

    products: tuple[tuple[str, tuple[Served, ...]], ...]
    low: str
    high: str
    bad: tuple[BadRow, ...]

    @property
    def rows(self) -> int:
        return sum(len(rows) for _, rows in self.products)


def read_file(path: Path, mapping: str = "") -> ServedFile:
    """Reads a TSV, CSV, JSONL or workbook; `mapping` as `fengping import --map` takes it, else columns are guessed.

    Raises InputError for a file that is no table, or whose text column is neither named nor recognised.
    """
    try:
        stream = path.open("rb")
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}. Give the path of a TSV, CSV or JSONL.") from error
    with stream:
        table = read_table(stream, path.name, path.stat().st_size)
        chosen = Mapping.parse(mapping).on(table.columns, path.name) if mapping else Mapping.recognise(table.columns)
        if not chosen.column("text"):
            raise unrecognised(path.name, table.columns, table.columns[-1])
        grouped = _group_column(chosen, table.columns)
        products: dict[str, list[Served]] = {}
        bad: list[BadRow] = []
        number = 0
        for row in table.rows:
            if isinstance(row, BadRow):
                bad.append(row)
                continue
            number += 1
            group = row.cells.get(grouped, "").strip() or UNGROUPED
            products.setdefault(group, []).append(_served(number, row, chosen))
    low, high = _scale(products)
    return ServedFile(tuple((name, tuple(rows)) for name, rows in products.items()), low, high, tuple(bad))


class FileShop:
    """Answers for the shop of a file: `/` lists the products, `/product/N?page=M` shows their rows, fifty at a time."""

    def __init__(self, served: ServedFile) -> None:
        self._served = served
        self._rows = {row.number: (name, row) for name, rows in served.products for row in rows}

    def __call__(self, asked: Asked) -> Reply:
        kind, _, name = asked.path[1:].partition("/")
        number = int(name) if name.isascii() and name.isdigit() and len(name) < 12 else 0
        if asked.path == "/robots.txt":
            return text("User-agent: *\nAllow: /\n", content_type="text/plain; charset=utf-8")
        if asked.path == "/":
            entries = [(f"/product/{i}", name) for i, (name, _) in enumerate(self._served.products, 1)]
            return text(index_page(NAME, f"{self._served.rows} 条评价", entries))
        if kind == "product" and 1 <= number <= len(self._served.products):
            return text(self._page(asked.path, *self._served.products[number - 1], page_number(asked)))
        if kind == "review" and number in self._rows:
            product, row = self._rows[number]
            return text(frame(product, NAME, f"<h1>{escape(product)}</h1>{_article(row)}"))
        return text(missing(NAME, asked.path), 404)

    def _page(self, path: str, product: str, rows: Sequence[Served], number: int) -> str:
        shown = rows[(number - 1) * PAGE : number * PAGE]
        node = {
            "@context": "https://schema.org",
            "@type": "Product",
            "name": product,
            "url": path,
            "review": [self._review(row) for row in shown],
        }
        body = f"<h1>{escape(product)}</h1>{''.join(map(_article, shown))}"
        return frame(product, NAME, body + pages(path, number, number * PAGE < len(rows)), json_ld(node))

    def _review(self, row: Served) -> dict[str, Any]:
        node: dict[str, Any] = {
            "@type": "Review",
            "@id": f"row-{row.number}",
            "url": f"/review/{row.number}",
            "reviewBody": row.text,
        }
        if row.title:
            node["headline"] = row.title
        if row.author:
            node["author"] = {"@type": "Person", "name": row.author}
        if row.date:
            node["datePublished"] = row.date
        if row.rating:
            node["reviewRating"] = {"@type": "Rating", "ratingValue": row.rating}
            if self._served.high:
                node["reviewRating"] |= {"worstRating": self._served.low, "bestRating": self._served.high}
        return node


def _served(number: int, row: Row, mapping: Mapping) -> Served:
    def cell(field: str) -> str:
        column = mapping.column(field)
        return row.cells.get(column, "").strip() if column else ""

    words = row.cells.get(mapping.column("text"), "")
    return Served(number, words, cell("title"), cell("author"), cell("time"), cell("rating"), cell("brand"))


def _group_column(mapping: Mapping, columns: Sequence[str]) -> str:
    if mapping.column("product"):
        return mapping.column("product")
    return next((c for name in GROUPS for c in columns if c.strip().lower() == name), "")


def _scale(products: dict[str, list[Served]]) -> tuple[str, str]:
    """The ends of the rating scale by the largest rating there is; "" when the ratings are no numbers."""
    highest = 0.0
    for rows in products.values():
        for row in rows:
            if row.rating:
                if not _NUMBER.fullmatch(row.rating):
                    return "", ""
                highest = max(highest, float(row.rating))
    return next(((low, high) for most, low, high in _SCALES if highest <= most), ("", ""))


def _article(row: Served) -> str:
    title = f"<h2>{escape(row.title)}</h2>" if row.title else ""
    meta = "".join(f"<span>{escape(part)}</span>" for part in (row.author, row.rating, row.date) if part)
    return (
        f'<article id="row-{row.number}">{title}<div class="meta">{meta}<a href="/review/{row.number}">链接</a></div>'
        f'<div class="text">{escape(row.text)}</div></article>'
    )
