"""Telling people: every recent incident once on each of its channels, tried again until it went through.

What became of each try stands in the Store, so a restart repeats nothing and forgets nothing. A channel that fails
is left alone for half a minute, then twice as long each time, up to an hour.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from alerts.channels import open_channel
from alerts.messages import message, message_id
from core.config import Project
from core.errors import FengpingError
from core.interfaces import Clock, Store
from core.models import Delivery, Incident, Rule

RECENT = timedelta(hours=72)
"""Only what was seen so lately is told: a first look at old mentions tells no history."""
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=30), timedelta(hours=1)
LEASE = "tell"
_LEASE_SECONDS = 300.0
log = logging.getLogger("fengping.tell")


def tell(store: Store, rules: Sequence[Rule], project: Project, clock: Clock, owner: str) -> list[Delivery]:
    """Tries what is due now and returns what became of it. A failing channel raises nothing.

    One process at a time (`owner` holds a lease); another one does nothing meanwhile.
    """
    if not project.watch.channels or not store.lease_name(LEASE, owner, _LEASE_SECONDS):
        return []
    try:
        recent = sorted(store.incidents(since=clock() - RECENT), key=lambda i: (i.detected_at, i.id))
        history = [d for i in recent for d in store.deliveries(message_id(i))]
        told = _Round(store, project, clock, history)
        return [d for channel in project.watch.channels for d in told.over(channel, _meant(channel, recent, rules))]
    finally:
        store.drop_lease(LEASE, owner)


def _meant(channel: str, incidents: Sequence[Incident], rules: Sequence[Rule]) -> list[Incident]:
    """Incidents whose rule names the channel; a rule that names none tells all."""
    chosen: Mapping[str, tuple[str, ...]] = {r.name: r.channels for r in rules}
    return [i for i in incidents if channel in chosen.get(i.rule, ()) or not chosen.get(i.rule)]


def due(failed: Sequence[datetime], now: datetime) -> bool:
    """Whether a channel may be tried again after so many failures in a row."""
    if not failed:
        return True
    wait = min(FIRST_WAIT * (1 << min(len(failed) - 1, 20)), LONGEST_WAIT)
    return now >= max(failed) + wait


@dataclass(frozen=True, slots=True)
class _Round:
    """One round over the channels, knowing what was tried before."""

    store: Store
    project: Project
    clock: Clock
    history: Sequence[Delivery]

    def over(self, channel: str, incidents: Sequence[Incident]) -> list[Delivery]:
        """Sends until the channel fails. What failed least goes first: one bad message holds up no others."""
        mine = [d for d in self.history if d.channel == channel]
        done = {d.message_id for d in mine if d.ok}
        last_ok = max((d.at for d in mine if d.ok), default=None)
        failed = [d for d in mine if not d.ok]
        if not due([d.at for d in failed if last_ok is None or d.at > last_ok], self.clock()):
            return []
        waiting = [i for i in incidents if message_id(i) not in done]
        tries: list[Delivery] = []
        for incident in sorted(waiting, key=lambda i: sum(d.message_id == message_id(i) for d in failed)):
            tries.append(self._try(channel, incident))
            self.store.save_deliveries(tries[-1:])
            if not tries[-1].ok:
                break
        return tries

    def _try(self, channel: str, incident: Incident) -> Delivery:
        text = message(incident, self.project.zone(), self.project.watch.dashboard_url)
        try:
            return open_channel(channel, self.project.watch.channels[channel], self.clock).send(text)
        except FengpingError as error:
            log.warning("incident %s was not told: %s", incident.id, error)
            return Delivery(text.id, channel, self.clock(), ok=False, detail=str(error))
