"""The labelling page: its commands print what it says, and its numbers are those of the code."""

from __future__ import annotations

from pathlib import Path

from docs_reading import ROOT, transcript
from docs_running import run, same

from fengping.commands.label import SIZE
from fengping.label_threshold import FEWEST, WANTED
from index.figures import FEWEST as FEWEST_SHOWN
from index.powered import FEWEST_JUDGED, FEWEST_LABELS
from nlp.thresholds import SURE

PAGE = ROOT / "docs" / "labelling.md"


def test_the_transcript_prints_what_the_page_says(tmp_path: Path) -> None:
    steps = transcript(PAGE)
    shown = next(s for s in steps if s.command == "cat reviews.csv")
    (tmp_path / "reviews.csv").write_text("\n".join(shown.printed) + "\n", encoding="utf-8")
    assert any("fengping label" in s.command for s in steps)
    for step in steps:
        printed = run(step.command, tmp_path)
        assert len(printed) == len(step.printed), (step.command, printed)
        for line, found in zip(step.printed, printed, strict=True):
            assert same(line, found), (step.command, line, found)


def test_numbers_on_the_page_are_those_of_the_code() -> None:
    text = " ".join(PAGE.read_text("utf-8").split())
    assert f"draws {SIZE} mentions" in text
    assert f"From {FEWEST_LABELS} labelled mentions" in text and f"where {FEWEST_JUDGED} of these" in text
    assert f"P = {SURE:.2f}".replace("0.", ".") in text and f"({FEWEST} or more with a side)" in text
    assert "nine times in ten" in text and WANTED == 0.9
    assert f"from {FEWEST_SHOWN} mentions on" in text
