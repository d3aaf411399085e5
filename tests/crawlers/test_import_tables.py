"""Readers of tables: what is no row is a bad row, what is no table is an InputError."""

from __future__ import annotations

import datetime
import io
import tracemalloc
import zipfile
from collections import deque
from collections.abc import Iterator

import openpyxl
import pytest

from core.errors import InputError
from crawlers.parsers.table import read_table
from crawlers.parsers.table_rows import ROW_LIMIT, BadRow, Row, Table

HEADER = "评论内容,星级,时间\n"
ROWS = "电池很耐用,5,2026-11-02\n屏幕有划痕，要退货,2,2026-11-03\n"


def opened(body: bytes, name: str = "reviews.csv") -> Table:
    return read_table(io.BytesIO(body), name, len(body))


def cells(body: bytes, name: str = "reviews.csv") -> list[dict[str, str]]:
    return [dict(row.cells) for row in opened(body, name).rows if isinstance(row, Row)]


def bad(body: bytes, name: str = "reviews.csv") -> list[BadRow]:
    return [row for row in opened(body, name).rows if isinstance(row, BadRow)]


@pytest.mark.parametrize(
    ("codec", "found"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("utf-16", "utf-16-le"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
        ("gb18030", "gb18030"),
        ("gbk", "gb18030"),
        ("big5", "big5"),
    ],
)
def test_an_encoding_is_found(codec: str, found: str) -> None:
    text = "評論,星\n這個螢幕的顏色很好看而且電池耐用,5\n包裝破損客服沒有回應,1\n" if codec == "big5" else HEADER + ROWS
    table = opened(text.encode(codec))
    assert table.encoding == found
    assert [next(iter(row.cells.values())) for row in table.rows if isinstance(row, Row)] == [
        line.split(",")[0] for line in text.splitlines()[1:]
    ]


def test_western_text_is_read_as_windows_1252() -> None:
    body = "review,stars\ncafé très bon,5\nIt’s a “deal”,4\n".encode("cp1252")
    assert opened(body).encoding == "cp1252"
    assert cells(body)[1]["review"] == "It’s a “deal”"


def test_the_encoding_shows_only_after_a_long_stretch_of_ascii() -> None:
    body = b"text,stars\n" + b"fine,5\n" * 300_000 + "后来坏了,1\n".encode("gb18030")
    table = opened(body)
    assert table.encoding == "gb18030"
    last = deque(table.rows, maxlen=1).pop()
    assert isinstance(last, Row)
    assert last.cells["text"] == "后来坏了"


def test_a_line_that_does_not_decode_is_listed_and_the_others_are_read() -> None:
    body = (HEADER + ROWS * 20).encode() + b"\xff\xfe\xfa broken,1,\n" + "最后一行,3,\n".encode()
    assert len(cells(body)) == 41
    (wrong,) = bad(body)
    assert wrong.line == 42
    assert "not utf-8" in wrong.reason


@pytest.mark.parametrize(
    ("body", "name", "says"),
    [
        (bytes(range(256)) * 40, "a.csv", "binary"),
        (b"\x89PNG\r\n\x1a\n" + b"x" * 50, "a.csv", "picture"),
        (b"%PDF-1.7 ...", "a.csv", "PDF"),
        (b"\x1f\x8b\x08" + b"x" * 50, "a.csv", "gzip"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 50, "a.xls", "old Excel"),
        (b"PAR1" + b"x" * 50, "a.csv", "Parquet"),
        (b"text,stars\nfine,5\n", "a.xlsx", "no workbook"),
        (b"", "a.csv", "empty"),
        (b"", "a.xlsx", "empty"),
        (b"\n \n\r\n", "a.csv", "empty"),
        (b"", "a.jsonl", "no JSON objects"),
        (b"[1]\n[2]\n", "a.jsonl", "no JSON objects"),
        (b"PK\x03\x04 not a zip", "a.xlsx", "damaged"),
        (b"text\n" + b"\xff\x81 " * 5000, "a.csv", "encoding"),
    ],
)
def test_what_is_no_table_is_refused_by_name(body: bytes, name: str, says: str) -> None:
    with pytest.raises(InputError, match=says) as caught:
        list(opened(body, name).rows)
    assert name in str(caught.value)


def test_quoted_cells_hold_separators_quotes_and_lines() -> None:
    body = b'text,stars\n"a, ""b""\nc",5\r\n"d",4\n'
    assert cells(body) == [{"text": 'a, "b"\nc', "stars": "5"}, {"text": "d", "stars": "4"}]
    assert [row.line for row in opened(body).rows] == [2, 4]


def test_a_quote_never_closed_costs_its_own_line_only() -> None:
    body = b'text,stars\nfirst,5\n"never closed,4\n' + b"fine,3\n" * 30_000
    assert [row.line for row in bad(body)] == [3]
    assert len(cells(body)) == 30_001


def test_a_row_of_another_width_is_listed() -> None:
    wrong = bad(b"text,stars\nfine,5\nno stars\ngood, really,4\nok,3,,\n")
    assert [row.line for row in wrong] == [3, 4]
    assert "3 cells" in wrong[1].reason


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_the_separator_is_found_by_the_header(mark: str) -> None:
    body = mark.join(("text", "stars", "date")) + "\n" + mark.join(("fine", "5", "2026-11-02")) + "\n"
    assert cells(body.encode()) == [{"text": "fine", "stars": "5", "date": "2026-11-02"}]


def test_tabs_with_stray_quotes_and_tabs_with_quoted_lines_are_told_apart() -> None:
    stray = b'text\tstars\n"fine\t5\nwell"\t4\n27" wide\t3\n'
    assert [row["text"] for row in cells(stray, "a.tsv")] == ['"fine', 'well"', '27" wide']
    quoted = b'text\tstars\n"two\nlines"\t5\n"one"\t4\n'
    assert [row["text"] for row in cells(quoted, "a.tsv")] == ["two\nlines", "one"]


def test_old_mac_lines_and_blank_lines_are_no_trouble() -> None:
    assert len(cells(b"text,stars\rfine,5\rgood,4\r")) == 2
    assert len(cells(b"\n\ntext,stars\n\n\nfine,5\n  \n")) == 1


def test_columns_without_a_name_or_with_the_same_one_are_told_apart() -> None:
    assert opened(b"text,,text,text\na,b,c,d\n").columns == ("text", "column 2", "text (2)", "text (3)")


class _Endless(io.RawIOBase):
    """A table whose second line is a hundred million bytes long, made while it is read."""

    def __init__(self, size: int) -> None:
        self._parts = self._blocks(size)
        self._rest = b""

    def _blocks(self, size: int) -> Iterator[bytes]:
        yield b"text,stars\n"
        for _ in range(size // 100_000):
            yield b"x" * 100_000
        yield b",5\nafter,4\n"

    def readable(self) -> bool:
        return True

    def readinto(self, target: bytearray) -> int:  # type: ignore[override]
        while len(self._rest) < len(target):
            part = next(self._parts, b"")
            if not part:
                break
            self._rest += part
        count = min(len(target), len(self._rest))
        target[:count], self._rest = self._rest[:count], self._rest[count:]
        return count


class _Rewindable(io.BufferedReader):
    """`read_table` looks at four bytes and goes back; nothing further is ever wound back here."""

    def seek(self, place: int, whence: int = 0) -> int:
        assert (place, whence) == (0, 0)
        return 0

    def seekable(self) -> bool:
        return False

    def read(self, size: int | None = -1) -> bytes:
        return b"" if size == 4 else super().read(size)


def test_a_line_of_100_megabytes_is_a_bad_row_and_never_stands_in_memory() -> None:
    tracemalloc.start()
    rows = list(read_table(_Rewindable(_Endless(100_000_000)), "a.csv").rows)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert [type(row) for row in rows] == [BadRow, Row]
    assert "100,000,002 bytes" in rows[0].reason
    assert peak < 8 * ROW_LIMIT


def test_jsonl_keeps_digits_and_lists_what_is_no_object() -> None:
    lines = [
        '{"text": "好", "id": 12345678901234567890, "r": 4.50, "n": null, "tags": ["a"]}',
        "{x",
        "[1]",
        "[" * 200_000,
        '"s"',
    ]
    body = "\n".join(lines).encode()
    assert cells(body, "a.jsonl") == [
        {"text": "好", "id": "12345678901234567890", "r": "4.50", "n": "", "tags": '["a"]'}
    ]
    assert [row.line for row in bad(body, "a.jsonl")] == [2, 3, 4, 5]
    assert cells(body.splitlines()[0], "export.txt")[0]["text"] == "好"


def test_jsonl_rows_are_the_same_whatever_the_order_of_their_names() -> None:
    table = opened(b'{"a": "1", "b": "2"}\n{"b": "2", "a": "1"}\n{"a": "1"}\n', "a.jsonl")
    first, second, third = (row.key for row in table.rows if isinstance(row, Row))
    assert first == second != third


def workbook(*sheets: list[list[object]]) -> bytes:
    book = openpyxl.Workbook(write_only=True)
    for rows in sheets:
        sheet = book.create_sheet()
        for row in rows:
            sheet.append(row)
    place = io.BytesIO()
    book.save(place)
    return place.getvalue()


def test_a_workbook_is_read_with_its_dates_numbers_and_gaps() -> None:
    day = datetime.datetime(2026, 11, 2, 12, 30)
    body = workbook(
        [
            ["评论", "星级", "时间", "真"],
            ["很好", 5, day, True],
            [],
            ["一般", 3.5],
            [None, 1.0, datetime.date(2026, 1, 2)],
        ]
    )
    assert cells(body, "a.xlsx") == [
        {"评论": "很好", "星级": "5", "时间": "2026-11-02 12:30:00", "真": "true"},
        {"评论": "一般", "星级": "3.5", "时间": "", "真": ""},
        {"评论": "", "星级": "1", "时间": "2026-01-02 00:00:00", "真": ""},
    ]


def test_sheets_with_the_same_header_go_on_and_others_are_named() -> None:
    body = workbook([["text"], ["a"]], [["text"], ["b"]], [["note", "x"], ["c", "d"]], [])
    table = opened(body, "a.xlsx")
    assert [row.cells["text"] for row in table.rows if isinstance(row, Row)] == ["a", "b"]
    assert len(table.notes) == 1
    assert "Sheet3" in table.notes[0] or "header" in table.notes[0]


def rewritten(body: bytes, part: str, change: object) -> bytes:
    """The same archive with one part changed by a function of its bytes."""
    place = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(body)) as old, zipfile.ZipFile(place, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.infolist():
            content = old.read(member)
            new.writestr(member.filename, change(content) if member.filename == part else content)
    return place.getvalue()


SHEET = "xl/worksheets/sheet1.xml"
LAUGHS = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "' + b"&a;" * 50 + b'"><!ENTITY c "' + b"&b;" * 50 + b'">]>'
EXTERNAL = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize("part", [SHEET, "xl/workbook.xml", "xl/styles.xml", "[Content_Types].xml"])
@pytest.mark.parametrize("entities", [LAUGHS, EXTERNAL])
def test_entities_in_a_workbook_are_refused(part: str, entities: bytes) -> None:
    def poisoned(content: bytes) -> bytes:
        start = content.index(b"?>") + 2 if content.startswith(b"<?xml") else 0
        return content[:start] + entities + content[start:]

    with pytest.raises(InputError, match="entities"):
        opened(rewritten(workbook([["text"], ["a"]]), part, poisoned), "a.xlsx")


def test_a_bomb_of_a_part_is_refused_before_it_is_unpacked() -> None:
    body = rewritten(workbook([["text"], ["a"]]), SHEET, lambda content: content + b" " * 60_000_000)
    assert len(body) < 200_000
    with pytest.raises(InputError, match="ZIP bomb"):
        opened(body, "a.xlsx")


@pytest.mark.parametrize("row", [b"1048577", b"99999999999"])
def test_a_row_number_that_no_sheet_has_does_not_run_for_ever(row: bytes) -> None:
    body = rewritten(
        workbook([["text"], ["a"]]), SHEET, lambda content: content.replace(b'r="2"', b'r="' + row + b'"', 1)
    )
    with pytest.raises(InputError, match="beyond"):
        list(opened(body, "a.xlsx").rows)


def test_a_workbook_cut_in_the_middle_says_so() -> None:
    whole = workbook([["text"], *([f"row {number}"] for number in range(2000))])
    with pytest.raises(InputError, match=r"a\.xlsx"):
        list(opened(whole[: len(whole) // 2], "a.xlsx").rows)
    with pytest.raises(InputError, match=r"a\.xlsx"):
        list(opened(rewritten(whole, SHEET, lambda content: content[: len(content) // 2]), "a.xlsx").rows)


def test_an_archive_of_other_things_is_no_workbook() -> None:
    place = io.BytesIO()
    with zipfile.ZipFile(place, "w") as archive:
        archive.writestr("reviews.csv", "text\na\n")
    with pytest.raises(InputError, match="Unpack it"):
        opened(place.getvalue(), "a.zip")
