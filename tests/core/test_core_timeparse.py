"""Times as sources write them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from core.timeparse import EARLIEST, NO_TIME, TOLERANCE, ParsedTime, parse_time

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
"""A Monday, 16:00 in Shanghai."""

READ = [
    ("2026-11-02", "2026-11-02T00:00:00", "day"),
    ("2026-11-02 12:30", "2026-11-02T12:30:00", "minute"),
    ("2026-11-02 12:30:45", "2026-11-02T12:30:45", "exact"),
    ("2026-11-02T12:30:45.250", "2026-11-02T12:30:45.250", "exact"),
    ("2026-11-02T04:30:45Z", "2026-11-02T12:30:45", "exact"),
    ("2026-11-02T12:30:45+08:00", "2026-11-02T12:30:45", "exact"),
    ("2026-11-02 12:30 +0800", "2026-11-02T12:30:00", "minute"),
    ("2026-11-01T23:30:00-05:00", "2026-11-02T12:30:00", "exact"),
    ("2026/11/2", "2026-11-02T00:00:00", "day"),
    ("2026/11/2 9:05", "2026-11-02T09:05:00", "minute"),
    ("2026.11.02 09:05:06", "2026-11-02T09:05:06", "exact"),
    ("2026年11月2日", "2026-11-02T00:00:00", "day"),
    ("2026年11月2日 下午3:20", "2026-11-02T15:20:00", "minute"),
    ("2026年11月2日 星期一 15时20分30秒", "2026-11-02T15:20:30", "exact"),
    ("发布于 2026-11-02 12:30", "2026-11-02T12:30:00", "minute"),
    ("20261102", "2026-11-02T00:00:00", "day"),
    ("20261102123045", "2026-11-02T12:30:45", "exact"),
    ("1793593845", "2026-11-02T12:30:45", "exact"),
    ("1793593845.5", "2026-11-02T12:30:45.500", "exact"),
    ("1793593845250", "2026-11-02T12:30:45.250", "exact"),
    ("Mon, 02 Nov 2026 12:30:45 +0800", "2026-11-02T12:30:45", "exact"),
    ("Mon, 02 Nov 2026 04:30:45 GMT", "2026-11-02T12:30:45", "exact"),
    ("Nov 2, 2026", "2026-11-02T00:00:00", "day"),
    ("November 2, 2026 at 3:20 PM", "2026-11-02T15:20:00", "minute"),
    ("2 November 2026", "2026-11-02T00:00:00", "day"),
    ("2nd Nov 2026", "2026-11-02T00:00:00", "day"),
    ("Reviewed in the United States on November 2, 2026", "2026-11-02T00:00:00", "day"),
    ("2 novembre 2026", "2026-11-02T00:00:00", "day"),
    ("刚刚", "2026-11-23T16:00:00", "inferred"),
    ("just now", "2026-11-23T16:00:00", "inferred"),
    ("30秒前", "2026-11-23T15:59:30", "inferred"),
    ("5分钟前", "2026-11-23T15:55:00", "inferred"),
    ("半小时前", "2026-11-23T15:30:00", "inferred"),
    ("3小时前", "2026-11-23T13:00:00", "inferred"),
    ("3 小时前", "2026-11-23T13:00:00", "inferred"),
    ("一个小时之前", "2026-11-23T15:00:00", "inferred"),
    ("两天前", "2026-11-21T16:00:00", "inferred"),
    ("2天前 09:30", "2026-11-21T09:30:00", "inferred"),
    ("3周前", "2026-11-02T16:00:00", "inferred"),
    ("2 days ago", "2026-11-21T16:00:00", "inferred"),
    ("an hour ago", "2026-11-23T15:00:00", "inferred"),
    ("5m", "2026-11-23T15:55:00", "inferred"),
    ("昨天 12:30", "2026-11-22T12:30:00", "minute"),
    ("昨天", "2026-11-22T00:00:00", "day"),
    ("昨晚8:15", "2026-11-22T20:15:00", "minute"),
    ("前天 08:00", "2026-11-21T08:00:00", "minute"),
    ("今天 08:00", "2026-11-23T08:00:00", "minute"),
    ("yesterday at 3:05 pm", "2026-11-22T15:05:00", "minute"),
    ("上周三", "2026-11-18T00:00:00", "inferred"),
    ("周日 10:00", "2026-11-22T10:00:00", "inferred"),
    ("12:30", "2026-11-23T12:30:00", "inferred"),
    ("18:30", "2026-11-22T18:30:00", "inferred"),
    ("11-02", "2026-11-02T00:00:00", "inferred"),
    ("11-02 12:30", "2026-11-02T12:30:00", "inferred"),
    ("11月2日", "2026-11-02T00:00:00", "inferred"),
    ("12-31", "2025-12-31T00:00:00", "inferred"),
    ("02-29", "2024-02-29T00:00:00", "inferred"),
    ("Dec 24", "2025-12-24T00:00:00", "inferred"),
]

UNREAD = [
    "", "   ", "abc", "无", "N/A", "-", "2026-13-45", "2026-02-30", "13-25", "0000-00-00", "0001-01-01", "1970-01-01",
    "0", "2027-01-01", "2026-11-25 00:00:00", "99999999999999", "999999999999天前", "1.5", "4.5", "好评", "25:61",
    "12345", "2026", "昨天的昨天", "9" * 5000, "\ud800", "2026年99月1日", "Nov 31, 2026", "yesterday 99:99", "\x00",
    "٣ ساعات",
]  # fmt: skip


@pytest.mark.parametrize(("written", "local", "precision"), READ)
def test_a_time_is_read_in_the_zone_of_its_source(written: str, local: str, precision: str) -> None:
    at = datetime.fromisoformat(local).replace(tzinfo=SHANGHAI).astimezone(UTC)
    assert parse_time(written, NOW, SHANGHAI) == ParsedTime(at, precision)


@pytest.mark.parametrize("written", UNREAD)
def test_what_is_no_time_or_not_to_be_believed_is_none(written: str) -> None:
    assert parse_time(written, NOW, SHANGHAI) == NO_TIME


def test_a_clock_that_is_a_little_ahead_is_believed() -> None:
    ahead = NOW + timedelta(hours=3)
    assert parse_time(ahead.isoformat(), NOW, SHANGHAI).at == ahead
    assert parse_time((NOW + TOLERANCE + timedelta(seconds=1)).isoformat(), NOW, SHANGHAI) == NO_TIME


def test_hours_ago_are_counted_through_the_night_the_clocks_change() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    now = datetime(2026, 10, 25, 4, 0, tzinfo=UTC)
    assert parse_time("6小时前", now, berlin).at == now - timedelta(hours=6)
    assert parse_time("昨天 12:00", now, berlin).at == datetime(2026, 10, 24, 10, 0, tzinfo=UTC)


@given(st.datetimes(datetime(1991, 1, 1), datetime(2026, 11, 20)))
@settings(max_examples=100, deadline=None)
def test_every_usual_form_of_a_time_gives_the_same_minute(at: datetime) -> None:
    at = at.replace(second=0, microsecond=0)
    expected = at.replace(tzinfo=SHANGHAI).astimezone(UTC)
    forms = (
        "%Y-%m-%d %H:%M",
        "%Y/%m/%d %H:%M",
        "%Y年%m月%d日 %H:%M",
        "%Y.%m.%d %H:%M",
        "%Y-%m-%dT%H:%M:00",
        "%d %b %Y %H:%M",
    )
    assert {parse_time(at.strftime(form), NOW, SHANGHAI).at for form in forms} == {expected}
    assert parse_time(str(int(expected.timestamp())), NOW, SHANGHAI).at == expected


@given(st.dates(datetime(2016, 1, 1).date(), datetime(2026, 11, 23).date()))
@settings(max_examples=60, deadline=None)
def test_a_year_left_out_is_the_latest_that_is_not_in_the_future(day: object) -> None:
    parsed = parse_time(f"{day:%m-%d}", NOW, SHANGHAI)
    assert parsed.at is not None
    assert parsed.at <= NOW
    assert parsed.at > NOW - timedelta(days=366 * 4 + 1)
    assert f"{parsed.at.astimezone(SHANGHAI):%m-%d}" == f"{day:%m-%d}"


@given(
    st.one_of(st.text(max_size=60), st.from_regex(r"[0-9年月日:：/\-. 前天小时上下午APMapmZ+]{1,24}", fullmatch=True))
)
@settings(max_examples=300, deadline=None)
@example("31 Feb 2026 10:00")
@example("99 Nov 2026 10:00:00 +9999")
@example("Mon, 02 Nov 99999 10:00:00 +0000")
@example("100000年前")
def test_nothing_written_breaks_it_or_leaves_the_believable(written: str) -> None:
    parsed = parse_time(written, NOW, SHANGHAI)
    if parsed.at is None:
        assert parsed.precision == "none"
    else:
        assert EARLIEST <= parsed.at <= NOW + TOLERANCE
        assert parsed.precision != "none"
        assert parsed.at.utcoffset() == timedelta(0)
