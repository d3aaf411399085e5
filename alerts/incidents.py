"""From findings to incidents: one for each cause, followed while it lasts, closed when it has been quiet.

Pure but for what it asks: whether a finding rests on the same mentions as an incident, and whether it stands up to a
closer look.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

from core.models import Finding, Incident

EXPLAINS = 0.6
"""Share of an excess that a more special attribute must hold to be named instead."""
_COMPLAINTS = frozenset({"negative_spike", "slow_burn"})
_LONGEST_WINDOW = timedelta(hours=24)


class Judge(Protocol):
    """Looks at the mentions behind a finding."""

    def same_cause(self, finding: Finding, incident: Incident) -> bool: ...

    def worth_telling(self, finding: Finding) -> bool: ...

    def quiet(self, incident: Incident) -> timedelta:
        """How long nothing may be seen of an incident before it is over."""
        ...


@dataclass(frozen=True, slots=True)
class Followed:
    """What became of the incidents. `touched` are ids whose figures moved."""

    new: tuple[str, ...]
    touched: frozenset[str]
    closed: tuple[str, ...]


class Casebook:
    """All incidents that may still be told of, and those that are new."""

    def __init__(self, known: Iterable[Incident], judge: Judge) -> None:
        self.incidents = {i.id: i for i in known}
        self._judge = judge
        self._new: list[str] = []
        self._touched: set[str] = set()

    def observe(self, found: Sequence[Finding]) -> None:
        """Takes in all findings that end with one hour."""
        for finding in sorted(found, key=lambda f: (-f.score, f.brand, f.attribute)):
            incident = self._incident_of(finding)
            if incident is not None:
                self._follow(incident, finding)
            elif finding.score >= 1 and self._judge.worth_telling(finding):
                self._open(_most_special(finding, found), finding)

    def close(self, now: datetime) -> Followed:
        """Closes what has been quiet, and says what happened since the casebook was opened."""
        closed = []
        for id, incident in self.incidents.items():
            over = incident.last_seen_at + self._judge.quiet(incident)
            if incident.status != "closed" and now >= over:
                self.incidents[id] = replace(incident, status="closed", closed_at=over)
                closed.append(id)
        return Followed(tuple(self._new), frozenset(self._touched) | frozenset(closed), tuple(closed))

    def _incident_of(self, finding: Finding) -> Incident | None:
        """The incident that this finding is another sign of, if there is one."""
        near = [i for i in self.incidents.values() if i.brand == finding.brand and self._lasts(i, finding)]
        for incident in sorted(near, key=lambda i: (i.attribute != finding.attribute, i.started_at, i.id)):
            if _covers(incident, finding):
                return incident
        if finding.score < 1:
            return None
        return next((i for i in near if self._judge.same_cause(finding, i)), None)

    def _lasts(self, incident: Incident, finding: Finding) -> bool:
        since = max(finding.start, finding.end - _LONGEST_WINDOW)
        return incident.started_at < finding.end and since <= incident.last_seen_at + self._judge.quiet(incident)

    def _open(self, named: Finding, strong: Finding) -> None:
        id = hashlib.sha256(
            "\x1f".join((named.kind, named.brand, named.attribute, strong.end.isoformat())).encode()
        ).hexdigest()[:16]
        self.incidents[id] = Incident(
            id=id,
            rule=strong.rule,
            kind=strong.kind,
            brand=named.brand,
            attribute=named.attribute,
            status="open",
            severity="blue",
            severity_parts={},
            started_at=strong.start,
            detected_at=strong.end,
            last_seen_at=strong.end,
            closed_at=None,
            observed=named.observed,
            expected=named.expected,
            query=named.query,
            note=named.note,
        )
        self._new.append(id)
        self._touched.add(id)

    def _follow(self, incident: Incident, finding: Finding) -> None:
        """Keeps the strongest figures seen for the incident's own cell, or for the special one that explains it."""
        followed = replace(incident, last_seen_at=max(incident.last_seen_at, finding.end))
        if incident.status == "closed" and incident.closed_at is not None and finding.end > incident.closed_at:
            followed = replace(followed, status="open", closed_at=None)
        if _names_better(finding, incident):
            followed = replace(
                followed,
                kind=finding.kind,
                rule=finding.rule,
                attribute=finding.attribute,
                observed=finding.observed,
                expected=finding.expected,
                query=finding.query,
            )
        if followed != incident:
            self.incidents[incident.id] = followed
            self._touched.add(incident.id)


def _names_better(finding: Finding, incident: Incident) -> bool:
    excess, known = finding.observed - finding.expected, incident.observed - incident.expected
    if finding.attribute == incident.attribute and finding.kind == incident.kind:
        return excess > known
    if finding.kind == "rumour" and incident.kind == "negative_spike":
        return True
    if finding.kind != incident.kind or finding.score < 1:
        return False
    if _inside(finding.attribute, incident.attribute):
        return excess >= EXPLAINS * known
    wider = bool(finding.attribute) and _inside(incident.attribute, finding.attribute)
    return wider and known < EXPLAINS * excess


def _covers(incident: Incident, finding: Finding) -> bool:
    """Whether a finding of the same brand and time says nothing that the incident does not say."""
    if incident.kind == finding.kind and incident.attribute == finding.attribute:
        return True
    if not {incident.kind, finding.kind} <= _COMPLAINTS:
        return False
    if not _related(incident.attribute, finding.attribute):
        return False
    if finding.attribute or incident.attribute == finding.attribute or finding.score < 1:
        return True
    explained = incident.observed - incident.expected
    return explained >= EXPLAINS * (finding.observed - finding.expected)


def _most_special(finding: Finding, found: Sequence[Finding]) -> Finding:
    """The deepest attribute of the same hour that holds most of a finding's excess."""
    excess = finding.observed - finding.expected
    below = [
        f
        for f in found
        if f.kind == finding.kind
        and f.brand == finding.brand
        and _inside(f.attribute, finding.attribute)
        and f.observed - f.expected >= EXPLAINS * excess
    ]
    return max(below, key=lambda f: (f.attribute.count("/"), f.observed - f.expected, f.attribute), default=finding)


def _related(one: str, other: str) -> bool:
    return one == other or _inside(one, other) or _inside(other, one)


def _inside(attribute: str, general: str) -> bool:
    """Whether an attribute lies below another; everything lies below ""."""
    return bool(attribute) and attribute != general and (not general or attribute.startswith(f"{general}/"))
