"""Ratings as sources write them, on their own scale."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

DEFAULT_SCALE = (1.0, 5.0)

_NUMBER = r"(-?\d{1,9}(?:[.,]\d{1,9})?)"
_PLAIN = re.compile(_NUMBER + r"\s*(?:分|星级?|颗星|[Ss]tars?|点|★|⭐️?)?")
_OUT_OF = re.compile(
    _NUMBER + r"\s*(?:分|星|stars?)?\s*(?:/|out of|von|sur|共)\s*" + _NUMBER + r"\s*(?:分|星|stars?)?", re.I
)
_PERCENT = re.compile(_NUMBER + r"\s*[%％]")
_STARS = re.compile(r"([★⭐🌟])️?(?:\1️?)*")
_NUMERALS = {"一": "1", "二": "2", "两": "2", "三": "3", "四": "4", "五": "5"}
_CHINESE = re.compile(r"([一二两三四五])(?:颗?星级?|分)")


@dataclass(frozen=True, slots=True)
class Rating:
    """`value` is 0-1, `scale` the source's lowest and highest; both None when there is none to believe."""

    value: float | None
    scale: tuple[float, float] | None


NO_RATING = Rating(None, None)


def parse_rating(written: str, low: str = "", high: str = "") -> Rating:
    """Reads "4", "4.5/5", "★★★★☆", "五星", "80%". Outside its scale it is NO_RATING."""
    written = written.strip()
    if not written or len(written) > 60:
        return NO_RATING
    value, best = _value(written)
    if value is None:
        return NO_RATING
    highest = _number(high) if high else best
    lowest = _number(low) if low else (0.0 if highest == 100 else 1.0)
    if highest is None:
        highest = DEFAULT_SCALE[1]
    if lowest is None or highest <= lowest or not lowest <= value <= highest:
        return NO_RATING
    return Rating((value - lowest) / (highest - lowest), (lowest, highest))


def _value(written: str) -> tuple[float | None, float | None]:
    """The value, and the highest possible where the text itself says so."""
    if found := _PLAIN.fullmatch(written):
        return _number(found[1]), None
    if found := _OUT_OF.fullmatch(written):
        return _number(found[1]), _number(found[2])
    if found := _PERCENT.fullmatch(written):
        return _number(found[1]), 100.0
    if found := _CHINESE.fullmatch(written):
        return float(_NUMERALS[found[1]]), None
    full, empty = sum(written.count(star) for star in "★⭐🌟"), written.count("☆")
    if full + empty >= 1 and not written.strip("★⭐🌟☆️ "):
        return float(full), float(full + empty) if full + empty > 5 else 5.0
    return None, None


def _number(written: str) -> float | None:
    try:
        number = float(written.replace(",", "."))
    except ValueError:
        return None
    return number if math.isfinite(number) else None
