"""The fixed forms of the command line, over a home that was filled by the commands themselves."""

from __future__ import annotations

import csv
import json
import shutil
import time
from pathlib import Path

import openpyxl
import pytest
from fengping_command import Command

TEXTS = (
    ("屏幕很清晰，但是充电慢死了", "2026-11-01T10:00:00+08:00", 2),
    ("更新以后电池发烫，拿着都烫手", "2026-11-02T09:30:00+08:00", 1),
    ("拍照好看，夜景也清楚，家里人都喜欢", "2026-11-02T23:59:00+08:00", 5),
    ("=1+1 客服推来推去，三天没人回复", "", 1),
    ("半边字\ud83d也要收下", "2026-11-04", 3),
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cli")


@pytest.fixture
def home(folder: Path, fengping: Command) -> Path:
    """Made, filled and read by the first test that needs it."""
    place = folder / "home"
    if place.exists():
        return place
    assert fengping("init", "--home", place, "--brand", "星禾", "--industry", "electronics").code == 0
    rows = folder / "reviews.jsonl"
    with rows.open("w", encoding="utf-8") as file:
        for number, (text, at, stars) in enumerate(TEXTS):
            file.write(
                json.dumps({"review": text, "date": at, "stars": stars, "sku": "S1", "who": f"客{number}"}) + "\n"
            )
        file.write("no json\n")
    map = "text=review,rating=stars,product=sku,time=date,author=who"
    done = fengping(
        "import", rows, "--home", place, "--map", map, "--scale", "1-5", "--brand", "星禾", "--read", "--json"
    )
    assert done.code == 0, done.err
    [report] = done.lines()
    assert (report["rows"], report["new"], report["bad"]) == (6, 5, 1)
    assert json.loads(Path(report["bad_file"]).read_text("ascii"))["line"] == 6
    return place


def test_status_has_its_fixed_form(home: Path, fengping: Command) -> None:
    [status] = fengping("status", "--home", home, "--json").lines()
    assert {"total", "read", "indexed"} <= set(status["mentions"])
    assert status["mentions"]["total"] == status["mentions"]["indexed"] == len(TEXTS)
    assert {"asked", "answered", "refused", "failed", "items", "incomplete"} <= set(status["sources"]["reviews"])
    assert isinstance(status["incidents"], int) and status["generation"] >= 1


def test_queries_print_mentions_with_their_readings(home: Path, fengping: Command) -> None:
    every = fengping("query", "*", "--home", home, "--json").lines()
    assert len(every) == len(TEXTS)
    assert {"id", "source", "text", "published_at", "reading", "relation"} <= set(every[0])
    for found in every:
        for opinion in found["reading"]["opinions"]:
            start, end = opinion["quote"]
            assert found["text"][start:end]
    assert len(fengping("query", "*", "--home", home, "--json", "--limit", 2).lines()) == 2
    assert fengping("query", "*", "--home", home, "--json", "--limit", 0).lines() == []


def test_counts_facets_and_series_have_their_forms(home: Path, fengping: Command) -> None:
    [counted] = fengping("query", '"充电慢"', "--home", home, "--json", "--count").lines()
    assert counted["count"] == 1
    [facets] = fengping("query", "*", "--home", home, "--json", "--facet", "attribute").lines()
    assert {"key": "battery/charging", "count": 1} in facets["facets"]
    [series] = fengping("query", "*", "--home", home, "--json", "--series", "day").lines()
    assert sum(point["count"] for point in series["points"]) + series["undated"] == len(TEXTS)
    assert series["undated"] == 1 and series["points"][0]["start"] == "2026-11-01T00:00:00+08:00"


def test_exports_agree_and_no_cell_runs_as_a_formula(home: Path, folder: Path, fengping: Command) -> None:
    for format in ("jsonl", "csv", "xlsx"):
        out = folder / f"all.{format}"
        [done] = fengping("export", "*", "--home", home, "--format", format, "--out", out, "--json").lines()
        assert done["rows"] == len(TEXTS)
    texts = [json.loads(line)["text"] for line in (folder / "all.jsonl").read_text("utf-8").splitlines()]
    with (folder / "all.csv").open(encoding="utf-8-sig", newline="") as file:
        cells = [row["text"] for row in csv.DictReader(file)]
    sheet = openpyxl.load_workbook(folder / "all.xlsx", read_only=False)["mentions"]
    header, *rows = sheet.iter_rows(values_only=True)
    column = header.index("text")
    assert "=1+1 客服推来推去，三天没人回复" in texts
    assert "'=1+1 客服推来推去，三天没人回复" in cells
    assert [str(row[column])[:4] for row in rows] == [cell[:4].replace("\ud83d", "?") for cell in cells]
    assert not any(cell.startswith(("=", "+", "-", "@")) for cell in cells)


def test_the_same_file_again_adds_nothing_and_a_dry_run_stores_nothing(
    home: Path, folder: Path, fengping: Command
) -> None:
    map = "text=review,rating=stars,product=sku,time=date,author=who"
    words = (
        "import",
        folder / "reviews.jsonl",
        "--home",
        home,
        "--map",
        map,
        "--scale",
        "1-5",
        "--brand",
        "星禾",
        "--json",
    )
    [again] = fengping(*words).lines()
    assert (again["new"], again["changed"], again["same"], again["bad"]) == (0, 0, 5, 1)
    more = folder / "more.csv"
    more.write_bytes("评论内容,星级\n包装完好,5\n物流太慢,2\n".encode("gb18030"))
    [dry] = fengping("import", more, "--home", home, "--dry-run", "--json").lines()
    assert (dry["new"], dry["encoding"], dry["dry_run"]) == (2, "gb18030", True)
    [status] = fengping("status", "--home", home, "--json").lines()
    assert status["mentions"]["total"] == len(TEXTS)


def test_a_dry_erasure_counts_and_removes_nothing(home: Path, fengping: Command) -> None:
    [receipt] = fengping("erase", "--home", home, "--author", "客1", "--dry-run", "--json").lines()
    assert receipt["dry_run"] is True and receipt["counts"]["mentions"] == 1
    assert "客1" not in json.dumps(receipt, ensure_ascii=False)
    [counted] = fengping("query", "*", "--home", home, "--count", "--json").lines()
    assert counted["count"] == len(TEXTS)


def test_an_erasure_is_gone_from_queries_and_exports(folder: Path, fengping: Command) -> None:
    place, rows = folder / "erased", folder / "two.csv"
    rows.write_text("评论内容,作者\n电池耐用,甲\n屏幕有划痕,乙\n", encoding="utf-8")
    fengping("init", "--home", place)
    fengping("import", rows, "--home", place, "--read")
    [receipt] = fengping("erase", "--home", place, "--author", "甲", "--json").lines()
    assert receipt["counts"]["mentions"] == 1 and receipt["digests"] and receipt["at"]
    assert [found["text"] for found in fengping("query", "*", "--home", place, "--json").lines()] == ["屏幕有划痕"]
    [status] = fengping("status", "--home", place, "--json").lines()
    assert status["mentions"]["total"] == status["mentions"]["indexed"] == 1


def test_a_lost_index_is_told_and_built_anew(folder: Path, fengping: Command) -> None:
    place, rows = folder / "lost", folder / "lost.csv"
    rows.write_text("评论内容\n电池耐用\n屏幕有划痕\n", encoding="utf-8")
    fengping("init", "--home", place)
    fengping("import", rows, "--home", place, "--read")
    shutil.rmtree(place / "index")
    asked = fengping("query", "*", "--home", place, "--count", "--json")
    assert asked.lines()[0]["count"] == 0 and "fengping index" in asked.err
    assert fengping("index", "--home", place, "--json").lines()[0]["indexed"] == 2
    again = fengping("query", "*", "--home", place, "--count", "--json")
    assert again.lines()[0]["count"] == 2 and "fengping index" not in again.err


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("query", "电池 AND ("), "not closed"),
        (("query", "colour:red"), "colour"),
        (("query", ""), "empty"),
        (("query", "电*"), "wildcard"),
        (("query", "rating:[1 TO"), "not closed"),
        (("query", "date:[2026-13-01 TO *]"), "2026-13-01"),
        (("query", "*", "--facet", "nope"), "nope"),
        (("query", "*", "--series", "year"), "year"),
        (("export", "*", "--out", "x.pdf"), "pdf"),
        (("export", "*", "--out", "x"), "--format"),
        (("erase",), "--author"),
        (("erase", "--before", "someday"), "someday"),
        (("import", "/no/such/file.csv"), "/no/such/file.csv"),
        (("import", "/"), "directory"),
        (("crawl",), "no source"),
        (("crawl", "nope", "http://x.example"), "nope"),
        (("crawl", "reviews", "notaurl"), "notaurl"),
        (("crawl", "recipe", "http://x.example"), "--recipe"),
    ],
)
def test_what_is_wrong_is_said_in_a_line(home: Path, fengping: Command, words: tuple[str, ...], says: str) -> None:
    done = fengping(*words, "--home", home)
    assert done.code == 1
    assert says in done.err and "Traceback" not in done.err


