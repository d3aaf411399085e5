"""`read`, `index`, `watch`: the stages after collecting, each on its own."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import typer

from core.models import Incident
from fengping import pipeline
from fengping.assembly import opened
from fengping.jsonform import line
from fengping.terminal import HomeOption, JsonOption, bars, figures, put, say


def register(app: typer.Typer) -> None:
    for command in (read, index, watch):
        app.command()(command)


def read(home: HomeOption = None, json: JsonOption = False) -> None:
    """Read every mention that waits, and relate it to the others."""
    with opened(home) as assembly, bars() as report:
        pipeline.refresh_versions(assembly)
        done = {"read": pipeline.read(assembly, report), "related": pipeline.relate(assembly, report)}
        elsewhere = assembly.store.waiting("read") + assembly.store.waiting("relate")
    if elsewhere:
        say(f"{elsewhere} mentions are in the hands of another process that reads or relates; it goes on with them.")
    figures(done, list(done.items()), json)


def index(home: HomeOption = None, json: JsonOption = False) -> None:
    """Bring every related mention into the index; builds it again where it was lost."""
    with opened(home) as assembly, bars() as report:
        pipeline.rebuild_if_lost(assembly)
        done = {"indexed": pipeline.index(assembly, report), "generation": assembly.store.generation()}
    figures(done, list(done.items()), json)


def watch(home: HomeOption = None, json: JsonOption = False) -> None:
    """Look for incidents up to now; prints the new ones."""
    with opened(home) as assembly:
        outcome = pipeline.watch_now(assembly)
        zone = assembly.project.zone()
    for trouble in outcome.troubles:
        say(f"trouble: {trouble}")
    for incident in outcome.new:
        put(line(incident)) if json else say(incident_line(incident, zone))
    if not outcome.new and not json:
        say("no new incident")


def incident_line(incident: Incident, zone: ZoneInfo) -> str:
    """One line for the terminal: what, since when, how many against how many, and a sentence that says so."""
    quote = f" “{incident.evidence[0].quote[:60]}”" if incident.evidence else ""
    subject = " · ".join(filter(None, (incident.brand, incident.attribute)))
    over = " (over)" if incident.status == "closed" else ""
    return (
        f"[{incident.severity}] {incident.kind} {subject} since {incident.started_at.astimezone(zone):%Y-%m-%d %H:%M}"
        f"{over}: {incident.observed:g} where {incident.expected:.1f} were expected{quote}"
    )
