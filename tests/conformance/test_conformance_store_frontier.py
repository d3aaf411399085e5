"""The Store's contract: the frontier of a crawl."""

from __future__ import annotations

from datetime import timedelta
from multiprocessing import get_context
from pathlib import Path

import pytest
from store_case import IMPLEMENTATIONS, START, TurnedClock, mention, opened

from core.errors import InputError
from core.interfaces import Store
from core.models import FinishedPage, FrontierCounts, FrontierRequest, SourceHealth

# A process that forks with threads running is warned of from Python 3.12 on; here the child only uses the store.
pytestmark = pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")


def page(name: str, priority: int = 0) -> FrontierRequest:
    return FrontierRequest(name, f"https://shop.example/{name}", "parse", priority, '{"depth": 1}')


def names(requests: list[FrontierRequest]) -> list[str]:
    return [r.fingerprint for r in requests]


def test_a_request_is_pushed_once_a_crawl(store: Store):
    assert store.push("c", [page("a"), page("b"), page("a")]) == 2
    assert store.push("c", [page("b"), page("c")]) == 1
    assert store.push("other", [page("a")]) == 1
    assert store.counts("c") == FrontierCounts(3, 0, 0)


def test_requests_come_back_as_pushed_by_priority_then_age(store: Store):
    store.push("c", [page("low", -5), page("a"), page("b"), page("high", 10)])
    assert store.lease("c", 3, 60) == [page("high", 10), page("a"), page("b")]
    assert store.lease("c", 3, 60) == [page("low", -5)]
    assert store.lease("c", 3, 60) == []
    assert store.counts("c") == FrontierCounts(0, 4, 0)


def test_an_expired_lease_counts_as_waiting(store: Store, clock: TurnedClock):
    store.push("c", [page("a")])
    store.lease("c", 1, 30)
    clock.turn(29)
    assert store.lease("c", 1, 30) == []
    clock.turn(1)
    assert store.counts("c") == FrontierCounts(1, 0, 0)
    assert names(store.lease("c", 1, 30)) == ["a"]


def test_released_requests_wait_at_once(store: Store):
    store.push("c", [page("a"), page("b")])
    store.lease("c", 2, 60)
    store.release("c", ["b", "never seen"])
    assert names(store.lease("c", 2, 60)) == ["b"]


def test_a_finished_page_brings_everything_at_once(store: Store):
    store.push("c", [page("a")])
    store.lease("c", 1, 60)
    health = SourceHealth("shop", START, asked=1, answered=1, items=2)
    added = store.finish("c", [FinishedPage("a", (mention("m1"), mention("m2")), (page("b"), page("a")), health)])
    assert added.new == ("m1", "m2")
    assert store.counts("c") == FrontierCounts(1, 0, 1)
    assert store.health() == [health]
    assert store.waiting("read") == 2


def test_a_page_that_cannot_be_stored_changes_nothing(store: Store):
    store.push("c", [page("a")])
    store.lease("c", 1, 60)
    wrong = mention("m2", collected_at=START.replace(tzinfo=None))
    health = SourceHealth("shop", START, asked=1)
    with pytest.raises(InputError, match="no zone"):
        store.finish("c", [FinishedPage("a", (mention("m1"), wrong), (page("b"),), health)])
    assert store.counts("c") == FrontierCounts(0, 1, 0)
    assert store.totals().total == 0 and store.health() == []


def test_a_page_finished_twice_counts_once(store: Store, clock: TurnedClock):
    done = FinishedPage("a", (mention("m1"),), (), SourceHealth("shop", START, asked=1, items=1))
    store.push("c", [page("a")])
    store.lease("c", 1, 10)
    clock.turn(10)
    store.lease("c", 1, 10)
    assert store.finish("c", [done]).new == ("m1",)
    assert store.finish("c", [done]).same == ("m1",)
    assert store.health()[0].asked == 1
    assert store.counts("c") == FrontierCounts(0, 0, 1)


def test_a_finished_request_is_not_pushed_or_released_again(store: Store):
    store.push("c", [page("a")])
    store.lease("c", 1, 60)
    store.finish("c", [FinishedPage("a")])
    store.release("c", ["a"])
    assert store.push("c", [page("a")]) == 0
    assert store.lease("c", 1, 60) == []


def test_a_finished_page_that_was_never_pushed_is_known(store: Store):
    store.finish("c", [FinishedPage("a")])
    assert store.push("c", [page("a")]) == 0


def test_a_forgotten_crawl_starts_over(store: Store):
    store.push("c", [page("a")])
    store.push("d", [page("a")])
    store.finish("c", [FinishedPage("a")])
    store.forget("c")
    assert store.counts("c") == FrontierCounts(0, 0, 0)
    assert store.push("c", [page("a")]) == 1
    assert store.counts("d").waiting == 1


def test_cursors_are_kept(store: Store):
    assert store.cursor("shop/x1") == ""
    store.set_cursor("shop/x1", "2026-03-01")
    store.set_cursor("shop/x1", "2026-03-02")
    assert store.cursor("shop/x1") == "2026-03-02"
    assert store.cursor("shop/x2") == ""


def test_health_adds_up_by_source_and_hour(store: Store):
    one = SourceHealth("shop", START, 2, 1, 0, 1, 20, 3, START, ("robots: none",))
    two = SourceHealth("shop", START + timedelta(minutes=20), 1, 1, items=5, newest=START - timedelta(days=1))
    store.add_health([one, two, SourceHealth("forum", START, asked=1)])
    store.add_health([SourceHealth("shop", START + timedelta(hours=1), notes=("slow",))])
    store.add_health([SourceHealth("shop", START, notes=("slow", "robots: none"))])
    assert store.health() == [
        SourceHealth("forum", START, asked=1),
        SourceHealth("shop", START, 3, 2, 0, 1, 25, 3, START, ("robots: none", "slow")),
        SourceHealth("shop", START + timedelta(hours=1), notes=("slow",)),
    ]
    assert [h.hour for h in store.health(since=START + timedelta(hours=1))] == [START + timedelta(hours=1)]
    assert len(store.health(since=START + timedelta(minutes=59))) == 3
    assert [h.source for h in store.health(source="forum")] == ["forum"]


def _crawl(name: str, folder: str) -> list[str]:
    with opened(name, Path(folder), TurnedClock()) as store:
        mine: list[str] = []
        while requests := store.lease("c", 7, 600):
            mine.extend(names(requests))
            store.finish("c", [FinishedPage(r.fingerprint, (mention(f"m{r.fingerprint}"),)) for r in requests])
        return mine


@pytest.mark.parametrize("name", IMPLEMENTATIONS)
def test_three_processes_share_a_crawl(name: str, tmp_path: Path):
    with opened(name, tmp_path, TurnedClock()) as store:
        store.push("c", [page(str(i)) for i in range(600)])
    with get_context("fork").Pool(3) as pool:
        parts = pool.starmap(_crawl, [(name, str(tmp_path))] * 3)
    every = [n for part in parts for n in part]
    assert len(every) == len(set(every)) == 600
    with opened(name, tmp_path, TurnedClock()) as store:
        assert store.counts("c") == FrontierCounts(0, 0, 600)
        assert store.totals().total == 600


def test_health_that_speaks_for_several_pages_is_kept(store: Store):
    store.finish("c", [FinishedPage("a")])
    row = SourceHealth("shop", START, asked=2, items=1)
    store.finish("c", [FinishedPage("a", health=row), FinishedPage("b", (mention("m"),))])
    assert store.health() == [row]