@pytest.mark.parametrize(
    "words", [("nonsense",), ("query",), ("query", "*", "--limit", "-1"), ("query", "*", "--what")]
)
def test_wrong_usage_exits_with_2(fengping: Command, words: tuple[str, ...]) -> None:
    assert fengping(*words).code == 2


def test_a_home_that_is_not_there_says_how_to_make_one(folder: Path, fengping: Command) -> None:
    done = fengping("status", "--home", folder / "none")
    assert done.code == 1 and "fengping init" in done.err


def test_init_leaves_what_is_there_alone(home: Path, fengping: Command) -> None:
    before = (home / "fengping.toml").read_bytes()
    done = fengping("init", "--home", home)
    assert done.code == 1 and "exists already" in done.err
    assert (home / "fengping.toml").read_bytes() == before


HARD = (
    "(" * 1900 + "a" + ")" * 1900,
    "NOT " * 900 + "a",
    " OR ".join(f"词{k}" for k in range(600)),
    "(" + " OR ".join(f"a{k}" for k in range(60)) + ") NEAR/100 (" + " OR ".join(f"b{k}" for k in range(60)) + ")",
    "a NEAR/5 b " * 200,
    '"' + "很" * 3000 + '"',
    "opinion:(" * 300 + "a" + ")" * 300,
    "a" * 100_000,
)


@pytest.mark.parametrize("question", HARD, ids=range(len(HARD)))
def test_questions_made_to_be_slow_are_refused_or_answered_soon(home: Path, fengping: Command, question: str) -> None:
    started = time.process_time()
    done = fengping("query", question, "--home", home, "--count", "--json")
    assert done.code in {0, 1} and "Traceback" not in done.err
    assert time.process_time() - started < 3
