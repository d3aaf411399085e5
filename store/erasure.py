"""Erasing from everywhere: store, index, raw pages and exports, safe against being stopped half-way.

The store removes and remembers what the others have still to remove, in one transaction. `complete` does that and
may be called at any time: every start of the program should.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Protocol

from core.interfaces import RawPages, Store
from core.models import Receipt
from store.exports import holding


class Deletes(Protocol):
    """What is needed of an index."""

    def delete(self, ids: Sequence[str]) -> None: ...

    def compact(self) -> None: ...


def erase(
    store: Store,
    raw: RawPages,
    index: Deletes,
    exports: Path,
    *,
    author: str = "",
    mention: str = "",
    before: datetime | None = None,
    dry_run: bool = False,
) -> Receipt:
    """Erases what the one given selector names (`author` is a digest) and returns the kept receipt.

    A dry run counts and changes nothing. Raises InputError unless exactly one selector is given.
    """
    receipt, ids = store.erase(author=author, mention=mention, before=before, dry_run=dry_run)
    files = holding(exports, ids)
    receipt = replace(receipt, counts={**receipt.counts, "exports": len(files)})
    if not dry_run:
        complete(store, raw, index, exports)
        store.save_receipt(receipt)
    return receipt


def complete(store: Store, raw: RawPages, index: Deletes, exports: Path) -> int:
    """Removes from index, raw pages and exports whatever an erasure left there; returns how many mentions it was."""
    ids, raws = store.erasures_pending()
    if ids:
        index.delete(ids)
        # Deleting only hides: texts, phrases and authors stay in the index's files until they are written anew.
        index.compact()
    for file in holding(exports, ids):
        file.unlink(missing_ok=True)
    if raws:
        raw.delete(raws)
    if ids or raws:
        store.erasure_done(ids, raws)
    return len(ids)
