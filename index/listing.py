"""Lists of documents in order, page by page: what follows a cursor, never an offset."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import tantivy

from core.errors import QueryError
from core.interfaces import Hit, Hits, Sort
from core.models import SearchDocument
from core.tree import Node
from index.fulltext import Rows, either
from index.order import SORTS, id_key
from index.reading import View
from index.snapshot import Mask
from index.stored import from_bytes

LARGEST_PAGE = 10_000
_MARK = ":"


def listed(view: View, tree: Node, sort: Sort, after: str, n: int) -> Hits:
    """A page of matches. A cursor is the place of a hit: its sort key and its id."""
    if sort not in (*SORTS, "relevance"):
        raise QueryError(f"{sort!r} is no order; there are {', '.join((*SORTS, 'relevance'))}.")
    if not 0 <= n <= LARGEST_PAGE:
        raise QueryError(f"a page has 0 to {LARGEST_PAGE} mentions, not {n}.")
    mask = view.evaluator.matching(tree)
    total = int(np.count_nonzero(mask))
    scoring = view.evaluator.scoring(tree) if sort == "relevance" else []
    if scoring:
        return _relevant(view, either(scoring), mask, total, after, n)
    return _sorted(view, np.flatnonzero(mask), "newest" if sort == "relevance" else sort, total, after, n)


def by_id(view: View, tree: Node, batch: int) -> Iterator[SearchDocument]:
    """Every match in order of id, as the index stood when the first was asked for."""
    rows = np.flatnonzero(view.evaluator.matching(tree))
    keys = view.columns.column("id_key")[rows]
    order = np.argsort(keys, kind="stable")
    rows, keys = rows[order], keys[order]
    start = 0
    while start < len(rows):
        end = int(np.searchsorted(keys, keys[min(start + max(batch, 1), len(rows)) - 1], side="right"))
        stored = view.text.stored(rows[start:end].tolist())
        yield from sorted(map(from_bytes, stored.values()), key=lambda document: document.id)
        start = end


def _sorted(view: View, rows: Rows, sort: Sort, total: int, after: str, n: int) -> Hits:
    keys = view.columns.column(f"sort.{sort}")[rows]
    low = _cursor(after)
    if low is not None:
        kept = keys >= np.uint64(low[0])
        rows, keys = rows[kept], keys[kept]
    wanted = n + 2
    while True:
        chosen, complete = _smallest(rows, keys, wanted)
        stored = view.text.stored(rows[chosen].tolist())
        found = [(int(keys[k]), from_bytes(stored[int(rows[k])])) for k in chosen]
        places = sorted(found, key=lambda p: (p[0], p[1].id))
        following = [p for p in places if low is None or (p[0], p[1].id) > low]
        if complete or len(following) > n:
            break
        wanted *= 4
    hits = tuple(Hit(document, f"{key}{_MARK}{document.id}") for key, document in following[:n])
    return Hits(total, hits, hits[-1].cursor if hits and len(following) > n else "")


def _smallest(rows: Rows, keys: Rows, wanted: int) -> tuple[Rows, bool]:
    """Places of at least the `wanted` smallest keys, with all equal to the last; and whether that is all of them."""
    if wanted >= len(rows):
        return np.arange(len(rows)), True
    last = np.partition(keys, wanted - 1)[wanted - 1]
    return np.flatnonzero(keys <= last), False


def _relevant(view: View, query: tantivy.Query, mask: Mask, total: int, after: str, n: int) -> Hits:
    """Best score first, matches without a score last. A page is complete when all scored like its last were seen."""
    limit, low = max(4 * n, 100), _score_cursor(after)
    while True:
        found = view.text.scored(query, limit)
        complete = len(found) < limit
        least = float("-inf") if complete else found[-1][0]
        kept = [(-s, row) for s, row in found if row < len(mask) and mask[row] and s > least]
        following = _following(view, kept, low, n)
        if complete or len(following) > n:
            break
        limit *= 4
    if len(following) <= n:
        scored = np.array([row for _, row in found if row < len(mask)], dtype=np.int64)
        rest = mask.copy()
        rest[scored] = False
        following += _unscored(view, np.flatnonzero(rest), low, n)
    hits = tuple(Hit(document, f"{-score!r}{_MARK}{document.id}") for score, document in following[:n])
    return Hits(total, hits, hits[-1].cursor if hits and len(following) > n else "")


def _following(
    view: View, kept: list[tuple[float, int]], low: tuple[float, str] | None, n: int
) -> list[tuple[float, SearchDocument]]:
    """At least the n + 1 best after a cursor, where there are so many; equal scores by id."""
    if low is not None:
        kept = [place for place in kept if place[0] >= low[0]]
    kept.sort()
    again = sum(place[0] == low[0] for place in kept) if low is not None else 0
    if len(kept) > n + again + 1:
        last = kept[n + again][0]
        kept = [place for place in kept if place[0] <= last]
    stored = view.text.stored(row for _, row in kept)
    places = sorted(((score, from_bytes(stored[row])) for score, row in kept), key=lambda p: (p[0], p[1].id))
    return [p for p in places if low is None or (p[0], p[1].id) > low]


def _unscored(view: View, rows: Rows, low: tuple[float, str] | None, n: int) -> list[tuple[float, SearchDocument]]:
    """The n + 1 next matches that no word of the query stands in, by id."""
    keys = view.columns.column("id_key")[rows]
    passed = "" if low is None or low[0] < 0 else low[1]
    kept = keys >= id_key(passed)
    rows, keys = rows[kept], keys[kept]
    chosen, _ = _smallest(rows, keys, n + 2 + int(np.count_nonzero(keys == id_key(passed))))
    documents = sorted(map(from_bytes, view.text.stored(rows[chosen].tolist()).values()), key=lambda d: d.id)
    return [(0.0, document) for document in documents if document.id > passed]


def _cursor(after: str) -> tuple[int, str] | None:
    if not after:
        return None
    key, mark, identity = after.partition(_MARK)
    if not mark or not key.isdecimal() or int(key) >= 1 << 64:
        raise QueryError(f"{after!r} is no cursor; pass the `next` of the page before.")
    return int(key), identity


def _score_cursor(after: str) -> tuple[float, str] | None:
    if not after:
        return None
    score, _, identity = after.partition(_MARK)
    try:
        return -float(score), identity
    except ValueError as error:
        raise QueryError(f"{after!r} is no cursor of this order; pass the `next` of the page before.") from error
