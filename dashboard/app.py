"""The dashboard: `fengping dashboard` starts it; pages are the files of `dashboard/pages`."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from importlib import import_module

import streamlit as st

from core.errors import FengpingError
from dashboard.context import Context, open_context, present, project_of, the_home
from dashboard.sidebar import choose_filters, choose_language
from dashboard.style import apply_style
from dashboard.words import Words

PAGES = {
    "overview": ":material/space_dashboard:",
    "complaints": ":material/sentiment_dissatisfied:",
    "compare": ":material/compare_arrows:",
    "alerts": ":material/notifications:",
    "search": ":material/search:",
    "sources": ":material/hub:",
}


def main() -> None:
    """Draws the page that the address names."""
    st.set_page_config(page_title="风评 fengping", page_icon=":material/forum:", layout="wide")
    apply_style()
    words = choose_language()
    home = the_home()
    try:
        project = project_of(home.config, home.config.stat().st_mtime if home.config.exists() else 0.0)
    except FengpingError as error:
        st.error(str(error))
        st.stop()
    chosen = choose_filters(project, words, present())
    context = open_context(home, project, words, chosen)
    pages = [
        st.Page(_page(name, context), title=words(f"page.{name}"), icon=icon, url_path=name, default=name == "overview")
        for name, icon in PAGES.items()
    ]
    st.navigation(pages).run()


def _page(name: str, context: Context) -> Callable[[], None]:
    draw = partial(_guarded, name, context)
    draw.__name__ = name  # type: ignore[attr-defined]
    return draw


def _guarded(name: str, context: Context) -> None:
    """Draws a page; an error of ours is shown where the page would be, with what to do."""
    st.title(context.words(f"page.{name}"))
    try:
        import_module(f"dashboard.pages.{name}").draw(context)
    except FengpingError as error:
        _show(error, context.words)


def _show(error: FengpingError, words: Words) -> None:
    st.error(f"{words('error.page')} {error}")


main()
