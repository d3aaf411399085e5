"""Which queries readers look at: a new model reads their mentions first."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta
from threading import Lock, Thread

import streamlit as st

from core.errors import FengpingError
from core.tree import Node
from core.tree_json import tree_to_json
from dashboard.context import Context, Desk

EVERY = timedelta(minutes=1)
"""A query that is looked at again sooner is not noted again: a page is drawn at every click."""


class Noted:
    """When each query was noted last, by this process."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._last: dict[str, datetime] = {}

    def due(self, query: str, now: datetime) -> bool:
        """Whether it is to be noted now; then it is taken as noted."""
        with self._lock:
            self._last = {q: at for q, at in self._last.items() if now - at < EVERY}
            if query in self._last:
                return False
            self._last[query] = now
            return True


@st.cache_resource(show_spinner=False)
def _noted(place: str) -> Noted:
    del place
    return Noted()


def note(context: Context, tree: Node) -> None:
    """Remembers that a query was looked at. In a thread: a page never waits for whoever writes the store."""
    query = tree_to_json(tree)
    if _noted(str(context.home.path)).due(query, context.clock()):
        Thread(target=_tell, args=(context.desk, query), daemon=True).start()


def _tell(desk: Desk, query: str) -> None:
    """A store that cannot be written now costs only an order."""
    with suppress(FengpingError):
        desk.note_view(query)
