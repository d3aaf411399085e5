"""Times as people say them: 3小时前, 昨天 12:30, 刚刚, 上周三, 2 days ago, yesterday, Nov 2."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from core.models import Precision

Spoken = tuple[datetime, Precision]

_NUMERALS = {
    "一": 1,
    "两": 2,
    "二": 2,
    "三": 3,
    "四": 4,
    "五": 5,
    "六": 6,
    "七": 7,
    "八": 8,
    "九": 9,
    "十": 10,
    "半": 0.5,
}
_SECONDS = {"秒": 1, "秒钟": 1, "分": 60, "分钟": 60, "小时": 3600, "个小时": 3600, "钟头": 3600, "个钟头": 3600}
_SECONDS |= {"second": 1, "sec": 1, "s": 1, "minute": 60, "min": 60, "m": 60, "hour": 3600, "hr": 3600, "h": 3600}
_DAYS = {"天": 1, "日": 1, "周": 7, "星期": 7, "个星期": 7, "礼拜": 7, "个月": 30, "月": 30, "年": 365}
_DAYS |= {"day": 1, "d": 1, "week": 7, "wk": 7, "w": 7, "month": 30, "mo": 30, "year": 365, "yr": 365, "y": 365}
_AGO_ZH = re.compile(
    r"(?:大约|约)?(\d{1,6}|[一两二三四五六七八九十半]|几)\s?"
    r"(秒钟?|分钟?|个?小时|个?钟头|天|日|周|个?星期|礼拜|个?月|年)(半)?(?:以|之)?前\s*(?:(\d{1,2})[:：](\d{2}))?"
)
_AGO_EN = re.compile(
    r"(?:about |over |almost )?(\d{1,6}|an?|one|two|three|few|a few)\s?"
    r"(seconds?|secs?|minutes?|mins?|hours?|hrs?|days?|weeks?|wks?|months?|mos?|years?|yrs?|[smhdwy])\.? ago"
)
_WORD_NUMBERS = {"a": 1.0, "an": 1.0, "one": 1.0, "two": 2.0, "three": 3.0, "few": 3.0, "a few": 3.0}
_SHORT = re.compile(r"(\d{1,3})(s|m|min|h|d|w|y)")
_NOW = {"刚刚", "刚才", "方才", "片刻前", "just now", "now", "moments ago", "a moment ago"}
_DAY_WORDS = {"今天": 0, "今日": 0, "昨天": 1, "昨日": 1, "前天": 2, "前日": 2, "大前天": 3, "today": 0, "yesterday": 1}
_DAY_WORDS |= {"今晚": 0, "昨晚": 1, "前晚": 2, "今早": 0, "昨早": 1}
_DAY = re.compile(
    r"(大前天|今天|今日|昨天|昨日|前天|前日|今晚|昨晚|前晚|今早|昨早|today|yesterday)[ ,，]*(?:at )?"
    r"(上午|下午|中午|晚上|凌晨|早上|傍晚)? ?(?:(\d{1,2})[:：时点](\d{1,2})?(?:[:：分](\d{1,2})?)?\s*([ap]\.?m\.?)?)?"
)
_TIME_ONLY = re.compile(
    r"(上午|下午|中午|晚上|凌晨|早上|傍晚)? ?(\d{1,2})[:：](\d{2})(?:[:：](\d{2}))?\s*([ap]\.?m\.?)?"
)
_WEEKDAY = re.compile(
    r"(上上?)?(?:个)?(?:周|星期|礼拜)([一二三四五六日天])[ ,，]*"
    r"(上午|下午|中午|晚上|凌晨|早上|傍晚)?(?: ?(\d{1,2})[:：](\d{2}))?"
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = rf"({'|'.join(_MONTHS)})[a-z]{{0,6}}\.?"
_EN_CLOCK = r"(?:,? (?:at )?(\d{1,2}):(\d{2})(?::(\d{2}))?\s?([ap]\.?m\.?)?)?"
_MONTH_FIRST = re.compile(_MONTH + r" (\d{1,2})(?:st|nd|rd|th)?(?:,? (\d{4}))?" + _EN_CLOCK)
_DAY_FIRST = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[ -]" + _MONTH + r"(?:,?[ -](\d{4}))?" + _EN_CLOCK)


def spoken(written: str, here: datetime) -> Spoken | None:
    """Reads a relative or English date; `here` is now in the source's zone. None when it is none of these."""
    low = written.lower()
    if low in _NOW:
        return here, "inferred"
    return _ago(low, here) or _day(low, here) or _weekday(low, here) or _english(low, here) or _time_only(low, here)


