"""Alerts: each incident with its figures, the reasons of its severity, and the sentences behind it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import streamlit as st

from core.models import Incident, Span
from core.tree import Everything
from dashboard.address import keep, take
from dashboard.context import Context
from dashboard.empty import nothing_at_all
from dashboard.figure import figure
from dashboard.incident_card import figures, heading
from dashboard.labels import chart_labels
from dashboard.markup import plain
from dashboard.queries import counted_around
from dashboard.quotes import card, show
from dashboard.table import Column, Row, table
from reports import charts

STATUSES = ("all", "open", "acknowledged", "closed")
AROUND = timedelta(days=10)
AT_ONCE = 5
"""Incidents drawn before anybody asks for more: each has a chart, and a page of dozens takes seconds to be ready."""
_MORE = "alerts-shown"
COMPLAINTS = frozenset({"negative_spike", "slow_burn"})
"""Kinds whose evidence is the negative opinion in the sentence, whatever the mention's own side."""


def draw(context: Context) -> None:
    """All incidents, newest first; the one that a message links to (`?incident=ID`) before them."""
    say = context.words
    take("status", STATUSES, "all")
    status = st.segmented_control(
        say("alerts.status"),
        STATUSES,
        format_func=lambda s: say("alerts.all") if s == "all" else say(f"status.{s}"),
        key="status",
        required=True,
    )
    keep("status", status, "all")
    found = [i for i in context.store.incidents() if status in {None, "all", i.status}]
    if not found:
        which = "" if status in {None, "all"} else f" {say(f'status.{status}')}"
        n = context.index.count(Everything())
        st.info(say("alerts.none", which=which, n=f"{n:,}") if n else nothing_at_all(context))
        return
    st.caption(say("alerts.scope", n=len(found)))
    asked_for = st.query_params.get("incident", "")
    found.sort(key=lambda i: i.id != asked_for)
    shown = int(st.session_state.get(_MORE, AT_ONCE))
    for incident in found[:shown]:
        _incident(context, incident)
    left = len(found) - shown
    if left > 0 and st.button(say("alerts.more", n=left), key="alerts-more"):
        st.session_state[_MORE] = shown + AT_ONCE
        st.rerun()


def _incident(context: Context, incident: Incident) -> None:
    say, zone = context.words, context.project.zone()
    since = incident.started_at.astimezone(zone).strftime("%Y-%m-%d %H:%M")
    with st.container(border=True):
        heading(incident, context)
        last = incident.last_seen_at.astimezone(zone).strftime("%m-%d %H:%M")
        detected = incident.detected_at.astimezone(zone).strftime("%m-%d %H:%M")
        parts = [since, say(f"status.{incident.status}"), figures(incident, say)]
        st.caption(" · ".join([*parts, say("alerts.seen", detected=detected, last=last)]))
        if incident.note:
            st.caption(f"{say('alerts.note')}: {plain(incident.note)}")
        left, right = st.columns([3, 2], gap="large")
        with left:
            _evidence(context, incident)
        with right:
            if incident.kind != "silence":
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
        side = "negative" if incident.kind in COMPLAINTS else ""
        cards.append(card(document, context, spans, side, spans[0] if spans else None))
    st.markdown(f"**{context.words('alerts.evidence')}**")
    if cards:
        show(cards)
        return
    silent = incident.kind == "silence"
    st.info(context.words("alerts.silence" if silent else "alerts.no_evidence", source=incident.brand))


def _series(context: Context, incident: Incident) -> None:
    say = context.words
    series = counted_around(context, incident, AROUND)
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
    figure(charts.incident(rows, incident.expected, window, chart_labels(say)), f"chart-{incident.id}")


def _severity(context: Context, incident: Incident) -> None:
    """The named points and their sum: a colour alone would have to be believed."""
    say = context.words
    st.markdown(f"**{say('alerts.why')}**")
    parts = incident.severity_parts
    rows = [Row([say.or_plain(f"part.{name}", name), f"{points:+.1f}"]) for name, points in parts.items()]
    level = f"{say('alerts.sum')}: {say(f'severity.{incident.severity}')}"
    rows.append(Row([level, f"{sum(parts.values()):+.1f}"]))
    table([Column(say("alerts.part"), figure=False), Column(say("alerts.points"))], rows)


def _actions(context: Context, incident: Incident) -> None:
    say = context.words
    with st.container(horizontal=True, vertical_alignment="center"):
        if incident.query:
            asked = {"q": incident.query, "whole": "true"}
            st.page_link(context.page("search"), label=say("alerts.search"), query_params=asked)
        if incident.status == "open" and st.button(say("alerts.acknowledge"), key=f"ack-{incident.id}"):
            _save(context, replace(incident, status="acknowledged"))
        if incident.status != "closed" and st.button(say("alerts.close"), key=f"close-{incident.id}"):
            _save(context, replace(incident, status="closed", closed_at=context.clock()))


def _save(context: Context, incident: Incident) -> None:
    context.desk.save_incidents([incident])
    context.desk.audit("dashboard", f"incident {incident.status}", incident.id)
    st.toast(context.words("alerts.saved"))
    st.rerun()
