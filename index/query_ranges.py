"""Numbers, stars and dates after a field, as ranges of what the index holds."""

from __future__ import annotations

import math
import re
from datetime import datetime
from zoneinfo import ZoneInfo

from core.errors import QueryError
from core.tree import Range
from index.query_dates import moment_range
from index.query_text import Piece

DATE_FIELDS = frozenset({"date", "collected"})
_INSIDE = re.compile(r"(?P<open>[\[{])(?P<low>.*?)\s+TO\s+(?P<high>.*)(?P<close>[\]}])", re.DOTALL)
_DOTS = re.compile(r"(?P<low>.*?)\.\.(?P<high>.*)", re.DOTALL)
_COMPARED = re.compile(r"(?P<sign>[<>]=?)\s*(?P<bound>.+)", re.DOTALL)
_TWINS = str.maketrans("［｛【］｝】＞＜＝，。：", "[{[]}]><=,.:")
_NUMBER = re.compile(r"[+-]?(\d{1,20}(\.\d{0,30})?|\.\d{1,30})(e[+-]?\d{1,3})?")


class _Bounds:
    """The two ends as written ("" is open), and whether each belongs to the range."""

    __slots__ = ("high", "high_in", "low", "low_in")

    def __init__(self, low: str, high: str, low_in: bool = True, high_in: bool = True) -> None:
        self.low, self.high = ("" if b.strip() in {"*", ""} else b.strip().strip('"“”') for b in (low, high))
        self.low_in, self.high_in = low_in, high_in


def range_of(field: str, piece: Piece, zone: ZoneInfo, now: datetime) -> Range:
    """The range that a piece means after a field. Raises QueryError."""
    bounds = _bounds(piece)
    if field in DATE_FIELDS:
        return _dates(field, bounds, piece.place, zone, now)
    return _numbers(field, bounds, piece.place)


def stars_of(piece: Piece) -> Range:
    """`stars:4` is every rating that rounds to four stars, on whatever scale it was given."""
    if piece.text not in {"1", "2", "3", "4", "5"}:
        raise QueryError(f"stars: is 1, 2, 3, 4 or 5, not {piece.text!r}.", piece.place, "stars:1")
    n = int(piece.text)
    low = None if n == 1 else (n - 1.5) / 4
    return Range("rating", low if low is not None else 0.0, 1.0 if n == 5 else (math.nextafter(n + 0.5, 0) - 1) / 4)


def _bounds(piece: Piece) -> _Bounds:
    text = piece.text.translate(_TWINS).strip()
    if piece.kind == "everything":
        return _Bounds("", "")
    if piece.kind == "range":
        match = _INSIDE.fullmatch(text) or _INSIDE.fullmatch(text.replace("..", " TO "))
        if match is None:
            raise QueryError(f"{piece.text} is no range; write [low TO high].", piece.place, "[1 TO 2]")
        return _Bounds(match["low"], match["high"], match["open"] == "[", match["close"] == "]")
    if match := _COMPARED.fullmatch(text):
        inside = match["sign"].endswith("=")
        if match["sign"][0] == ">":
            return _Bounds(match["bound"], "", low_in=inside)
        return _Bounds("", match["bound"], high_in=inside)
    if match := _DOTS.fullmatch(text):
        return _Bounds(match["low"], match["high"])
    return _Bounds(text, text)


def _dates(field: str, bounds: _Bounds, place: int, zone: ZoneInfo, now: datetime) -> Range:
    """Half-open: a bound that belongs to the range takes in the whole day, minute or second that it names."""
    low = moment_range(bounds.low, zone, now, place)[0 if bounds.low_in else 1] if bounds.low else None
    high = moment_range(bounds.high, zone, now, place)[1 if bounds.high_in else 0] if bounds.high else None
    if low is not None and high is not None and low >= high:
        raise QueryError(f"{field}: the range from {bounds.low} to {bounds.high} is empty; swap its ends.", place)
    return Range(field, low, high)


def _numbers(field: str, bounds: _Bounds, place: int) -> Range:
    low = _number(field, bounds.low, place) if bounds.low else None
    high = _number(field, bounds.high, place) if bounds.high else None
    if low is not None and not bounds.low_in:
        low = math.nextafter(low, math.inf)
    if high is not None and not bounds.high_in:
        high = math.nextafter(high, -math.inf)
    if low is not None and high is not None and low > high:
        raise QueryError(f"{field}: the range from {bounds.low} to {bounds.high} is empty; swap its ends.", place)
    if field == "rating":
        low, high = (None if b is None else (b - 1) / 4 for b in (low, high))
    return Range(field, low, high)


def _number(field: str, written: str, place: int) -> float:
    if not _NUMBER.fullmatch(written) or not math.isfinite(float(written)):
        raise QueryError(f"{field}: needs a number, {written!r} is none.", place, f"{field}:>=1")
    number = float(written)
    if field == "rating" and not 1 <= number <= 5:
        raise QueryError(f"rating: is in stars from 1 to 5, {written} is outside.", place, "rating:>=4")
    return number
