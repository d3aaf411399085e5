"""`query`: mentions, counts, facets and series for any query."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Annotated, get_args

import typer
from rich.console import Console
from rich.table import Table

from core.errors import InputError
from core.interfaces import Facet, Index, Interval, Series, Store, Understood
from core.tree import FACET_FIELDS, Node
from fengping import jsonform
from fengping.assembly import Assembly, opened
from fengping.terminal import HomeOption, JsonOption, figures, put

PAGE = 500


def register(app: typer.Typer) -> None:
    app.command()(query)


def query(
    text: Annotated[str, typer.Argument(help="A query; '*' is everything.", metavar="QUERY")],
    home: HomeOption = None,
    json: JsonOption = False,
    limit: Annotated[int, typer.Option(help="The most mentions to print.", min=0)] = 20,
    count: Annotated[bool, typer.Option("--count", help="Print only how many match.")] = False,
    facet: Annotated[str, typer.Option(help="Count by this field.", metavar="FIELD")] = "",
    series: Annotated[str, typer.Option(help="Count by 15m, hour, day, week or month.", metavar="INTERVAL")] = "",
    split: Annotated[str, typer.Option(help="With --series: a line for each value of this field.")] = "",
    counted: Annotated[
        bool, typer.Option("--counted", help="Only what measures count: relevant, duplicates folded.")
    ] = False,
    at: Annotated[int | None, typer.Option(help="As of this generation: the old number again.")] = None,
) -> None:
    """Ask for mentions, or count them. Without --counted, duplicates and irrelevant mentions are among them."""
    with opened(home) as assembly, assembly.index() as index:
        tree = assembly.parse(text, index)
        tree = _counted(tree) if counted else tree
        if at is not None:
            _at(assembly, text, tree, at, json, limit)
        elif count:
            note = {"count": index.count(tree), "query": text, "generation": index.generation()}
            figures(note, [("mentions", note["count"]), ("generation", note["generation"])], json)
        elif facet:
            _facets(index.facets(tree, _known(facet), limit or 1_000_000), facet, json)
        elif series:
            _series(
                index.series(tree, _interval(series), assembly.project.timezone, _known(split) if split else None), json
            )
        else:
            _mentions(found(index, assembly.store, tree, limit), json)


def _counted(tree: Node) -> Node:
    """What measures count; imported only here, for their statistics take longer to load than most questions."""
    from index.measures import population

    return population(tree)


def _known(field: str) -> str:
    if field not in FACET_FIELDS:
        raise InputError(f"nothing can be counted by {field!r}; there are: {', '.join(FACET_FIELDS)}.")
    return field


def _interval(written: str) -> Interval:
    for known in get_args(Interval):
        if written == known:
            return known  # type: ignore[no-any-return]
    raise InputError(f"{written!r} is no interval; there are: {', '.join(get_args(Interval))}.")


def found(index: Index, store: Store, tree: Node, limit: int) -> Iterator[Understood]:
    """Matches, newest first, with their readings, a page at a time."""
    cursor, left = "", limit
    while left > 0:
        page = index.search(tree, "newest", cursor, min(left, PAGE))
        yield from store.understood([h.document.id for h in page.hits])
        left -= len(page.hits)
        cursor = page.next
        if not cursor:
            return


def _mentions(items: Iterator[Understood], as_json: bool) -> None:
    if as_json:
        for item in items:
            put(jsonform.line(jsonform.understood(item)))
        return
    table = Table("time", "source", "polarity", "text")
    for item in items:
        when = item.mention.published_at
        polarity = item.reading.polarity if item.reading else ""
        table.add_row(
            when.strftime("%Y-%m-%d %H:%M") if when else "undated",
            item.mention.source,
            polarity,
            item.mention.text[:80],
        )
    Console(highlight=False, markup=False).print(table)


def _facets(found: tuple[Facet, ...], field: str, as_json: bool) -> None:
    form = {"field": field, "facets": [{"key": f.key, "count": f.count} for f in found]}
    figures(form, [(f.key or "—", f.count) for f in found], as_json)


def _series(found: Series, as_json: bool) -> None:
    points = [
        {"start": start.isoformat(), "count": n, **({"group": group} if group else {})}
        for group, counts in found.counts.items()
        for start, n in zip(found.starts, counts, strict=True)
    ]
    form = {"interval": found.interval, "timezone": found.timezone, "points": points, "undated": found.undated}
    figures(
        form,
        [(f"{p['start']} {p.get('group', '')}", p["count"]) for p in points] + [("undated", found.undated)],
        as_json,
    )


def _at(assembly: Assembly, text: str, tree: Node, generation: int, as_json: bool, limit: int) -> None:
    from fengping.past import past_matches

    past = past_matches(assembly.store, tree, generation)
    if as_json and limit:
        for item in islice(past.matches, limit):
            put(jsonform.line(jsonform.understood(item)))
    form = {"count": len(past.matches), "query": text, "generation": generation, "removed_since": past.removed}
    figures(form, [("mentions", form["count"]), ("generation", generation), ("removed since", past.removed)], as_json)
