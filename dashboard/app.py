"""The dashboard: `fengping dashboard` starts it; pages are the files of `dashboard/pages`."""

from __future__ import annotations

from functools import partial
from importlib import import_module
from pathlib import Path

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from core.config import Project
from core.errors import FengpingError
from core.home import Home
from dashboard.context import Context, open_context, present, project_of, the_home
from dashboard.filters import Filters
from dashboard.queries import about_brand
from dashboard.sidebar import choose_filters, choose_language
from dashboard.style import apply_style
from dashboard.viewed import note
from dashboard.words import Words

ICON = Path(__file__).with_name("icon.svg")
"""Ours: a named Material icon would be fetched from another's server by every reader's browser."""
PAGES = {
    "overview": ":material/space_dashboard:",
    "complaints": ":material/sentiment_dissatisfied:",
    "topics": ":material/forum:",
    "compare": ":material/compare_arrows:",
    "alerts": ":material/notifications:",
    "search": ":material/search:",
    "sources": ":material/hub:",
    "labels": ":material/fact_check:",
}


def main() -> None:
    """Draws the page that the address names."""
    st.set_page_config(page_title="风评 fengping", page_icon=str(ICON), layout="wide")
    apply_style()
    words = choose_language()
    home = the_home()
    try:
        project = project_of(home.config, home.config.stat().st_mtime if home.config.exists() else 0.0)
    except FengpingError as error:
        st.error(str(error))
        st.stop()
    chosen = choose_filters(project, words, present())
    pages: dict[str, StreamlitPage] = {}
    for name, icon in PAGES.items():
        draw = partial(_draw, name, home, project, words, chosen, pages)
        pages[name] = st.Page(draw, title=words(f"page.{name}"), icon=icon, url_path=name, default=name == "overview")
    st.navigation(list(pages.values())).run()


def _draw(
    name: str, home: Home, project: Project, words: Words, chosen: Filters, pages: dict[str, StreamlitPage]
) -> None:
    _guarded(name, open_context(home, project, words, chosen, pages))


def _guarded(name: str, context: Context) -> None:
    """Draws a page; an error of ours is shown where the page would be, with what to do."""
    st.title(context.words(f"page.{name}"))
    note(context, about_brand(context, context.filters.brand))
    try:
        import_module(f"dashboard.pages.{name}").draw(context)
    except FengpingError as error:
        _show(error, context.words)


def _show(error: FengpingError, words: Words) -> None:
    st.error(f"{words('error.page')} {error}")


if __name__ == "__main__":
    main()
