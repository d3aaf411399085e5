"""Frozen records to JSON values and back.

A record is written by field name and without defaults, which keeps rows short and lets an older row be read after
the record has gained a field anywhere. The records within it (opinions, triplets …) are many, so they are lists in the
order of their fields: these may gain fields at their end only, with a default (a test holds that). Times become
microseconds since 1970, spans pairs, tuples lists. A lone surrogate cannot be stored as UTF-8: each
becomes one U+FFFD, so that spans still hold.
"""

from __future__ import annotations

import gc
import json
import re
import types
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from operator import attrgetter
from typing import Any, Literal, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from core.errors import InputError
from core.models import Span

Record = TypeVar("Record")
Convert = Callable[[Any], Any]
Converters = tuple[Convert | None, Convert | None]
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TICK = timedelta(microseconds=1)
_SURROGATE = re.compile("[\ud800-\udfff]")
_dump = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def to_ticks(moment: datetime) -> int:
    """Microseconds since 1970. Raises InputError for a time without a zone."""
    if moment.tzinfo is None:
        raise InputError(f"the time {moment} has no zone; the store takes aware times only. Give it tzinfo=UTC.")
    return (moment - EPOCH) // _TICK


def from_ticks(ticks: int) -> datetime:
    return EPOCH + timedelta(microseconds=ticks)


def maybe_ticks(moment: datetime | None) -> int | None:
    return None if moment is None else to_ticks(moment)


def maybe_time(ticks: int | None) -> datetime | None:
    return None if ticks is None else from_ticks(ticks)


@contextmanager
def without_gc() -> Iterator[None]:
    """For work on a page of records: tens of thousands of small tuples, none in a cycle. Looking through them, and
    through all else that the program holds, again and again would take as long as the work."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def storable(text: str) -> str:
    """The same text with every lone surrogate replaced by U+FFFD, one for one."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return _SURROGATE.sub("\ufffd", text)
    return text


def identifier(text: str) -> str:
    """An id as it is stored: U+FFFD stands for NUL too, at which SQLite's JSON functions would cut it."""
    return storable(text).replace("\0", "\ufffd")


def dumps(value: object) -> str:
    """Compact JSON that SQLite can store."""
    return storable(_dump(value))


def loads(text: str) -> Any:
    return json.loads(text)


class _Plan:
    """How one kind of record is written and read; a missing converter leaves a value as it is."""

    __slots__ = ("get", "kind", "names", "places_read", "places_written", "readers", "writers")

    def __init__(self, kind: type, wanted: Sequence[Field[Any]], converters: Mapping[str, Converters]) -> None:
        self.kind = kind
        self.get = _getter([f.name for f in wanted])
        self.writers = tuple((f.name, _default(f), converters[f.name][0]) for f in wanted)
        self.readers = tuple((name, read) for name, (_, read) in converters.items() if read is not None)
        self.names = frozenset(converters)
        both = [converters[f.name] for f in wanted]
        self.places_written = tuple((place, write) for place, (write, _) in enumerate(both) if write is not None)
        self.places_read = tuple((place, read) for place, (_, read) in enumerate(both) if read is not None)

    def encode(self, record: Any) -> dict[str, Any]:
        found = {}
        for (name, default, write), value in zip(self.writers, self.get(record), strict=True):
            if value != default:
                found[name] = value if write is None else write(value)
        return found

    def decode(self, values: dict[str, Any]) -> Any:
        for name, read in self.readers:
            if name in values:
                values[name] = read(values[name])
        if not values.keys() <= self.names:
            values = {name: value for name, value in values.items() if name in self.names}
        return self.kind(**values)

    def pack(self, record: Any) -> list[Any]:
        """All fields in their order."""
        values = list(self.get(record))
        for place, write in self.places_written:
            values[place] = write(values[place])
        return values

    def unpack(self, values: list[Any]) -> Any:
        """From `pack`; fields the record had not then get their defaults, those it has no more are left out."""
        for place, read in self.places_read:
            if place < len(values):
                values[place] = read(values[place])
        return self.kind(*values[: len(self.names)])


_PLANS: dict[tuple[type, frozenset[str]], _Plan] = {}


def encode(record: Any, without: frozenset[str] = frozenset()) -> dict[str, Any]:
    """The fields of a record that differ from their defaults, as JSON values; `without` names fields to leave out."""
    return _plan(type(record), without).encode(record)


def decode(kind: type[Record], values: dict[str, Any]) -> Record:
    """The record again; uses up `values`. Unknown names are left out: a later version may have written them."""
    return cast(Record, _plan(kind).decode(values))


def _plan(kind: type, without: frozenset[str] = frozenset()) -> _Plan:
    known = _PLANS.get((kind, without))
    if known is None:
        known = _PLANS[kind, without] = _planned(kind, without)
    return known


def _planned(kind: type, without: frozenset[str]) -> _Plan:
    hints = get_type_hints(kind)
    wanted = [f for f in fields(kind) if f.name not in without]
    return _Plan(kind, wanted, {f.name: _converters(hints[f.name]) for f in wanted})


def _default(field: Field[Any]) -> Any:
    return field.default_factory() if field.default_factory is not MISSING else field.default


def _getter(names: list[str]) -> Callable[[Any], tuple[Any, ...]]:
    if len(names) == 1:
        return lambda record: (getattr(record, names[0]),)
    return attrgetter(*names)


def _converters(hint: Any) -> Converters:
    """How a value of this type is written and read; None means as it is."""
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is Literal:
        return None, None
    if hint in _SIMPLE:
        return _SIMPLE[hint]
    if is_dataclass(hint) and isinstance(hint, type):
        return _plan(hint).pack, _plan(hint).unpack
    if origin in {Union, types.UnionType}:
        return _optional(next(a for a in arguments if a is not type(None)))
    if origin is tuple:
        return _sequence(arguments[0])
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return dict, dict
    raise TypeError(f"the store has no way to write {hint}; add one to store/codec.py")


def _bytes(value: str | bytes) -> bytes:
    return value if isinstance(value, bytes) else bytes.fromhex(value)


_SIMPLE: dict[Any, Converters] = {
    **dict.fromkeys((str, int, float, bool), (None, None)),
    datetime: (to_ticks, from_ticks),
    Span: (list, partial(tuple.__new__, Span)),
    bytes: (bytes.hex, _bytes),
}


def _optional(inner: Any) -> Converters:
    write, read = _converters(inner)
    return _unless_none(write), _unless_none(read)


def _unless_none(convert: Convert | None) -> Convert | None:
    if convert is None:
        return None
    return lambda value: None if value is None else convert(value)


def _sequence(item: Any) -> tuple[Convert, Convert]:
    write, read = _converters(item)
    if write is None or read is None:
        return list, tuple
    return (lambda values: [write(v) for v in values]), (lambda values: tuple([read(v) for v in values]))
