"""`fengping up`: a tick every few seconds does what is due, and one failure never ends the loop."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from core.config import Source, digest
from core.errors import ConfigError, FengpingError
from core.models import Incident
from fengping import pipeline
from fengping.assembly import Assembly
from fengping.requests import carry_out
from fengping.schedule import JobRun, due, note_run

if TYPE_CHECKING:
    from alerts.watch import WatchOutcome

TICK_SECONDS, BUSY_SECONDS = 10.0, 1.0
"""Between ticks; and while mentions still wait to be read."""
log = logging.getLogger("fengping.up")


def publish(assembly: Assembly) -> str:
    """Makes this home's configuration the one that counts; returns its digest."""
    mark = digest(assembly.home.config)
    assembly.store.set_setting("config:digest", mark)
    return mark


def check_published(assembly: Assembly) -> None:
    """Stops a worker whose configuration is not the published one. Raises ConfigError."""
    published, own = assembly.store.setting("config:digest"), digest(assembly.home.config)
    if published and published != own:
        raise ConfigError(
            f"{assembly.home.config} (digest {own}) is not the configuration that `fengping up` published "
            f"({published}). Copy that one here, or start `fengping up` with this one."
        )


@dataclass(slots=True)
class Loop:
    """Runs ticks until told to stop; `on_incident` hears of each new incident once."""

    assembly: Assembly
    on_incident: Callable[[Incident], None]
    on_trouble: Callable[[str], None]
    chain: Callable[[Assembly], WatchOutcome]
    stopped: threading.Event = field(default_factory=threading.Event)
    _told: set[str] = field(default_factory=set)

    def tick(self) -> int:
        """Does what is due; returns how many new mentions were collected."""
        self.renew()
        carry_out(self.assembly)
        new = self.collect(due(self.assembly.store, self.assembly.project.sources, self.assembly.clock()))
        outcome = self.chain(self.assembly)
        for trouble in outcome.troubles:
            self._tell_once(trouble)
        for incident in outcome.new:
            self.on_incident(incident)
        return new

    def _tell_once(self, trouble: str) -> None:
        """A rule that is not understood stays so for thousands of ticks."""
        if trouble not in self._told:
            self._told.add(trouble)
            self.on_trouble(trouble)

    def renew(self) -> None:
        """Goes by fengping.toml as it is now, where it changed and is right. Another store or index needs a start."""
        if digest(self.assembly.home.config) == self.assembly.store.setting("config:digest"):
            return
        try:
            project, old = self.assembly.home.project(), self.assembly.project
        except ConfigError as error:
            self._tell_once(f"{error} Until then the former settings hold.")
            return
        if (project.store, project.index) != (old.store, old.index):
            self._tell_once("another store or index in fengping.toml counts from the next start of `fengping up`.")
            return
        self.assembly = replace(self.assembly, project=project)
        publish(self.assembly)

    def collect(self, sources: Sequence[Source]) -> int:
        if not sources:
            return 0
        started = self.assembly.clock()
        for source in sources:
            note_run(self.assembly.store, f"crawl:{source.name}", JobRun(started, None, ""))
        outcome = pipeline.collect(self.assembly, sources, False, lambda _: None)
        if outcome.error:
            self.on_trouble(outcome.error)
        for found in outcome.sources:
            run = JobRun(started, self.assembly.clock(), found.error or f"{found.new} new, {found.changed} changed")
            note_run(self.assembly.store, f"crawl:{found.source}", run)
        return sum(found.new for found in outcome.sources)

    def run(self) -> None:
        """Ticks until `stopped` is set. Our own errors are told and the loop goes on; others are bugs and end it."""
        while not self.stopped.is_set():
            try:
                self.tick()
            except FengpingError as error:
                log.warning("tick failed: %s", error)
                self.on_trouble(str(error))
            self.stopped.wait(BUSY_SECONDS if self.assembly.store.waiting("read") else TICK_SECONDS)
