"""Rows that are hard to take go through the whole chain: each ends as a mention or on the list, and no run dies."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest
from fengping_command import Command

HARD = {
    "one": {"text": "差"},
    "long": {"text": "x" * 100_000},
    "surrogate": {"text": "屏幕\ud83d很好"},
    "nul": {"text": "电池\x00很差"},
    "html": {"text": "<p>音质<b>很差</b></p><script>alert(1)</script>&lt;i&gt;"},
    "future": {"text": "明年才写的", "time": "2199-01-01"},
    "undated": {"text": "没有日期", "time": ""},
    "nonsense": {"text": "日期看不懂", "time": "前天的前天的上午"},
    "year zero": {"text": "零年", "time": "0000-00-00"},
    "before all": {"text": "很久以前", "time": "0001-01-01"},
    "rating": {"text": "评分过大", "rating": 1e308},
    "rating text": {"text": "评分是字", "rating": "五颗"},
    "counter": {"text": "赞太多", "likes": "99999999999999999999999"},
    "rtl": {"text": "\u202e倒着写的\u202c"},
    "spaces": {"text": "\u3000\u200b好\ufeff"},
}
REFUSED = ({"id": "empty", "text": ""}, {"id": "blank", "text": " \t "}, {"id": "null", "text": None})


@pytest.fixture
def home(tmp_path: Path, fengping: Command) -> Path:
    place = tmp_path / "home"
    assert fengping("init", "--home", place, "--industry", "electronics").code == 0
    return place


def test_hard_rows_are_read_indexed_found_and_exported(home: Path, tmp_path: Path, fengping: Command) -> None:
    file = tmp_path / "hard.jsonl"
    rows = [*({"id": name, **row} for name, row in HARD.items()), *REFUSED]
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="ascii")
    done = fengping("import", file, "--home", home, "--scale", "1-5", "--read", "--json")
    assert done.code == 0, done.err
    [report] = done.lines()
    assert (report["rows"], report["new"], report["bad"]) == (len(rows), len(HARD), len(REFUSED))
    found = {m["native_id"]: m for m in fengping("query", "*", "--home", home, "--json", "--limit", 99).lines()}
    assert set(found) == set(HARD)
    assert all(mention["reading"] and mention["relation"] for mention in found.values())
    assert len(found["long"]["text"]) == 100_000
    assert found["future"]["published_at"] is None or found["future"]["published_at"] < "2199"
    assert found["undated"]["published_at"] is None and found["nonsense"]["published_at"] is None
    assert all(found[name]["rating"] is None or 0 <= found[name]["rating"] <= 1 for name in found)
    assert "<p>" not in found["html"]["text"] and "音质" in found["html"]["text"]
    for format in ("jsonl", "csv", "xlsx"):
        [written] = fengping("export", "*", "--home", home, "--out", tmp_path / f"o.{format}", "--json").lines()
        assert written["rows"] == len(HARD)
    [series] = fengping("query", "*", "--home", home, "--series", "month", "--json").lines()
    assert sum(point["count"] for point in series["points"]) + series["undated"] == len(HARD)


NOISE = random.Random(5).randbytes(20_000)


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("a.csv", NOISE),
        ("a.xlsx", NOISE),
        ("a.jsonl", NOISE),
        ("a.csv", b""),
        ("a.csv", b"\x89PNG\r\n\x1a\n" + NOISE),
        ("a.xlsx", b"PK\x03\x04" + NOISE),
        ("a.bin", bytes(5000)),
    ],
)
def test_files_that_are_no_tables_are_refused_in_a_line(
    home: Path, tmp_path: Path, fengping: Command, name: str, body: bytes
) -> None:
    (tmp_path / name).write_bytes(body)
    done = fengping("import", tmp_path / name, "--home", home, "--json")
    assert done.code == 1 and name in done.err and "Traceback" not in done.err
    assert fengping("status", "--home", home, "--json").lines()[0]["mentions"]["total"] == 0


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_a_table_is_read_whatever_chinese_encoding_it_has(
    home: Path, tmp_path: Path, fengping: Command, codec: str
) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes("评论内容,星级\n电池很耐用，屏幕也清楚,5\n包装破损，客服没有回应,1\n".encode(codec))
    [report] = fengping("import", file, "--home", home, "--json").lines()
    assert report["new"] == 2 and report["sample"][1]["text"] == "包装破损，客服没有回应"


def test_a_private_address_is_refused_and_a_source_without_an_answer_is_an_error(home: Path, fengping: Command) -> None:
    for url in ("http://[::1]:9/", "http://0x7f000001:9/"):
        done = fengping("crawl", "reviews", url, "--home", home, "--json")
        assert "Traceback" not in done.err
        [health] = done.lines()
        assert health["answered"] == 0 and health["items"] == 0, url
        assert done.code == 1 and "none of 1 pages was answered (1 refused)" in health["error"], url
