"""Which mentions a new model reads first: those of the queries that people looked at last."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from core.errors import FengpingError, InputError
from core.interfaces import Index
from core.tree import Node
from core.tree_json import tree_from_json, tree_to_json
from fengping.assembly import Assembly

VIEWS = 20
"""So many of the latest queries are put ahead."""
OF_EACH = 5000
"""So many mentions of each, the newest first: what a page shows, and what its figures of lately rest on."""
PAGE = 500
_ORDERED = "ahead:views"


def note_view(assembly: Assembly, tree: Node) -> None:
    """Remembers that a query was asked just now."""
    assembly.store.note_view(tree_to_json(tree))


def put_viewed_first(assembly: Assembly) -> int:
    """Puts mentions of the latest queries ahead of the others that wait to be read again; returns how many wait so.

    Does nothing where no other query was looked at since the last time. Without an index there is no order.
    """
    store = assembly.store
    views = store.views(VIEWS)
    mark = hashlib.sha256("\n".join((store.setting("version:model"), *views)).encode()).hexdigest()[:12]
    if not views or store.setting(_ORDERED) == mark or not store.waiting("read"):
        return 0
    try:
        with assembly.index() as index:
            wanted = dict.fromkeys(i for view in views for i in _found(index, view))
    except FengpingError:
        return 0
    store.set_setting(_ORDERED, mark)
    return store.put_ahead(tuple(wanted))


def _found(index: Index, view: str) -> Iterator[str]:
    """Ids of a query's newest mentions; none of one that an earlier version wrote otherwise."""
    try:
        tree = tree_from_json(view)
    except InputError:
        return
    cursor, left = "", OF_EACH
    while left > 0:
        page = index.search(tree, "newest", cursor, min(left, PAGE))
        yield from (hit.document.id for hit in page.hits)
        left -= len(page.hits)
        cursor = page.next
        if not cursor:
            return
