"""How records look as JSON on the command line: the fixed forms that others build on."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

from core.interfaces import Understood
from core.models import SourceHealth

Json = str | int | float | bool | None | Sequence["Json"] | Mapping[str, "Json"]


def jsonable(value: object) -> Json:
    """Dataclasses become objects, times ISO 8601, paths strings, spans [start, end]; bytes (vectors) are left out."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = dataclasses.fields(value)
        return {
            f.name: jsonable(getattr(value, f.name)) for f in fields if not isinstance(getattr(value, f.name), bytes)
        }
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Path):
        return str(value)
    if isinstance(value, Mapping):
        return {str(k): jsonable(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [jsonable(v) for v in value]
    return value  # type: ignore[return-value]


def line(value: object) -> str:
    """One line of JSON; lone surrogates are escaped so that any terminal and file takes it."""
    text = json.dumps(jsonable(value), ensure_ascii=False)
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def understood(item: Understood) -> Json:
    """A mention with its reading and relation, as `fengping query --json` prints it."""
    mention = jsonable(item.mention)
    assert isinstance(mention, dict)
    return {**mention, "reading": jsonable(item.reading), "relation": jsonable(item.relation)}


def health(rows: Sequence[SourceHealth], stored: int | None = None) -> dict[str, Json]:
    """The hours of one source, added up."""
    newest = [r.newest for r in rows if r.newest is not None]
    notes = sorted({n for r in rows for n in r.notes})
    names = ("asked", "answered", "refused", "failed", "items", "incomplete")
    sums = {name: sum(getattr(r, name) for r in rows) for name in names}
    last = max((r.hour for r in rows), default=None)
    form: dict[str, Json] = {
        **sums,
        "newest": jsonable(max(newest, default=None)),
        "last_hour": jsonable(last),
        "notes": notes,
    }
    return form if stored is None else {**form, "mentions": stored}
