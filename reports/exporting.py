"""Found mentions as files to take away: streamed, written whole or not at all, with the question they answer."""

from __future__ import annotations

import csv
import json
import os
import secrets
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal, get_args
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from core.errors import InputError, Unreachable
from core.models import SearchDocument
from reports.export_rows import COLUMNS, cells, jsonable
from reports.export_sheets import write_sheets

ExportFormat = Literal["jsonl", "csv", "xlsx"]


@dataclass(frozen=True, slots=True)
class ExportNote:
    """What an export answers, so that it can be asked again: kept beside the file, or on the sheet `note`.

    `filters` are written as the query language writes them, `at` is aware UTC.
    """

    query: str
    filters: Mapping[str, str]
    timezone: str
    generation: int
    at: datetime


def export(
    documents: Iterable[SearchDocument], format: ExportFormat, out: Path, header: ExportNote, bom: bool = True
) -> int:
    """Writes the documents and returns how many. `out` appears complete or stays as it was.

    csv and jsonl get `<out>.note.json` beside them, xlsx a sheet called note. Times are in the note's time zone.
    In csv and xlsx a text that a spreadsheet would run as a formula begins with an apostrophe. Raises InputError for a
    format or time zone that does not exist, Unreachable when the disk refuses.
    """
    if format not in get_args(ExportFormat):
        raise InputError(f"there is no export format {format!r}; use jsonl, csv or xlsx.")
    zone = _zone(header.timezone)
    try:
        with _replacing(out) as temporary:
            if format == "jsonl":
                count = _write_jsonl(documents, temporary, zone)
            elif format == "csv":
                count = _write_csv(documents, temporary, zone, "utf-8-sig" if bom else "utf-8")
            else:
                rows = (cells(document, zone) for document in documents)
                count = write_sheets(rows, temporary, COLUMNS, _note_rows(header))
        if format != "xlsx":
            with _replacing(note_path(out)) as temporary:
                temporary.write_text(_note_json(header, count), encoding="utf-8")
    except OSError as error:
        raise Unreachable(f"{out} cannot be written: {error.strerror or error}. Nothing of it was kept.") from error
    return count


def note_path(out: Path) -> Path:
    """Where the note of a csv or jsonl export lies."""
    return out.with_name(out.name + ".note.json")


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise InputError(f"no time zone is called {name!r}; use a name such as Asia/Shanghai.") from error


def _write_jsonl(documents: Iterable[SearchDocument], path: Path, zone: ZoneInfo) -> int:
    encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
    count = 0
    with path.open("w", encoding="utf-8", errors="replace", newline="\n") as stream:
        for document in documents:
            stream.write(encode(jsonable(document, zone)) + "\n")
            count += 1
    return count


def _write_csv(documents: Iterable[SearchDocument], path: Path, zone: ZoneInfo, encoding: str) -> int:
    """By its byte-order mark (utf-8-sig) Excel knows that the file is UTF-8 and shows Chinese."""
    count = 0
    with path.open("w", encoding=encoding, errors="replace", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(COLUMNS)
        for document in documents:
            writer.writerow(cells(document, zone))
            count += 1
    return count


def _note_rows(header: ExportNote) -> list[tuple[str, str | int]]:
    filters = [(f"filter {name}", value) for name, value in header.filters.items()]
    at = header.at.isoformat(timespec="seconds")
    last: list[tuple[str, str | int]] = [("timezone", header.timezone), ("generation", header.generation), ("at", at)]
    return [("query", header.query), *filters, *last]


def _note_json(header: ExportNote, count: int) -> str:
    note = {**asdict(header), "filters": dict(header.filters), "at": header.at.isoformat(timespec="seconds")}
    return json.dumps({**note, "rows": count, "columns": COLUMNS}, ensure_ascii=False, indent=2) + "\n"


@contextmanager
def _replacing(out: Path) -> Iterator[Path]:
    """A new file beside `out` that takes its place when all went well, and is gone when anything did not."""
    out.parent.mkdir(parents=True, exist_ok=True)
    temporary = out.with_name(f".{out.name}.{secrets.token_hex(4)}.part")
    try:
        yield temporary
        with temporary.open("rb") as stream:
            os.fsync(stream.fileno())
        temporary.replace(out)
    finally:
        temporary.unlink(missing_ok=True)
