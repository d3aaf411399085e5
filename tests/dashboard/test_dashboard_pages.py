"""Each page in both languages, at the desk and on a phone; choices in the address; what an empty home says."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlsplit

import pytest
from dashboard_home import OURS, RIVAL
from dashboard_page import drawn, visit
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("dashboard")]
HAN = re.compile(r"[一-鿿]")
SHOWN = {
    ("", "zh"): ("总览", "净情感度为什么变了", "大家在抱怨什么"),
    ("", "en"): ("Overview", "Why net sentiment changed", "Battery"),
    ("complaints", "zh"): ("吐槽", "差评率", "用户原话", "电池"),
    ("complaints", "en"): ("Complaints", "Complaint rate", "Battery"),
    ("topics", "zh"): ("话题", "净情感度", "常说的话", "用户原话", "重新发现"),
    ("topics", "en"): ("Topics", "Net sentiment", "What is said", "In their words", "Find again"),
    ("compare", "zh"): ("竞品对比", "各属性差评率", RIVAL),
    ("compare", "en"): ("Compare", "Like for like", RIVAL),
    ("alerts", "zh"): ("预警", "等级依据", "严重性"),
    ("alerts", "en"): ("Alerts", "Sudden complaints", "gravity"),
    ("search", "zh"): ("搜索", "范围：", "查看原帖"),
    ("search", "en"): ("Search", "within:", "open the post"),
    ("sources", "zh"): ("来源", "各来源的健康状况", "文件导入"),
    ("sources", "en"): ("Sources", "Health of each source", "imported file"),
}
FITS = """() => { const main = document.querySelector('[data-testid=stMain]');
    return main.clientWidth <= 390 && main.scrollWidth <= main.clientWidth; }"""
PAGES = sorted({name for name, _ in SHOWN})
NOT_OF_THE_PAGE = (OURS, RIVAL, "电池发热")
"""Names and quotes are as people wrote them, in either language."""


@pytest.mark.parametrize(("name", "language"), SHOWN)
def test_page_shows_its_main_content_at_the_desk_and_on_a_phone(
    page: Page, served: str, name: str, language: str
) -> None:
    text = visit(page, served, name, lang=language)
    for words in SHOWN[name, language]:
        assert words in text
    if language == "en" and name in {"", "compare", "sources"}:
        for word in NOT_OF_THE_PAGE:
            text = text.replace(word, "")
        assert not HAN.search(text)
    page.set_viewport_size({"width": 390, "height": 844})
    page.wait_for_function(FITS)


def test_address_gives_the_same_page_to_somebody_else(page: Page, served: str) -> None:
    asked = {"lang": "en", "period": "90d", "brand": RIVAL, "promoted": "false"}
    first = visit(page, served, "complaints", **asked)
    assert dict(parse_qsl(urlsplit(page.url).query)).items() >= asked.items()
    assert "last 90 days" in _sidebar(page)
    page.reload()
    assert drawn(page) == first


def test_choices_go_along_to_other_pages_and_languages(page: Page, served: str) -> None:
    visit(page, served, "complaints", period="7d", lang="en")
    page.get_by_text("中文", exact=True).click()
    expect(page.locator("h1")).to_have_text("吐槽")
    drawn(page)
    page.get_by_role("link", name="竞品对比").click()
    expect(page.locator("h1")).to_have_text("竞品对比")
    drawn(page)
    assert "近 7 天" in _sidebar(page)
    expect(page).to_have_url(re.compile("period=7d"))


def test_phrase_leads_to_its_sentences(page: Page, served: str) -> None:
    visit(page, served, "complaints", attribute="battery")
    every = page.locator(".quote").count()
    page.locator("[data-testid=stButtonGroup]").last.locator("button").first.click()
    expect(page).to_have_url(re.compile("phrase="))
    drawn(page)
    assert 0 < page.locator(".quote").count() <= every
    assert page.locator(".quote mark").count() > 0
    assert "shop" in page.locator(".quote .from").first.inner_text()


def test_wrong_query_gets_place_and_suggestion(page: Page, served: str) -> None:
    text = visit(page, served, "search", lang="en", q="brnd:x")
    assert "The trouble is at character" in text
    assert "Try:" in text


def test_alert_leads_to_all_its_mentions(page: Page, served: str) -> None:
    visit(page, served, "alerts", lang="en")
    page.get_by_text("All mentions behind this").click()
    expect(page.locator("h1")).to_have_text("Search")
    text = drawn(page)
    assert "everything collected" in text
    assert page.locator(".quote").count() > 0


def test_more_incidents_come_when_asked_for(page: Page, served_many: str) -> None:
    text = visit(page, served_many, "alerts", lang="en")
    assert "source4" in text and "source5" not in text
    page.get_by_text("Show older incidents (2 more)").click()
    expect(page.get_by_text("source6").first).to_be_visible()


def test_the_incident_of_a_message_comes_first(page: Page, served_many: str) -> None:
    text = visit(page, served_many, "alerts", lang="en", incident="s6")
    assert text.index("source6") < text.index("source0") and "source5" not in text


@pytest.mark.parametrize("name", PAGES)
def test_empty_home_says_why_and_what_to_do(page: Page, served_empty: str, name: str) -> None:
    assert "fengping" in visit(page, served_empty, name, lang="zh" if len(name) % 2 else "en")


def _sidebar(page: Page) -> list[str]:
    """What the choices at the left stand at."""
    values: list[str] = page.locator("[data-testid=stSidebar] input").evaluate_all("all => all.map(i => i.value)")
    return values
