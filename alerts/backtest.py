"""How right the watching was: incidents against a planted or remembered truth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from core.models import Incident

COMPLAINTS = frozenset({"negative_spike", "slow_burn", "rumour"})
"""Kinds that tell of the same thing in different ways: any of them finds any of them."""


@dataclass(frozen=True, slots=True)
class Truth:
    """What really happened. `brand` is the source where a source fell silent; attribute "" matches any."""

    name: str
    kind: str
    brand: str
    attribute: str
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Match:
    """A truth and the first incident that told of it (None: missed), `delay` after its start."""

    truth: Truth
    incident: Incident | None
    delay: timedelta | None


@dataclass(frozen=True, slots=True)
class Backtest:
    """`repeated` are further incidents about a truth that was told already, `false` those about none."""

    matches: tuple[Match, ...]
    repeated: tuple[Incident, ...]
    false: tuple[Incident, ...]

    @property
    def recall(self) -> float:
        found = sum(m.incident is not None for m in self.matches)
        return found / len(self.matches) if self.matches else 1.0

    @property
    def precision(self) -> float:
        """Of all incidents told, repeated ones included."""
        found = sum(m.incident is not None for m in self.matches)
        told = found + len(self.repeated) + len(self.false)
        return found / told if told else 1.0

    @property
    def median_delay(self) -> timedelta | None:
        delays = [m.delay.total_seconds() for m in self.matches if m.delay is not None]
        return timedelta(seconds=median(delays)) if delays else None


def backtest(incidents: Sequence[Incident], truth: Sequence[Truth], grace: timedelta = timedelta(hours=48)) -> Backtest:
    """Matches each incident to the truth of its brand, attribute (or its parent or child) and time.

    An incident detected up to `grace` after a truth's end still tells of it.
    """
    told: dict[int, Incident] = {}
    repeated, false = [], []
    for incident in sorted(incidents, key=lambda i: (i.detected_at, i.id)):
        fitting = [n for n, t in enumerate(truth) if _tells(incident, t, grace)]
        new = [n for n in fitting if n not in told]
        if new:
            told[new[0]] = incident
        elif fitting:
            repeated.append(incident)
        else:
            false.append(incident)
    matches = (Match(t, told.get(n), told[n].detected_at - t.start if n in told else None) for n, t in enumerate(truth))
    return Backtest(tuple(matches), tuple(repeated), tuple(false))


def _tells(incident: Incident, truth: Truth, grace: timedelta) -> bool:
    same_kind = incident.kind == truth.kind or {incident.kind, truth.kind} <= COMPLAINTS
    in_time = truth.start <= incident.detected_at <= truth.end + grace
    return same_kind and incident.brand == truth.brand and in_time and _near(incident.attribute, truth.attribute)


def _near(one: str, other: str) -> bool:
    """The same attribute, or one above the other; "" is above all."""
    return not one or not other or f"{one}/".startswith(f"{other}/") or f"{other}/".startswith(f"{one}/")
