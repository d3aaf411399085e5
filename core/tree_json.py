"""A query's tree as JSON and back: what is stored of a query keeps no name that its author's digest stands for."""

from __future__ import annotations

import json
from dataclasses import fields
from datetime import datetime
from typing import Any, cast

from core.errors import InputError
from core.tree import And, Everything, Near, Node, Not, Or, Phrase, Range, SameOpinion, Term, Word

_KINDS: dict[str, type] = {
    kind.__name__: kind for kind in (Everything, Word, Phrase, Near, Term, Range, SameOpinion, And, Or, Not)
}
_KIND, _TIME = "is", "at"


def tree_to_json(tree: Node) -> str:
    """Equal trees give equal text."""
    return json.dumps(_plain(tree), ensure_ascii=False, separators=(",", ":"))


def tree_from_json(text: str) -> Node:
    """The tree again. Raises InputError for text that no tree was written as."""
    try:
        tree = _whole(json.loads(text))
    except (ValueError, TypeError, KeyError) as error:
        raise InputError(f"{text[:80]!r} is no query as it was stored ({error}).") from error
    if type(tree) not in _KINDS.values():
        raise InputError(f"{text[:80]!r} is no query as it was stored.")
    return cast(Node, tree)


def _plain(value: object) -> object:
    if type(value) in _KINDS.values():
        return {
            _KIND: type(value).__name__,
            **{f.name: _plain(getattr(value, f.name)) for f in fields(cast(Any, value))},
        }
    if isinstance(value, tuple):
        return [_plain(part) for part in value]
    return {_TIME: value.isoformat()} if isinstance(value, datetime) else value


def _whole(value: object) -> object:
    if isinstance(value, list):
        return tuple(_whole(part) for part in value)
    if not isinstance(value, dict):
        return value
    if _TIME in value:
        return datetime.fromisoformat(value[_TIME])
    parts = {name: _whole(part) for name, part in value.items() if name != _KIND}
    return _KINDS[value[_KIND]](**parts)
