"""Reading what the Store remembers, each trace once a batch."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from core.interfaces import Store
from nlp.relate.traces import Trace, remembered

_ALL = 10_000_000
_PAGE = 5_000


class Memory:
    """Traces as they stand in the Store before the batch."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._traces: dict[str, Trace | None] = {}
        self._members: dict[str, tuple[str, ...]] = {}

    def traces(self, ids: Iterable[str]) -> dict[str, Trace]:
        wanted = list(dict.fromkeys(ids))
        missing = [id for id in wanted if id not in self._traces]
        for start in range(0, len(missing), _PAGE):
            page = missing[start : start + _PAGE]
            found = self._store.signatures(page)
            self._traces.update((id, remembered(found[id]) if id in found else None) for id in page)
        return {id: known for id in wanted if (known := self._traces[id]) is not None}

    def members(self, keys: Iterable[str]) -> Mapping[str, list[Trace]]:
        """Everybody under each key, without those that another scheme wrote."""
        wanted = list(dict.fromkeys(keys))
        missing = [key for key in wanted if key not in self._members]
        if missing:
            found = self._store.band_members(missing, limit=_ALL)
            self._members.update((key, tuple(found.get(key, ()))) for key in missing)
        traces = self.traces(id for key in wanted for id in self._members[key])
        return {key: [traces[id] for id in self._members[key] if id in traces] for key in wanted}

    def twins(self, exacts: Iterable[str]) -> dict[str, Trace]:
        """One mention that says exactly the same, for each exact key that anybody has."""
        keys = [f"exact:{exact}" for exact in dict.fromkeys(exacts)]
        found = self._store.band_members(keys, limit=1)
        traces = self.traces(id for ids in found.values() for id in ids)
        return {traces[ids[0]].exact: traces[ids[0]] for ids in found.values() if ids[0] in traces}
