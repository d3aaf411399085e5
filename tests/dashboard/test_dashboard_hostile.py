"""Texts of mentions come from anybody: nothing in them may run or be drawn."""

from __future__ import annotations

import pytest
from dashboard_home import HOSTILE, HOSTILE_TITLE
from dashboard_page import visit
from hypothesis import given
from hypothesis import strategies as st
from playwright.sync_api import Page

from core.models import Span
from dashboard.markup import marked, plain
from dashboard.quotes import is_web
from dashboard.table import Column, Row, Share, markup


@given(st.text(), st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), max_size=4))
def test_only_marks_are_added(text: str, spans: list[tuple[int, int]]) -> None:
    html = marked(text, [Span(*s) for s in spans])
    bare = html.replace("<mark>", "").replace("</mark>", "")
    assert "<" not in bare
    assert ">" not in bare
    assert html.count("<mark>") == html.count("</mark>")


def test_overlapping_spans_are_joined_and_cut_to_the_part() -> None:
    assert marked("abcdefgh", [Span(1, 3), Span(2, 5), Span(7, 99)], Span(0, 8)) == (
        "a<mark>bcde</mark>fg<mark>h</mark>"
    )


def test_table_escapes_headings_cells_and_hints() -> None:
    html = markup([Column("<a>", hint='"><script>')], [Row(["<b>"]), Row([Share(2.0, "<c>")], grey=True)])
    for hostile in ("<a>", "<b>", "<c>", "<script>"):
        assert hostile not in html
    assert "width:100%" in html


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "JAVASCRIPT:x", "//x", ""])
def test_only_web_addresses_become_links(url: str) -> None:
    assert not is_web(url)


def test_labels_escape_what_markdown_would_read() -> None:
    assert plain("[a](b) $x$ :material/bolt:") == r"\[a\]\(b\) \$x\$ \:material/bolt\:"


@pytest.mark.browser
@pytest.mark.xdist_group("dashboard")
def test_hostile_text_is_only_read(page: Page, served: str) -> None:
    visit(page, served, "search", q='"点这里"', whole="true")
    card = page.locator(".quote", has_text="window.fired=1").first
    card.wait_for()
    said = card.inner_text()
    assert HOSTILE_TITLE in said
    for piece in HOSTILE.split("电池发热太严重了"):
        assert piece.strip() in said
    assert card.locator("script, img, b, i, a, code, .katex, [data-testid=stIconMaterial]").count() == 0
    assert page.evaluate("window.fired") is None


@pytest.mark.browser
@pytest.mark.xdist_group("dashboard")
def test_hostile_query_is_only_read(page: Page, served: str) -> None:
    visit(page, served, "search", q="brnd:[x](https://evil.example/) <img src=x onerror='window.fired=4'>")
    assert page.locator("[data-testid=stMain] a[href*='evil.example'], [data-testid=stMain] img").count() == 0
    assert page.evaluate("window.fired") is None
