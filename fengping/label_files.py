"""The sample as a file, and labels from one: for people without a terminal, or with a spreadsheet."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from core.errors import InputError
from core.interfaces import Store, Understood
from core.labels import ANSWERS, Answer, Label, LabelledOpinion, Sampled
from core.models import Side
from crawlers.parsers.table import read_table
from crawlers.parsers.table_rows import BadRow
from index.label_turns import Turn, judged_by_list
from nlp.lexicon import Lexicon
from nlp.segment import normalise
from reports.export_rows import harmless

COLUMNS = ("id", "polarity", "opinions", "by", "text", "source", "brand", "time", "revision")
NO_OPINION = "-"
"""Under `opinions`: gone through, and there is none. An empty cell says nothing of opinions."""
_FORMATS = {".csv": "csv", ".jsonl": "jsonl", ".ndjson": "jsonl"}
_ANSWERS: Mapping[str, Answer] = {a: a for a in ANSWERS} | {
    "1": "positive", "2": "neutral", "3": "negative", "4": "unsure", "s": "skipped", "skip": "skipped",
    "pos": "positive", "neu": "neutral", "neg": "negative", "+": "positive", "0": "neutral", "?": "unsure",
    "正面": "positive", "好评": "positive", "中性": "neutral", "负面": "negative", "差评": "negative",
    "不确定": "unsure", "跳过": "skipped",
}  # fmt: skip
SIDES: Mapping[str, Side] = {
    "positive": "positive", "neutral": "neutral", "negative": "negative", "+": "positive", "0": "neutral",
    "-": "negative", "正面": "positive", "中性": "neutral", "负面": "negative",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Names:
    """Attributes and brands by any of their names (normalised); attributes by every word of the lexicons too."""

    attributes: Mapping[str, str]
    brands: Mapping[str, str]
    lexicons: Sequence[Lexicon] = ()

    def opinion(self, written: str, target: str) -> LabelledOpinion:
        """`[BRAND>]ATTRIBUTE:SIDE`, the brand being `target` where none is named. Raises InputError."""
        brand, mark, rest = written.rpartition(">")
        name, _, side = rest.rpartition(":")
        path = self.attributes.get(normalise(name).strip(), "") or self._by_word(name)
        if not path:
            raise InputError(
                f"no attribute is called {name.strip()!r}; `fengping lexicon suggest` shows how to add one"
            )
        if side.strip().lower() not in SIDES:
            raise InputError(f"{side.strip()!r} is no side; write positive, neutral or negative after a colon")
        if mark and normalise(brand).strip() not in self.brands:
            raise InputError(f"no brand is called {brand.strip()!r}")
        named = self.brands[normalise(brand).strip()] if mark else target
        return LabelledOpinion(named, path, SIDES[side.strip().lower()])

    def shown(self, path: str) -> str:
        """An attribute with its Chinese name before it, where a lexicon has one."""
        named = (lexicon.name(path, "zh") for lexicon in self.lexicons)
        return next((f"{name} {path}" for name in named if name != path), path)

    def _by_word(self, word: str) -> str:
        meanings = [found for lexicon in self.lexicons if (found := lexicon.listed(word)) is not None]
        return next((m.path for m in meanings if m.path), "")


@dataclass(slots=True)
class Imported:
    """What became of a file's rows. `outside`: labels of mentions that were not drawn, which have no weight."""

    labels: int = 0
    outside: int = 0
    empty: int = 0
    bad: list[BadRow] = field(default_factory=list)


def target_of(understood: Understood) -> str:
    """The brand that an opinion in a mention is about where none is named."""
    reading = understood.reading
    return understood.mention.brand or (reading.brands[0] if reading and reading.brands else "")


def export_sample(store: Store, by: str, out: Path, zone: ZoneInfo) -> int:
    """Writes the sample in its order, with what this person has said already. Raises InputError for another format."""
    form = _FORMATS.get(out.suffix.lower())
    if form is None:
        raise InputError(f"{out.name}: a sample is written as .csv or .jsonl. Give the file one of these endings.")
    rows = _rows(store, by, zone)
    half = out.with_name(f"{out.name}.part")
    try:
        with half.open("w", encoding="utf-8-sig" if form == "csv" else "utf-8", newline="") as file:
            if form == "csv":
                table = csv.DictWriter(file, COLUMNS)
                table.writeheader()
                table.writerows({name: _for_spreadsheet(cell) for name, cell in row.items()} for row in rows)
            else:
                file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        half.replace(out)
    except OSError as error:
        raise InputError(f"{out} cannot be written: {error.strerror or error}. Name another place.") from error
    return len(rows)


def _for_spreadsheet(cell: str) -> str:
    """The bare mark of no opinion is no formula."""
    return cell if cell == NO_OPINION else harmless(cell)


def _from_spreadsheet(cell: str) -> str:
    """A cell without the apostrophe that `harmless` put before it."""
    bare = cell.removeprefix("'")
    return bare if harmless(bare) == cell else cell


def _rows(store: Store, by: str, zone: ZoneInfo) -> list[dict[str, str]]:
    """What the reader found is left out: it would be believed."""
    said = {label.mention_id: label for label in store.labels(by)}
    sample = store.sample()
    known = {u.mention.id: u for u in store.understood([s.mention_id for s in sample])}
    return [_row(known[s.mention_id], said.get(s.mention_id), by, zone) for s in sample if s.mention_id in known]


