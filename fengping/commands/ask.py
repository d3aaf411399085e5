"""`query`: mentions, counts, facets and series for any query."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Annotated, Protocol, get_args

import typer
from rich.console import Console
from rich.table import Table

from core.errors import Busy, InputError, Unreachable
from core.interfaces import Facet, Index, Interval, Series, Understood
from core.tree import FACET_FIELDS, Node
from fengping import jsonform
from fengping.assembly import Assembly, opened
from fengping.rereading import note_view
from fengping.terminal import HomeOption, JsonOption, figures, put, say

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
    if sum(map(bool, (count, facet, series))) > 1:
        raise InputError("give one of --count, --facet and --series: each is an answer of its own.")
    asked = _Asked(text, count, facet, series, split, limit, json)
    with opened(home) as assembly:
        if at is not None:
            _answer_then(assembly, asked, counted, at)
            return
        with assembly.index() as index:
            tree = assembly.parse(text, index)
            warn_of_lost(assembly, index)
            note = {"generation": index.generation()}
            _answer(asked, _counted(tree) if counted else tree, index, assembly.store, assembly.project.timezone, note)
            _remember(assembly, tree)


def _answer_then(assembly: Assembly, asked: _Asked, counted: bool, at: int) -> None:
    from fengping.past import past, question

    with past(assembly.store, at) as then:
        tree, zone = question(assembly, asked.query, then)
        note = {"generation": at, "removed_since": then.removed}
        _answer(asked, _counted(tree) if counted else tree, then.index, then, zone, note)


def _remember(assembly: Assembly, tree: Node) -> None:
    """A new model reads first what people asked for last. A store that others write is no reason to fail."""
    with suppress(Busy, Unreachable):
        note_view(assembly, tree)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is to be printed of what a query matches."""

    query: str
    count: bool
    facet: str
    series: str
    split: str
    limit: int
    as_json: bool


class _States(Protocol):
    """Where mentions with their readings come from: the Store, or the past."""

    def understood(self, ids: Sequence[str]) -> list[Understood]: ...


def _answer(asked: _Asked, tree: Node, index: Index, states: _States, zone: str, note: dict[str, int]) -> None:
    if asked.count:
        counted = index.count(tree)
        rows = [("mentions", counted), *((name.replace("_", " "), n) for name, n in note.items())]
        figures({"count": counted, "query": asked.query, **note}, rows, asked.as_json)
    elif asked.facet:
        _facets(index.facets(tree, _known(asked.facet), asked.limit or 1_000_000), asked.facet, asked.as_json, note)
    elif asked.series:
        split = _known(asked.split) if asked.split else None
        _series(index.series(tree, _interval(asked.series), zone, split), asked.as_json, note)
    else:
        _mentions(found(index, states, tree, asked.limit), asked.as_json)


def warn_of_lost(assembly: Assembly, index: Index) -> None:
    """An index that was deleted or put back from a backup answers less than the store holds: that must not pass."""
    held, counted = index.generation(), assembly.store.generation()
    if held < counted:
        say(f"the index holds generation {held} of {counted}: answers lack mentions. `fengping index` builds it anew.")


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


def found(index: Index, states: _States, tree: Node, limit: int) -> Iterator[Understood]:
    """Matches, newest first, with their readings, a page at a time."""
    cursor, left = "", limit
    while left > 0:
        page = index.search(tree, "newest", cursor, min(left, PAGE))
        yield from states.understood([h.document.id for h in page.hits])
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


def _facets(found: tuple[Facet, ...], field: str, as_json: bool, note: dict[str, int]) -> None:
    form = {"field": field, "facets": [{"key": f.key, "count": f.count} for f in found], **note}
    figures(form, [(f.key or "—", f.count) for f in found], as_json)


def _series(found: Series, as_json: bool, note: dict[str, int]) -> None:
    points = [
        {"start": start.isoformat(), "count": n, **({"group": group} if group else {})}
        for group, counts in found.counts.items()
        for start, n in zip(found.starts, counts, strict=True)
    ]
    form = {"interval": found.interval, "timezone": found.timezone, "points": points, "undated": found.undated}
    form |= note
    figures(
        form,
        [(f"{p['start']} {p.get('group', '')}", p["count"]) for p in points] + [("undated", found.undated)],
        as_json,
    )
