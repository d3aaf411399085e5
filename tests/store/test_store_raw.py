"""Raw pages: kept compressed, found by digest, gone when deleted."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from core.errors import HomeError
from store.raw import RawFolder

START = datetime(2026, 3, 1, tzinfo=UTC)
PAGE = "<html>电池".encode() * 500


@pytest.fixture
def raw(tmp_path: Path):
    raw = RawFolder(tmp_path / "raw")
    yield raw
    raw.close()


def test_a_page_comes_back_as_it_was(raw: RawFolder, tmp_path: Path):
    for body in (PAGE, b"", bytes(range(256))):
        assert raw.get(raw.put(body, "https://a.example", START)) == body
    raw.close()
    assert sum(f.stat().st_size for f in (tmp_path / "raw").iterdir()) < 30_000


def test_nothing_is_made_before_the_first_page(raw: RawFolder, tmp_path: Path):
    assert raw.get("0" * 32) is None and raw.delete(["0" * 32]) == 0 and raw.prune(START) == 0
    assert not (tmp_path / "raw").exists()


def test_the_same_page_is_kept_once_and_from_its_newest_time(raw: RawFolder):
    one = raw.put(PAGE, "https://a.example", START)
    assert raw.put(PAGE, "https://a.example/again", START + timedelta(days=5)) == one
    assert raw.put(PAGE, "https://a.example", START) == one
    assert raw.prune(START + timedelta(days=1)) == 0
    assert raw.prune(START + timedelta(days=6)) == 1
    assert raw.get(one) is None


def test_pages_are_deleted_one_by_one(raw: RawFolder):
    digests = [raw.put(bytes([n]) * 9, "https://a.example", START) for n in range(5)]
    assert raw.delete([digests[1], digests[3], "never seen"]) == 2
    assert [raw.get(d) is None for d in digests] == [False, True, False, True, False]


def test_another_opening_sees_the_pages(raw: RawFolder, tmp_path: Path):
    digest = raw.put(PAGE, "https://a.example/\ud800", START)
    again = RawFolder(tmp_path / "raw")
    assert again.get(digest) == PAGE
    again.close()


def test_a_damaged_file_says_so(tmp_path: Path):
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "pages.sqlite").write_bytes(b"not pages" * 999)
    with pytest.raises(HomeError, match="damaged"):
        RawFolder(tmp_path / "raw").put(PAGE, "https://a.example", START)
