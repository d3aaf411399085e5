"""Any table as a shop: every row on exactly one page, its text intact."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.errors import InputError
from crawlers.parsers.parsed import cleaned
from crawlers.parsers.reviews import parse_reviews
from crawlers.parsers.table import read_table
from crawlers.parsers.table_rows import Row
from fengping.demo.from_file import PAGE, FileShop, read_file
from fengping.demo.http import Asked

SHOP10 = Path(__file__).resolve().parents[3] / "shared" / "data" / "sentiment" / "shop10.tsv"
BASE = "http://shop.test"


def pages(shop: FileShop) -> list[tuple[str, bytes]]:
    """Every page that a crawler finds, beginning with the index."""
    waiting, seen, found = [f"{BASE}/"], {f"{BASE}/"}, []
    while waiting:
        url = waiting.pop()
        path, _, query = url.removeprefix(BASE).partition("?")
        reply = shop(Asked("GET", path, dict([query.split("=")] if query else [])))
        assert reply.status == 200
        found.append((url, reply.body))
        for after in parse_reviews(reply.body, url).next_urls:
            if after not in seen:
                seen.add(after)
                waiting.append(after)
    return found


def bodies(page: bytes) -> list[dict[str, str]]:
    """The reviews in a page's JSON-LD, read without any cleaning."""
    block = re.search(rb'<script type="application/ld\+json">(.*?)</script>', page, re.S)
    assert block is not None
    return json.loads(block[1]).get("review", [])


def served(path: Path, mapping: str = "") -> list[dict[str, str]]:
    return [node for _, page in pages(FileShop(read_file(path, mapping))) for node in bodies(page)]


TEXTS = st.text(
    st.one_of(st.characters(), st.sampled_from("\"'<>&\\\u2028\ufffd\ud800\x00\x0b\x1f\x7f/，。")),
    min_size=1,
    max_size=60,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(TEXTS, st.sampled_from(["甲", "乙", ""])), min_size=1, max_size=130))
def test_every_row_is_on_exactly_one_page_with_its_text(tmp_path: Path, rows: list[tuple[str, str]]) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text("".join(json.dumps({"text": t, "category": c}) + "\n" for t, c in rows), encoding="utf-8")
    with path.open("rb") as stream:
        expected = [r.cells["text"] for r in read_table(stream, path.name).rows if isinstance(r, Row)]
    found = served(path)
    assert sorted(node["@id"] for node in found) == sorted(f"row-{n}" for n in range(1, len(expected) + 1))
    by_id = {node["@id"]: node["reviewBody"] for node in found}
    assert [by_id[f"row-{n}"] for n in range(1, len(expected) + 1)] == expected
    assert len(expected) == len(rows)


def test_a_script_that_ends_inside_a_text_ends_nothing(tmp_path: Path) -> None:
    words = '好</script><script>alert("x")</script><!-- "引号" 末尾'
    path = tmp_path / "one.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["review", "stars"], [words, "5"]])
    found = pages(FileShop(read_file(path)))
    items = [i for url, page in found for i in parse_reviews(page, url).items]
    assert [(i.text, i.rating, i.rating_low, i.rating_high) for i in items] == [(words, "5", "1", "5")]
    assert all(b"<script>alert" not in page for _, page in found)


def test_columns_are_recognised_or_mapped_and_products_share_pages_of_fifty(tmp_path: Path) -> None:
    path = tmp_path / "my.tsv"
    lines = [f"{'手机' if n % 3 else '耳机'}\t第{n}条\t{n % 2}\t2026-01-0{n % 9 + 1}" for n in range(160)]
    path.write_text("东西\t说的话\t好坏\t哪天\n" + "\n".join(lines), encoding="utf-8")
    with pytest.raises(InputError, match="--map"):
        read_file(path)
    mapping = "text=说的话,product=东西,rating=好坏,time=哪天"
    products = dict(read_file(path, mapping).products)
    assert {name: len(rows) for name, rows in products.items()} == {"耳机": 54, "手机": 106}
    found = pages(FileShop(read_file(path, mapping)))
    assert max(len(bodies(page)) for _, page in found) == PAGE
    assert len(found) == 1 + 2 + 3
    first = next(n for _, page in found for n in bodies(page) if n["@id"] == "row-1")
    assert first["reviewRating"] == {"@type": "Rating", "ratingValue": "0", "worstRating": "0", "bestRating": "1"}
    assert first["datePublished"] == "2026-01-01"


def test_bad_rows_are_told_and_ratings_that_are_no_numbers_have_no_scale(tmp_path: Path) -> None:
    path = tmp_path / "bad.csv"
    path.write_text("text,rating\n好,五星\n坏\n中,三星\n", encoding="utf-8")
    read = read_file(path)
    assert (read.rows, len(read.bad), read.low, read.high) == (2, 1, "", "")


def test_unknown_pages_are_404(tmp_path: Path) -> None:
    path = tmp_path / "one.csv"
    path.write_text("text\n好\n", encoding="utf-8")
    shop = FileShop(read_file(path))
    for missing in ("/product/0", "/product/2", "/product/x", "/review/7", "/x", "/product/" + "9" * 30):
        assert shop(Asked("GET", missing, {})).status == 404
    assert shop(Asked("GET", "/review/1", {})).status == 200


@pytest.mark.shared
@pytest.mark.skipif(not SHOP10.exists(), reason="../shared is not here")
def test_every_row_of_a_large_file_comes_home_once() -> None:
    lines = SHOP10.read_bytes().decode("utf-8").removesuffix("\r\n").split("\r\n")[1:]
    expected = {f"row-{n}": line.split("\t")[2] for n, line in enumerate(lines, 1)}
    assert len(expected) == 59_018
    shop = FileShop(read_file(SHOP10))
    found: dict[str, str] = {}
    for _, page in pages_by_links(shop):
        for node in bodies(page):
            assert node["@id"] not in found
            found[node["@id"]] = node["reviewBody"]
    assert found == expected
    url = f"{BASE}/product/1?page=3"
    items = parse_reviews(shop(Asked("GET", "/product/1", {"page": "3"})).body, url).items
    assert [i.text for i in items] == [cleaned(expected[i.native_id]) for i in items] and len(items) == PAGE


def pages_by_links(shop: FileShop) -> list[tuple[str, bytes]]:
    """As `pages`, by the links that people see: faster over a thousand pages."""
    index = shop(Asked("GET", "/", {})).body.decode()
    found = []
    for path in re.findall(r'<li class="card"><a href="([^"]+)">', index):
        number = 1
        while number:
            page = shop(Asked("GET", path, {"page": str(number)})).body
            found.append((path, page))
            number = number + 1 if f'rel="next" href="{path}?page={number + 1}"'.encode() in page else 0
    return found


def test_a_workbook_is_served_too(tmp_path: Path) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    for row in (["评论内容", "商品"], ["很好用", "甲"], ["不好用", "甲"]):
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    path = tmp_path / "book.xlsx"
    path.write_bytes(stream.getvalue())
    assert sorted(n["reviewBody"] for n in served(path)) == ["不好用", "很好用"]
