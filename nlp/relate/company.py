"""What the others say of a mention: its place among its copies, and the spree of praise it belongs to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from nlp.relate.grouping import Grouped
from nlp.relate.memory import Memory
from nlp.relate.promotion import copied_praise, spree
from nlp.relate.traces import Trace


@dataclass(frozen=True, slots=True)
class Place:
    """Where a mention stands in its group of duplicates, and what praise copied by others weighs there."""

    duplicate_of: str = ""
    kind: Literal["", "exact", "near"] = ""
    copied: float = 0.0


ALONE = Place()


def places(members: Sequence[Trace]) -> dict[str, Place]:
    """Of the members of one group."""
    if len(members) < 2:
        return {t.id: ALONE for t in members}
    original = min(members, key=lambda t: t.rank)
    copied = copied_praise([p for t in members if (p := t.praise())])
    return {t.id: _place(t, original, copied.get(t.id, 0.0)) for t in members}


def sprees(members: Sequence[Trace]) -> dict[str, float]:
    """Of the praises of one brand by one author."""
    return spree([p for t in members if (p := t.praise())])


def moved_by_groups(memory: Memory, found: Grouped) -> set[str]:
    """Mentions whose place may differ from the one that was given out."""
    labels = {t.label for t in memory.traces(_members(found) - found.pending).values()}
    before = {id: p for members in memory.members(labels - {""}).values() for id, p in places(members).items()}
    return {
        id
        for members in found.groups.values()
        for id, place in places(members).items()
        if id in found.pending or before.get(id, ALONE) != place
    }


def spree_groups(memory: Memory, batch: Mapping[str, Trace]) -> dict[str, list[Trace]]:
    """Every spree that the batch belongs to, or belonged to, as it is with the batch."""
    keys = {t.spree for t in [*batch.values(), *memory.traces(batch).values()]} - {""}
    after = {key: [t for t in members if t.id not in batch] for key, members in memory.members(keys).items()}
    for t in batch.values():
        if t.spree:
            after[t.spree].append(t)
    return after


def moved_by_sprees(memory: Memory, after: Mapping[str, Sequence[Trace]], known: Iterable[str]) -> set[str]:
    """Mentions whose weight may differ from the one that was given out."""
    moved: set[str] = set()
    met = set(known)
    for key, members in after.items():
        old = memory.members([key])[key]
        before, now = sprees(old), sprees(members)
        uncertain = not met.isdisjoint(t.id for t in old)
        moved.update(t.id for t in members if uncertain or before.get(t.id) != now.get(t.id))
    return moved


def _members(found: Grouped) -> set[str]:
    return {t.id for members in found.groups.values() for t in members}


def _place(member: Trace, original: Trace, copied: float) -> Place:
    if member.id == original.id:
        return Place(copied=copied)
    same = bool(member.exact) and member.exact == original.exact
    return Place(original.id, "exact" if same else "near", copied)
