"""What goes by itself: raw pages and former states that are too old, and what a cut-off erasure left behind."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from core.models import Mention
from fengping.assembly import Assembly
from fengping.initialise import Wanted, initialise
from fengping.pipeline import chain
from fengping.tidying import tidy
from store import open_store
from store.raw import RawFolder

START = datetime(2026, 3, 1, 8, tzinfo=UTC)


class Clock:
    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def assembly(tmp_path: Path, clock: Clock) -> Iterator[Assembly]:
    home = initialise(tmp_path / "home", Wanted("test", ("星禾",), (), "electronics", "Asia/Shanghai"))
    store = open_store(home, home.project())
    yield Assembly(home, home.project(), store, clock)
    store.close()


def mention(id: str, likes: int = 0) -> Mention:
    return Mention(
        id=id,
        source="shop",
        platform="import",
        kind="review",
        text=f"{id} 的电池半天就没电了",
        collected_at=START,
        revision="1",
        likes=likes,
    )


def test_raw_pages_go_after_the_days_configured_and_only_once_a_day(assembly: Assembly, clock: Clock) -> None:
    raw = RawFolder(assembly.home.raw)
    old = raw.put(b"old", "http://x/1", START)
    clock.now += timedelta(days=20)
    young = raw.put(b"young", "http://x/2", clock.now)
    tidy(assembly)
    clock.now += timedelta(days=9, hours=23)
    tidy(assembly)
    assert raw.get(old) == b"old"
    clock.now += timedelta(hours=2)
    tidy(assembly)
    assert raw.get(old) == b"old"
    clock.now += timedelta(hours=22)
    tidy(assembly)
    assert raw.get(old) is None and raw.get(young) == b"young"
    raw.close()


def test_former_states_go_after_four_hundred_days(assembly: Assembly, clock: Clock) -> None:
    assembly.store.add_mentions([mention("a")])
    chain(assembly)
    assembly.store.add_mentions([mention("a", likes=5)])
    chain(assembly)
    assert assembly.store.missing_at(1) == 0
    clock.now = datetime.now(UTC) + timedelta(days=401)
    tidy(assembly)
    assert assembly.store.missing_at(1) == 1 and assembly.store.missing_at(2) == 0


def test_an_erasure_that_was_cut_off_is_completed_by_the_next_run(assembly: Assembly) -> None:
    assembly.store.add_mentions([mention("a"), mention("b")])
    chain(assembly)
    assembly.store.erase(mention="a")
    with assembly.index() as index:
        assert len(index.get(["a", "b"])) == 2
    chain(assembly)
    with assembly.index() as index:
        assert [d.id for d in index.get(["a", "b"])] == ["b"]
    assert not any(assembly.store.erasures_pending())
