"""Erasing from everywhere: index, raw pages, exports, backups and the file itself."""

from __future__ import annotations

import json
import random
import shutil
import sqlite3
import zipfile
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import md5
from pathlib import Path

import pytest

from core.errors import Unreachable
from core.models import Mention
from core.tree import Everything
from index.embedded import TantivyIndex
from store import SqliteStore, erasure
from store.exports import holding
from store.raw import RawFolder
from tests.conformance.corpus import documents, one

START = datetime(2026, 3, 1, tzinfo=UTC)
ONE, TWO = md5(b"one").hexdigest(), md5(b"two").hexdigest()
TELLING = "我住在月亮巷七号三单元"


def mention(id: str, text: str = TELLING, **more: str) -> Mention:
    return Mention(id, "shop", "reviews", "review", text, START, **more)


class Held:
    """An index as far as erasure sees it."""

    def __init__(self) -> None:
        self.ids = {ONE, TWO}
        self.works = True

    def delete(self, ids: Sequence[str]) -> None:
        if not self.works:
            raise Unreachable("the index does not answer")
        self.ids -= set(ids)

    def compact(self) -> None:
        """Holds ids alone, and no files."""


@pytest.fixture
def store(tmp_path: Path):
    store = SqliteStore(tmp_path / "store.sqlite")
    yield store
    store.close()


@pytest.fixture
def raw(tmp_path: Path):
    raw = RawFolder(tmp_path / "raw")
    yield raw
    raw.close()


def filled(store: SqliteStore, raw: RawFolder, exports: Path) -> tuple[str, str]:
    pages = raw.put(b"<p>one</p>", "https://a.example", START), raw.put(b"<p>two</p>", "https://b.example", START)
    store.add_mentions([mention(ONE, raw=pages[0], author="x"), mention(TWO, "别的", raw=pages[1])])
    exports.mkdir()
    (exports / "both.jsonl").write_text("\n".join(json.dumps({"id": i}) for i in (TWO, ONE)))
    (exports / "other.csv").write_text(f"id,text\n{TWO},别的\n", encoding="utf-8")
    (exports / "picture.pdf").write_bytes(b"%PDF")
    return pages


def test_it_goes_from_everywhere(tmp_path: Path, store: SqliteStore, raw: RawFolder):
    index, exports = Held(), tmp_path / "exports"
    pages = filled(store, raw, exports)
    dry = erasure.erase(store, raw, index, exports, author="x", dry_run=True)
    assert index.ids == {ONE, TWO} and raw.get(pages[0]) and len(list(exports.iterdir())) == 3
    receipt = erasure.erase(store, raw, index, exports, author="x")
    assert receipt.counts == dry.counts
    assert (receipt.counts["mentions"], receipt.counts["raw_pages"], receipt.counts["exports"]) == (1, 1, 2)
    assert index.ids == {TWO}
    assert (raw.get(pages[0]), raw.get(pages[1])) == (None, b"<p>two</p>")
    assert [f.name for f in exports.iterdir()] == ["other.csv"]
    assert store.receipts() == [receipt] and store.erasures_pending() == ((), ())


def test_no_file_of_the_index_holds_it_any_more(tmp_path: Path, store: SqliteStore, raw: RawFolder):
    store.add_mentions([mention(ONE, author="a" * 64)])
    index = TantivyIndex(tmp_path / "index", write=True)
    secret = replace(one(random.Random(1), "x"), id=ONE, text="nobodyshallfindthis", author="a" * 64)
    index.put([secret, *documents(20)], 1)
    erasure.erase(store, raw, index, tmp_path / "exports", mention=ONE)
    assert index.count(Everything()) == 20
    index.close()
    for file in (f for f in (tmp_path / "index").rglob("*") if f.is_file()):
        assert not [w for w in (ONE, secret.text, secret.author) if w.encode() in file.read_bytes()], file


def test_an_erasure_that_was_stopped_is_completed(tmp_path: Path, store: SqliteStore, raw: RawFolder):
    index, exports = Held(), tmp_path / "exports"
    pages = filled(store, raw, exports)
    index.works = False
    with pytest.raises(Unreachable):
        erasure.erase(store, raw, index, exports, mention=ONE)
    assert store.known([ONE]) == set() and ONE in index.ids
    index.works = True
    assert erasure.complete(store, raw, index, exports) == 1
    assert index.ids == {TWO} and raw.get(pages[0]) is None
    assert erasure.complete(store, raw, index, exports) == 0


