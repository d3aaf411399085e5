"""Frozen records to JSON values and back, by field name and without defaults.

Leaving defaults out keeps rows short, and lets an older row be read after a record has gained a field. Times
become microseconds since 1970, spans pairs, tuples lists. A lone surrogate cannot be stored as UTF-8: each
becomes one U+FFFD, so that spans still hold.
"""

from __future__ import annotations

import json
import re
import types
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from core.errors import InputError
from core.models import Span

Record = TypeVar("Record")
Convert = Callable[[Any], Any]
Converters = tuple[Convert | None, Convert | None]
Plan = tuple[tuple[str, Any, Convert | None, Convert | None], ...]
_PLANS: dict[type, Plan] = {}
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


def storable(text: str) -> str:
    """The same text with every lone surrogate replaced by U+FFFD, one for one."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return _SURROGATE.sub("\ufffd", text)
    return text


def dumps(value: object) -> str:
    """Compact JSON that SQLite can store."""
    return storable(_dump(value))


def loads(text: str) -> Any:
    return json.loads(text)


def encode(record: Any) -> dict[str, Any]:
    """The fields of a record that differ from their defaults, as JSON values."""
    found = {}
    for name, default, write, _ in _plan(type(record)):
        value = getattr(record, name)
        if value != default:
            found[name] = value if write is None else write(value)
    return found


def decode(kind: type[Record], values: Mapping[str, Any]) -> Record:
    """The record again. Unknown names are left out: a later version may have written them."""
    found = {}
    for name, _, _, read in _plan(kind):
        if name in values:
            value = values[name]
            found[name] = value if read is None else read(value)
    return kind(**found)


def _plan(kind: type) -> Plan:
    known = _PLANS.get(kind)
    if known is None:
        known = _PLANS[kind] = _planned(kind)
    return known


def _planned(kind: type) -> Plan:
    """For each field its name, default, and how it is written and read."""
    hints = get_type_hints(kind)
    plan = []
    for f in fields(kind):
        default = f.default_factory() if f.default_factory is not MISSING else f.default
        write, read = _converters(hints[f.name])
        plan.append((f.name, default, write, read))
    return tuple(plan)


def _converters(hint: Any) -> Converters:
    """How a value of this type is written and read; None means as it is."""
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is Literal:
        return None, None
    if hint in _SIMPLE:
        return _SIMPLE[hint]
    if is_dataclass(hint) and isinstance(hint, type):
        return encode, lambda value: decode(hint, value)
    if origin in {Union, types.UnionType}:
        return _optional(next(a for a in arguments if a is not type(None)))
    if origin is tuple:
        return _sequence(arguments[0])
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return dict, dict
    raise TypeError(f"the store has no way to write {hint}; add one to store/codec.py")


def _span(value: list[int]) -> Span:
    return Span(value[0], value[1])


def _bytes(value: str | bytes) -> bytes:
    return value if isinstance(value, bytes) else bytes.fromhex(value)


_SIMPLE: dict[Any, Converters] = {
    **dict.fromkeys((str, int, float, bool), (None, None)),
    datetime: (to_ticks, from_ticks),
    Span: (list, _span),
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
    return (lambda values: [write(v) for v in values]), (lambda values: tuple(read(v) for v in values))
