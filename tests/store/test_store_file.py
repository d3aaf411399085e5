"""The store's file: older and later versions, damage, locks, full disks, threads and forks."""

from __future__ import annotations

import os
import resource
import sqlite3
import threading
from contextlib import closing
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path

import pytest

from core.config import Project
from core.errors import Busy, ConfigError, HomeError, Unreachable
from core.home import Home
from core.models import Mention
from store import SqliteStore, open_store
from store.database import Database
from store.migrate import backups, prepare
from store.raw import RawFolder
from store.schema import FIRST, STEPS, VERSION

# A process that forks with threads running is warned of from Python 3.12 on; here the child only uses the store.
pytestmark = pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
START = datetime(2026, 3, 1, tzinfo=UTC)


def mention(id: str, text: str = "屏幕碎了") -> Mention:
    return Mention(id, "shop", "reviews", "review", text, START)


def test_the_configured_store_lies_in_the_home(tmp_path: Path):
    store = open_store(Home(tmp_path), Project())
    store.add_mentions([mention("a")])
    store.close()
    assert (tmp_path / "store.sqlite").exists()


def test_a_scheme_that_no_store_answers_to(tmp_path: Path):
    with pytest.raises(ConfigError, match=r"'mongodb'.*works is sqlite"):
        open_store(Home(tmp_path), Project(store="mongodb://localhost/x"))


def test_a_missing_folder(tmp_path: Path):
    with pytest.raises(Unreachable, match="folder exists"):
        SqliteStore(tmp_path / "nowhere" / "store.sqlite")


# --- versions

SECOND = "ALTER TABLE settings ADD COLUMN note TEXT NOT NULL DEFAULT 'older';\nCREATE TABLE extra (n INTEGER);\n"


def made(path: Path, *steps: str) -> None:
    database = Database(path)
    prepare(database, steps)
    database.close()


def test_an_older_file_is_brought_forward_after_a_backup(tmp_path: Path):
    path = tmp_path / "store.sqlite"
    made(path, FIRST)
    with closing(sqlite3.connect(path)) as old:
        old.execute("INSERT INTO settings VALUES ('key', 'kept')")
        old.commit()
    made(path, FIRST, SECOND)
    with closing(sqlite3.connect(path)) as new:
        assert new.execute("SELECT value, note FROM settings").fetchall() == [("kept", "older")]
        assert new.execute("PRAGMA user_version").fetchone() == (2,)
    [backup] = backups(path)
    with closing(sqlite3.connect(backup)) as copy:
        assert copy.execute("SELECT * FROM settings").fetchall() == [("key", "kept")]
        assert copy.execute("PRAGMA user_version").fetchone() == (1,)


def test_a_step_that_fails_leaves_the_file_as_it_was(tmp_path: Path):
    path = tmp_path / "store.sqlite"
    made(path, FIRST)
    with pytest.raises(sqlite3.OperationalError):
        made(path, FIRST, "CREATE TABLE extra (n INTEGER);\nDROP TABLE never_there;\n")
    with closing(sqlite3.connect(path)) as file:
        assert file.execute("PRAGMA user_version").fetchone() == (1,)
        assert file.execute("SELECT count(*) FROM sqlite_master WHERE name = 'extra'").fetchone() == (0,)
    SqliteStore(path).close()


def test_every_earlier_version_opens(tmp_path: Path):
    for version in range(1, VERSION + 1):
        path = tmp_path / f"{version}.sqlite"
        made(path, *STEPS[:version])
        store = SqliteStore(path)
        assert store.add_mentions([mention("a")]).new == ("a",)
        store.close()


def test_runs_of_topics_kept_under_an_authors_name_are_dropped(tmp_path: Path):
    path, named = (
        tmp_path / "store.sqlite",
        ("作者:张三丰 OR 电池", "AUTHOR：张三丰", "ａｕｔｈｏｒ:张三丰", "𝐚uthor:张三丰"),
    )
    kept = ("*", "brand:星禾", 'attribute:屏幕 OR "电池"')
    made(path, *STEPS[:4])
    with closing(sqlite3.connect(path)) as file, file:
        for number, query in enumerate((*named, *kept)):
            file.execute("INSERT INTO topic_runs VALUES (?, ?, ?, 0, '{}', x'')", (number, f"r{number}", query))
            file.execute("INSERT INTO topic_members VALUES (?, 't', 0, 1, NULL, NULL, NULL)", (number,))
    SqliteStore(path).close()
    with closing(sqlite3.connect(path)) as file:
        assert [query for (query,) in file.execute("SELECT query FROM topic_runs ORDER BY seq")] == list(kept)
        assert [run for (run,) in file.execute("SELECT run FROM topic_members ORDER BY run")] == [4, 5, 6]
    assert "张三丰".encode() not in path.read_bytes()


