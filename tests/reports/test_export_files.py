"""Exports: complete or not at all, harmless to spreadsheets, with the question they answer."""

from __future__ import annotations

import csv
import json
import tracemalloc
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from itertools import repeat
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import InputError, Unreachable
from core.models import DocumentComparison, DocumentOpinion, SearchDocument, Span
from reports.export_rows import COLUMNS
from reports.export_sheets import CELL_CHARACTERS, write_sheets
from reports.exporting import ExportNote, export, note_path

AT = datetime(2026, 11, 2, 4, 30, tzinfo=UTC)
NOTE = ExportNote("充电", {"brand": "北辰", "attribute": "battery"}, "Asia/Shanghai", 7, AT)
DOCUMENT = SearchDocument(
    id="a1", source="shop", platform="reviews", kind="review", url="https://shop.example/1", parent_id="", title="",
    text="充电很快", language="zh", author="d1", author_followers=None, published_at=AT, published_precision="exact",
    collected_at=AT, rating=0.75, rating_scale=(1.0, 5.0), likes=3, replies=2, shares=1, views=None, engagement=6,
    brands=("北辰", "远山"), product="N3", region="", images=(), polarity="positive", score=0.8,
    opinions=(DocumentOpinion("北辰", "battery/charging", "positive", "很快", "充电", Span(0, 4)),),
    comparisons=(DocumentComparison("北辰", "远山", "battery", "better", Span(0, 4)),), intents=(),
    industry="electronics", relevance=1.0, relevance_reason="", duplicate_of="",
    promotion=0.0, promotion_reasons=(), topic="", revision="r1",
)  # fmt: skip
FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "＝1+1"]


def csv_rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def sheet_rows(path: Path, sheet: str = "mentions") -> list[tuple[object, ...]]:
    return list(openpyxl.load_workbook(path)[sheet].iter_rows(values_only=True))


def test_csv_opens_in_excel_and_times_are_in_the_zone_asked(tmp_path: Path) -> None:
    out = tmp_path / "deep" / "x.csv"
    assert export([DOCUMENT], "csv", out, NOTE) == 1
    assert out.read_bytes().startswith(b"\xef\xbb\xbfid,")
    (row,) = csv_rows(out)
    assert (row["text"], row["stars"], row["brands"]) == ("充电很快", "4.0", "北辰; 远山")
    assert row["published_at"] == "2026-11-02T12:30:00+08:00"
    assert row["opinions"] == "北辰|battery/charging|positive|很快"
    assert row["comparisons"] == "北辰|远山|battery|better"


def test_jsonl_holds_every_field(tmp_path: Path) -> None:
    out = tmp_path / "x.jsonl"
    export([DOCUMENT, replace(DOCUMENT, published_at=None)], "jsonl", out, NOTE)
    first, second = map(json.loads, out.read_text(encoding="utf-8").splitlines())
    assert set(first) == set(SearchDocument.__dataclass_fields__)
    assert first["opinions"][0]["quote"] == [0, 4]
    assert second["published_at"] is None


@pytest.mark.parametrize("format", ["csv", "jsonl"])
def test_the_question_lies_beside_the_answer(tmp_path: Path, format: str) -> None:
    out = tmp_path / f"x.{format}"
    export([DOCUMENT], format, out, NOTE)
    note = json.loads(note_path(out).read_text(encoding="utf-8"))
    assert (note["query"], note["filters"]) == ("充电", {"brand": "北辰", "attribute": "battery"})
    assert (note["timezone"], note["generation"], note["rows"]) == ("Asia/Shanghai", 7, 1)
    assert note["at"] == "2026-11-02T04:30:00+00:00"


def test_a_workbook_carries_its_note_on_a_sheet(tmp_path: Path) -> None:
    out = tmp_path / "x.xlsx"
    assert export([DOCUMENT], "xlsx", out, NOTE) == 1
    header, row = sheet_rows(out)
    assert header == COLUMNS
    assert dict(zip(header, row, strict=True))["stars"] == 4
    note = dict(sheet_rows(out, "note"))
    assert (note["query"], note["filter brand"], note["generation"], note["rows"]) == ("充电", "北辰", 7, 1)


