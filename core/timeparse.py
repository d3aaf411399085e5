"""Times as sources write them, into UTC: what was guessed on the way is said, what cannot be is not believed."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

import core.spoken_time as spoken
from core.models import Precision

TOLERANCE = timedelta(days=1)
"""Clocks and zones differ by less than this; what lies further in the future is not believed."""
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
"""What claims to be older is an empty field (epoch 0, year 1), not a date."""


@dataclass(frozen=True, slots=True)
class ParsedTime:
    """`at` is aware UTC, or None with the precision "none"."""

    at: datetime | None
    precision: Precision


NO_TIME = ParsedTime(None, "none")

_EPOCH = re.compile(r"\d{9,10}(?:\.\d{1,9})?|\d{13}|\d{16}")
_COMPACT = re.compile(r"((?:19|20)\d\d)(\d\d)(\d\d)(?:T?(\d\d)(\d\d)(\d\d)?)?(Z)?")
_CLOCK = (
    r"(?:[T ,，]*(上午|下午|中午|晚上|凌晨|早上|傍晚|晚)? ?(\d{1,2})(?:[:：时点](\d{1,2})?)"
    r"(?:[:：分](\d{1,2})?)?(?:\.\d+)?秒?\s*([AaPp]\.?[Mm]\.?)?)?"
)
_ZONE = r"\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2})?"
_FULL = re.compile(
    r"(\d{4})\s?[-/.年]\s?(\d{1,2})\s?[-/.月]\s?(\d{1,2})[日号]?(?:\s?[(（]?(?:星期|周)[一二三四五六日天][)）]?)?"
    + _CLOCK
    + _ZONE
)
_PARTIAL = re.compile(r"(?!\d\.|\d\d\.\d(?!\d))(\d{1,2})\s?[-/.月]\s?(\d{1,2})[日号]?" + _CLOCK)
_WORDS = re.compile(
    r"^(?:发布于|发表于|发布时间|编辑于|更新于|时间|日期|[Pp]osted(?: on)?"
    r"|[Rr]eviewed (?:in .{2,40} )?on|[Uu]pdated(?: on)?)[:： ]*"
)
_MAYBE_DATE = re.compile(r"(?=.*\b\d{4}\b)(?=.*\d{1,2}\b)(?=.*[^\W\d_]{3})[^\n]{8,48}")
_NAMES_YEAR = re.compile(r"(?:19|20)\d\d(?!\d)|\d{8}")
_LANGUAGES = ["en", "zh", "ja", "ko", "es", "fr", "de", "pt", "it", "ru"]


def parse_time(written: str, now: datetime, zone: ZoneInfo) -> ParsedTime:
    """Reads a time as written. `now` is aware; `zone` is the source's, for times that name none.

    A year that was left out is the latest that is not in the future ("inferred", like "3 hours ago").
    Nonsense, times before EARLIEST and times beyond now + TOLERANCE are NO_TIME.
    """
    written = written.strip()
    if not written or len(written) > 100:
        return NO_TIME
    try:
        parsed = _iso(written, zone) or _any(written, now, zone)
        if parsed.at is None:
            return NO_TIME
        at = parsed.at.astimezone(UTC)
    except (ValueError, OverflowError):
        return NO_TIME
    return ParsedTime(at, parsed.precision) if EARLIEST <= at <= now + TOLERANCE else NO_TIME


def lasting(written: str, now: datetime, zone: ZoneInfo) -> str:
    """The date of an item in a form that stays the same from one look at its page to the next.

    As written where it names its year or is no date; resolved where it does not (昨天 12:30 is 11-22 12:30 tomorrow);
    "" where it only says how long ago, since tomorrow that is another text for the same time.
    """
    plain = _WORDS.sub("", written.strip())
    if _NAMES_YEAR.search(plain):
        return written
    if spoken.elapsed(plain):
        return ""
    at = parse_time(written, now, zone).at
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M}" if at else written


def _iso(written: str, zone: ZoneInfo) -> ParsedTime | None:
    """The form that machines write, and the fastest to read."""
    if len(written) < 10 or written[4] != "-" or written[7] != "-":
        return None
    try:
        at = datetime.fromisoformat(written)
    except ValueError:
        return None
    precision: Precision = "day" if len(written) == 10 else "minute" if written.count(":", 0, 19) < 2 else "exact"
    return ParsedTime(at if at.tzinfo else at.replace(tzinfo=zone), precision)


def _any(written: str, now: datetime, zone: ZoneInfo) -> ParsedTime:
    here = now.astimezone(zone)
    plain = _WORDS.sub("", written)
    for read in _READERS:
        found = read(plain, here, zone)
        if found is not None:
            return found
    return NO_TIME


def _epoch(written: str, _here: datetime, _zone: ZoneInfo) -> ParsedTime | None:
    if not _EPOCH.fullmatch(written):
        return None
    whole = written.partition(".")[0]
    scale = {13: 1e3, 16: 1e6}.get(len(whole), 1.0)
    return ParsedTime(datetime.fromtimestamp(float(written) / scale, UTC), "exact")


def _compact(written: str, _here: datetime, zone: ZoneInfo) -> ParsedTime | None:
    found = _COMPACT.fullmatch(written)
    if not found:
        return None
    year, month, day, hour, minute, second = (int(part or 0) for part in found.groups()[:6])
    precision: Precision = "exact" if found[6] else "minute" if found[4] else "day"
    return ParsedTime(datetime(year, month, day, hour, minute, second, tzinfo=UTC if found[7] else zone), precision)


def _full(written: str, _here: datetime, zone: ZoneInfo) -> ParsedTime | None:
    found = _FULL.fullmatch(written)
    if not found:
        return None
    hour, minute, second, precision = spoken.clock(*found.groups()[3:8])
    at = datetime(int(found[1]), int(found[2]), int(found[3]), hour, minute, second)
    offset = found[9]
    if not offset:
        return ParsedTime(at.replace(tzinfo=zone), precision)
    return ParsedTime(datetime.fromisoformat(f"{at.isoformat()}{'Z' if offset[0] in 'ZUG' else offset}"), precision)


def _partial(written: str, here: datetime, zone: ZoneInfo) -> ParsedTime | None:
    found = _PARTIAL.fullmatch(written)
    if not found:
        return None
    hour, minute, second, _ = spoken.clock(*found.groups()[2:7])
    month, day = int(found[1]), int(found[2])
    # Eight years reach back over the longest gap between two 29ths of February.
    for year in range(here.year, here.year - 9, -1):
        if month == 2 and day == 29 and not (year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)):
            continue
        at = datetime(year, month, day, hour, minute, second, tzinfo=zone)
        if at <= here:
            return ParsedTime(at, "inferred")
    return NO_TIME


def _spoken(written: str, here: datetime, _zone: ZoneInfo) -> ParsedTime | None:
    found = spoken.spoken(written, here)
    return ParsedTime(*found) if found else None


def _rfc(written: str, _here: datetime, zone: ZoneInfo) -> ParsedTime | None:
    if ":" not in written or not written[-1].isalnum():
        return None
    try:
        at = parsedate_to_datetime(written)
    except ValueError:
        return None
    return ParsedTime(at if at.tzinfo else at.replace(tzinfo=zone), "exact" if written.count(":") > 1 else "minute")


def _last_resort(written: str, _here: datetime, zone: ZoneInfo) -> ParsedTime | None:
    if not _MAYBE_DATE.fullmatch(written):
        return None
    at = _dateparser(written)
    if at is None:
        return None
    precision: Precision = "minute" if ":" in written else "day"
    return ParsedTime(at if at.tzinfo else at.replace(tzinfo=zone), precision)


@lru_cache(maxsize=4096)
def _dateparser(written: str) -> datetime | None:
    """Absolute dates in words; slow, so asked once a text. Relative ones are never left to it (they need now)."""
    import dateparser

    return dateparser.parse(
        written,
        languages=_LANGUAGES,
        settings={"PARSERS": ["absolute-time"], "REQUIRE_PARTS": ["day", "month", "year"], "STRICT_PARSING": True},
    )


_READERS: tuple[Callable[[str, datetime, ZoneInfo], ParsedTime | None], ...] = (
    _epoch,
    _compact,
    _full,
    _partial,
    _spoken,
    _rfc,
    _last_resort,
)
