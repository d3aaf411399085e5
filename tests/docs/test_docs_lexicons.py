"""The lexicons' page: its overlay loads and does what the page says, its lists are those of the code."""

from __future__ import annotations

from pathlib import Path

import pytest
from docs_reading import ROOT, blocks, table_rows, transcript
from docs_running import run, same

from core.errors import ConfigError
from index.intervals import wilson
from nlp.intents import INTENTS
from nlp.lexicon import Lexicon, industries, load_lexicon
from nlp.lexicon_file import FLAGS, LISTS, NAMES, OVERLAY_KEYS, read_lexicon

PAGE = ROOT / "docs" / "lexicons.md"
ATTRIBUTE, OVERLAY = blocks(PAGE, "toml")


@pytest.fixture
def laid_over(tmp_path: Path) -> Lexicon:
    place = tmp_path / "electronics.toml"
    place.write_text(OVERLAY, encoding="utf-8")
    return load_lexicon("electronics", place)


def test_the_overlay_does_what_the_page_says(laid_over: Lexicon) -> None:
    shipped = load_lexicon("electronics")
    assert shipped.attribute_of("手写笔") == "screen/touch"
    assert laid_over.attribute_of("手写笔") == "stylus"
    assert laid_over.attribute_of("压感") == "stylus/pressure"
    assert laid_over.implicit("老断触") == "stylus"
    assert (laid_over.name("stylus", "zh"), laid_over.name("stylus", "en")) == ("手写笔", "Stylus")
    assert (shipped.attribute_of("掉血"), laid_over.attribute_of("掉血")) == ("", "battery/life")
    assert "price/promotion" in {a.path for a in shipped.attributes}
    assert "price/promotion" not in {a.path for a in laid_over.attributes}
    assert all(match.path != "stylus" for match in laid_over.match("笔尖锋利"))


def test_an_overlay_changes_the_version(laid_over: Lexicon) -> None:
    assert laid_over.version != load_lexicon("electronics").version


def test_the_attribute_shown_is_one(tmp_path: Path) -> None:
    place = tmp_path / "attributes.toml"
    place.write_text(ATTRIBUTE, encoding="utf-8")
    assert list(read_lexicon(place).entries) == ["battery", "battery/charging"]


def test_a_wrong_key_is_told_as_the_page_says(tmp_path: Path) -> None:
    (tmp_path / "lexicons").mkdir()
    place = tmp_path / "lexicons" / "electronics.toml"
    place.write_text('[battery.life]\nwordz = ["x"]\n', encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load_lexicon("electronics", place)
    assert f"    fengping: {str(caught.value).replace(f'{tmp_path}/', '')}\n" in PAGE.read_text("utf-8")


def test_the_words_of_a_file_find_their_attributes_as_the_page_says(tmp_path: Path) -> None:
    shown, *steps = transcript(PAGE)
    assert shown.command == "cat pens.csv" and len(steps) >= 6
    (tmp_path / "pens.csv").write_text("\n".join(shown.printed) + "\n", encoding="utf-8")
    for step in steps:
        printed = run(step.command, tmp_path)
        assert len(printed) == len(step.printed), (step.command, printed)
        assert all(map(same, step.printed, printed)), (step.command, printed)


def test_lists_on_the_page_are_those_of_the_code() -> None:
    text = PAGE.read_text("utf-8")
    keys = {name.strip("` ") for row in table_rows(PAGE, "## An attribute") for name in row[0].split(",")}
    assert keys == {*NAMES, *LISTS, *FLAGS, "ignore"}
    assert all(f"`{key}" in text for key in OVERLAY_KEYS)
    assert all(f"`{name}`" in text for name in industries())
    assert all(f"| `{name}` |" in text for name in INTENTS)
    assert text.count("\n| `lexicons/") == len(list((ROOT / "lexicons").glob("*.toml")))


def test_the_judged_shares_and_intervals_follow_from_the_counts() -> None:
    rows = table_rows(PAGE, "## How right the shipped ones are")
    counts = [(int(row[1].split()[0]), 420 if row[0] == "all" else 60) for row in rows]
    for row, (right, n) in zip(rows, counts, strict=True):
        low, high = wilson(right, n)
        assert row[2] == f"{right / n:.2f}".lstrip("0")
        assert row[3] == f"{low:.2f}–{high:.2f}".replace("0.", ".")
    assert sum(right for right, _ in counts[:-1]) == counts[-1][0]
