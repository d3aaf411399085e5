"""The state of a home in figures: the fixed form of `fengping status --json`."""

from __future__ import annotations

from typing import TypedDict

from core.interfaces import Store
from fengping.jsonform import Json, health


class Status(TypedDict):
    """`{"mentions": …, "sources": {name: health}, "incidents": n, "generation": n, "index": trouble}`

    `index` is "" where the index can be asked, else what is wrong with it.
    """

    mentions: dict[str, int]
    sources: dict[str, dict[str, Json]]
    incidents: int
    open_incidents: int
    generation: int
    index: str


def status_of(store: Store, index: str = "") -> Status:
    """Counts of the stages, health by source (all hours added up), incidents, generation."""
    totals, counts, rows = store.totals(), store.source_counts(), store.health()
    names = sorted({*counts, *(r.source for r in rows)})
    incidents = store.incidents()
    return {
        "mentions": {"total": totals.total, "read": totals.read, "related": totals.related, "indexed": totals.indexed},
        "sources": {n: health([r for r in rows if r.source == n], counts.get(n, 0)) for n in names},
        "incidents": len(incidents),
        "open_incidents": sum(i.status != "closed" for i in incidents),
        "generation": store.generation(),
        "index": index,
    }
