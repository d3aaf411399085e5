"""Lines of `fengping analyze --stdin` checked: JSON to what is asked, or to what is wrong with it."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from functools import cache
from typing import BinaryIO

from core.errors import InputError
from core.models import Span
from nlp.answers import Asked
from nlp.lexicon import industries

LONGEST_LINE = 4_000_000
"""Bytes of a line: a text of LONGEST_TEXT code points, every one escaped, fits."""
LONGEST_TEXT = 200_000
MOST_ASPECTS = 1_000


@dataclass(frozen=True, slots=True)
class Line:
    """A line understood. `id` is JSON text; exactly one of `asked` and `error` is there."""

    id: str
    asked: Asked | None
    error: str = ""


def read_line(source: BinaryIO) -> bytes | None:
    """The next line without its end, None at the end; of a line above LONGEST_LINE only its beginning is kept."""
    line = source.readline(LONGEST_LINE + 1)
    if not line:
        return None
    if len(line) > LONGEST_LINE and not line.endswith(b"\n"):
        while True:
            rest = source.readline(LONGEST_LINE)
            if not rest or rest.endswith(b"\n"):
                return line
    return line.rstrip(b"\r\n")


def understood(raw: bytes) -> Line:
    """Checks a line. Never raises for what stands in it."""
    if len(raw) > LONGEST_LINE:
        return Line("null", None, f"the line is longer than {LONGEST_LINE:,} bytes; cut the text into several lines.")
    try:
        value = json.loads(raw.decode("utf-8-sig"), parse_constant=_refuse)
    except UnicodeDecodeError as error:
        return Line("null", None, f"the line is not UTF-8 (byte {error.start}); convert it to UTF-8.")
    except (ValueError, RecursionError) as error:
        reason = "it is nested too deeply" if isinstance(error, RecursionError) else str(error)
        return Line("null", None, f"the line is not JSON: {reason}. Write one object a line.")
    if not isinstance(value, dict):
        return Line("null", None, 'the line is not an object; write {"id": 1, "text": "…"}.')
    id = _id(value.get("id"))
    try:
        return Line(id or "null", _asked(value, id is not None))
    except InputError as error:
        return Line(id or "null", None, str(error))


def _refuse(constant: str) -> float:
    raise ValueError(f"{constant} is not a JSON value")


def _id(value: object) -> str | None:
    """The id as JSON text; None when it is no scalar."""
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return json.dumps(value) if value is None or isinstance(value, (str, int, float, bool)) else None


def _asked(value: dict[str, object], id_fits: bool) -> Asked:
    if not id_fits:
        raise InputError("id must be a string, a number, true, false or null.")
    text = value.get("text")
    if not isinstance(text, str):
        raise InputError('the line has no text; write {"id": 1, "text": "…"}.')
    if len(text) > LONGEST_TEXT:
        raise InputError(f"the text has {len(text):,} characters; at most {LONGEST_TEXT:,} are read. Cut it.")
    return Asked(text, _industry(value.get("industry")), _brand(value.get("brand")), _spans(value.get("aspects"), text))


def _industry(value: object) -> str:
    if value is None or value == "":
        return ""
    if not isinstance(value, str) or value not in _industries():
        raise InputError(f"no industry is called {value!r}; there are: {', '.join(_industries())}.")
    return value


@cache
def _industries() -> tuple[str, ...]:
    return industries()


def _brand(value: object) -> str:
    if value is None:
        return ""
    if not isinstance(value, str) or len(value) > 80:
        raise InputError("brand must be a name of at most 80 characters.")
    if any("\ud800" <= c <= "\udfff" for c in value):
        raise InputError("brand holds half of a surrogate pair, which no name does; send the whole character.")
    return value.strip()


def _spans(value: object, text: str) -> tuple[Span, ...]:
    if value is None:
        return ()
    if not isinstance(value, list) or len(value) > MOST_ASPECTS:
        raise InputError(f"aspects must be a list of at most {MOST_ASPECTS} spans such as [[0, 2], [5, 7]].")
    return tuple(_span(item, text) for item in value)


def _span(value: object, text: str) -> Span:
    if isinstance(value, list) and len(value) == 2 and all(type(v) is int for v in value):
        start, end = value
        if 0 <= start < end <= len(text):
            return Span(start, end)
    raise InputError(
        f"{json.dumps(value)[:60]} is no span of this text: write [start, end] in code points with "
        f"0 <= start < end <= {len(text)}."
    )
