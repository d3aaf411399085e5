"""Files into the Store: mapping, ids, counts that add up, bad rows that are listed, and the same file twice."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.errors import InputError
from core.models import Mention
from core.privacy import author_digest
from crawlers.import_rows import count
from crawlers.importing import ImportReport, Mapping, import_file, parse_scale
from store.sqlite import SqliteStore

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
ZONE = ZoneInfo("Asia/Shanghai")
SECRET = b"s" * 32


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    opened = SqliteStore(tmp_path / "store.sqlite", clock=lambda: NOW)
    yield opened
    opened.close()


def brought(store: SqliteStore, path: Path, text: str | bytes, **more: object) -> ImportReport:
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    chosen = {"source": "file", "mapping": None, "scale": None} | more
    return import_file(path, store=store, secret=SECRET, zone=ZONE, now=NOW, **chosen)  # type: ignore[arg-type]


def stored(store: SqliteStore) -> list[Mention]:
    return [entry.mention for entry in store.scan(n=1_000_000)]


def adds_up(report: ImportReport) -> bool:
    return report.rows == report.new + report.changed + report.same + report.repeated + report.bad


REVIEWS = """评论内容,星级,商品,评论时间,用户名,点赞数
续航两天,5,N3,2026-11-02 12:30,小明,1.2万
联系13800138000退款,1,N3,昨天 08:00,小红,
"""


def test_usual_columns_are_recognised_and_every_field_arrives(store: SqliteStore, tmp_path: Path) -> None:
    report = brought(store, tmp_path / "a.csv", REVIEWS, brand="北辰")
    assert (report.rows, report.new, report.bad) == (2, 2, 0)
    assert dict(report.columns) == {
        "text": "评论内容",
        "rating": "星级",
        "product": "商品",
        "time": "评论时间",
        "author": "用户名",
        "likes": "点赞数",
    }
    first, second = sorted(stored(store), key=lambda mention: mention.likes, reverse=True)
    assert (first.text, first.rating, first.product, first.brand) == ("续航两天", 1.0, "N3", "北辰")
    assert (first.likes, first.author, first.platform) == (12_000, author_digest("小明", SECRET), "import")
    assert first.published_at == datetime(2026, 11, 2, 4, 30, tzinfo=UTC)
    assert second.text == "联系███████████退款"
    assert second.published_at == datetime(2026, 11, 22, 0, 0, tzinfo=UTC)
    assert {mention.id for mention in report.sample} == {first.id, second.id}


def test_the_same_file_twice_adds_nothing_and_names_the_known_lines(store: SqliteStore, tmp_path: Path) -> None:
    brought(store, tmp_path / "a.csv", REVIEWS)
    again = brought(store, tmp_path / "a.csv", REVIEWS + "新的一条,4,N3,2026-11-03,小刚,\n")
    assert (again.new, again.same, again.changed) == (1, 2, 0)
    assert again.known == ((2, 3),)
    assert store.totals().total == 3


def test_equal_rows_are_mentions_of_their_own_and_stay_so(store: SqliteStore, tmp_path: Path) -> None:
    text = "text,stars\n好评,5\n好评,5\n好评,5\n好评,4\n"
    assert brought(store, tmp_path / "a.csv", text).new == 4
    assert brought(store, tmp_path / "b.csv", text).same == 4
    assert brought(store, tmp_path / "c.csv", text + "好评,5\n").new == 1
    assert brought(store, tmp_path / "a.csv", text, source="other").new == 4


def test_native_ids_decide_and_a_repeated_one_is_listed(store: SqliteStore, tmp_path: Path) -> None:
    bad_rows = tmp_path / "out" / "bad.jsonl"
    text = "id,text,likes\n1,first,0\n2,second,0\n1,first again,0\n"
    report = brought(store, tmp_path / "a.csv", text, bad_rows=bad_rows)
    assert (report.new, report.repeated, report.bad, report.bad_file) == (2, 1, 0, bad_rows)
    assert "'1'" in json.loads(bad_rows.read_text())["reason"]
    again = brought(store, tmp_path / "b.csv", "id,text,likes\n1,first edited,0\n2,second,7\n")
    assert (again.changed, again.same) == (1, 1)
    assert {mention.text: mention.likes for mention in stored(store)} == {"first edited": 0, "second": 7}
    assert brought(store, tmp_path / "a.csv", text.replace("first", "first edited", 1)).same == 2


def test_bad_rows_are_listed_with_line_reason_and_row_but_without_personal_data(
    store: SqliteStore, tmp_path: Path
) -> None:
    bad_rows = tmp_path / "bad.jsonl"
    text = "text,stars,date\nfine,5,2026-11-02\n   ,,2026-11-02\ncall 13800138000, now,1,x\n,4,\n"
    report = brought(store, tmp_path / "a.csv", text, bad_rows=bad_rows)
    assert (report.rows, report.new, report.bad) == (4, 2, 2)
    listed = [json.loads(line) for line in bad_rows.read_text().splitlines()]
    assert [entry["line"] for entry in listed] == [3, 4]
    assert listed[0]["reason"] == "there is no text"
    assert "13800138000" not in listed[1]["row"]
    assert len(report.reasons) == 2


def test_no_list_is_made_when_there_is_nothing_to_list(store: SqliteStore, tmp_path: Path) -> None:
    report = brought(store, tmp_path / "a.csv", REVIEWS, bad_rows=tmp_path / "bad.jsonl")
    assert report.bad_file is None
    assert not (tmp_path / "bad.jsonl").exists()


def test_a_dry_run_says_what_would_happen_and_stores_nothing(store: SqliteStore, tmp_path: Path) -> None:
    text = "id,text\n1,a\n2,b\n"
    report = brought(store, tmp_path / "a.csv", text, dry_run=True)
    assert (report.new, report.dry_run, store.totals().total) == (2, True, 0)
    brought(store, tmp_path / "a.csv", text)
    report = brought(store, tmp_path / "b.csv", "id,text\n1,a\n2,changed\n3,new\n", dry_run=True)
    assert (report.new, report.changed, report.same) == (1, 1, 1)
    assert store.totals().total == 2


def test_a_mapping_and_a_scale_are_obeyed(store: SqliteStore, tmp_path: Path) -> None:
    mapping = Mapping.parse("text=what they said,rating=Points,product=sku")
    body = "what they said,points,sku,comment\nfine,8,N3,not this\nbad,11,N3,nor this\n"
    report = brought(store, tmp_path / "a.csv", body, mapping=mapping, scale=parse_scale("0-10"))
    assert dict(report.columns)["rating"] == "points"
    ratings = {mention.text: (mention.rating, mention.rating_scale) for mention in stored(store)}
    assert ratings == {"fine": (0.8, (0.0, 10.0)), "bad": (None, None)}


def test_jsonl_in_our_own_names_brings_its_sources_kinds_and_parents(store: SqliteStore, tmp_path: Path) -> None:
    shop = {"source": "shop", "id": "1", "text": "好", "rating": "5", "kind": "review", "brand": "北辰"}
    reply = {"source": "shop", "id": "2", "parent": "1", "text": "用久了发热", "kind": "comment"}
    blog = {"source": "blog", "id": "1", "text": "看到新机", "kind": "post", "views": 300, "followers": "2万"}
    lines = [shop, reply, {**blog, "region": "上海"}]
    text = "\n".join(json.dumps(line, ensure_ascii=False) for line in lines)
    assert brought(store, tmp_path / "world.jsonl", text).new == 3
    first, second, third = (next(m for m in stored(store) if m.text == line["text"]) for line in lines)
    assert (first.source, first.kind, first.brand) == ("shop", "review", "北辰")
    assert (second.parent_id, second.kind) == (first.id, "comment")
    assert (third.source, third.kind, third.views) == ("blog", "post", 300)
    assert (third.author_followers, third.region) == (20_000, "上海")


def test_a_row_may_name_its_own_scale_and_the_command_line_overrules_it(store: SqliteStore, tmp_path: Path) -> None:
    text = "id,text,rating,scale\n1,a,8,0-10\n2,b,2,1-5\n3,c,3,\n4,d,3,odd\n"
    brought(store, tmp_path / "a.csv", text)
    found = {mention.text: mention.rating for mention in stored(store)}
    assert found == {"a": 0.8, "b": 0.25, "c": 0.5, "d": None}
    brought(store, tmp_path / "b.csv", "text,rating,scale\ne,5,0-10\n", scale=(0.0, 5.0))
    assert {mention.rating for mention in stored(store) if mention.text == "e"} == {1.0}


def test_when_no_column_is_the_text_the_message_says_what_to_type(store: SqliteStore, tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        brought(store, tmp_path / "a.csv", "aa,bb,星级\nx,a much longer text,5\n")
    assert "Its columns are: aa, bb, 星级" in str(caught.value)
    assert "--map text=bb,rating=星级" in str(caught.value)


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("review", "no field=column"),
        ("text=", "no field=column"),
        ("txt=review", "no field is called 'txt'"),
        ("text=a,text=b", "twice"),
        ("rating=a", "no column for text"),
        ("", "no column for text"),
        ('"text=a', "cannot be read"),
    ],
)
def test_a_mapping_that_cannot_be_meant_is_explained(written: str, says: str) -> None:
    with pytest.raises(InputError, match=says):
        Mapping.parse(written)


def test_a_mapping_reads_commas_in_quotes_and_names_missing_columns(store: SqliteStore, tmp_path: Path) -> None:
    assert Mapping.parse('"text=a,b", rating = stars').pairs == (("text", "a,b"), ("rating", "stars"))
    assert Mapping.parse(Mapping.parse('"text=a,b",rating=stars').written()).column("text") == "a,b"
    with pytest.raises(InputError, match="no column 'nope'"):
        brought(store, tmp_path / "a.csv", REVIEWS, mapping=Mapping.parse("text=nope"))


@pytest.mark.parametrize("written", ["", "5", "5-1", "a-b", "1-", "-", "3-3", "nan-5"])
def test_a_scale_without_room_is_refused(written: str) -> None:
    with pytest.raises(InputError, match="--scale"):
        parse_scale(written)


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("Review Text", "text"),
        ("review_text", "text"),
        ("评价", "text"),
        ("评论内容（必填）", ""),
        ("Star Rating", "rating"),
        ("打分", "rating"),
        ("商品名称", "product"),
        ("发布时间", "time"),
        ("created_at", "time"),
        ("买家昵称", "author"),
        ("点赞数", "likes"),
        ("转发", "shares"),
        ("IP属地", "region"),
        ("来源", "source"),
        ("品牌", "brand"),
        ("序号", ""),
    ],
)
def test_column_names_people_use_are_known(header: str, field: str) -> None:
    pairs = Mapping.recognise([header]).pairs
    assert pairs == (((field, header),) if field else ())


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("0", 0),
        ("1,024", 1024),
        ("1.2万", 12_000),
        ("3k", 3000),
        ("10w+", 100_000),
        ("2亿", 200_000_000),
        ("x", None),
        ("-3", None),
    ],
)
def test_counts_are_read_as_people_write_them(written: str, expected: int | None) -> None:
    assert count(written) == expected


def test_a_file_that_is_not_there_is_an_input_error(store: SqliteStore, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="No such file"):
        import_file(tmp_path / "none.csv", "file", None, None, store, SECRET, ZONE, NOW)


def test_progress_is_told_batch_by_batch(store: SqliteStore, tmp_path: Path) -> None:
    told: list[tuple[int, float]] = []
    text = "text\n" + "".join(f"row {number}\n" for number in range(2500))
    brought(store, tmp_path / "a.csv", text, on_progress=lambda rows, share: told.append((rows, share)))
    assert [rows for rows, _ in told] == [1000, 2000, 2500]
    assert told[-1][1] == 1.0


_CELLS = st.tuples(
    st.sampled_from(["", "1", "2", "3"]), st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=6)
)


@given(st.lists(_CELLS, max_size=30), st.lists(st.sampled_from(["broken", '"quote', "a,b,c,d", ""]), max_size=5))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_row_ends_in_exactly_one_place(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str]], broken: list[str]
) -> None:
    folder = tmp_path_factory.mktemp("rows")
    path = folder / "a.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["id", "text"])
        writer.writerows(rows)
        stream.writelines(f"{line}\n" for line in broken)
    held = SqliteStore(folder / "store.sqlite", clock=lambda: NOW)
    first = import_file(path, "file", None, None, held, SECRET, ZONE, NOW, bad_rows=folder / "bad.jsonl")
    second = import_file(path, "file", None, None, held, SECRET, ZONE, NOW)
    total = held.totals().total
    held.close()
    assert adds_up(first)
    assert first.new == total
    assert (second.new, second.changed, second.same) == (0, 0, first.new)
    listed = (folder / "bad.jsonl").read_text().splitlines() if first.bad_file else []
    assert len(listed) == first.bad + first.repeated + first.unread


def test_what_cannot_be_read_in_a_stored_row_is_said(store: SqliteStore, tmp_path: Path) -> None:
    table = "text,rating,date\n很好,11,2026-01-01\n一般,abc,2026-99-02\n好用,4,2026-01-03\n没有星级,,\n"
    report = brought(store, tmp_path / "a.csv", table, scale=(1, 5), bad_rows=tmp_path / "listed.jsonl")
    assert (report.new, report.bad, report.unread) == (4, 0, 2)
    listed = [json.loads(line) for line in (tmp_path / "listed.jsonl").read_text().splitlines()]
    assert [entry["line"] for entry in listed] == [2, 3]
    assert "'11'" in listed[0]["reason"] and "rating" in listed[0]["reason"] and "time" not in listed[0]["reason"]
    assert "'abc'" in listed[1]["reason"] and "2026-99-02" in listed[1]["reason"]
