"""Every figure of the requirements beside what it must reach: `python -m benchmarks [CHOICE …]`.

Exits 0 when every figure chosen could be measured, reached or not; 1 when one could not, with its reason in the table.
Each choice is a file with `measure() -> list[Figure]`; what it found is written to benchmarks/results/CHOICE.json.
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from benchmarks.figure import Figure, load, written

CHOICES = {
    "import": "importing",
    "crawl": "crawl",
    "analyze": "analyze",
    "index": "index_speed",
    "answers": "answers",
    "pages": "pages",
    "freshness": "freshness",
    "remap": "remap",
    "duplicates": "duplicates",
    "topics": "topics",
}
RESULTS = Path(__file__).parent / "results"


def measured(choice: str) -> list[Figure] | str:
    """Its figures, or why there are none: whatever goes wrong in one, the others go on."""
    try:
        return list(import_module(f"benchmarks.{CHOICES[choice]}").measure())
    except (Exception, SystemExit) as error:
        return f"{type(error).__name__}: {error}"


def keep(choice: str, figures: list[Figure]) -> None:
    RESULTS.mkdir(exist_ok=True)
    rows = [asdict(figure) | {"reached": figure.reached} for figure in figures]
    told = {"measured_at": datetime.now(UTC).isoformat(), "figures": rows}
    (RESULTS / f"{choice}.json").write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n", "utf-8")


def add(table: Table, choice: str, found: list[Figure] | str, before: float) -> None:
    if isinstance(found, str):
        table.add_row(choice, "[red]not measured", "", f"[red]{escape(found[:300])}", "")
        return
    for figure in found:
        colour, said = ("green", "") if figure.reached else ("red", " missed")
        value = f"[{colour}]{written(figure.value)} {figure.unit}{said}"
        table.add_row(figure.name, value, figure.must, figure.command, f"{before:.1f}")


def main() -> int:
    options = argparse.ArgumentParser(prog="python -m benchmarks", description=(__doc__ or "").split("\n")[0])
    options.add_argument("choices", nargs="*", metavar="CHOICE", help=f"of {', '.join(CHOICES)}; all when left out")
    asked = options.parse_args().choices or list(CHOICES)
    if unknown := [choice for choice in asked if choice not in CHOICES]:
        options.error(f"{unknown[0]!r} is not measured here; there are {', '.join(CHOICES)}")
    table, failed = Table("figure", "value", "must", "command", "load"), False
    for choice in asked:
        sys.stderr.write(f"measuring {choice} …\n")
        before = load()
        found = measured(choice)
        add(table, choice, found, before)
        if isinstance(found, str):
            failed = True
        else:
            keep(choice, found)
    Console(width=None if sys.stdout.isatty() else 120).print(table)
    return int(failed)


if __name__ == "__main__":
    raise SystemExit(main())
