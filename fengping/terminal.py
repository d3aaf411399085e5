"""What commands show: progress on stderr, figures on stdout, as a table or (--json) as JSON."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from fengping.jsonform import line

HomeOption = Annotated[
    Path | None,
    typer.Option("--home", help="The project's folder (else FENGPING_HOME, else this folder).", metavar="DIR"),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]

console = Console(stderr=True, highlight=False)


def say(text: str) -> None:
    """A line for people, on stderr so that it never mixes with figures."""
    console.print(text, soft_wrap=True, markup=False)


def put(text: str) -> None:
    """A line of output, written whole whatever the terminal's encoding is."""
    sys.stdout.buffer.write(text.encode("utf-8", "backslashreplace") + b"\n")


def figures(value: object, rows: Sequence[tuple[str, object]], as_json: bool, title: str = "") -> None:
    """Prints figures as one JSON line, or as a two-column table."""
    if as_json:
        put(line(value))
        return
    table = Table(title=title or None, show_header=False, title_justify="left")
    for name, cell in rows:
        table.add_row(name, str(cell))
    Console(highlight=False).print(table)


@contextmanager
def bars() -> Iterator[Callable[[str, int, int], None]]:
    """Progress bars, one a stage, made when the stage first reports."""
    columns = (TextColumn("{task.description:<9}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console) as progress:
        tasks: dict[str, object] = {}

        def report(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = progress.add_task(stage, total=max(total, 1))
            progress.update(tasks[stage], completed=done, total=max(total, done, 1))  # type: ignore[arg-type]

        yield report
