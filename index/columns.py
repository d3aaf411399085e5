"""Columns of keys and numbers beside the text index: append-only files that a reader maps into memory.

A row is one version of one document; its number never changes. Everything countable is answered from here exactly,
text is tantivy's. What a reader may look at is said by `state.json` alone, which is replaced in one step.
"""

from __future__ import annotations

import json
import os
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from core.errors import HomeError
from core.models import SearchDocument
from core.tree import FACET_FIELDS, TERM_FIELDS
from index.buckets import QUARTER, microseconds
from index.document import term_keys
from index.order import SORTS, id_key, sort_key

SEVERAL = ("brand", "attribute", "intent", "phrase", "opinion", "judged", "carried", "comparison", "tie")
SINGLE = tuple(f for f in dict.fromkeys((*TERM_FIELDS, *FACET_FIELDS)) if f not in {"id", *SEVERAL})
NUMBERS = (
    "rating", "score", "likes", "replies", "shares", "engagement", "views", "author_followers", "promotion",
    "relevance",
)  # fmt: skip
TIMES = ("published", "collected")
OPINION_PARTS = ("target", "path", "polarity", "phrase")
NO_KEY = -1
NO_TIME = -(1 << 63)
NO_QUARTER = -(1 << 31)
_NAN = float("nan")

TYPES = {
    **{f"single.{f}": "i" for f in SINGLE},
    **{f"several.{f}": "i" for f in SEVERAL},
    **{f"several.{f}.row": "i" for f in SEVERAL},
    **{f"number.{f}": "d" for f in NUMBERS},
    **{f"time.{f}": "q" for f in TIMES},
    **{f"quarter.{f}": "i" for f in TIMES},
    **{f"opinion.{f}": "i" for f in OPINION_PARTS},
    "opinion.row": "i",
    **{f"sort.{f}": "Q" for f in SORTS},
    "id_key": "I",
    "long": "b",
    "dead": "i",
}
"""File name -> type code, as in `array` and numpy."""
DICTIONARIES = (*SINGLE, *SEVERAL, "target", "path")


@dataclass(frozen=True, slots=True)
class State:
    """What of the files belongs to the index: lengths of columns and dictionaries, and what made them."""

    schema: int
    segmenter: str
    user_words: tuple[str, ...] = ()
    rows: int = 0
    generation: int = 0
    lengths: dict[str, int] = field(default_factory=dict)
    keys: dict[str, int] = field(default_factory=dict)

    @property
    def dead(self) -> int:
        return self.lengths.get("dead", 0)


def read_state(folder: Path) -> State | None:
    """The state of an index folder, None where there is none. Raises HomeError when it is damaged."""
    try:
        table = json.loads((folder / "state.json").read_text("utf-8"))
        return State(**{**table, "user_words": tuple(table["user_words"])})
    except FileNotFoundError:
        return None
    except (ValueError, TypeError, KeyError) as error:
        raise HomeError(f"{folder / 'state.json'} is damaged ({error}). Delete {folder} and index again.") from error


def write_state(folder: Path, state: State) -> None:
    """Replaces the state in one step, after everything it names is on disk."""
    place = folder / "state.json.new"
    with place.open("w", encoding="utf-8") as file:
        json.dump(asdict(state), file)
        file.flush()
        os.fsync(file.fileno())
    place.replace(folder / "state.json")


