"""An incident in a few lines: what, since when, how much, and the sentence that says so."""

from __future__ import annotations

from html import escape

import streamlit as st

from core.models import Incident
from dashboard.context import Context
from dashboard.words import Words

COLOURS = {"blue": "#4c78a8", "yellow": "#c9a227", "orange": "#e08a3c", "red": "#d9534f"}


def title(incident: Incident, context: Context) -> str:
    """The incident's name in the reader's language."""
    say = context.words
    subject = context.attribute(incident.attribute) if incident.attribute else ""
    parts = (say.or_plain(f"incident.{incident.kind}", incident.kind), incident.brand, subject)
    return " · ".join(p for p in parts if p)


def figures(incident: Incident, say: Words) -> str:
    return say("alerts.observed", observed=f"{incident.observed:g}", expected=f"{incident.expected:.1f}")


def heading(incident: Incident, context: Context) -> None:
    """The incident's name with its level, as a colour and as a word."""
    level = escape(context.words(f"severity.{incident.severity}"))
    dot = f'<span class="dot" style="background:{COLOURS[incident.severity]}"></span>'
    name = escape(title(incident, context))
    st.html(f'<div class="head">{dot}{name} <span class="note">[{level}]</span></div>')


def summary(incident: Incident, context: Context) -> None:
    """A coloured bar, the title, the figures, the first quote."""
    zone = context.project.zone()
    since = incident.started_at.astimezone(zone).strftime("%m-%d %H:%M")
    colour = COLOURS[incident.severity]
    quote = f"<br>“{escape(incident.evidence[0].quote)}”" if incident.evidence else ""
    level = escape(context.words(f"severity.{incident.severity}"))
    st.html(
        f'<div class="quote" style="border-color:{colour}"><strong>{escape(title(incident, context))}</strong> '
        f'<span class="note">[{level}] {escape(since)} · {escape(figures(incident, context.words))}</span>{quote}</div>'
    )
