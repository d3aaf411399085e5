"""Language and filters in the sidebar; every choice stands in the address."""

from __future__ import annotations

from datetime import datetime

import streamlit as st

from core.config import Project
from dashboard.filters import PERIODS, Filters, bounds
from dashboard.words import LANGUAGES, Words, words

DEFAULT_PERIOD = "28d"


def choose_language() -> Words:
    """中文 or English, first thing in the sidebar."""
    with st.sidebar:
        chosen = st.segmented_control(
            "语言 Language",
            list(LANGUAGES),
            format_func=LANGUAGES.__getitem__,
            default="zh",
            key="lang",
            bind="query-params",
            required=True,
            label_visibility="collapsed",
        )
    return words(chosen or "zh")


def choose_filters(project: Project, say: Words, now: datetime) -> Filters:
    """Brand, period, sources, and which mentions count."""
    brands = [b.name for b in sorted(project.brands, key=lambda b: not b.own)]
    with st.sidebar:
        brand = _brand(brands, say)
        period = st.selectbox(
            say("filter.period"),
            list(PERIODS),
            index=list(PERIODS).index(DEFAULT_PERIOD),
            format_func=lambda p: say(f"period.{p}"),
            key="period",
            bind="query-params",
        )
        sources = st.multiselect(
            say("filter.sources"),
            [s.name for s in project.sources],
            placeholder=say("filter.all_sources"),
            key="source",
            bind="query-params",
        )
        with st.expander(say("filter.population")):
            duplicates, irrelevant, promoted = (_switch(n, say) for n in ("duplicates", "irrelevant", "promoted"))
            st.caption(say("filter.population_help"))
    start, end = bounds(period, now.astimezone(project.zone()).date(), project.zone())
    return Filters(brand, period, tuple(sources), duplicates, irrelevant, promoted, start, end)


def _brand(brands: list[str], say: Words) -> str:
    if not brands:
        return ""
    return st.selectbox(say("filter.brand"), brands, key="brand", bind="query-params")


def _switch(name: str, say: Words) -> bool:
    default = name == "promoted"
    return st.toggle(say(f"filter.{name}"), value=default, key=name, bind="query-params")