class ColumnWriter:
    """Appends documents to the files of a folder. Nothing counts until the state that `flush` returns is written."""

    def __init__(self, folder: Path, state: State) -> None:
        self.folder, self.state = folder, state
        self._buffers: dict[str, array[Any]] = {name: array(code) for name, code in TYPES.items()}
        self._codes = {name: _Dictionary(folder / f"keys.{name}", state.keys.get(name, 0)) for name in DICTIONARIES}
        self._row = state.rows
        for name, code in TYPES.items():
            _cut(folder / name, state.lengths.get(name, 0) * array(code).itemsize)

    def append(self, document: SearchDocument, long: bool) -> int:
        """Adds a document and returns its row."""
        row, put = self._row, self._buffers
        self._row += 1
        for name in SINGLE:
            keys = term_keys(document, name)
            put[f"single.{name}"].append(self._codes[name].code(keys[0]) if keys else NO_KEY)
        for name in SEVERAL:
            for key in term_keys(document, name):
                put[f"several.{name}"].append(self._codes[name].code(key))
                put[f"several.{name}.row"].append(row)
        for name in NUMBERS:
            value = getattr(document, name)
            put[f"number.{name}"].append(_NAN if value is None else value)
        self._append_times(document)
        self._append_opinions(document, row)
        for sort in SORTS:
            put[f"sort.{sort}"].append(sort_key(document, sort))
        put["id_key"].append(id_key(document.id))
        put["long"].append(long)
        return row

    @property
    def next_row(self) -> int:
        return self._row

    def kill(self, rows: Iterable[int]) -> None:
        """Marks rows as replaced or deleted."""
        self._buffers["dead"].extend(rows)

    def flush(self, generation: int) -> State:
        """Writes what was appended and returns the state that makes it count."""
        lengths, keys = dict(self.state.lengths), dict(self.state.keys)
        for name, buffer in self._buffers.items():
            if buffer:
                with (self.folder / name).open("ab") as file:
                    buffer.tofile(file)
                lengths[name] = lengths.get(name, 0) + len(buffer)
                self._buffers[name] = array(TYPES[name])
        for name, dictionary in self._codes.items():
            keys[name] = dictionary.flush()
        self.state = State(
            self.state.schema,
            self.state.segmenter,
            self.state.user_words,
            self._row,
            generation,
            lengths,
            keys,
        )
        return self.state

    def _append_times(self, document: SearchDocument) -> None:
        for name, moment in (("published", document.published_at), ("collected", document.collected_at)):
            time = NO_TIME if moment is None else microseconds(moment)
            self._buffers[f"time.{name}"].append(time)
            self._buffers[f"quarter.{name}"].append(NO_QUARTER if moment is None else time // QUARTER)

    def _append_opinions(self, document: SearchDocument, row: int) -> None:
        put = self._buffers
        for opinion in document.opinions:
            put["opinion.row"].append(row)
            put["opinion.target"].append(self._codes["target"].code(opinion.target))
            put["opinion.path"].append(self._codes["path"].code(opinion.attribute))
            put["opinion.polarity"].append(self._codes["polarity"].code(opinion.polarity))
            put["opinion.phrase"].append(self._codes["phrase"].code(opinion.phrase))


def dead_rows(folder: Path, state: State) -> list[int]:
    """Rows that were replaced or deleted."""
    found = array(TYPES["dead"])
    if state.dead:
        with (folder / "dead").open("rb") as file:
            found.fromfile(file, state.dead)
    return found.tolist()


class _Dictionary:
    """Keys in the order first seen; the code of a key is its line."""

    def __init__(self, place: Path, n: int) -> None:
        self.place = place
        keys, size = read_keys(place, n)
        self._codes = {key: code for code, key in enumerate(keys)}
        self._new: list[str] = []
        _cut(place, size)

    def code(self, key: str) -> int:
        code = self._codes.get(key)
        if code is None:
            code = self._codes[key] = len(self._codes)
            self._new.append(key)
        return code

    def flush(self) -> int:
        if self._new:
            with self.place.open("ab") as file:
                file.write(b"".join(json.dumps(key).encode("ascii") + b"\n" for key in self._new))
            self._new = []
        return len(self._codes)


def read_keys(place: Path, n: int, offset: int = 0) -> tuple[Sequence[str], int]:
    """The next n keys of a dictionary from a byte offset, and the offset after them. Raises HomeError."""
    if not n:
        return [], offset
    with place.open("rb") as file:
        file.seek(offset)
        lines = [file.readline() for _ in range(n)]
        if not lines[-1].endswith(b"\n"):
            raise HomeError(f"{place} is cut off. Delete the folder {place.parent} and index again.")
        return [json.loads(line) for line in lines], file.tell()


def _cut(place: Path, size: int) -> None:
    """Drops what a broken-off write left behind the part that counts."""
    if not place.exists():
        place.touch()
    found = place.stat().st_size
    if found < size:
        raise HomeError(f"{place} has {found} bytes where {size} were written. Delete {place.parent} and index again.")
    if found > size:
        os.truncate(place, size)
