"""Alerts: each incident with its figures, the reasons of its severity, and the sentences behind it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pandas as pd
import streamlit as st

from core.models import Incident, Span
from core.tree import Everything
from dashboard.context import Context
from dashboard.incident_card import figures, title
from dashboard.labels import chart_labels
from dashboard.queries import negatives_around
from dashboard.quotes import card, show
from reports import charts

STATUSES = ("all", "open", "acknowledged", "closed")
AROUND = timedelta(days=10)


def draw(context: Context) -> None:
    say = context.words
    status = st.segmented_control(
        say("alerts.status"),
        STATUSES,
        format_func=lambda s: say("alerts.all") if s == "all" else say(f"status.{s}"),
        default="all",
        key="status",
        bind="query-params",
    )
    found = [i for i in context.store.incidents() if status in {None, "all", i.status}]
    if not found:
        which = "" if status in {None, "all"} else f" {say(f'status.{status}')}"
        st.info(say("alerts.none", which=which, n=f"{context.index.count(Everything()):,}"))
        return
    for incident in found:
        _incident(context, incident)


def _incident(context: Context, incident: Incident) -> None:
    say, zone = context.words, context.project.zone()
    since = incident.started_at.astimezone(zone).strftime("%Y-%m-%d %H:%M")
    with st.container(border=True):
        mark = {"blue": "🔵", "yellow": "🟡", "orange": "🟠", "red": "🔴"}[incident.severity]
        st.markdown(f"#### {mark} {title(incident, context)}")
        last = incident.last_seen_at.astimezone(zone).strftime("%m-%d %H:%M")
        detected = incident.detected_at.astimezone(zone).strftime("%m-%d %H:%M")
        parts = [since, say(f"status.{incident.status}"), figures(incident, say)]
        st.caption(" · ".join([*parts, say("alerts.seen", detected=detected, last=last)]))
        if incident.note:
            st.caption(f"{say('alerts.note')}: {incident.note}")
        left, right = st.columns([3, 2], gap="large")
        with left:
            _evidence(context, incident)
        with right:
            _series(context, incident)
            _severity(context, incident)
        _actions(context, incident)


def _evidence(context: Context, incident: Incident) -> None:
    documents = {d.id: d for d in context.index.get([e.mention_id for e in incident.evidence])}
    cards = []
    for evidence in incident.evidence:
        document = documents.get(evidence.mention_id)
        if document is None:
            continue
        start = document.text.find(evidence.quote) if evidence.quote else -1
        spans = [Span(start, start + len(evidence.quote))] if start >= 0 else []
        cards.append(card(document, context, spans, sentence=spans[0] if spans else None))
    if cards:
        st.markdown(f"**{context.words('alerts.evidence')}**")
        show(cards)


def _series(context: Context, incident: Incident) -> None:
    say = context.words
    series = negatives_around(context, incident, AROUND)
    rows = [
        {"start": s.replace(tzinfo=None), "n": n}
        for s, n in zip(series.starts, series.counts.get("", ()), strict=False)
    ]
    if not rows:
        return
    zone = context.project.zone()
    window = (
        incident.started_at.astimezone(zone).replace(tzinfo=None),
        incident.last_seen_at.astimezone(zone).replace(tzinfo=None),
    )
    st.markdown(f"**{say('alerts.series')}**")
    chart = charts.incident(pd.DataFrame(rows), incident.expected, window, chart_labels(say))
    st.altair_chart(chart, width="stretch", key=f"chart-{incident.id}")


def _severity(context: Context, incident: Incident) -> None:
    say = context.words
    with st.expander(say("alerts.why")):
        for name, points in incident.severity_parts.items():
            st.markdown(f"- {say.or_plain(f'part.{name}', name)}: {say('alerts.points', points=f'{points:+.1f}')}")


def _actions(context: Context, incident: Incident) -> None:
    say = context.words
    columns = st.columns([1, 1, 4])
    if incident.status == "open" and columns[0].button(say("alerts.acknowledge"), key=f"ack-{incident.id}"):
        _save(context, replace(incident, status="acknowledged"))
    if incident.status != "closed" and columns[1].button(say("alerts.close"), key=f"close-{incident.id}"):
        _save(context, replace(incident, status="closed", closed_at=context.clock()))
    if incident.query:
        with columns[2].popover(say("alerts.search")):
            st.code(incident.query, language=None)
            st.page_link(
                context.page("search"), label=say("page.search"), query_params={"q": incident.query, "whole": "true"}
            )


def _save(context: Context, incident: Incident) -> None:
    context.desk.save_incidents([incident])
    context.desk.audit("dashboard", f"incident {incident.status}", incident.id)
    st.toast(context.words("alerts.saved"))
    st.rerun()