def test_nothing_of_the_text_is_left_in_the_files(tmp_path: Path, store: SqliteStore):
    store.add_mentions([mention(ONE), mention(TWO, "别的")])
    store.add_mentions([mention(ONE, f"{TELLING}，改过")])
    assert any(TELLING.encode() in f.read_bytes() for f in tmp_path.iterdir())
    store.erase(mention=ONE)
    assert not any(TELLING.encode() in f.read_bytes() for f in tmp_path.iterdir())


def test_a_log_that_somebody_reads_is_emptied_later(tmp_path: Path):
    store = SqliteStore(tmp_path / "store.sqlite", busy_seconds=0.05)
    store.add_mentions([mention(ONE)])
    with closing(sqlite3.connect(tmp_path / "store.sqlite", isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM mentions").fetchone()
        store.erase(mention=ONE)
    assert any(TELLING.encode() in f.read_bytes() for f in tmp_path.iterdir())
    again = SqliteStore(tmp_path / "store.sqlite")
    assert not any(TELLING.encode() in f.read_bytes() for f in tmp_path.iterdir())
    store.close()
    again.close()


def test_a_restored_backup_is_erased_again(tmp_path: Path, store: SqliteStore):
    store.add_mentions([mention(ONE, raw="page"), mention(TWO, "别的", author="y")])
    store.close()
    shutil.copy(tmp_path / "store.sqlite", tmp_path / "copy")
    store.erase(mention=ONE)
    store.erase(author="y")
    store.close()
    (tmp_path / "store.sqlite").write_bytes((tmp_path / "copy").read_bytes())
    restored = SqliteStore(tmp_path / "store.sqlite")
    assert restored.known([ONE, TWO]) == set()
    assert restored.erasures_pending() == (tuple(sorted((ONE, TWO))), ("page",))
    assert [r.selector for r in restored.receipts()] == ["erasure list"]
    assert restored.add_mentions([mention(ONE), mention("new", "迟到的", author="y")]).new == ()
    restored.close()
    again = SqliteStore(tmp_path / "store.sqlite")
    assert len(again.receipts()) == 1
    again.close()


def test_a_lost_or_torn_erasure_list_is_made_again(tmp_path: Path, store: SqliteStore):
    store.add_mentions([mention(ONE), mention(TWO)])
    store.erase(mention=ONE)
    store.close()
    listed = tmp_path / "store.sqlite.erased"
    before = listed.read_bytes()
    listed.unlink()
    again = SqliteStore(tmp_path / "store.sqlite")
    assert listed.read_bytes() == before
    listed.write_bytes(before + b"0123")
    again.erase(mention=TWO)
    again.close()
    assert listed.read_bytes().startswith(before) and len(listed.read_bytes()) == 2 * len(before)


def test_copies_from_before_a_migration_go_with_an_erasure(tmp_path: Path, store: SqliteStore):
    copy = tmp_path / "store.sqlite.version1.backup"
    copy.write_bytes(b"an old copy")
    store.erase(mention="never seen", dry_run=True)
    assert copy.exists()
    store.erase(mention="never seen")
    assert not copy.exists()


def test_exports_are_searched_in_every_form(tmp_path: Path):
    with zipfile.ZipFile(tmp_path / "in.xlsx", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/sharedStrings.xml", f"<si><t>{ONE}</t></si>")
    with zipfile.ZipFile(tmp_path / "out.xlsx", "w") as archive:
        archive.writestr("xl/sharedStrings.xml", f"<si><t>{TWO}</t></si>")
    (tmp_path / "broken.xlsx").write_bytes(b"PK no archive")
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "long.csv").write_bytes(b"-" * ((1 << 20) - 16) + ONE.encode() + b"," * 100)
    (tmp_path / "named.csv").write_text("id\nan odd id\n")
    assert [f.name for f in holding(tmp_path, [ONE])] == ["broken.xlsx", "long.csv", "in.xlsx"]
    assert [f.name for f in holding(tmp_path, ["an odd id"])] == ["broken.xlsx", "named.csv"]
    assert holding(tmp_path, []) == [] and holding(tmp_path / "absent", [ONE]) == []
