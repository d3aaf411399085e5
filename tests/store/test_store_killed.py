"""kill -9 at any moment: nothing that was committed is lost, nothing is done twice, the file opens."""

from __future__ import annotations

import os
import random
import signal
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from core.models import (
    FinishedPage,
    FrontierCounts,
    FrontierRequest,
    Mention,
    Reading,
    Relation,
    SourceHealth,
    Versions,
)
from store import SqliteStore

# A process that forks with threads running is warned of from Python 3.12 on; here the child only uses the store.
pytestmark = pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
START = datetime(2026, 3, 1, tzinfo=UTC)
PAGES, ON_A_PAGE, KILLS = 300, 5, 25


def page(number: int) -> FinishedPage:
    """Page k names pages 2k + 1 and 2k + 2, and holds five mentions."""
    found = tuple(request(k) for k in (2 * number + 1, 2 * number + 2) if k < PAGES)
    mentions = tuple(
        Mention(f"{number}-{k}", "shop", "reviews", "review", f"第{number}页第{k}条", START, revision="r")
        for k in range(ON_A_PAGE)
    )
    return FinishedPage(str(number), mentions, found, SourceHealth("shop", START, asked=1, items=ON_A_PAGE))


def request(number: int) -> FrontierRequest:
    return FrontierRequest(str(number), f"https://shop.example/{number}")


def work(path: Path, round: int, told: Connection) -> None:
    """Crawls, reads, relates and indexes, a little of each in turn, and tells what it has committed."""
    store = SqliteStore(path, clock=lambda: START + timedelta(hours=round))
    store.push("c", [request(0)])
    done = True
    while done:
        done = False
        for leased in store.lease("c", 3, 60):
            store.finish("c", [page(int(leased.fingerprint))])
            told.send(("page", leased.fingerprint))
            done = True
        for step in (read, relate, index):
            done = step(store, told) or done
    store.close()
    told.send(("end", ""))


def read(store: SqliteStore, told: Connection) -> bool:
    batch = store.claim("read", 20, 60)
    store.save_readings(batch.token, [Reading(i, "r", Versions("m"), "neutral", 0.0) for i in batch.ids])
    told.send(("read", batch.ids))
    return bool(batch.ids)


def relate(store: SqliteStore, told: Connection) -> bool:
    batch = store.claim("relate", 20, 60)
    store.save_relations(batch.token, [Relation(i, "v") for i in batch.ids])
    told.send(("relate", batch.ids))
    return bool(batch.ids)


def index(store: SqliteStore, told: Connection) -> bool:
    batch = store.claim("index", 20, 60)
    reached = store.mark_indexed(batch.token, batch.ids)
    told.send(("index", reached))
    return bool(batch.ids)


def run(path: Path, round: int, kill_after: int | None) -> list[tuple[str, object]]:
    """Lets a process work until it has told `kill_after` commits, then kills it; returns all that it told."""
    context = get_context("fork")
    hears, tells = context.Pipe(duplex=False)
    child = context.Process(target=work, args=(path, round, tells))
    child.start()
    tells.close()
    heard: list[tuple[str, object]] = []
    while True:
        if kill_after is not None and len(heard) == kill_after:
            os.kill(child.pid or 0, signal.SIGKILL)
        try:
            heard.append(hears.recv())
        except EOFError:
            break
    child.join()
    return heard


def check(path: Path, round: int, heard: list[tuple[str, object]]) -> None:
    """Everything that was told is there."""
    store = SqliteStore(path, clock=lambda: START + timedelta(hours=round, minutes=30))
    pages = [str(what) for kind, what in heard if kind == "page"]
    assert store.known([f"{p}-4" for p in pages]) == {f"{p}-4" for p in pages}
    for kind, have in (("read", "reading"), ("relate", "relation")):
        ids = [i for said, what in heard if said == kind for i in what]  # type: ignore[attr-defined]
        assert all(getattr(u, have) is not None for u in store.understood(ids))
    generations = [what for kind, what in heard if kind == "index"]
    assert store.generation() >= max(generations, default=0)  # type: ignore[type-var]
    store.close()


def test_nothing_committed_is_lost(tmp_path: Path):
    """A crawl that a slow killer lets finish is looked at, and another is begun."""
    chance = random.Random(1)
    path, round, killed = tmp_path / "0.sqlite", 0, 0
    while killed < KILLS:
        heard = run(path, round, kill_after=chance.randint(0, 40))
        check(path, round, heard)
        round += 1
        if ("end", "") in heard:
            check_whole(path)
            path = tmp_path / f"{round}.sqlite"
        else:
            killed += 1
    assert run(path, round, kill_after=None)[-1] == ("end", "")
    check_whole(path)


def check_whole(path: Path) -> None:
    """Every page was done once, every mention is indexed once."""
    whole = SqliteStore(path, clock=lambda: START + timedelta(days=99))
    assert whole.counts("c") == FrontierCounts(0, 0, PAGES)
    totals = whole.totals()
    assert (totals.total, totals.indexed) == (PAGES * ON_A_PAGE, PAGES * ON_A_PAGE)
    health = whole.health()[0]
    assert (health.asked, health.items) == (PAGES, PAGES * ON_A_PAGE)
    assert len(list(whole.documents_at(whole.generation()))) == PAGES * ON_A_PAGE
    whole.close()
