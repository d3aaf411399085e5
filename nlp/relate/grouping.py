"""Duplicate groups over everything stored: a batch joins what is there, and groups that changed are made anew."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from nlp.relate.clusters import Clusters
from nlp.relate.memory import Memory
from nlp.relate.traces import Trace, group_label


@dataclass(frozen=True, slots=True)
class Grouped:
    """`groups`: every component that holds a pending mention, by its final label or, alone, by its id.

    `pending` are the mentions whose place was looked for: the batch, and the members of groups taken apart.
    """

    groups: Mapping[str, list[Trace]]
    pending: frozenset[str]


def grouped(memory: Memory, batch: Mapping[str, Trace]) -> Grouped:
    """Finds the groups of a batch. A mention met before may have changed its text: its old group is taken apart."""
    reopened = {old.label for old in memory.traces(batch).values() if old.label}
    pending = dict(batch)
    for members in memory.members(reopened).values():
        pending.update((t.id, replace(t, label="")) for t in members if t.id not in batch)
    stored = _neighbours(memory, pending)
    components = _components(stored, list(pending.values()))
    groups = [_whole(memory, component, pending) for component in components]
    return Grouped({members[0].label or members[0].id: members for members in groups}, frozenset(pending))


def _neighbours(memory: Memory, pending: Mapping[str, Trace]) -> list[Trace]:
    """Stored mentions outside `pending` that a pending one could belong to."""
    twins = memory.twins(t.exact for t in pending.values() if t.exact)
    twins = {exact: twin for exact, twin in twins.items() if twin.id not in pending}
    bands = (band for t in pending.values() if t.exact not in twins for band in t.bands)
    like = [t for members in memory.members(bands).values() for t in members if t.id not in pending]
    return list({t.id: t for t in [*twins.values(), *like]}.values())


def _components(stored: Iterable[Trace], pending: Iterable[Trace]) -> list[list[Trace]]:
    """Components that hold at least one pending mention."""
    clusters = Clusters()
    nodes: list[Trace] = []
    beside: dict[str, int] = {}
    for t in stored:
        node = clusters.place(t.rank, t.exact, t.bands, t.minhash, beside.get(t.label))
        nodes.append(t)
        if t.label:
            beside.setdefault(t.label, node)
    first = len(nodes)
    for t in pending:
        clusters.add(t.rank, t.exact, t.bands, t.minhash)
        nodes.append(t)
    return [[nodes[n] for n in found] for found in clusters.components() if found[-1] >= first]


def _whole(memory: Memory, component: list[Trace], pending: Mapping[str, Trace]) -> list[Trace]:
    """All members of a component, the original first, under one label."""
    everyone = {t.id: t for t in component}
    labels = {t.label for t in component if t.label}
    sizes = {}
    for label, members in memory.members(labels).items():
        sizes[label] = len(members)
        everyone.update((t.id, t) for t in members if t.id not in pending)
    ordered = sorted(everyone.values(), key=lambda t: t.rank)
    if len(ordered) == 1:
        return ordered
    label = max(sizes, key=lambda s: (sizes[s], s)) if sizes else group_label(ordered[0].id)
    return [t if t.label == label else replace(t, label=label) for t in ordered]
