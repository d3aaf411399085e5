"""Old numbers, asked again by the generation that they came from."""

from __future__ import annotations

from pathlib import Path

import pytest
from fengping_command import Command

FIRST = "text,date\n电池半天就没电了,2026-01-05\n屏幕很清晰,2026-01-06\n"
SECOND = "text,date\n充电慢得离谱,2026-01-07\n"


@pytest.fixture
def home(tmp_path: Path, fengping: Command) -> Path:
    """Two generations: two mentions, then three."""
    place = tmp_path / "home"
    assert fengping("init", "--home", place, "--brand", "星禾", "--industry", "electronics").code == 0
    for number, table in enumerate((FIRST, SECOND)):
        file = tmp_path / f"{number}.csv"
        file.write_text(table, encoding="utf-8")
        assert fengping("import", file, "--home", place, "--brand", "星禾", "--read").code == 0
    return place


def test_every_kind_of_answer_is_given_as_of_a_generation(home: Path, fengping: Command) -> None:
    def asked(*words: object) -> list:
        return fengping("query", "*", "--home", home, "--json", *words).lines()

    for at, n in ((1, 2), (2, 3)):
        assert asked("--count", "--at", at) == [{"count": n, "query": "*", "generation": at, "removed_since": 0}]
        assert len(asked("--at", at)) == n
        (facets,) = asked("--facet", "polarity", "--at", at)
        assert sum(f["count"] for f in facets["facets"]) == n and facets["generation"] == at
        (series,) = asked("--series", "day", "--at", at)
        assert [p["count"] for p in series["points"]] == [1] * n
    (mention,) = asked("--at", 1, "--limit", 1)
    assert mention["text"] == "屏幕很清晰"


def test_what_cannot_be_answered_is_said(home: Path, fengping: Command) -> None:
    never = fengping("query", "*", "--home", home, "--count", "--at", 9)
    assert never.code == 1 and "no generation 9; they go from 0 to 2" in never.err
    both = fengping("query", "*", "--home", home, "--count", "--series", "day")
    assert both.code == 1 and "give one of --count, --facet and --series" in both.err
