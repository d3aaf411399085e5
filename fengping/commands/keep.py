"""`export` and `erase`: what leaves the home."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated, get_args

import typer

from core.errors import InputError
from core.privacy import author_digest
from core.timeparse import parse_time
from fengping.assembly import Assembly, now, opened
from fengping.commands.ask import warn_of_lost
from fengping.jsonform import jsonable
from fengping.terminal import HomeOption, JsonOption, figures, say
from reports.exporting import ExportFormat, ExportNote
from reports.exporting import export as write_export
from store.erasure import erase as remove
from store.raw import RawFolder


def register(app: typer.Typer) -> None:
    app.command()(export)
    app.command()(erase)


def export(
    text: Annotated[str, typer.Argument(help="A query; '*' is everything.", metavar="QUERY")],
    out: Annotated[Path, typer.Option(help="The file to write.")],
    home: HomeOption = None,
    json: JsonOption = False,
    format: Annotated[str, typer.Option(help="jsonl, csv or xlsx.")] = "",
) -> None:
    """Write what a query matches to a file, streamed, with the query and the generation beside it."""
    chosen = known_format(format or out.suffix.removeprefix("."))
    with opened(home) as assembly, assembly.index() as index:
        warn_of_lost(assembly, index)
        note = ExportNote(text, {}, assembly.project.timezone, index.generation(), now())
        written = write_export(index.scroll(assembly.parse(text, index)), chosen, out, note)
    figures({"rows": written, "file": str(out)}, [("rows", written), ("file", out)], json)


def known_format(written: str) -> ExportFormat:
    """Raises InputError with the formats there are."""
    for known in get_args(ExportFormat):
        if written == known:
            return known  # type: ignore[no-any-return]
    if not written:
        raise InputError("--out has no ending that says the format; give --format jsonl, csv or xlsx.")
    raise InputError(f"{written!r} is no format; there are: {', '.join(get_args(ExportFormat))}.")


def erase(
    home: HomeOption = None,
    json: JsonOption = False,
    author: Annotated[str, typer.Option(help="Everything this author wrote (the name as on the site).")] = "",
    mention: Annotated[str, typer.Option(help="One mention, by id.")] = "",
    before: Annotated[str, typer.Option(help="Everything published before this date.")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Count what would go; remove nothing.")] = False,
) -> None:
    """Remove mentions from store, raw pages, index, vectors, exports and incident quotes; keeps a receipt."""
    if sum(map(bool, (author, mention, before))) != 1:
        raise InputError("give exactly one of --author NAME, --mention ID and --before DATE.")
    with opened(home) as assembly, assembly.index(write=True) as index:
        receipt = remove(
            assembly.store,
            RawFolder(assembly.home.raw),
            index,
            assembly.home.exports,
            author=author_digest(author, assembly.home.secret()) if author else "",
            mention=mention,
            before=_date(assembly, before) if before else None,
            dry_run=dry_run,
        )
    figures(jsonable(receipt), [("receipt", receipt.id), *receipt.counts.items()], json)
    if dry_run:
        say("nothing was removed (--dry-run)")


def _date(assembly: Assembly, written: str) -> datetime:
    parsed = parse_time(written, now(), assembly.project.zone())
    if parsed.at is None:
        raise InputError(f"--before {written!r} is no date; write it as 2026-11-01.")
    return parsed.at
