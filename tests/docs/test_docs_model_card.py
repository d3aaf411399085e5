"""The model card: its intervals follow from its counts, its files are there, its sets are those of the licence."""

from __future__ import annotations

import re

import pytest
from docs_reading import ROOT, table_rows

from index.intervals import wilson
from nlp.thresholds import MAX_TOKENS, SURE

PAGE = ROOT / "docs" / "model-card.md"
MODELS = ROOT / "nlp" / "models"
FIGURES = table_rows(PAGE, "### As shipped")
SHARES = [row for row in FIGURES if "share" in row[0] or "accuracy" in row[0]]
"""Their intervals follow from share and n; those of F1 were found by drawing texts again."""


@pytest.mark.parametrize("row", SHARES, ids=[f"{n}" for n, _ in enumerate(SHARES)])
def test_an_interval_follows_from_share_and_n(row: list[str]) -> None:
    n = int(row[2].replace(",", ""))
    low, high = wilson(round(float(row[1]) * n), n)
    assert row[3] == f"{low:.3f}–{high:.3f}".replace("0.", ".")


def test_every_figure_has_an_interval_that_holds_it() -> None:
    assert len(FIGURES) == 21 and len(SHARES) == 10
    for name, value, _, interval in FIGURES:
        low, high = map(float, interval.split("–"))
        assert low <= float(value) <= high, name


def test_the_files_are_there_with_their_sizes() -> None:
    named = re.findall(r"`(s6\S*|tokenizer\.json)`(?: ([\d.]+) MB)?", PAGE.read_text("utf-8").split("| files |")[1])
    assert len(named) == 5
    for name, size in named:
        found = (MODELS / name).stat().st_size / 1e6
        assert not size or f"{found:.1f}" == size, name


def test_every_training_set_of_the_licence_is_named() -> None:
    sets = (MODELS / "LICENSE").read_text("utf-8").split("3. What")[1].split("No sentence")[0]
    names = [line.removeprefix("   - ") for line in sets.split("\n") if line.startswith("   - ")]
    assert len(names) == 10
    card = "\n".join(row[0] for row in table_rows(PAGE, "## What it learned from, and under which terms"))
    for name in names:
        first = re.split(r"[ ,(]", name)[0]
        assert first in card, name


def test_thresholds_are_those_of_the_code() -> None:
    text = PAGE.read_text("utf-8")
    assert f"probability of {SURE:g}".replace("0.", ".") in text
    assert f"up to {MAX_TOKENS} tokens" in text
