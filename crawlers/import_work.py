"""What becomes of the rows of a file, a batch at a time: entered, or refused and listed."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Protocol, TextIO

from core import identity
from core.collected_mention import Context, to_mention
from core.interfaces import Store
from core.models import Added, Mention
from core.privacy import mask
from crawlers.import_rows import Broken, Picker
from crawlers.mapping import Mapping
from crawlers.parsers.table_rows import BadRow, Row, Table

_SHOWN = 5


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What became of a file. `rows` = new + changed + same + repeated + bad.

    `unread` rows are stored without a rating or a time that could not be read. `bad_file` lists every bad, repeated and
    unread row; `columns` pairs fields with the columns they came from; `known` are the
    lines of rows that were stored before, as (first, last); `sample` the first mentions as they were understood.
    """

    rows: int
    new: int
    changed: int
    same: int
    repeated: int
    bad: int
    unread: int
    bad_file: Path | None
    columns: tuple[tuple[str, str], ...]
    sample: tuple[Mention, ...]
    format: str
    encoding: str
    known: tuple[tuple[int, int], ...]
    notes: tuple[str, ...]
    reasons: tuple[str, ...]
    dry_run: bool


class Book(Protocol):
    """Where mentions are entered: the Store, or only looked up in it."""

    def enter(self, mentions: list[Mention]) -> Added: ...


@dataclass(frozen=True, slots=True)
class StoreBook:
    store: Store

    def enter(self, mentions: list[Mention]) -> Added:
        return self.store.add_mentions(mentions)


@dataclass(frozen=True, slots=True)
class DryBook:
    store: Store

    def enter(self, mentions: list[Mention]) -> Added:
        known = {former.id: former.revision for former in self.store.mentions([m.id for m in mentions])}
        return Added(
            tuple(m.id for m in mentions if m.id not in known),
            tuple(m.id for m in mentions if known.get(m.id, m.revision) != m.revision),
            tuple(m.id for m in mentions if known.get(m.id) == m.revision),
        )


class BadFile:
    """The list of rows that were not stored, made when there is a first one. Personal data in it is masked."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._stream: TextIO | None = None

    @property
    def path(self) -> Path | None:
        return self._path if self._stream else None

    def add(self, line: int, reason: str, written: str) -> None:
        if self._path is None:
            return
        if self._stream is None:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._stream = self._path.open("w", encoding="ascii")
        self._stream.write(json.dumps({"line": line, "reason": reason, "row": mask(written).text}) + "\n")

    def __enter__(self) -> BadFile:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._stream:
            self._stream.close()


@dataclass(slots=True)
class Work:
    """Counts what becomes of rows, a batch at a time."""

    picker: Picker
    context: Context
    now: datetime
    book: Book
    bad_file: BadFile
    rows: int = 0
    new: int = 0
    changed: int = 0
    same: int = 0
    repeated: int = 0
    bad: int = 0
    unread: int = 0
    sample: list[Mention] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)
    known: list[tuple[int, int]] = field(default_factory=list)
    _contexts: dict[str, Context] = field(default_factory=dict)
    _once: set[int] = field(default_factory=set)
    _often: dict[int, int] = field(default_factory=dict)

    def take(self, rows: list[Row | BadRow]) -> None:
        mentions: list[Mention] = []
        lines: dict[str, int] = {}
        for row in rows:
            self.rows += 1
            if isinstance(row, BadRow):
                self._refuse(row.line, row.reason, row.written)
                continue
            mention = self._mention(row)
            if mention is not None:
                self._note_unread(row, mention)
                mentions.append(mention)
                lines[mention.id] = row.line
        added = self.book.enter(mentions)
        self.new, self.changed = self.new + len(added.new), self.changed + len(added.changed)
        self.same += len(added.same)
        for id in added.same:
            self._note_known(lines[id])
        self.sample.extend(mentions[: _SHOWN - len(self.sample)])

    def _mention(self, row: Row) -> Mention | None:
        """None when the row was refused, which is then counted and listed."""
        try:
            item = self.picker.item(row)
        except Broken as error:
            self._refuse(row.line, str(error), _written(row))
            return None
        source = self.picker.source(row)
        context = self._context(source) if source else self.context
        occurrence = self._occurrence(
            (context.source, item.native_id) if item.native_id else (context.source, *row.key)
        )
        if not item.native_id:
            return to_mention(item, context, self.now, identity.row(context.source, row.key, occurrence))
        if occurrence:
            self.repeated += 1
            self._list(
                row.line, f"the id {item.native_id!r} stood in this file before; its first row counts", _written(row)
            )
            return None
        return to_mention(item, context, self.now)

    def _context(self, source: str) -> Context:
        found = self._contexts.get(source)
        if found is None:
            c = self.context
            found = Context(source, c.platform, c.kind, c.zone, c.secret, c.run, c.brand, c.product)
            self._contexts[source] = found
        return found

    def _occurrence(self, key: tuple[str, ...]) -> int:
        """How often the key came before. Hashes instead of keys: a file of millions of rows has to fit."""
        mark = hash(key)
        if mark not in self._once:
            self._once.add(mark)
            return 0
        self._often[mark] = self._often.get(mark, 0) + 1
        return self._often[mark]

    def _note_unread(self, row: Row, mention: Mention) -> None:
        missing = self.picker.unread(row, mention)
        if missing:
            self.unread += 1
            self._list(row.line, f"stored without {' and '.join(missing)}", _written(row))

    def _refuse(self, line: int, reason: str, written: str) -> None:
        self.bad += 1
        self._list(line, reason, written)

    def _list(self, line: int, reason: str, written: str) -> None:
        if len(self.reasons) < _SHOWN:
            self.reasons.append(f"line {line}: {reason}")
        self.bad_file.add(line, reason, written)

    def _note_known(self, line: int) -> None:
        if self.known and self.known[-1][1] < line and self.known[-1][1] + 1 >= line:
            self.known[-1] = (self.known[-1][0], line)
        else:
            self.known.append((line, line))

    def report(self, table: Table, mapping: Mapping, dry_run: bool) -> ImportReport:
        return ImportReport(
            rows=self.rows,
            new=self.new,
            changed=self.changed,
            same=self.same,
            repeated=self.repeated,
            bad=self.bad,
            unread=self.unread,
            bad_file=self.bad_file.path,
            columns=mapping.pairs,
            sample=tuple(self.sample),
            format=table.format,
            encoding=table.encoding,
            known=tuple(self.known),
            notes=tuple(table.notes),
            reasons=tuple(self.reasons),
            dry_run=dry_run,
        )


def _written(row: Row) -> str:
    return json.dumps(dict(row.cells), ensure_ascii=False)
