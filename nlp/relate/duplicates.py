"""Duplicates: who said the same words first.

A copy is a text whose words equal, or nearly equal, those of an earlier one. A short or generic text (好评, 不错) by
another author is not a copy: two buyers may well mean the same; by the same author about the same thing it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import blake2b

from nlp.relate import wording
from nlp.relate.clusters import Clusters
from nlp.relate.minhash import Minhash, bands, minhash

_UNDATED = datetime.max.replace(tzinfo=UTC)
SCHEME = "2"
"""Part of every key: keys made by another scheme never meet."""


@dataclass(frozen=True, slots=True)
class Words:
    """What of a text decides its duplicates. `exact` is "" where nothing may equal it."""

    exact: str
    bands: tuple[str, ...]
    minhash: Minhash | None


def words(text: str, author: str, about: str = "") -> Words:
    """The keys of a text. `about` is the thing spoken of (brand, product): it counts for generic texts only."""
    normal = wording.normalise(text)
    if not wording.distinctive(normal):
        said = f"{author}\x1f{about}\x1f{normal}" if author and normal else ""
        return Words(_exact("own", said), (), None)
    mins = minhash(normal) if wording.can_be_near(normal) else None
    keys = () if mins is None else tuple(f"near{SCHEME}:{key}" for key in bands(mins))
    return Words(_exact("any", normal), keys, mins)


def precedence(published_at: datetime | None, id: str) -> tuple[datetime, str]:
    """The smallest in a group is its original: earliest published, then by id; undated ones last."""
    return published_at or _UNDATED, id


class DuplicateFinder:
    """Finds duplicates in a stream, in memory (about 3 kB a text)."""

    def __init__(self) -> None:
        self._clusters = Clusters()
        self._ids: list[str] = []

    def add(self, id: str, text: str, author: str = "", published_at: datetime | None = None) -> str:
        """Returns the id of the original among the texts added before, or "" when this text is (now) the original.

        Undated texts count in the order in which they are added.
        """
        found = words(text, author)
        rank = precedence(published_at, id if published_at else "")
        node = self._clusters.add(rank, found.exact, found.bands, found.minhash)
        self._ids.append(id)
        first = self._clusters.lowest(node)
        return "" if first == node else self._ids[first]


def _exact(kind: str, said: str) -> str:
    if not said:
        return ""
    return f"{kind}{SCHEME}:{blake2b(said.encode('utf-8', 'surrogatepass'), digest_size=12).hexdigest()}"
