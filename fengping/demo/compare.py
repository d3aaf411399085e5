"""What was planted against what was reported: found, missed, false, and how soon."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from core.models import Incident
from fengping.demo.market import market
from fengping.demo.records import Planted, PlantKind, Truth

BEFORE, AFTER = timedelta(hours=6), timedelta(hours=48)
"""An incident belongs to what was planted from so long before its start until so long after its end."""
COMPATIBLE: dict[PlantKind, frozenset[str]] = {
    "negative_spike": frozenset(("negative_spike", "rumour")),
    "slow_burn": frozenset(("slow_burn", "negative_spike")),
    "rumour": frozenset(("rumour", "negative_spike")),
    "campaign": frozenset(("campaign",)),
    "silence": frozenset(("silence",)),
}
"""The kinds of incident that tell of each kind of planted thing."""
_WATCHED_BY_DOCUMENT = frozenset(("rumour", "campaign"))


@dataclass(frozen=True, slots=True)
class Found:
    """Something planted and the incidents that told of it, the earliest first; `delay` is from its start."""

    planted: Planted
    incidents: tuple[Incident, ...]
    delay: timedelta


@dataclass(frozen=True, slots=True)
class Comparison:
    """What was found, what was missed, and the incidents that tell of nothing planted."""

    found: tuple[Found, ...]
    missed: tuple[Planted, ...]
    false: tuple[Incident, ...]

    def lines(self) -> Iterator[str]:
        """The same as plain text, one line each."""
        for found in self.found:
            p = found.planted
            yield f"found   {p.kind:<15}{_subject(p):<34}{_hours(found.delay)} after it began  ({p.name})"
        for p in self.missed:
            yield f"missed  {p.kind:<15}{_subject(p):<34}began {p.start:%Y-%m-%d %H:%M}  ({p.name})"
        for i in self.false:
            about = " ".join(part for part in (i.brand, i.attribute) if part)
            yield f"false   {i.kind:<15}{about:<34}began {i.started_at:%Y-%m-%d %H:%M}  ({i.id})"
        yield f"{len(self.found)} found, {len(self.missed)} missed, {len(self.false)} false"


def compare(truth: Truth, incidents: Sequence[Incident]) -> Comparison:
    """Matches incidents to what was planted. One incident may tell of several; a rumour or a campaign has no attribute
    to get wrong, and a silence is known by its source."""
    told: set[str] = set()
    found, missed = [], []
    for planted in truth.planted:
        matching = sorted((i for i in incidents if matches(planted, i)), key=lambda i: (i.detected_at, i.id))
        told.update(i.id for i in matching)
        if matching:
            delay = max(timedelta(0), matching[0].detected_at - planted.start)
            found.append(Found(planted, tuple(matching), delay))
        else:
            missed.append(planted)
    return Comparison(tuple(found), tuple(missed), tuple(i for i in incidents if i.id not in told))


def matches(planted: Planted, incident: Incident) -> bool:
    """Whether an incident tells of something planted: kind, subject and time agree."""
    if incident.kind not in COMPATIBLE[planted.kind] or not _in_time(planted, incident):
        return False
    if planted.kind == "silence":
        return planted.source in incident.query or planted.source in {incident.brand, incident.attribute}
    if incident.brand not in _names(planted.brand):
        return False
    if not incident.attribute and planted.kind in _WATCHED_BY_DOCUMENT:
        return True
    return any(related(incident.attribute, path) for path in planted.attributes) or planted.kind == "campaign"


def related(one: str, other: str) -> bool:
    """Whether two taxonomy paths are the same, or one stands above the other."""
    return one == other or one.startswith(f"{other}/") or other.startswith(f"{one}/")


def _in_time(planted: Planted, incident: Incident) -> bool:
    return (
        incident.started_at <= planted.end + AFTER
        and incident.last_seen_at >= planted.start - BEFORE
        and (incident.detected_at >= planted.start - BEFORE)
    )


def _names(brand: str) -> frozenset[str]:
    aliases = next((b.aliases for b in market() if b.name == brand), ())
    return frozenset((brand, *aliases))


def _subject(planted: Planted) -> str:
    if planted.kind == "silence":
        return planted.source
    return " ".join(part for part in (planted.brand, *planted.attributes[:1]) if part)


def _hours(delay: timedelta) -> str:
    hours = delay.total_seconds() / 3600
    return f"{hours:.1f} h" if hours < 48 else f"{hours / 24:.1f} days"