@pytest.mark.parametrize("text", FORMULAS)
def test_a_text_that_a_spreadsheet_would_run_is_made_text(tmp_path: Path, text: str) -> None:
    document = replace(DOCUMENT, text=text, title=text, product=text)
    export([document], "csv", tmp_path / "x.csv", NOTE)
    (row,) = csv_rows(tmp_path / "x.csv")
    assert row["text"] == row["title"] == row["product"] == f"'{text}"
    export([document], "xlsx", tmp_path / "x.xlsx", replace(NOTE, query="=1+1"))
    cell = openpyxl.load_workbook(tmp_path / "x.xlsx")["mentions"].cell(2, COLUMNS.index("text") + 1)
    assert cell.data_type == "s"
    assert cell.value.startswith("'")
    assert dict(sheet_rows(tmp_path / "x.xlsx", "note"))["query"] == "'=1+1"


def test_jsonl_keeps_texts_as_they_are(tmp_path: Path) -> None:
    export([replace(DOCUMENT, text="=1+1")], "jsonl", tmp_path / "x.jsonl", NOTE)
    assert json.loads((tmp_path / "x.jsonl").read_text())["text"] == "=1+1"


def test_what_xml_forbids_and_what_no_cell_holds_does_not_stop_a_workbook(tmp_path: Path) -> None:
    texts = ["a\x00b\x0bc\ud800d￾e", "长" * 100_000, "😀" * 40_000]
    out = tmp_path / "x.xlsx"
    assert export((replace(DOCUMENT, text=text) for text in texts), "xlsx", out, NOTE) == 3
    first, *rest = (row[COLUMNS.index("text")] for row in sheet_rows(out)[1:])
    assert first == "a�b�c?d�e"
    for text in rest:
        assert len(str(text).encode("utf-16-le")) // 2 <= CELL_CHARACTERS
        assert "cut" in str(text)


def test_more_rows_than_a_sheet_holds_go_on_another(tmp_path: Path) -> None:
    out = tmp_path / "x.xlsx"
    assert write_sheets(([number] for number in range(25)), out, ["n"], [("query", "*")], sheet_rows=11) == 25
    book = openpyxl.load_workbook(out)
    assert book.sheetnames == ["mentions", "mentions 2", "mentions 3", "note"]
    numbers = [row[0] for sheet in book.worksheets[:3] for row in sheet.iter_rows(min_row=2, values_only=True)]
    assert numbers == list(range(25))


@pytest.mark.parametrize("format", ["csv", "jsonl", "xlsx"])
def test_a_broken_stream_leaves_the_former_file_and_nothing_else(tmp_path: Path, format: str) -> None:
    out = tmp_path / f"x.{format}"
    out.write_text("former")

    def breaking() -> Iterator[SearchDocument]:
        yield DOCUMENT
        raise RuntimeError("the index went away")

    with pytest.raises(RuntimeError, match="went away"):
        export(breaking(), format, out, NOTE)
    assert out.read_text() == "former"
    assert [path.name for path in tmp_path.iterdir()] == [out.name]


@pytest.mark.parametrize("format", ["csv", "jsonl", "xlsx"])
def test_nothing_found_is_a_file_all_the_same(tmp_path: Path, format: str) -> None:
    assert export([], format, tmp_path / "x", NOTE) == 0
    assert (tmp_path / "x").exists()


def test_what_cannot_be_asked_or_written_is_explained(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="jsonl, csv or xlsx"):
        export([], "pdf", tmp_path / "x", NOTE)  # type: ignore[arg-type]
    with pytest.raises(InputError, match="time zone"):
        export([], "csv", tmp_path / "x", replace(NOTE, timezone="Mars/Olympus"))
    (tmp_path / "file").write_text("")
    with pytest.raises(Unreachable, match="cannot be written"):
        export([], "csv", tmp_path / "file" / "x.csv", NOTE)


def test_memory_does_not_grow_with_the_export(tmp_path: Path) -> None:
    tracemalloc.start()
    assert export(repeat(DOCUMENT, 4000), "csv", tmp_path / "x.csv", NOTE) == 4000
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (tmp_path / "x.csv").stat().st_size > 800_000
    assert peak < 600_000


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=60))
@settings(max_examples=60, deadline=None)
def test_any_text_comes_back_from_csv_behind_at_most_an_apostrophe(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    out = tmp_path_factory.getbasetemp() / "any.csv"
    export([replace(DOCUMENT, text=text)], "csv", out, NOTE)
    (row,) = csv_rows(out)
    assert row["text"] in (text, f"'{text}")
    assert row["text"][:1] not in tuple("=+-@\t\r")
