"""Dates as people write them in a query, read once in their time zone into half-open UTC ranges."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from core.errors import QueryError

_WRITTEN = re.compile(
    r"(?P<year>\d{4})(?:[-/](?P<month>\d{1,2})(?:[-/](?P<day>\d{1,2})"
    r"(?:[T ](?P<hour>\d{1,2})(?::(?P<minute>\d{2})(?::(?P<second>\d{2})(?:\.(?P<fraction>\d{1,6}))?)?)?"
    r"(?P<zone>Z|[+-]\d{2}:?\d{2})?)?)?)?"
)
_RELATIVE = re.compile(r"(?P<n>\d{1,4})(?P<unit>[hdw]|小时|天|周)")
_TODAY = {"today": 0, "今天": 0, "yesterday": 1, "昨天": 1}
_HOURS = {"h", "小时"}
_WEEKS = {"w", "周"}
EXAMPLES = "2026-11-03, 2026-11, 2026-11-03T14:30, 7d, 24h, today"


def moment_range(written: str, zone: ZoneInfo, now: datetime, position: int) -> tuple[datetime, datetime]:
    """What a date covers, as UTC [start, end): a day, month, year, hour, minute, second, or the last n of them.

    `7d` is today and the six days before, `24h` this hour and the 23 before. Raises QueryError.
    """
    text = written.strip()
    try:
        local = _relative(text.lower(), now.astimezone(zone)) or _absolute(text, zone)
        if local is None:
            raise QueryError(f"{written!r} is no date; write it as {EXAMPLES}.", position, "date:2026-11-03")
        return local[0].astimezone(UTC), local[1].astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise QueryError(f"{written!r} is no day of the calendar ({error}).", position) from error


def _relative(text: str, now: datetime) -> tuple[datetime, datetime] | None:
    if text in _TODAY:
        return _days(now.date() - timedelta(days=_TODAY[text]), 1, now)
    match = _RELATIVE.fullmatch(text)
    if match is None:
        return None
    n, unit = max(int(match["n"]), 1), match["unit"]
    if unit in _HOURS:
        hour = now.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
        return hour - timedelta(hours=n - 1), hour + timedelta(hours=1)
    days = n * 7 if unit in _WEEKS else n
    return _days(now.date() - timedelta(days=days - 1), days, now)


def _days(first: date, n: int, now: datetime) -> tuple[datetime, datetime]:
    start = datetime.combine(first, time(), now.tzinfo)
    return start, datetime.combine(first + timedelta(days=n), time(), now.tzinfo)


def _absolute(text: str, zone: ZoneInfo) -> tuple[datetime, datetime] | None:
    match = _WRITTEN.fullmatch(text)
    if match is None:
        return None
    if not 1900 <= int(match["year"]) <= 2200:
        raise ValueError("years run from 1900 to 2200")
    part = {k: int(v) for k, v in match.groupdict().items() if v and k not in {"zone", "fraction"}}
    if "month" not in part:
        return _local(part["year"], 1, 1, zone), _local(part["year"] + 1, 1, 1, zone)
    if "day" not in part:
        years, month = divmod(part["month"], 12)
        return _local(part["year"], part["month"], 1, zone), _local(part["year"] + years, month + 1, 1, zone)
    day = date(part["year"], part["month"], part["day"])
    if "hour" not in part:
        return datetime.combine(day, time(), zone), datetime.combine(day + timedelta(days=1), time(), zone)
    return _clock(day, part, match["fraction"], _zone(match["zone"], zone))


def _clock(day: date, part: dict[str, int], fraction: str | None, zone: ZoneInfo | None) -> tuple[datetime, datetime]:
    micro = int(fraction.ljust(6, "0")) if fraction else 0
    moment = time(part["hour"], part.get("minute", 0), part.get("second", 0), micro)
    start = datetime.combine(day, moment, zone or UTC).astimezone(UTC)
    if fraction:
        return start, start + timedelta(microseconds=10 ** (6 - len(fraction)))
    if "second" in part:
        return start, start + timedelta(seconds=1)
    return start, start + (timedelta(minutes=1) if "minute" in part else timedelta(hours=1))


def _zone(written: str | None, zone: ZoneInfo) -> ZoneInfo | None:
    """None is UTC. Offsets other than Z would need arithmetic nobody asked for, so they are refused."""
    if written is None:
        return zone
    if written in {"Z", "+00:00", "+0000"}:
        return None
    raise ValueError("write times in your own time zone, or in UTC with a Z at the end")


def _local(year: int, month: int, day: int, zone: ZoneInfo) -> datetime:
    return datetime(year, month, day, tzinfo=zone)
