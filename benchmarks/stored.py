"""A home whose store holds 1,000,000 mentions with readings: `python -m benchmarks.stored`. Made once, then used again.

The folder is that of FENGPING_BENCH_STORED, else one in the temporary folder (about 3 GB). The texts are the demo
world's: 20,000 different ones are read by the model and related, and then stored fifty times under other ids, as if
everything were indexed. There is no index beside it: a reading is mapped again without one.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from core.home import Home
from core.identity import native, revision
from core.models import Mention
from fengping import pipeline
from fengping.assembly import opened
from fengping.demo.project import write_demo_home
from fengping.demo.sites import Sites
from fengping.demo.world import generate
from nlp.reader import versions
from nlp.relate.relator import RELATE_VERSION

MENTIONS = int(os.environ.get("FENGPING_BENCH_MENTIONS", "1000000"))
VARIABLE = "FENGPING_BENCH_STORED"
DIFFERENT = 20_000
DAYS = 90
END = datetime(2026, 11, 1, tzinfo=UTC)
MARK = "stored.txt"
NOWHERE = Sites(shop="http://127.0.0.1:9", microblog="http://127.0.0.1:9", forum="http://127.0.0.1:9")
_COPIED = (
    """INSERT INTO mentions (n, id, source, author, published, collected, revision, raw, body)
       SELECT n + :shift, id || :mark, source, author, published, collected, revision, raw, body FROM mentions
       WHERE n <= :last""",
    """INSERT INTO progress (n, stage, since, reading, relation, indexed)
       SELECT n + :shift, 3, 1, reading, relation, indexed FROM progress WHERE n <= :last""",
    "INSERT INTO readings SELECT n + :shift, revision, body, vector FROM readings WHERE n <= :last",
    "INSERT INTO relations SELECT n + :shift, duplicate_of, body FROM relations WHERE n <= :last",
)


def place() -> Path:
    return Path(os.environ.get(VARIABLE) or Path(tempfile.gettempdir()) / "fengping-stored")


def stored(n: int = MENTIONS) -> Home:
    """The home, made where it is not there yet. Raises SystemExit for a folder of somebody else."""
    folder = place()
    if (folder / MARK).is_file() and (folder / MARK).read_text("utf-8") == _described(Home(folder), n):
        return Home(folder)
    if folder.exists() and not (folder / MARK).is_file():
        raise SystemExit(f"{folder} holds no benchmark's home; name another with {VARIABLE}.")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    (folder / MARK).write_text("unfinished", "utf-8")
    _make(Home(folder), n)
    (folder / MARK).write_text(_described(Home(folder), n), "utf-8")
    return Home(folder)


def _described(home: Home, n: int) -> str:
    """How many mentions, and by what they were read: a home of other versions is made anew."""
    return f"{n} mentions by {versions(home.project(), home.lexicons)}, related by {RELATE_VERSION}"


def _make(home: Home, n: int) -> None:
    write_demo_home(home, NOWHERE)
    with opened(home.path) as assembly:
        assembly.store.add_mentions(_mentions(min(n, DIFFERENT)))
        pipeline.refresh_versions(assembly)
        pipeline.read(assembly)
        pipeline.relate(assembly)
    with sqlite3.connect(home.path / "store.sqlite", isolation_level=None) as connection:
        connection.execute("UPDATE progress SET stage = 3, since = 1, indexed = 0")
        connection.execute("UPDATE meta SET value = 1 WHERE key = 'generation'")
        for copy in range(1, -(-n // DIFFERENT)):
            last = min(DIFFERENT, n - copy * DIFFERENT)
            for statement in _COPIED:
                connection.execute(statement, {"shift": copy * DIFFERENT, "mark": f"-{copy}", "last": last})
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


def _mentions(n: int) -> Iterator[Mention]:
    world = generate(11, n / DAYS * 1.3, DAYS, end=END)
    for number, post in enumerate(world.posts[:n]):
        yield Mention(
            native(post.source, str(number)), post.source, "reviews", post.kind, post.text, END + timedelta(hours=1),
            url=post.url, native_id=str(number), title=post.title, author=post.author, published_at=post.time,
            published_precision="exact", rating=None if post.rating is None else (post.rating - 1) / 4,
            rating_scale=(1, 5), likes=post.likes, brand=post.brand, product=post.product,
            revision=revision(post.title, post.text),
        )  # fmt: skip


def main() -> None:
    began = time.perf_counter()
    home = stored()
    size = (home.path / "store.sqlite").stat().st_size / 1e9
    sys.stdout.write(f"{home.path}: {MENTIONS:,} mentions, {size:.1f} GB, {time.perf_counter() - began:.0f} s\n")


if __name__ == "__main__":
    main()
