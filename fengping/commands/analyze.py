"""`analyze --stdin`: reads sentences from a pipe; needs and writes no home."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from core.errors import InputError


def register(app: typer.Typer) -> None:
    app.command()(analyze)


def analyze(
    stdin: Annotated[bool, typer.Option("--stdin", help='JSONL lines {"id", "text"} on standard input.')] = False,
) -> None:
    """Read JSONL from standard input and answer each line in order as soon as it came."""
    if not stdin:
        raise InputError('say --stdin, and give lines such as {"id": 1, "text": "…"} on standard input.')
    from nlp.analyze import analyze as answer

    raise typer.Exit(answer(sys.stdin.buffer, sys.stdout.buffer))
