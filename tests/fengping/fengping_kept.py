"""Answers to a few questions about a home: what every later version must go on giving for a home that was kept."""

from __future__ import annotations

from collections.abc import Sequence

from core.interfaces import Index
from core.tree import Node
from fengping.assembly import Assembly
from fengping.jsonform import Json
from fengping.status import status_of

KEPT_QUESTIONS = (
    "*",
    "brand:星禾",
    "polarity:negative",
    "attribute:battery polarity:negative",
    '"充电慢"',
    "source:forum",
    "rating:[* TO 2]",
    "date:[2026-11-02 TO 2026-11-03]",
    "opinion:(brand:星禾 attribute:battery polarity:negative)",
)


def figures_of(assembly: Assembly, questions: Sequence[str]) -> dict[str, Json]:
    """Totals of the stages, what each question finds, and how everything is spread over attributes and days."""
    with assembly.index() as index:
        everything = assembly.parse("*", index)
        series = index.series(everything, "day", assembly.project.timezone)
        spread = {start.date().isoformat(): n for counts in series.counts.values()
                  for start, n in zip(series.starts, counts, strict=True) if n}  # fmt: skip
        return {
            "mentions": status_of(assembly.store)["mentions"],
            "found": {q: _found(index, assembly.parse(q, index)) for q in questions},
            "attributes": {facet.key: facet.count for facet in index.facets(everything, "attribute", 500)},
            "polarities": {facet.key: facet.count for facet in index.facets(everything, "polarity", 10)},
            "days": spread,
            "undated": series.undated,
        }  # fmt: skip


def _found(index: Index, tree: Node) -> list[str]:
    return sorted(hit.document.id for hit in index.search(tree, "newest", "", 500).hits)
