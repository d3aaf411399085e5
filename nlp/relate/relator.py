"""`relate`: what can be said of a mention only in view of the others. Its state lives in the Store.

Whatever the order of arrival and the size of batches, the same mentions end in the same groups with the same
figures. When a newcomer changes what holds of mentions outside the batch, their relations are given out again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from core.interfaces import Store, Understood
from core.models import Relation
from nlp.relate import company
from nlp.relate.grouping import grouped
from nlp.relate.memory import Memory
from nlp.relate.promotion import combined, text_cues
from nlp.relate.topics import topic
from nlp.relate.traces import Trace, full_text, signature, trace

RELATE_VERSION = "3"


class Relator:
    """Relates batches over a Store. One at a time: the caller holds the lease `relate`."""

    def __init__(self, store: Store, version: str = RELATE_VERSION) -> None:
        self._store = store
        self._version = version

    def relate(self, batch: Sequence[Understood]) -> list[Relation]:
        """Relations of the batch in its order, then those of other mentions that changed by it.

        Signatures are saved before it returns. Done again after a crash, it gives out all that may not have been
        saved the first time.
        """
        traces = {u.mention.id: trace(u) for u in batch}
        memory = Memory(self._store)
        known = memory.traces(traces)
        found = grouped(memory, traces)
        sprees = company.spree_groups(memory, traces)
        moved = company.moved_by_groups(memory, found) | company.moved_by_sprees(memory, sprees, known)
        others = self._store.understood(sorted(moved - set(traces)))
        wanted = {t.id: t for t in memory.traces(u.mention.id for u in others).values()} | traces
        places = _places(memory, found.groups, wanted)
        weights = _weights(memory, sprees, wanted)
        self._save(memory, found.groups, traces)
        own = [self._relation(u, places, weights) for u in batch]
        given = [(u.relation, self._relation(u, places, weights)) for u in others]
        return own + [now for before, now in given if before is not None and before != now]

    def _save(self, memory: Memory, groups: Mapping[str, Sequence[Trace]], batch: Mapping[str, Trace]) -> None:
        final = {t.id: t for members in groups.values() for t in members}
        before = memory.traces(final)
        changed = [t for id, t in final.items() if id in batch or id not in before or before[id].label != t.label]
        self._store.save_signatures([signature(t) for t in changed])

    def _relation(
        self, understood: Understood, places: Mapping[str, company.Place], weights: Mapping[str, float]
    ) -> Relation:
        id = understood.mention.id
        place = places.get(id, company.ALONE)
        company_cues = (("copied_praise", place.copied), ("praise_spree", weights.get(id, 0.0)))
        promotion = combined([*text_cues(full_text(understood)), *(cue for cue in company_cues if cue[1])])
        return Relation(
            mention_id=id,
            version=self._version,
            duplicate_of=place.duplicate_of,
            duplicate_kind=place.kind,
            promotion=promotion.score,
            promotion_reasons=promotion.reasons,
            topic=topic(understood.reading),
        )


def _places(
    memory: Memory, groups: Mapping[str, Sequence[Trace]], wanted: Mapping[str, Trace]
) -> Mapping[str, company.Place]:
    """Of every member of the batch's groups, and of wanted mentions in groups that the batch did not touch."""
    found = {id: place for members in groups.values() for id, place in company.places(members).items()}
    labels = {t.label for id, t in wanted.items() if id not in found and t.label}
    for members in memory.members(labels).values():
        found.update(company.places(members))
    return found


def _weights(memory: Memory, sprees: Mapping[str, Sequence[Trace]], wanted: Mapping[str, Trace]) -> Mapping[str, float]:
    """Of every member of the batch's sprees, and of wanted mentions in sprees that the batch did not touch."""
    elsewhere = {t.spree for t in wanted.values() if t.spree} - set(sprees)
    groups = [*sprees.values(), *memory.members(elsewhere).values()]
    return {id: weight for members in groups for id, weight in company.sprees(members).items()}
