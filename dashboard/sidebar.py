"""Language and filters in the sidebar; every choice stands in the address."""

from __future__ import annotations

from datetime import datetime

import streamlit as st

from core.config import Project
from dashboard.address import keep, take, take_many, take_switch
from dashboard.filters import PERIODS, Filters, bounds
from dashboard.words import LANGUAGES, Words, words

DEFAULT_PERIOD, DEFAULT_LANGUAGE = "28d", "zh"


def choose_language() -> Words:
    """中文 or English, first thing in the sidebar."""
    take("lang", list(LANGUAGES), DEFAULT_LANGUAGE)
    with st.sidebar:
        chosen = st.segmented_control(
            "语言 Language",
            list(LANGUAGES),
            format_func=LANGUAGES.__getitem__,
            key="lang",
            required=True,
            label_visibility="collapsed",
        )
    keep("lang", chosen, DEFAULT_LANGUAGE)
    return words(chosen or DEFAULT_LANGUAGE)


def choose_filters(project: Project, say: Words, now: datetime) -> Filters:
    """Brand, period, sources, and which mentions count."""
    brands = [b.name for b in sorted(project.brands, key=lambda b: not b.own)]
    with st.sidebar:
        brand, period, sources = _brand(brands, say), _period(say), _sources(project, say)
        with st.expander(say("filter.population")):
            duplicates, irrelevant, promoted = (_switch(n, say) for n in ("duplicates", "irrelevant", "promoted"))
            st.caption(say("filter.population_help"))
    start, end = bounds(period, now.astimezone(project.zone()).date(), project.zone())
    return Filters(brand, period, tuple(sources), duplicates, irrelevant, promoted, start, end)


def _brand(brands: list[str], say: Words) -> str:
    if not brands:
        return ""
    take("brand", brands, brands[0])
    brand = st.selectbox(say("filter.brand"), brands, key="brand")
    keep("brand", brand, brands[0])
    return brand


def _period(say: Words) -> str:
    take("period", list(PERIODS), DEFAULT_PERIOD)
    period = st.selectbox(say("filter.period"), list(PERIODS), format_func=lambda p: say(f"period.{p}"), key="period")
    keep("period", period, DEFAULT_PERIOD)
    return period


def _sources(project: Project, say: Words) -> list[str]:
    names = [s.name for s in project.sources]
    take_many("source", names, ())
    sources = st.multiselect(say("filter.sources"), names, placeholder=say("filter.all_sources"), key="source")
    keep("source", sources, [])
    return sources


def _switch(name: str, say: Words) -> bool:
    default = name == "promoted"
    take_switch(name, default)
    on = st.toggle(say(f"filter.{name}"), key=name)
    keep(name, on, default)
    return on