def test_a_later_file_is_refused_untouched(tmp_path: Path):
    path = tmp_path / "store.sqlite"
    made(path, *STEPS, "CREATE TABLE later (n INTEGER);\n")
    with pytest.raises(HomeError, match=rf"later version.*schema {VERSION + 1}.*Install"):
        SqliteStore(path)
    with closing(sqlite3.connect(path)) as file:
        assert file.execute("PRAGMA user_version").fetchone() == (VERSION + 1,)


# --- damage


def test_a_file_that_is_no_database(tmp_path: Path):
    path = tmp_path / "store.sqlite"
    path.write_bytes(b"this was a store once" * 999)
    with pytest.raises(HomeError, match=r"store\.sqlite is damaged .*backup"):
        SqliteStore(path)


def test_a_file_with_damaged_pages(tmp_path: Path):
    path = tmp_path / "store.sqlite"
    store = SqliteStore(path)
    store.add_mentions(mention(f"{i:05}", "字" * 500) for i in range(2000))
    store.close()
    whole = bytearray(path.read_bytes())
    whole[8192:-4096] = b"\xff" * (len(whole) - 8192 - 4096)
    path.write_bytes(whole)
    with pytest.raises(HomeError, match="damaged"):
        SqliteStore(path).scan(n=2000)


def test_a_database_of_another_program(tmp_path: Path):
    path = tmp_path / "store.sqlite"
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE bookmarks (url TEXT)")
    with pytest.raises(HomeError, match="another program"):
        SqliteStore(path)


# --- locks and disks


def test_a_writer_who_does_not_finish_is_named(tmp_path: Path):
    path = tmp_path / "store.sqlite"
    store = SqliteStore(path, busy_seconds=0.05)
    ready, done = os.pipe(), os.pipe()
    child = os.fork()
    if child == 0:
        holder = sqlite3.connect(path, isolation_level=None)
        holder.execute("BEGIN IMMEDIATE")
        os.write(ready[1], b"x")
        os.read(done[0], 1)
        os._exit(0)
    os.read(ready[0], 1)
    try:
        with pytest.raises(Busy, match="is being written by") as caught:
            store.add_mentions([mention("a")])
        if Path("/proc/locks").exists():
            assert f"process {child} " in str(caught.value)
    finally:
        os.write(done[1], b"x")
        os.waitpid(child, 0)
        for end in (*ready, *done):
            os.close(end)
    assert store.add_mentions([mention("a")]).new == ("a",)
    store.close()


def test_a_disk_that_refuses(tmp_path: Path):
    store = SqliteStore(tmp_path / "store.sqlite")
    store.add_mentions([mention("a")])
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, hard))
    try:
        with pytest.raises(Unreachable, match=r"store\.sqlite cannot be used: the disk"):
            store.add_mentions([mention("b", "字" * 1_000_000)])
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert store.known(["a", "b"]) == {"a"}
    assert store.add_mentions([mention("b")]).new == ("b",)
    store.close()


# --- threads and processes


def test_threads_share_a_store(tmp_path: Path):
    store = SqliteStore(tmp_path / "store.sqlite")
    threads = [
        threading.Thread(target=store.add_mentions, args=([mention(f"{t}-{i}") for i in range(300)],)) for t in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert store.totals().total == 1200
    store.close()


def test_a_fork_opens_its_own_connection(tmp_path: Path):
    store = SqliteStore(tmp_path / "store.sqlite")
    store.add_mentions([mention("a")])
    child = os.fork()
    if child == 0:
        store.add_mentions([mention("b")])
        store.close()
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 0
    assert store.known(["a", "b"]) == {"a", "b"}
    store.close()


def test_a_closed_store_may_be_used_again(tmp_path: Path):
    store = SqliteStore(tmp_path / "store.sqlite")
    store.close()
    assert store.totals().total == 0
    store.close()


def _open_both(path: str) -> int:
    made(Path(path), FIRST, SECOND)
    store = RawFolder(Path(path).parent / "raw")
    store.put(b"page", "https://a.example", START)
    store.close()
    return len(backups(Path(path)))


def test_processes_may_open_at_the_same_moment(tmp_path: Path):
    with get_context("fork").Pool(4) as pool:
        for number in range(8):
            fresh, older = tmp_path / str(number) / "new.sqlite", tmp_path / str(number) / "old.sqlite"
            fresh.parent.mkdir()
            made(older, FIRST)
            assert set(pool.map(_open_both, [str(fresh)] * 4, chunksize=1)) == {0}
            assert set(pool.map(_open_both, [str(older)] * 4, chunksize=1)) == {1}
            with closing(sqlite3.connect(backups(older)[0])) as copy:
                assert copy.execute("PRAGMA user_version").fetchone() == (1,)
