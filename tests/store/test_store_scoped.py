"""What a member sees, and what not."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from core.models import Evidence, Incident, Mention, Reading, Request, SourceHealth, Versions
from core.scope import ALL, OPEN, Scope
from core.tree import And, Everything, Not, Or, Term
from store import SqliteStore
from store.scoped import Scoped

START = datetime(2026, 3, 1, tzinfo=UTC)
BASE = Mention("", "shop", "reviews", "review", "没电", START)
MENTIONS = (
    replace(BASE, id="ours", brand="星河"),
    replace(BASE, id="rival", brand="远山"),
    replace(BASE, id="names us", brand="远山", source="forum"),
    replace(BASE, id="ours in the south", brand="星河", region="华南"),
    replace(BASE, id="nobody's"),
)


def incident(id: str, brand: str, *quoted: str) -> Incident:
    return Incident(
        id=id, rule="r", kind="negative_spike", brand=brand, attribute="", status="open", severity="red",
        severity_parts={}, started_at=START, detected_at=START, last_seen_at=START, closed_at=None, observed=9.0,
        expected=1.0, query="*", evidence=tuple(Evidence(q, "没电", None) for q in quoted),
    )  # fmt: skip


@pytest.fixture
def store(tmp_path: Path):
    store = SqliteStore(tmp_path / "store.sqlite")
    store.add_mentions(MENTIONS)
    batch = store.claim("read", 99, 60)
    readings = [
        Reading(m.id, m.revision, Versions(), "negative", -1.0, brands=("星河",) if m.id == "names us" else ())
        for m in store.mentions(batch.ids)
    ]
    store.save_readings(batch.token, readings)
    store.save_incidents(
        [incident("i1", "星河", "ours", "names us"), incident("i2", "远山", "rival"), incident("i3", "")]
    )
    store.ask(Request("r1", "crawl", "shop", START))
    store.ask(Request("r2", "crawl", "forum", START))
    store.add_health([SourceHealth("shop", START, asked=1), SourceHealth("forum", START, asked=1)])
    yield store
    store.close()


def ids(scoped: Scoped) -> list[str]:
    return [m.id for m in scoped.mentions([m.id for m in MENTIONS])]


def test_an_open_scope_sees_everything(store: SqliteStore):
    seen = Scoped(store)
    assert ids(seen) == [m.id for m in MENTIONS]
    assert seen.incidents() == store.incidents() and seen.requests() == store.requests()
    assert seen.health() == store.health() and seen.scope is OPEN and seen.generation() == 0


def test_an_empty_scope_sees_nothing(store: SqliteStore):
    seen = Scoped(store, Scope())
    assert ids(seen) == [] and seen.incidents() == [] and seen.requests() == [] and seen.health() == []


def test_brands_of_the_page_and_of_the_text(store: SqliteStore):
    seen = Scoped(store, Scope(brands=("星河",), rivals=("远山",), sources=ALL, regions=ALL))
    assert ids(seen) == ["ours", "names us", "ours in the south"]
    assert [i.id for i in seen.incidents()] == ["i1"]


def test_sources_and_regions(store: SqliteStore):
    shop = Scoped(store, Scope(brands=ALL, sources=("shop",), regions=ALL))
    assert ids(shop) == ["ours", "rival", "ours in the south", "nobody's"]
    assert [h.source for h in shop.health()] == ["shop"] and [r.id for r in shop.requests()] == ["r1"]
    south = Scoped(store, Scope(brands=("星河",), sources=ALL, regions=("华南",)))
    assert ids(south) == ["ours in the south"]


def test_quotes_from_elsewhere_are_not_shown(store: SqliteStore):
    seen = Scoped(store, Scope(brands=("星河",), sources=("shop",), regions=ALL))
    [told] = seen.incidents()
    assert [e.mention_id for e in told.evidence] == ["ours"] and told.observed == 9.0


def test_a_scope_as_a_condition_on_queries():
    assert OPEN.tree() == Everything()
    assert Scope().tree() == And((Not(Everything()),) * 3)
    scope = Scope(brands=("星河",), rivals=("远山", "星河"), sources=ALL, regions=ALL)
    assert scope.tree() == Term("brand", "星河")
    assert scope.figures_tree() == Or((Term("brand", "星河"), Term("brand", "远山")))
    assert not scope.is_open and OPEN.is_open and OPEN.figure_brands == ALL
