"""No page says nothing: why it is empty, and what to do."""

from __future__ import annotations

import streamlit as st

from core.tree import Everything, Node
from dashboard.context import Context


def explain_nothing(context: Context, tree: Node) -> bool:
    """Says why there is nothing to show for a query; False when there is something."""
    say, index = context.words, context.index
    if index.count(tree):
        return False
    everything = index.count(Everything())
    if everything and not context.project.brands:
        st.warning(say("empty.no_brand"))
    elif everything:
        st.warning(say("empty.filtered", all=f"{everything:,}"))
    else:
        st.info(nothing_at_all(context))
    return True


def nothing_at_all(context: Context) -> str:
    """Why the index is empty: nothing was brought in, or it waits to be read."""
    total = context.desk.totals().total
    return context.words("empty.nothing_read", total=f"{total:,}") if total else context.words("empty.nothing")
