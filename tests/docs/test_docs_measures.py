"""The measures' page names functions that exist, and every function that answers with a figure is on it."""

from __future__ import annotations

import inspect
import re
from importlib import import_module
from operator import attrgetter

import pytest
from docs_reading import ROOT, table_rows

from alerts import severity
from index import measures

PAGE = ROOT / "docs" / "measures.md"
ROWS = table_rows(PAGE, "## The measures")
HELPERS = {"about", "population", "last_answers"}
"""Functions of the module that give a query or a time, not a figure."""


def named(cell: str) -> list[str]:
    return [name for name in re.findall(r"`([\w.]+)`", cell) if not name.startswith("of_")]


@pytest.mark.parametrize("row", ROWS, ids=[row[0] for row in ROWS])
def test_a_measure_is_whole_and_its_function_exists(row: list[str]) -> None:
    assert len(row) == 7 and all(row)
    assert re.search(r"[\u4e00-\u9fff]", row[1])
    assert named(row[2])
    for name in named(row[2]):
        place, _, last = name.rpartition(".")
        assert callable(attrgetter(last)(import_module(place) if place else measures)), name


def test_every_measure_of_the_code_is_on_the_page() -> None:
    functions = {name for name in measures.__all__ if inspect.isfunction(getattr(measures, name))}
    assert functions - HELPERS <= {name for row in ROWS for name in named(row[2])}


def test_numbers_on_the_page_are_those_of_the_code() -> None:
    text = PAGE.read_text("utf-8")
    assert f"fewer than {measures.FEWEST} mentions" in text
    bands = ", ".join(
        f"{name} from {points:g}" + (" points" if not n else "") for n, (points, name) in enumerate(severity.BANDS)
    )
    assert f"Bands: {bands}, else blue." in text
    for intent, points in severity.GRAVITY.items():
        assert f"{points:g} for `{intent}`" in text
