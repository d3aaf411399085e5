"""The labels page, with the keys of a keyboard, in a real Chromium; and the rates that labels put right."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from dashboard_home import OURS, fengping, init
from dashboard_page import drawn, visit
from playwright.sync_api import Page, expect

from core.home import Home
from core.labels import Judged, Label
from fengping.serving import dashboard_running
from index.label_sample import Wanted
from index.label_turns import as_labelled, draw_into, turn
from store import open_store

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("dashboard")]
NOW = datetime.now(UTC)
FITS = """() => { const main = document.querySelector('[data-testid=stMain]');
    return main.clientWidth <= 390 && main.scrollWidth <= main.clientWidth; }"""
WORDS = ("电池发热太严重", "客服态度很差", "拍照很清晰", "物流很快", "屏幕很漂亮")


def build(folder: Path, n: int) -> Home:
    """A home of so many mentions of one brand."""
    home = init(folder)
    file = folder / "reviews.csv"
    with file.open("w", encoding="utf-8", newline="") as out:
        table = csv.writer(out)
        table.writerow(["id", "text", "time"])
        for i in range(n):
            at = NOW + timedelta(hours=8) - timedelta(days=1 + i % 20)
            table.writerow([i, f"{OURS}手机用了{i}天，{WORDS[i % len(WORDS)]}", at.strftime("%Y-%m-%d %H:%M")])
    fengping("import", str(file), "--home", str(folder), "--source", "shop", "--brand", OURS, "--read")
    return home


def label_all(home: Home) -> None:
    """Two people; one calls every tenth mention the other way round."""
    store = open_store(home, home.project())
    draw_into(store, Wanted(400, 1), NOW)
    for k, member in enumerate(store.sample()):
        found = turn(store, member, "")
        assert found is not None
        judged = tuple(Judged(as_labelled(o), k % 9 > 0) for o in found.opinions)
        for by in ("li", "wang")[: 2 if k % 3 == 0 else 1]:
            side = "negative" if (k % len(WORDS) < 2) != (k % 10 == 0 and by == "wang") else "positive"
            store.save_label(Label(member.mention_id, member.revision, by, side, NOW, judged, (), True))
    store.close()


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Home]]:
    home = build(tmp_path_factory.mktemp("fresh"), 40)
    with dashboard_running(home) as (url, _):
        yield url, home


@pytest.fixture(scope="module")
def labelled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    home = build(tmp_path_factory.mktemp("labelled"), 260)
    label_all(home)
    with dashboard_running(home) as (url, _):
        yield url


def said(home: Home) -> list[Label]:
    store = open_store(home, home.project())
    try:
        return store.labels()
    finally:
        store.close()


def press(page: Page, key: str) -> str:
    page.keyboard.press(key)
    return drawn(page)


def test_a_sample_is_drawn_and_labelled_with_the_keyboard(page: Page, fresh: tuple[str, Home]) -> None:
    url, home = fresh
    visit(page, url, "labels", lang="en")
    page.get_by_role("button", name="Draw 300 mentions").click()
    expect(page.get_by_text("Write your name")).to_be_visible()
    page.get_by_label("Who labels").fill("ann")
    page.get_by_label("Who labels").press("Enter")
    expect(page.get_by_text("0 of 40 labelled")).to_be_visible()
    expect(page).to_have_url(re.compile("who=ann"))
    shown = drawn(page)
    assert "negative" in shown and "You said" not in shown
    page.locator(".asked").click()
    page.keyboard.press("3")
    expect(page.get_by_text("You said: negative")).to_be_visible()
    assert [(x.by, x.polarity) for x in said(home)] == [("ann", "negative")]
    while "Right?" in drawn(page):
        judged = len(said(home)[0].judged)
        press(page, "y")
        expect(page.get_by_text("You said: negative")).to_be_visible()
        assert len(said(home)[0].judged) == judged + 1
    page.get_by_label("Attribute that is missing").fill("Price")
    page.get_by_label("Attribute that is missing").press("Enter")
    page.get_by_role("button", name="+ negative").click()
    expect(page.get_by_text("+ Price · negative")).to_be_visible()
    page.locator(".asked").click()
    page.keyboard.press("Enter")
    expect(page.get_by_text("1 of 40 labelled")).to_be_visible()
    (label,) = said(home)
    assert label.complete and [(o.target, o.attribute) for o in label.missed] == [(OURS, "price")]
    page.keyboard.press("u")
    expect(page.get_by_text("0 of 40 labelled")).to_be_visible()
    assert said(home) == []


def test_another_person_goes_on_where_they_were(page: Page, fresh: tuple[str, Home]) -> None:
    url, home = fresh
    store = open_store(home, home.project())
    draw_into(store, Wanted(40, 1), NOW)
    first = store.sample()[0]
    store.save_label(Label(first.mention_id, first.revision, "bo", "skipped", NOW))
    store.close()
    assert "1 of 40 labelled" in visit(page, url, "labels", lang="en", who="bo")
    assert "已标注 0 / 40" in visit(page, url, "labels", lang="zh", who="chen")
    page.set_viewport_size({"width": 390, "height": 844})
    page.wait_for_function(FITS)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ("How right the reader is", "Macro-F1", "Worst confusions", "Agreement between people", "li, wang")),
        ("zh", ("模型有多准", "宏平均 F1", "最严重的混淆", "标注人之间的一致性", "li, wang")),
    ],
)
def test_the_report_is_shown_at_the_desk_and_on_a_phone(
    page: Page, labelled: str, language: str, words: tuple[str, ...]
) -> None:
    text = visit(page, labelled, "labels", lang=language, view="report")
    for some in words:
        assert some in text
    assert page.locator(".quote a").count() > 0
    page.set_viewport_size({"width": 390, "height": 844})
    page.wait_for_function(FITS)


def test_rates_that_labels_put_right_are_shown_with_plus_minus(
    page: Page, labelled: str, fresh: tuple[str, Home]
) -> None:
    assert re.search(r"\d% ± \d+\.\d \(260 labels\)", visit(page, labelled, "", lang="en"))
    assert "（260 条标注）" in visit(page, labelled, "", lang="zh")
    assert "±" in visit(page, labelled, "complaints", lang="en")
    assert "±" not in visit(page, fresh[0], "", lang="en")
