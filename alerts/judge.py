"""A closer look at the mentions behind a finding, asked of the Index only when something would be told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from alerts.questions import between, question
from core.interfaces import Index
from core.models import Finding, Incident, Rule
from core.tree import both

SAME = 0.5
"""Share of a finding's mentions that an incident must hold to be its cause."""
LEAST_AUTHORS = 3
"""Fewer people than this spread no rumour and are no campaign."""
_SLOW = timedelta(days=8)
_ABOUT_COMPLAINTS = frozenset({"negative_spike", "slow_burn", "rumour"})


class IndexJudge:
    """Asks an Index."""

    def __init__(self, index: Index, rules: Sequence[Rule]) -> None:
        self._index = index
        self._cooldown = {r.name: timedelta(hours=r.cooldown_hours) for r in rules}

    def same_cause(self, finding: Finding, incident: Incident) -> bool:
        """Whether most of the mentions of a finding are the incident's too."""
        if not {finding.kind, incident.kind} <= _ABOUT_COMPLAINTS:
            return False
        asked = both(question(finding.kind, finding.brand, finding.attribute), between(finding.start, finding.end))
        shared = both(asked, question(incident.kind, incident.brand, incident.attribute))
        return self._index.count(shared) >= SAME * max(self._index.count(asked), 1)

    def worth_telling(self, finding: Finding) -> bool:
        """Rumours and campaigns need several authors; where a source names none, they cannot be asked for."""
        if finding.kind not in {"rumour", "campaign"}:
            return True
        asked = both(question(finding.kind, finding.brand, ""), between(finding.start, finding.end))
        authors = self._index.distinct(asked, "author")
        return authors >= LEAST_AUTHORS or authors == 0

    def quiet(self, incident: Incident) -> timedelta:
        cooldown = self._cooldown.get(incident.rule, timedelta(hours=24))
        return max(cooldown, _SLOW) if incident.kind == "slow_burn" else cooldown
