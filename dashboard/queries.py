"""All reads of the pages: trees from filters, and the quotes behind a figure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from alerts.questions import ALL, between, question
from alerts.rules import load_rules
from core.errors import ConfigError, QueryError
from core.interfaces import Hits, Series, Sort
from core.models import PROMOTED, Incident, SearchDocument, SourceHealth, Span
from core.tree import Node, Not, Range, SameOpinion, Term, both
from dashboard.context import Context
from dashboard.filters import before, conditions
from dashboard.quotes import opinion_spans
from index.measures import population

LATELY = timedelta(days=3)


def chosen(context: Context) -> Node:
    """Sources, period and the paid-praise switch of the sidebar; brand and population are the measures' own."""
    filters = context.filters
    return both(conditions(filters.sources, filters.start, filters.end), _promotion(context))


def period_before(context: Context) -> Node | None:
    """The same choice over the stretch of the same length just before; None for all time."""
    start, end = before(context.filters)
    if start is None:
        return None
    return both(conditions(context.filters.sources, start, end), _promotion(context))


def all_time(context: Context) -> Node:
    """The same choice without its period."""
    return both(conditions(context.filters.sources, None, None), _promotion(context))


def _promotion(context: Context) -> Node:
    return both() if context.filters.promoted else Not(Range("promotion", PROMOTED, None))


def about_brand(context: Context, brand: str) -> Node:
    """The counted mentions of the choice about a brand."""
    filters = context.filters
    tree = both(chosen(context), Term("brand", brand)) if brand else chosen(context)
    return population(tree, filters.duplicates, filters.irrelevant)


def complaints_of(context: Context, brand: str, attribute: str, phrase: str = "") -> Node:
    """Counted mentions with a negative opinion on an attribute of a brand, in a phrase where one is named."""
    return both(about_brand(context, brand), SameOpinion(brand, attribute, "negative", phrase))


def phrases_of(context: Context, brand: str, attribute: str, n: int) -> list[tuple[str, int]]:
    """What people say of an attribute: negative phrases with how many counted mentions carry each, most first."""
    wanted = SameOpinion(brand, attribute, "negative")
    found = context.index.phrases(complaints_of(context, brand, attribute), wanted, n)
    return [(f.key, f.count) for f in found]


def quoted(hits: Hits, brand: str, attribute: str, polarity: str) -> list[tuple[SearchDocument, list[Span]]]:
    """Found documents with the sentences that carry the opinion."""
    return [(h.document, opinion_spans(h.document, brand, attribute, polarity)) for h in hits.hits]


def page_of(context: Context, tree: Node, sort: Sort, after: str, n: int) -> Hits:
    return context.index.search(tree, sort, after, n)


def counted_around(context: Context, incident: Incident, margin: timedelta) -> Series:
    """What the incident counts, a day, from before its start to after its end: complaint, rumour or praise."""
    during = between(incident.started_at - margin, incident.last_seen_at + margin)
    narrowed = _narrowed(context, incident.rule)
    asked = both(question(incident.kind, incident.brand, incident.attribute, narrowed), during)
    return context.index.series(asked, "day", context.project.timezone)


def _narrowed(context: Context, name: str) -> Node:
    """The query of the rule with this name; everything where the rule is gone, or is not understood any more."""
    try:
        query = next((r.query for r in load_rules(context.home.rules) if r.name == name), "")
        return context.parse(query) if query else ALL
    except (ConfigError, QueryError):
        return ALL


def health(context: Context) -> list[SourceHealth]:
    """Health rows of the chosen sources."""
    rows = context.hours.rows(context.store, context.clock())
    wanted = context.filters.sources
    return [r for r in rows if not wanted or r.source in wanted]


def troubled(context: Context) -> list[str]:
    """Chosen sources that failed a whole hour lately, or have been silent longer than they may."""
    now, rows = context.clock(), health(context)
    patience = {s.name: timedelta(hours=s.silent_after_hours) for s in context.project.sources}
    newest: dict[str, datetime] = {}
    for row in rows:
        if row.newest is not None:
            newest[row.source] = max(row.newest, newest.get(row.source, row.newest))
    silent = {s for s, at in newest.items() if s in patience and now - at > patience[s]}
    failed = {r.source for r in rows if r.failed and not r.answered and now - r.hour < LATELY}
    return sorted(silent | failed)


def brands(context: Context) -> Sequence[str]:
    """Configured brands, own ones first."""
    return [b.name for b in sorted(context.project.brands, key=lambda b: not b.own)]
