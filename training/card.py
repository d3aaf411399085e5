"""Writes a report's figures into docs/model-card.md: `python -m training.card REPORT.json`.

The table stands between two marks in the page; what stands around it is a person's.
"""

from __future__ import annotations

import argparse
import json
import re
from datetime import date
from pathlib import Path

from training.scoring import Figure, places

PAGE = Path(__file__).resolve().parent.parent / "docs" / "model-card.md"
BEGIN, END = "<!-- figures: python -m training.card -->", "<!-- end of figures -->"
_CLOSED = re.compile(f"{re.escape(BEGIN)}.*?{re.escape(END)}", re.DOTALL)


def table(found: list[Figure], day: date) -> str:
    """The figures as a Markdown table, with the day they were taken on."""
    head = [f"Taken on {day:%Y-%m-%d}.", "", "| figure | value | n | 95 % |", "|---|---|---|---|"]
    rows = [f"| {f.name} | {places(f.value)} | {f.n:,} | {f.interval} |" for f in found]
    return "\n".join([BEGIN, *head, *rows, END])


def filled(page: str, found: list[Figure], day: date) -> str:
    """The page with its table made anew. Raises ValueError when it has no marks, or more than one pair."""
    made = table(found, day)
    text, count = _CLOSED.subn(lambda _: made, page)
    if count != 1:
        raise ValueError(f"the page has {count} tables between '{BEGIN}' and '{END}'; put one pair of these lines in.")
    return text


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("report", type=Path)
    report = json.loads(parser.parse_args().report.read_text(encoding="utf8"))
    found = [Figure(**f) for f in report["figures"]]
    PAGE.write_text(filled(PAGE.read_text(encoding="utf8"), found, date.today()), encoding="utf8")


if __name__ == "__main__":
    main()
