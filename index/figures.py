"""What a measure answers: a value with its denominator, interval, the query behind it, or why it says nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol, runtime_checkable

from core.interfaces import Facet, Interval, Series, Sums, Table
from core.models import PROMOTED, RELEVANT
from core.tree import Node, Not, Range, Term, both

FEWEST = 30
"""Below so many mentions a rate is shown grey, with its interval."""
FEW = "few"
"""The reason of a figure that rests on fewer than FEWEST mentions: value and interval are there, but grey."""


class Counts(Protocol):
    """What measures ask of an index: satisfied by every Index and by `index.scoped.Scoped`."""

    def count(self, tree: Node) -> int: ...

    def facets(self, tree: Node, field: str, n: int = 20, prefix: str = "") -> tuple[Facet, ...]: ...

    def series(
        self,
        tree: Node,
        interval: Interval,
        timezone: str,
        split: str | None = None,
        time: Literal["published", "collected"] = "published",
        until: datetime | None = None,
        prefix: str = "",
    ) -> Series: ...

    def table(self, tree: Node, rows: str, columns: str, n: int = 50) -> Table: ...

    def sums(self, tree: Node, fields: Sequence[str]) -> Sums: ...


@runtime_checkable
class Gated(Protocol):
    """An index that leaves out what is too little: asked for the parts of a figure, it must judge the whole."""

    def within(self, of: Node) -> Counts: ...


def parts(index: Counts, of: Node) -> Counts:
    """What the parts of a figure whose mentions are `of` are counted by: one population for all of them."""
    return index.within(of) if isinstance(index, Gated) else index


@dataclass(frozen=True, slots=True)
class Figure:
    """A number. `value` None: it says nothing, and `reason` says why. `low`, `high`: 95 % interval where there is one.

    `n` is the denominator, `query` the tree whose mentions stand behind the value.
    """

    value: float | None
    n: int
    query: Node
    low: float | None = None
    high: float | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Rate:
    """count / n with its interval (Wilson's). `query` finds the counted mentions, `of` the denominator's.

    `reason` is FEW below FEWEST mentions, "empty" where n is 0 (then `value` is None). With `labels` (how many labelled
    mentions) the interval is prediction-powered, and lies around `estimate`: the rate, put right by them.
    """

    value: float | None
    count: int
    n: int
    query: Node
    of: Node
    low: float | None = None
    high: float | None = None
    reason: str = ""
    estimate: float | None = None
    labels: int = 0


def population(tree: Node, duplicates: bool = False, irrelevant: bool = False, promoted: bool = True) -> Node:
    """What measures count of a query: relevant mentions, duplicates folded. The switches let the others in.

    `promoted=False` leaves mentions over the promotion threshold out.
    """
    parts: list[Node] = [tree]
    if not irrelevant:
        parts.append(Range("relevance", RELEVANT, None))
    if not duplicates:
        parts.append(Term("duplicate", "no"))
    if not promoted:
        parts.append(Not(Range("promotion", PROMOTED, None)))
    return both(*parts)
