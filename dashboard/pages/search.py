"""Search: the query language over everything collected, with the words marked."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from typing import TypeVar

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.errors import QueryError
from core.interfaces import Sort
from core.tree import Everything, Node, Term, both
from dashboard import queries
from dashboard.address import keep, take, take_switch, take_text
from dashboard.context import Context
from dashboard.empty import explain_nothing
from dashboard.markup import plain
from dashboard.quotes import card, show
from dashboard.table import Column, Row, table
from dashboard.viewed import note
from index.highlight import spans
from index.measures import population

SORTS: tuple[Sort, ...] = ("newest", "oldest", "engagement", "rating_low", "rating_high", "relevance")
FIELDS = ("attribute", "polarity", "phrase", "brand", "product", "source", "kind", "stars", "intent", "topic")
PAGE, FACETS = 20, 15
Key = TypeVar("Key", bound=str)


def draw(context: Context) -> None:
    say = context.words
    if explain_nothing(context, Everything()):
        return
    take_text("q")
    typed = st.text_input(say("search.box"), key="q", placeholder=say("search.placeholder"))
    keep("q", typed, "")
    st.caption(say("search.help"))
    left, middle, right = st.columns([2, 2, 3], vertical_alignment="bottom")
    sort = _chosen(left, "sort", SORTS, say("search.sort"), lambda s: say(f"search.{s}"))
    field = _chosen(middle, "by", FIELDS, say("search.by"), lambda f: say(f"field.{f}"))
    take_switch("whole", False)
    whole = right.toggle(say("search.whole"), key="whole")
    keep("whole", whole, False)
    tree = _tree(context, typed, whole)
    if tree is not None:
        note(context, tree)
        _results(context, typed, tree, sort, field, _within(context, typed, whole))


def _chosen(cell: DeltaGenerator, key: str, options: tuple[Key, ...], title: str, name: Callable[[str], str]) -> Key:
    take(key, options, options[0])
    chosen: Key = cell.selectbox(title, options, format_func=name, key=key)
    keep(key, chosen, options[0])
    return chosen


def _tree(context: Context, typed: str, whole: bool) -> Node | None:
    """The query within the filters; None, with the place and a suggestion, where it is wrong."""
    say = context.words
    try:
        asked = context.parse(typed or "*")
    except QueryError as error:
        st.error(f"{plain(str(error))} {say('search.at', position=error.position + 1)}")
        st.code(f"{typed}\n{' ' * error.position}^", language=None)
        if error.suggestion:
            st.markdown(say("search.suggestion", suggestion=plain(error.suggestion)))
        return None
    if whole:
        return asked
    filters = context.filters
    brand = Everything() if not filters.brand or "brand:" in typed else Term("brand", filters.brand)
    return population(both(asked, brand, queries.chosen(context)), filters.duplicates, filters.irrelevant)


def _within(context: Context, typed: str, whole: bool) -> str:
    """Which filters the number found stands under, said beside it."""
    say, filters = context.words, context.filters
    if whole:
        return say("search.within_all")
    parts = [] if not filters.brand or "brand:" in typed else [filters.brand]
    parts += [say(f"period.{filters.period}"), ", ".join(filters.sources) or say("filter.all_sources")]
    return say("search.within", filters=" · ".join(parts))


def _results(context: Context, typed: str, tree: Node, sort: Sort, field: str, within: str) -> None:
    say = context.words
    place = f"cursor-{typed}-{sort}-{hash(tree)}"
    cursor = st.session_state.get(place, "")
    hits = queries.page_of(context, tree, sort, cursor, PAGE)
    st.markdown(f"**{say('search.found', n=f'{hits.total:,}')}** · {within}")
    if not hits.total:
        st.info(say("search.nothing"))
        return
    left, right = st.columns([3, 1], gap="large")
    with left:
        show(card(h.document, context, spans(h.document.text, tree)) for h in hits.hits)
        _paging(context, place, cursor, hits.next)
    with right:
        _facets(context, tree, field)
        st.caption(say("search.export"))
        query = shlex.quote(typed or "*")
        st.code(
            f"fengping export {query} --out mentions.xlsx --home {shlex.quote(str(context.home.path))}",
            language="bash",
            wrap_lines=True,
        )


def _paging(context: Context, place: str, cursor: str, following: str) -> None:
    back, on = st.columns(2)
    if cursor and back.button(context.words("search.first")):
        st.session_state[place] = ""
        st.rerun()
    if following and on.button(context.words("search.more")):
        st.session_state[place] = following
        st.rerun()


def _facets(context: Context, tree: Node, field: str) -> None:
    say = context.words
    found = context.index.facets(tree, field, FACETS)
    if not found:
        st.caption(say("search.no_facets", field=say(f"field.{field}")))
        return
    columns = [Column(say(f"field.{field}"), figure=False), Column(say("chart.n"))]
    table(columns, [Row([_name(context, field, f.key), f"{f.count:,}"]) for f in found])


def _name(context: Context, field: str, key: str) -> str:
    """A facet's key in the reader's language."""
    if not key:
        return "—"
    if field in {"attribute", "topic"}:
        return context.attribute_in_full(key)
    if field == "stars":
        return context.words("quote.stars", n=key)
    return context.words.or_plain(f"{field}.{key}", key)
