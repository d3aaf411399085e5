"""What readers look at is remembered, for a new model to read it first."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from dashboard_home import OURS, init
from playwright.sync_api import Page

from core.tree_json import tree_from_json, tree_to_json
from dashboard.viewed import EVERY, Noted
from fengping.serving import dashboard_running
from store import open_store


def test_a_page_that_was_opened_is_a_query_looked_at(page: Page, tmp_path: Path) -> None:
    home = init(tmp_path / "home")
    store = open_store(home, home.project())
    try:
        with dashboard_running(home) as (url, _):
            page.goto(url)
            page.get_by_role("heading").first.wait_for()
            for _ in range(200):  # noted beside the page, which does not wait for it
                if views := store.views():
                    break
                page.wait_for_timeout(50)
    finally:
        store.close()
    assert f'{{"is":"Term","field":"brand","value":"{OURS}"}}' in views[0]
    assert tree_to_json(tree_from_json(views[0])) == views[0]


def test_a_query_is_noted_once_a_minute() -> None:
    noted, now = Noted(), datetime(2026, 11, 1, tzinfo=UTC)
    assert [noted.due(q, now) for q in ("a", "b", "a")] == [True, True, False]
    assert noted.due("a", now + EVERY)
    assert not noted.due("a", now + EVERY + EVERY / 2)
