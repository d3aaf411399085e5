"""The query language's page: every example is read, and every wrong query is told what the page says."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from docs_reading import ROOT, table_rows

from core.errors import QueryError
from core.tree import Node
from index.query import parse, wording
from index.query_fields import _ALIASES, FIELDS, OPINION_FIELDS
from index.query_text import MAX_ATOMS, MAX_DEPTH, MAX_LENGTH

PAGE = ROOT / "docs" / "query-language.md"
NOW = datetime(2026, 11, 8, 2, 20, tzinfo=UTC)
EXAMPLES = [row[0].strip("`") for row in table_rows(PAGE, "## Examples")]
WRONG = table_rows(PAGE, "## When a query is wrong")


def read(query: str) -> Node:
    return parse(query, ZoneInfo("Asia/Shanghai"), lambda name: f"d{len(name)}", clock=lambda: NOW)


@pytest.mark.parametrize("query", EXAMPLES)
def test_an_example_is_read(query: str) -> None:
    tree = read(query)
    assert read(wording(tree)) == tree


@pytest.mark.parametrize(("query", "message", "at", "suggestion"), WRONG, ids=[row[0] for row in WRONG])
def test_a_wrong_query_is_told_what_the_page_says(query: str, message: str, at: str, suggestion: str) -> None:
    with pytest.raises(QueryError) as caught:
        read(query.removeprefix("`").removesuffix("`"))
    start, gap, end = message.partition(" … ")
    if gap and start.startswith("no field"):
        assert str(caught.value).startswith(start) and str(caught.value).endswith(end)
    else:
        assert str(caught.value) == message
    assert (str(caught.value.position + 1), caught.value.suggestion) == (at, suggestion)


def test_every_field_is_described_and_exists() -> None:
    described = {name for row in table_rows(PAGE, "## Fields") for name in re.findall(r"`(\w+)`", row[0])}
    assert described == set(FIELDS)
    assert all(f"`{name}`" in PAGE.read_text("utf-8") for name in OPINION_FIELDS)


def test_the_chinese_names_are_fields() -> None:
    listed = PAGE.read_text("utf-8").split("Field names may be Chinese:")[1].split(".")[0].split()
    assert listed
    assert set(listed) <= set(_ALIASES)


def test_the_limits_are_those_of_the_code() -> None:
    last = PAGE.read_text("utf-8").strip().split("\n")[-1]
    assert [int(n) for n in re.findall(r"\d+", last.replace(",", ""))] == [MAX_LENGTH, MAX_ATOMS, MAX_DEPTH]


def test_shorter_forms_mean_the_same() -> None:
    for short, long in (
        ("a b OR c", "(a AND b) OR c"),
        ("“充电慢”", '"充电慢"'),
        ("「充电慢」", '"充电慢"'),
        ("rating:1..2", "rating:[1 TO 2]"),
        ("date:2w", "date:14d"),
        ("date:24小时", "date:24h"),
        ("date:2026/11/03", "date:2026-11-03"),
        ("品牌：星禾", "brand:星禾"),
    ):
        assert read(short) == read(long), short
