"""`up` and `dashboard`: the program that stays."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Annotated

import typer

from core.errors import Transient
from fengping import pipeline
from fengping.assembly import Assembly, find_home, opened
from fengping.commands.understand import incident_line
from fengping.loop import Loop, publish
from fengping.pipeline import Resident
from fengping.serving import dashboard_kept, dashboard_running
from fengping.terminal import HomeOption, bars, say

SHOWN = timedelta(days=90)
"""Incidents that began earlier are on the Alerts page only."""
PortOption = Annotated[int, typer.Option(help="The dashboard's port (default: the first free one from 8501).")]


def register(app: typer.Typer) -> None:
    app.command()(up)
    app.command()(dashboard)


def up(home: HomeOption = None, port: PortOption = 0) -> None:
    """Crawl what is due, read, index, watch, and show the dashboard, until stopped with Ctrl-C."""
    with opened(home) as assembly:
        stay_up(assembly, port)


def stay_up(assembly: Assembly, port: int = 0) -> None:
    """The dashboard and the loop, until a signal ends them."""
    publish(assembly)
    if pipeline.rebuild_if_lost(assembly):  # one of an earlier version could not be asked until the first crawl is over
        with bars() as report:
            pipeline.index(assembly, report)
    zone = assembly.project.zone()
    with dashboard_kept(assembly.home, port, lambda told: say(f"trouble: {told}")) as (address, _):
        resident = Resident()
        loop = Loop(assembly, lambda i: say(incident_line(i, zone)), lambda t: say(f"trouble: {t}"), resident.chain)
        _on_ending(loop.stopped.set)
        say(f"dashboard: {address}   (Ctrl-C ends)")
        for incident in assembly.store.incidents(since=assembly.clock() - SHOWN):
            say(incident_line(incident, zone))
        try:
            loop.run()
        finally:
            resident.close()


def dashboard(home: HomeOption = None, port: PortOption = 0) -> None:
    """Only the dashboard, over what is there already."""
    place = find_home(home)
    place.project()
    asked = threading.Event()

    def end() -> None:
        asked.set()
        process.terminate()

    with dashboard_running(place, port) as (address, process):
        _on_ending(end)
        say(f"dashboard: {address}   (Ctrl-C ends)")
        code = process.wait()
    if not asked.is_set():
        raise Transient(f"the dashboard ended (exit {code}); {place.logs / 'dashboard.log'} may say why.")


def _on_ending(end: Callable[[], object]) -> None:
    """Calls `end` on Ctrl-C, `kill`, and when the terminal closes, unless nohup had that ignored."""
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: end())
    if hasattr(signal, "SIGHUP") and signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
        signal.signal(signal.SIGHUP, lambda *_: end())