def _row(understood: Understood, label: Label | None, by: str, zone: ZoneInfo) -> dict[str, str]:
    mention, target = understood.mention, target_of(understood)
    time = mention.published_at.astimezone(zone).strftime("%Y-%m-%d %H:%M") if mention.published_at else ""
    opinions = ""
    if label and label.complete:
        opinions = "; ".join(sorted(_written(o, target) for o in label.opinions)) or NO_OPINION
    cells = (
        mention.id, label.polarity if label else "", opinions, by, mention.text or mention.title, mention.source,
        target, time, mention.revision,
    )  # fmt: skip
    return dict(zip(COLUMNS, cells, strict=True))


def _written(opinion: LabelledOpinion, target: str) -> str:
    brand = f"{opinion.target}>" if opinion.target not in {"", target} else ""
    return f"{brand}{opinion.attribute}:{opinion.polarity}"


def import_labels(store: Store, place: Path, by: str, names: Names, at: datetime) -> Imported:
    """Takes the labels of a file, each saved at once; rows that cannot be are told and the others go on."""
    done, members = Imported(), {s.mention_id: s for s in store.sample()}
    said = {(label.mention_id, label.by): label for label in store.labels()}
    lines: dict[tuple[str, str], int] = {}
    for row in _read(place):
        if isinstance(row, BadRow):
            done.bad.append(row)
            continue
        cells = {name.strip().lower(): _from_spreadsheet(cell) for name, cell in row[1].items()}
        if not cells.get("polarity", "").strip():
            done.empty += 1
            continue
        try:
            label = _label(store, cells, by, names, at, members)
            _save(store, label, said.get((label.mention_id, label.by)), lines.get((label.mention_id, label.by), 0))
        except InputError as error:
            done.bad.append(BadRow(row[0], str(error), ", ".join(row[1].values())[:80]))
            continue
        lines[label.mention_id, label.by] = row[0]
        done.labels += 1
        done.outside += label.mention_id not in members
    return done


def _save(store: Store, label: Label, before: Label | None, line: int) -> None:
    """`before` is what the person said of the mention till now, `line` that of an earlier row of the file (0: none).

    A row that says nothing of opinions leaves those that are there. Raises InputError where nothing can be kept.
    """
    if line:
        raise InputError(f"a repeat: {label.by}'s label of this mention stands in line {line} already, which was taken")
    if before is not None and not label.complete:
        label = replace(label, judged=before.judged, missed=before.missed, complete=before.complete)
    if not store.save_label(label):
        raise InputError("the mention was erased or changed just now; export again")


def _read(place: Path) -> Iterator[BadRow | tuple[int, Mapping[str, str]]]:
    try:
        stream = place.open("rb")
    except OSError as error:
        raise InputError(f"{place} cannot be read: {error.strerror or error}. See that the file is there.") from error
    with stream:
        table = read_table(stream, place.name)
        columns = {c.strip().lower() for c in table.columns}
        if table.format != "jsonl" and not {"id", "polarity"} <= columns:
            raise InputError(
                f"{place.name} has no columns id and polarity; it has: {', '.join(table.columns)}. "
                "`fengping label --export FILE.csv` writes a file to fill in."
            )
        for row in table.rows:
            yield row if isinstance(row, BadRow) else (row.line, row.cells)


def _label(
    store: Store, cells: Mapping[str, str], by: str, names: Names, at: datetime, members: Mapping[str, Sampled]
) -> Label:
    """Raises InputError for a row that says nothing that can be kept."""
    id, written = cells.get("id", "").strip(), cells["polarity"].strip()
    polarity = _ANSWERS.get(written.lower())
    if polarity is None:
        raise InputError(f"{written!r} is no polarity; write {', '.join(ANSWERS[:4])}, or skipped")
    found = store.understood([id]) if id else []
    if not found:
        raise InputError(f"no mention has the id {id!r}")
    mention = found[0].mention
    if cells.get("revision", "").strip() not in {"", mention.revision}:
        raise InputError("its text has changed since the file was written; label it again")
    person = cells.get("by", "").strip() or by
    label = Label(id, mention.revision, person, polarity, at)
    opinions = cells.get("opinions", "").strip()
    if not opinions or polarity == "skipped":
        return label
    parts = [] if opinions == NO_OPINION else [p for p in opinions.replace("；", ";").split(";") if p.strip()]
    listed = [names.opinion(p.replace("：", ":"), target_of(found[0])) for p in parts]
    member = members.get(id) or Sampled(id, mention.revision, "", 1.0, 0, "unsure")
    judged, missed = judged_by_list(Turn(member, found[0], None), listed)
    return Label(id, mention.revision, person, polarity, at, judged, missed, True)


def bad_lines(bad: Sequence[BadRow], most: int = 20) -> list[str]:
    """Rows that were not taken, for people."""
    lines = [f"  line {row.line}: {row.reason}" for row in bad[:most]]
    return [*lines, *([f"  and {len(bad) - most} more"] if len(bad) > most else [])]