def elapsed(written: str) -> bool:
    """Whether it only says how long ago (3小时前, just now): such a time is written otherwise at every look."""
    low = written.lower()
    return low in _NOW or any(form.fullmatch(low) for form in (_AGO_ZH, _AGO_EN, _SHORT))


def clock(
    part: str | None, hour: str | None, minute: str | None, second: str | None, half: str | None
) -> tuple[int, int, int, Precision]:
    """Hour, minute, second of a clock as written (下午 3:20, 3:20 PM) and how precise that makes it."""
    if hour is None:
        return 0, 0, 0, "day"
    hours = int(half_day(part, int(hour), half))
    return hours, int(minute or 0), int(second or 0), "exact" if second else "minute"


def half_day(part: str | None, hour: int, half: str | None) -> int:
    """The hour on the 24-hour clock."""
    after = (part in {"下午", "晚上", "傍晚", "晚"} or (half or "")[:1] in "pP") and bool(part or half)
    if after and hour < 12:
        return hour + 12
    if hour == 12 and (part == "凌晨" or (half or "x")[0] in "aA"):
        return 0
    return hour + 12 if part == "中午" and hour < 3 else hour


def _ago(low: str, here: datetime) -> Spoken | None:
    found = _AGO_ZH.fullmatch(low)
    if found:
        amount = _NUMERALS.get(found[1]) or (3.0 if found[1] == "几" else float(found[1]))
        back = _length(found[2], amount + (0.5 if found[3] else 0))
        if found[4] and back >= timedelta(days=1):
            return _local(here - back, int(found[4]), int(found[5]), 0), "inferred"
        return _back(here, back), "inferred"
    found = _AGO_EN.fullmatch(low) or _SHORT.fullmatch(low)
    if not found:
        return None
    unit = found[2] if found[2] in _SECONDS or found[2] in _DAYS else found[2].removesuffix("s")
    amount = _WORD_NUMBERS[found[1]] if found[1] in _WORD_NUMBERS else float(found[1])
    return _back(here, _length(unit, amount)), "inferred"


def _length(unit: str, amount: float) -> timedelta:
    return timedelta(seconds=_SECONDS[unit] * amount) if unit in _SECONDS else timedelta(days=_DAYS[unit] * amount)


def _back(here: datetime, length: timedelta) -> datetime:
    """Elapsed time, so counted in UTC: an hour ago is an hour ago on the night the clocks change too."""
    return here.astimezone(UTC) - length


def _local(here: datetime, hour: int, minute: int, second: int) -> datetime:
    return here.replace(hour=hour, minute=minute, second=second, microsecond=0, fold=0)


def _day(low: str, here: datetime) -> Spoken | None:
    found = _DAY.fullmatch(low)
    if not found:
        return None
    part = found[2] or ("晚上" if "晚" in found[1] else "早上" if "早" in found[1] else None)
    hour, minute, second, precision = clock(part, *found.groups()[2:6])
    return _local(here - timedelta(days=_DAY_WORDS[found[1]]), hour, minute, second), precision


def _weekday(low: str, here: datetime) -> Spoken | None:
    found = _WEEKDAY.fullmatch(low)
    if not found:
        return None
    weekday = "一二三四五六日天".index(found[2]) % 7 if found[2] != "天" else 6
    days = here.weekday() - weekday
    days = days + 7 * len(found[1]) if found[1] else days % 7
    hour, minute, second, _ = clock(found[3], found[4], found[5], None, None)
    return _local(here - timedelta(days=days), hour, minute, second), "inferred"


def _english(low: str, here: datetime) -> Spoken | None:
    found = _MONTH_FIRST.fullmatch(low)
    if found:
        month, day, year = found[1], found[2], found[3]
    else:
        found = _DAY_FIRST.fullmatch(low)
        if not found:
            return None
        day, month, year = found[1], found[2], found[3]
    hour, minute, second, precision = clock(None, *found.groups()[3:7])
    at = _local(here, hour, minute, second).replace(
        year=int(year or here.year), month=_MONTHS.index(month) + 1, day=int(day)
    )
    if year:
        return at, precision
    return (at if at <= here else at.replace(year=at.year - 1)), "inferred"


def _time_only(low: str, here: datetime) -> Spoken | None:
    found = _TIME_ONLY.fullmatch(low)
    if not found:
        return None
    hour, minute, second, _ = clock(*found.groups())
    at = _local(here, hour, minute, second)
    return (at if at <= here else _local(here - timedelta(days=1), hour, minute, second)), "inferred"
