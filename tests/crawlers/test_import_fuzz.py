"""Any bytes at all: a reader yields rows, yields bad rows or raises InputError, and nothing else."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Callable

import openpyxl
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import InputError
from crawlers.parsers.table import read_table
from crawlers.parsers.table_rows import Row

SHEET = "xl/worksheets/sheet1.xml"


def _book() -> bytes:
    book, place = openpyxl.Workbook(write_only=True), io.BytesIO()
    sheet = book.create_sheet()
    for number in range(30):
        sheet.append([f"row {number}", number])
    book.save(place)
    return place.getvalue()


def _with_sheet(change: Callable[[bytes], bytes]) -> bytes:
    place = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(GOOD_BOOK)) as old, zipfile.ZipFile(place, "w") as new:
        for member in old.infolist():
            content = old.read(member)
            new.writestr(member.filename, change(content) if member.filename == SHEET else content)
    return place.getvalue()


NAMES = st.sampled_from(["a.csv", "a.tsv", "a.jsonl", "a.txt", "a.xlsx"])
_TOKENS = st.sampled_from(
    [
        b'"',
        b",",
        b"\n",
        b"\r\n",
        b"\r",
        b"\t",
        b"{",
        b"}",
        b'{"text":"a"}',
        b"\0",
        b"\xef\xbb\xbf",
        b"\xff\xfe",
        b"text,stars\n",
    ]
    + ["评论".encode(codec) for codec in ("utf-8", "gb18030", "utf-16-le")]
)
NOISE = st.one_of(
    st.binary(max_size=300), st.lists(st.one_of(_TOKENS, st.binary(max_size=8)), max_size=40).map(b"".join)
)


def drained(body: bytes, name: str) -> None:
    try:
        table = read_table(io.BytesIO(body), name, len(body))
        for row in table.rows:
            if isinstance(row, Row):
                assert set(row.cells) <= set(table.columns) or table.format == "jsonl"
                json.dumps(dict(row.cells))
            else:
                assert row.reason
                assert row.line >= 1
    except InputError:
        return


@given(NOISE, NAMES)
@settings(max_examples=300, deadline=None)
def test_no_bytes_do_more_than_raise_an_input_error(body: bytes, name: str) -> None:
    drained(body, name)


GOOD_BOOK = _book()


@given(st.lists(st.tuples(st.integers(0, len(GOOD_BOOK) - 1), st.integers(0, 255)), min_size=1, max_size=12))
@settings(max_examples=120, deadline=None)
def test_no_damage_to_a_workbook_does_more_than_raise_an_input_error(changes: list[tuple[int, int]]) -> None:
    body = bytearray(GOOD_BOOK)
    for place, value in changes:
        body[place] = value
    drained(bytes(body), "a.xlsx")


@given(st.binary(max_size=200), st.integers(0, 2000))
@settings(max_examples=120, deadline=None)
def test_no_damage_inside_a_sheet_does_more_than_raise_an_input_error(noise: bytes, place: int) -> None:
    def damaged(content: bytes) -> bytes:
        at = place % len(content)
        return content[:at] + noise + content[at + len(noise) :]

    drained(_with_sheet(damaged), "a.xlsx")


@given(
    st.lists(
        st.tuples(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=20), st.integers(1, 5)),
        min_size=1,
        max_size=20,
    ),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
@settings(max_examples=100, deadline=None)
def test_every_row_that_csv_writes_comes_back(rows: list[tuple[str, int]], codec: str) -> None:
    place = io.StringIO()
    writer = csv.writer(place)
    writer.writerow(["评论内容", "stars"])
    writer.writerows(rows)
    body = place.getvalue().encode(codec)
    found = [row.cells for row in read_table(io.BytesIO(body), "a.csv").rows if isinstance(row, Row)]
    assert [(row["评论内容"], int(row["stars"])) for row in found] == rows
