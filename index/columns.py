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
from itertools import islice
from json.encoder import encode_basestring_ascii as encode_key
from operator import attrgetter
from pathlib import Path
from typing import Any

import numpy as np

from core.errors import HomeError
from core.models import SearchDocument
from core.tree import FACET_FIELDS, TERM_FIELDS
from index.buckets import QUARTER, microseconds
from index.document import single_key, term_keys
from index.order import SORTS, id_key, sort_key
from index.tokens import codes_of, marks_of

SEVERAL = ("brand", "attribute", "intent", "phrase", "opinion", "judged", "carried", "comparison", "tie")
OF_OPINIONS = ("attribute", "opinion", "judged", "carried")
"""Those of SEVERAL that follow from targets, attributes and polarities alone."""
KEPT_COMBINATIONS = 200_000
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

_SOURCES = {
    "brand": attrgetter("brands"),
    "intent": attrgetter("intents"),
    "phrase": attrgetter("opinions"),
    "comparison": attrgetter("comparisons"),
    "tie": attrgetter("comparisons"),
}
"""The other ones of SEVERAL, and what a document must have for a key of them."""

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
    "token": "i",
    "token.start": "q",
    "marks": "b",
    "long": "b",
    "dead": "i",
}
"""File name -> type code, as in `array` and numpy."""
DICTIONARIES = (*SINGLE, *SEVERAL, "target", "path", "word")


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
        self._made_of: dict[object, tuple[array[int], ...]] = {}
        for name, code in TYPES.items():
            _cut(folder / name, state.lengths.get(name, 0) * array(code).itemsize)

    def append(
        self, documents: Sequence[SearchDocument], long: Sequence[bool], tokens: Sequence[Sequence[str]]
    ) -> None:
        """Adds documents, a column at a time, in the order of their rows; `tokens` are those of title and text."""
        put, first = self._buffers, self._row
        self._row += len(documents)
        for name in SINGLE:
            codes, key = self._codes[name].codes, single_key(name)
            put[f"single.{name}"].extend([codes[k] if (k := key(d)) else NO_KEY for d in documents])
        for name, source in _SOURCES.items():
            codes, rows, held = self._codes[name].codes, put[f"several.{name}.row"], put[f"several.{name}"]
            for row, document in enumerate(documents, first):
                for text in term_keys(document, name) if source(document) else ():
                    held.append(codes[text])
                    rows.append(row)
        for name in NUMBERS:
            values = map(attrgetter(name), documents)
            put[f"number.{name}"].extend([_NAN if value is None else value for value in values])
        self._append_times(documents)
        self._append_opinions(documents, first)
        self._append_orders(documents)
        self._append_tokens(tokens)
        put["long"].extend(long)

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

    def _append_times(self, documents: Sequence[SearchDocument]) -> None:
        for name in TIMES:
            moments = map(attrgetter(f"{name}_at"), documents)
            times = [NO_TIME if moment is None else microseconds(moment) for moment in moments]
            self._buffers[f"time.{name}"].extend(times)
            self._buffers[f"quarter.{name}"].extend([NO_QUARTER if t == NO_TIME else t // QUARTER for t in times])

    def _append_opinions(self, documents: Sequence[SearchDocument], first: int) -> None:
        put, part = self._buffers, {name: self._codes[name].codes for name in ("target", "path", "polarity", "phrase")}
        for row, document in enumerate(documents, first):
            self._append_keys(document, row)
            for opinion in document.opinions:
                put["opinion.row"].append(row)
                put["opinion.target"].append(part["target"][opinion.target])
                put["opinion.path"].append(part["path"][opinion.attribute])
                put["opinion.polarity"].append(part["polarity"][opinion.polarity])
                put["opinion.phrase"].append(part["phrase"][opinion.phrase])

    def _append_keys(self, document: SearchDocument, row: int) -> None:
        """Keys made of opinions. Few combinations make up most opinions, so their codes are looked up whole."""
        opinions = tuple((o.target, o.attribute, o.polarity) for o in document.opinions)
        found = self._made_of.get((opinions, document.polarity))
        if found is None:
            if len(self._made_of) > KEPT_COMBINATIONS:
                self._made_of.clear()
            found = self._made_of[opinions, document.polarity] = tuple(
                array("i", [self._codes[name].codes[key] for key in term_keys(document, name)]) for name in OF_OPINIONS
            )
        for name, codes in zip(OF_OPINIONS, found, strict=True):
            self._buffers[f"several.{name}"].extend(codes)
            self._buffers[f"several.{name}.row"].extend([row] * len(codes))

    def _append_tokens(self, tokens: Sequence[Sequence[str]]) -> None:
        words, held, starts = self._codes["word"].codes, self._buffers["token"], self._buffers["token.start"]
        before, first = self.state.lengths.get("token", 0), len(starts)
        for some in tokens:
            starts.append(before + len(held))
            held.extend(codes_of(some, words))
        new = np.array(starts[first:], dtype=np.int64) - before
        codes = np.array(held[new[0] if len(new) else len(held) :], dtype=np.int32)
        self._buffers["marks"].extend(marks_of(codes, new - new[:1]).tolist())

    def _append_orders(self, documents: Sequence[SearchDocument]) -> None:
        last = [id_key(document.id) for document in documents]
        self._buffers["id_key"].extend(last)
        for sort in SORTS:
            keys = [sort_key(document, sort, end) for document, end in zip(documents, last, strict=True)]
            self._buffers[f"sort.{sort}"].extend(keys)


def dead_rows(folder: Path, state: State) -> list[int]:
    """Rows that were replaced or deleted."""
    found = array(TYPES["dead"])
    if state.dead:
        with (folder / "dead").open("rb") as file:
            found.fromfile(file, state.dead)
    return found.tolist()


class _Codes(dict[str, int]):
    """Gives a new key the next code."""

    def __missing__(self, key: str) -> int:
        code = self[key] = len(self)
        return code


class _Dictionary:
    """Keys in the order first seen; the code of a key is its line."""

    def __init__(self, place: Path, n: int) -> None:
        self._place = place
        keys, size = read_keys(place, n)
        self.codes = _Codes((key, code) for code, key in enumerate(keys))
        self._written = n
        _cut(place, size)

    def flush(self) -> int:
        new = list(islice(self.codes, self._written, None))
        if new:
            with self._place.open("ab") as file:
                file.write(key_lines(new))
            self._written += len(new)
        return self._written


def key_lines(keys: Iterable[str]) -> bytes:
    """Keys as lines of a dictionary file."""
    return "".join(f"{encode_key(key)}\n" for key in keys).encode("ascii")


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
