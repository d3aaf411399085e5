"""A row of a file as a Collected item, and what makes a row too broken to be one."""

from __future__ import annotations

import re
from dataclasses import dataclass

from core.collected import Collected
from core.models import KINDS, Kind, Mention
from crawlers.mapping import Mapping
from crawlers.parsers.table_rows import Row

_SHOWN = 40
_COUNT = re.compile(r"([0-9][0-9,]{0,18}(?:\.[0-9]{1,6})?)\s*([万wWkKmM千亿]?)\+?")
_TIMES = {"": 1, "千": 1_000, "k": 1_000, "万": 10_000, "w": 10_000, "m": 1_000_000, "亿": 100_000_000}
_KINDS: dict[str, Kind] = {kind: kind for kind in KINDS} | {
    "评论": "comment", "评价": "review", "点评": "review", "追评": "review", "帖子": "post", "微博": "post",
    "笔记": "post", "动态": "post", "回复": "comment", "文章": "article", "新闻": "article", "工单": "ticket",
    "投诉": "ticket",
}  # fmt: skip


class Broken(Exception):
    """The row cannot become a mention; the message is the reason."""


@dataclass(frozen=True, slots=True)
class Scale:
    """The ends of the rating scale as written on the command line; "" where the default holds."""

    low: str = ""
    high: str = ""


class Picker:
    """Picks the fields of a mention out of rows, once the columns are known."""

    def __init__(self, mapping: Mapping, scale: Scale) -> None:
        self._column = {field: mapping.column(field) for field, _ in mapping.pairs}
        self._scale = scale

    def source(self, row: Row) -> str:
        """The source that the row itself names; "" when there is no such column."""
        return self._cell(row, "source")

    def item(self, row: Row) -> Collected:
        """Raises Broken when there is neither text nor title nor rating."""
        cell = self._cell
        text, title, rating = row.cells.get(self._column.get("text", ""), ""), cell(row, "title"), cell(row, "rating")
        if not text.strip() and not title and not rating:
            raise Broken("there is no text")
        scale = self._scale_of(row) if rating else self._scale
        return Collected(
            text=text,
            title=title,
            native_id=cell(row, "id"),
            parent_native_id=cell(row, "parent"),
            url=cell(row, "url"),
            author=cell(row, "author"),
            author_followers=count(cell(row, "followers")),
            date=cell(row, "time"),
            rating=rating,
            rating_low=scale.low,
            rating_high=scale.high,
            likes=count(cell(row, "likes")) or 0,
            replies=count(cell(row, "replies")) or 0,
            shares=count(cell(row, "shares")) or 0,
            views=count(cell(row, "views")),
            brand=cell(row, "brand"),
            product=cell(row, "product"),
            region=cell(row, "region"),
            kind=_KINDS.get(cell(row, "kind").lower()),
        )

    def unread(self, row: Row, mention: Mention) -> list[str]:
        """What was written in a row and is missing from its mention: a rating off its scale, a time that is none."""
        rating, time = self._cell(row, "rating"), self._cell(row, "time")
        missing = []
        if rating and mention.rating is None:
            missing.append(f"its rating: {rating[:_SHOWN]!r} is none, or not on its scale (--scale)")
        if time and mention.published_at is None:
            missing.append(f"its time: {time[:_SHOWN]!r} is none that can be read, or lies ahead")
        return missing

    def _scale_of(self, row: Row) -> Scale:
        """What was asked for counts; else what the row itself says, as 1-5."""
        low, _, high = self._cell(row, "scale").partition("-")
        return self._scale if self._scale.high else Scale(low.strip(), high.strip())

    def _cell(self, row: Row, field: str) -> str:
        column = self._column.get(field)
        return row.cells.get(column, "").strip() if column else ""


def count(written: str) -> int | None:
    """Reads "1,024", "1.2万", "3k", "10w+"; None for anything that is no count."""
    if not written:
        return None
    if written.isascii() and written.isdigit() and len(written) < 16:
        return int(written)
    found = _COUNT.fullmatch(written)
    return round(float(found[1].replace(",", "")) * _TIMES[found[2].lower()]) if found else None
