"""Choices in the address, as codes: a link means the same in either language, and to somebody else.

Streamlit's own binding writes the labels a reader sees, so a link made in one language would mean nothing in the other.
"""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

_WRITTEN = "@address"


def take(key: str, options: Sequence[str], default: str | None) -> None:
    """Before a widget of one choice is drawn: what the address asks for, what was chosen before, or the default."""
    asked = _asked(key)
    chosen = asked[0] if asked else st.session_state.get(key, default)
    st.session_state[key] = chosen if chosen in options else default


def take_many(key: str, options: Sequence[str], default: Sequence[str]) -> None:
    """The same for several choices; options that are no more are left out."""
    asked = _asked(key)
    chosen = asked if asked is not None else st.session_state.get(key, list(default))
    st.session_state[key] = [c for c in chosen if c in options]


def take_text(key: str) -> None:
    """The same for text that is typed."""
    asked = _asked(key)
    st.session_state[key] = asked[0] if asked else st.session_state.get(key, "")


def take_switch(key: str, default: bool) -> None:
    """The same for a switch: "true" or "false" in the address."""
    asked = _asked(key)
    st.session_state[key] = asked[0] == "true" if asked else st.session_state.get(key, default)


def keep(key: str, value: str | bool | Sequence[str] | None, default: str | bool | Sequence[str] | None) -> None:
    """After the widget is drawn: its value into the address; a default leaves the address short."""
    codes = [] if value == default else _codes(value)
    st.session_state[key + _WRITTEN] = codes
    if codes == st.query_params.get_all(key):
        return
    if codes:
        st.query_params[key] = codes
    else:
        del st.query_params[key]


def _asked(key: str) -> list[str] | None:
    """What the address says, unless it is only what was written there last: then the widget may be newer."""
    there = st.query_params.get_all(key)
    if not there or (key in st.session_state and there == st.session_state.get(key + _WRITTEN)):
        return None
    return there


def _codes(value: str | bool | Sequence[str] | None) -> list[str]:
    if isinstance(value, bool):
        return ["true" if value else "false"]
    if isinstance(value, str):
        return [value]
    return list(value or ())
