"""Read access to the store within a member's scope. Outside of it nothing is named, counted or quoted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from core.interfaces import Store, Understood
from core.labels import Label, Sampled
from core.models import Incident, Mention, Request, SourceHealth
from core.scope import OPEN, Scope
from core.topics import TopicRun


class Scoped:
    """What pages may hold instead of a Store."""

    def __init__(self, store: Store, scope: Scope = OPEN) -> None:
        self._store = store
        self._scope = scope

    @property
    def scope(self) -> Scope:
        return self._scope

    def understood(self, ids: Sequence[str]) -> list[Understood]:
        """In the order asked; ids that are unknown or out of scope are left out."""
        return [u for u in self._store.understood(ids) if self._sees(u)]

    def mentions(self, ids: Sequence[str]) -> list[Mention]:
        return [u.mention for u in self.understood(ids)]

    def incidents(self, status: str = "", since: datetime | None = None) -> list[Incident]:
        """Incidents of the scope's brands; sentences from other sources or regions are left out."""
        found = self._store.incidents(status, since)
        if self._scope.is_open:
            return found
        return [self._without_foreign_quotes(i) for i in found if self._scope.sees_brand(i.brand)]

    def requests(self, state: str = "") -> list[Request]:
        """Requests about the scope's sources; whoever sees everything sees them all."""
        found = self._store.requests(state)
        if self._scope.is_open:
            return found
        return [r for r in found if r.argument and self._scope.sees_source(r.argument)]

    def health(self, since: datetime | None = None, source: str = "") -> list[SourceHealth]:
        return [h for h in self._store.health(since, source) if self._scope.sees_source(h.source)]

    def sample(self) -> list[Sampled]:
        """Members of the sample within the scope."""
        found = self._store.sample()
        seen = self._seen([s.mention_id for s in found])
        return [s for s in found if s.mention_id in seen]

    def labels(self, by: str = "") -> list[Label]:
        """Labels of mentions within the scope."""
        found = self._store.labels(by)
        seen = self._seen([label.mention_id for label in found])
        return [label for label in found if label.mention_id in seen]

    def labels_version(self) -> int:
        return self._store.labels_version()

    def topic_runs(self, query: str) -> list[TopicRun]:
        """Newest first. A run counts whatever its query matches, so only who sees everything sees it."""
        return self._store.topic_runs(query) if self._scope.is_open else []

    def topic_members(self, run: str, topic: str, skip: int = 0, n: int = 20) -> list[str]:
        """Mention ids of a topic, most typical first."""
        return self._store.topic_members(run, topic, skip, n) if self._scope.is_open else []

    def generation(self) -> int:
        return self._store.generation()

    def _seen(self, ids: Sequence[str]) -> frozenset[str]:
        return (
            frozenset(ids) if self._scope.is_open else frozenset(m.id for m in self.mentions(list(dict.fromkeys(ids))))
        )

    def _sees(self, understood: Understood) -> bool:
        if self._scope.is_open:
            return True
        mention, reading = understood.mention, understood.reading
        brands = {mention.brand, *(reading.brands if reading else ())} - {""}
        return self._scope.sees(brands, mention.source, mention.region)

    def _without_foreign_quotes(self, incident: Incident) -> Incident:
        seen = {m.id for m in self.mentions([e.mention_id for e in incident.evidence])}
        return replace(incident, evidence=tuple(e for e in incident.evidence if e.mention_id in seen))
