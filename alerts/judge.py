"""A closer look at the mentions behind a finding, asked of the Index only when something would be told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from types import MappingProxyType

from alerts.questions import ALL, between, question
from core.interfaces import Index
from core.models import Finding, Incident, Rule
from core.tree import Node, both

SAME = 0.5
"""Share of a finding's mentions that an incident must hold to be its cause."""
LEAST_AUTHORS = 3
"""Fewer people than this spread no rumour and are no campaign."""
NONE: Mapping[str, Node] = MappingProxyType({})
_SLOW = timedelta(days=8)
_ABOUT_COMPLAINTS = frozenset({"negative_spike", "slow_burn", "rumour"})


class IndexJudge:
    """Asks an Index."""

    def __init__(self, index: Index, rules: Sequence[Rule], narrowed: Mapping[str, Node] = NONE) -> None:
        """`narrowed` are the queries of rules that have one, by the rule's name."""
        self._index = index
        self._narrowed = narrowed
        self._cooldown = {r.name: timedelta(hours=r.cooldown_hours) for r in rules}

    def same_cause(self, finding: Finding, incident: Incident) -> bool:
        """Whether most of the mentions of a finding are the incident's too."""
        if not {finding.kind, incident.kind} <= _ABOUT_COMPLAINTS:
            return False
        asked = both(self._about(finding), between(finding.start, finding.end))
        shared = both(asked, self._about(incident))
        return self._index.count(shared) >= SAME * max(self._index.count(asked), 1)

    def worth_telling(self, finding: Finding) -> bool:
        """Rumours and campaigns need several authors; where a source names none, they cannot be asked for."""
        if finding.kind not in {"rumour", "campaign"}:
            return True
        asked = both(self._about(finding), between(finding.start, finding.end))
        authors = self._index.distinct(asked, "author")
        return authors >= LEAST_AUTHORS or authors == 0

    def _about(self, seen: Finding | Incident) -> Node:
        return question(seen.kind, seen.brand, seen.attribute, self._narrowed.get(seen.rule, ALL))

    def quiet(self, incident: Incident) -> timedelta:
        cooldown = self._cooldown.get(incident.rule, timedelta(hours=24))
        return max(cooldown, _SLOW) if incident.kind == "slow_burn" else cooldown
