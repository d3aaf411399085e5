"""The books of a crawl over a real store: what is leased, committed, taken up again and gone back to."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from crawlers_home import home_at, job, store_of

from core.collected import Collected
from core.collected_mention import Context
from core.errors import Busy, Unreachable
from core.models import Added, FinishedPage, FrontierRequest
from crawlers.ground import MOST_FAILED
from crawlers.job import CrawlProgress
from crawlers.ledger import MOST_BUSY, Crawl, Ledger
from crawlers.lock import SourceLock
from crawlers.parsers.parsed import Parsed
from crawlers.visit import Trail, Visit, fingerprint, page_request
from store import SqliteStore
from store.raw import RawFolder

NOW = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
START = "https://shop.example.org/p/1"
CONTEXT = Context("shop", "reviews", "review", ZoneInfo("Asia/Shanghai"), b"s" * 32, "run-1")


class Desk:
    """A source whose ledgers open one after the other, as runs do."""

    def __init__(self, path: Path, store: SqliteStore | None = None) -> None:
        self.home = home_at(path)
        self.store = store or store_of(self.home)
        self.told: list[CrawlProgress] = []
        self.woken = 0

    def opened(self, full: bool = False, **more: object) -> Ledger:
        source = job(self.home, "shop", START, **more).source
        raw = RawFolder(self.home.raw)
        crawl = Crawl(source, (START,), full, self.store, raw, CONTEXT, lambda: NOW, self.home)
        ledger = Ledger(crawl, self.told.append, self._wake)
        ledger.open()
        return ledger

    def _wake(self) -> None:
        self.woken += 1


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def answered(request: FrontierRequest, ids: range, *following: str) -> Visit:
    items = tuple(Collected(f"第{n}条", native_id=str(n), date=f"2026-10-{28 - n:02d}") for n in ids)
    trail = Trail.from_meta(request.meta)
    found = tuple(page_request(url, Trail(trail.subject, trail.all)) for url in following)
    return Visit(request, "answered", Parsed(items), found, b"<html>", request.url)


def walked(ledger: Ledger, pages: dict[str, tuple[range, tuple[str, ...]]], failing: tuple[str, ...] = ()) -> list[str]:
    """Answers every request as `pages` says until none is left; returns the addresses asked for."""
    asked = []
    while True:
        request = ledger.next()
        if request is None:
            if not ledger.pending():
                ledger.close()
                return asked
            continue
        asked.append(request.url)
        if request.url in failing:
            ledger.add(Visit(request, "failed", note="did not answer"))
        else:
            ids, following = pages[request.url]
            ledger.add(answered(request, ids, *following))


PAGES = {
    START: (range(0, 3), (START + "?page=2",)),
    START + "?page=2": (range(3, 6), (START + "?page=3",)),
    START + "?page=3": (range(6, 8), ()),
}


def test_a_page_is_done_only_with_what_came_of_it(desk: Desk) -> None:
    ledger = desk.opened()
    request = ledger.next()
    assert request is not None and desk.store.counts("shop").leased == 1
    ledger.add(answered(request, range(3), START + "?page=2"))
    assert desk.store.totals().total == 0
    ledger.flush()
    assert desk.store.totals().total == 3 and desk.store.counts("shop").done == 1
    (row,) = desk.store.health()
    assert (row.asked, row.answered, row.items, row.newest) == (1, 1, 3, datetime(2026, 10, 27, 16, tzinfo=UTC))
    raw = desk.store.scan()[0].mention.raw
    assert RawFolder(desk.home.raw).get(raw) == b"<html>"


def test_a_killed_run_is_taken_up_at_once(desk: Desk) -> None:
    ledger = desk.opened()
    first = ledger.next()
    assert first is not None
    ledger.add(answered(first, range(3), START + "?page=2", START + "?page=3"))
    ledger.flush()
    lost = ledger.next()
    assert lost is not None
    assert sorted(walked(desk.opened(), PAGES)) == [START + "?page=2", START + "?page=3"]
    assert desk.store.totals().total == 8


def test_a_finished_crawl_begins_anew_and_stops_at_known_ground(desk: Desk) -> None:
    assert len(walked(desk.opened(), PAGES)) == 3
    assert walked(desk.opened(), PAGES) == [START]
    more = {**PAGES, START: (range(-2, 2), (START + "?page=2",))}
    assert walked(desk.opened(), more) == [START, START + "?page=2"]
    assert len(walked(desk.opened(full=True), PAGES)) == 3


def test_a_list_that_begins_with_its_oldest_has_no_known_ground(desk: Desk) -> None:
    upside = {url: (range(ids.stop - 1, ids.start - 1, -1), following) for url, (ids, following) in PAGES.items()}
    assert len(walked(desk.opened(), upside)) == 3
    assert len(walked(desk.opened(), upside)) == 3


def test_what_failed_is_gone_back_to_and_walked_from_there(desk: Desk) -> None:
    second = START + "?page=2"
    assert walked(desk.opened(), PAGES, failing=(second,)) == [START, second]
    assert walked(desk.opened(), PAGES) == [START, second, START + "?page=3"]
    assert desk.store.totals().total == 8
    assert walked(desk.opened(), PAGES) == [START]


def test_more_failures_than_are_remembered_are_walked_to_again(desk: Desk) -> None:
    products = tuple(f"{START}/{n}" for n in range(MOST_FAILED + 20))
    shop = {START: (range(1), products), **{url: (range(n, n + 1), ()) for n, url in enumerate(products, 1)}}
    walked(desk.opened(), {START: (range(1), ())})
    walked(desk.opened(), {START: (range(-1, 1), products)}, failing=products)
    walked(desk.opened(), shop)
    assert desk.store.totals().total == len(products) + 2
    assert walked(desk.opened(), shop) == [START]


def test_what_goes_on_failing_is_given_up(desk: Desk) -> None:
    dead = START + "?page=2"
    runs = [walked(desk.opened(), PAGES, failing=(dead,)) for _ in range(5)]
    assert [dead in asked for asked in runs] == [True, True, True, False, False]
    notes = desk.store.health()[0].notes
    assert len(notes) == 2 and dead in notes[1] and "until a full crawl" in notes[1]


def test_an_interrupted_full_crawl_goes_on_as_a_full_one(desk: Desk) -> None:
    walked(desk.opened(), PAGES)
    ledger = desk.opened(full=True)
    first = ledger.next()
    assert first is not None
    ledger.add(answered(first, range(3), START + "?page=2"))
    ledger.flush()
    again = desk.opened(full=True)
    assert (ledger.resumed, again.resumed) == (False, True)
    assert walked(again, PAGES) == [START + "?page=2", START + "?page=3"]


def test_a_crawl_asks_for_no_more_pages_than_it_may(desk: Desk) -> None:
    assert walked(desk.opened(max_pages=2), PAGES) == [START, START + "?page=2"]
    assert "max_pages = 2" in desk.store.health()[0].notes[-1]
    assert walked(desk.opened(max_pages=3), PAGES) == [START, START + "?page=2", START + "?page=3"]


def test_a_dropped_request_is_counted_and_not_waited_for(desk: Desk) -> None:
    ledger = desk.opened()
    assert ledger.next() is not None
    assert not ledger.pending()
    ledger.close()
    (row,) = desk.store.health()
    assert (row.failed, desk.store.counts("shop").done) == (1, 1)


class Trouble(SqliteStore):
    """A store whose commits fail a few times."""

    failures: list[Exception]

    def finish(self, crawl: str, pages: list[FinishedPage]) -> Added:  # type: ignore[override]
        if self.failures:
            raise self.failures.pop()
        return super().finish(crawl, pages)


def troubled(path: Path, *failures: Exception) -> Desk:
    store = Trouble(path / "store.sqlite")
    store.failures = list(failures)
    return Desk(path, store)


def test_a_busy_store_is_waited_for(tmp_path: Path) -> None:
    desk = troubled(tmp_path, Busy("held"), Busy("held"))
    assert len(walked(desk.opened(), PAGES)) == 3
    (row,) = desk.store.health()
    assert (row.asked, row.items, desk.store.totals().total) == (3, 8, 8)


def test_a_store_that_stays_away_stops_the_crawl_and_loses_nothing(tmp_path: Path) -> None:
    for error in ([Busy("held")] * MOST_BUSY, [Unreachable("the disk is full")], [ZeroDivisionError("a slip")]):
        folder = tmp_path / type(error[0]).__name__
        folder.mkdir()
        desk = troubled(folder, *error)
        ledger = desk.opened()
        walked(ledger, PAGES)
        assert ledger.error and desk.store.totals().total == 0
        assert len(walked(desk.opened(), PAGES)) == 3
        assert desk.store.totals().total == 8


def test_one_address_written_in_two_ways_is_one_page() -> None:
    assert fingerprint("https://a.example.org/x?b=2&a=1#top") == fingerprint("https://a.example.org/x?a=1&b=2")
    assert fingerprint("https://a.example.org/x") != fingerprint("https://a.example.org/x", "comments")


def test_a_source_is_crawled_by_one_process_at_a_time(tmp_path: Path) -> None:
    lock = SourceLock(tmp_path, "shop")
    with pytest.raises(Busy, match=r"'shop' is being crawled already, by process \d+"):
        SourceLock(tmp_path, "shop")
    SourceLock(tmp_path, "other").drop()
    lock.drop()
    SourceLock(tmp_path, "shop").drop()
