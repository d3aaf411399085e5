"""What the Store knows of readings that are made again: in which order, and what the words of an old question meant."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from core.models import Versions


@dataclass(frozen=True, slots=True)
class Words:
    """How questions were understood from a generation on: `body` as it was given, `at` when that generation came."""

    body: str
    at: datetime | None


class Rereading(Protocol):
    """Part of `core.interfaces.Store`."""

    def waiting_mapped(self, model: str) -> int:
        """How many wait for `read` whose reading that model made: they need only be mapped again."""
        ...

    def keep_readings(self, token: str, ids: Sequence[str], versions: Versions) -> int:
        """Says that the stored readings of a claim's mentions are those of these versions too; returns how many.

        Such a mention goes back to where it was: related and indexed already, it is so still.
        """
        ...

    def note_view(self, query: str) -> None:
        """Remembers that somebody looked at a query just now; the last hundred are remembered, each once."""
        ...

    def views(self, n: int = 20) -> list[str]:
        """Queries that were looked at, the latest first."""
        ...

    def put_ahead(self, ids: Sequence[str]) -> int:
        """Which of the mentions waiting to be read again come first, in this order; returns how many of them wait.

        Replaces an earlier order. Mentions never read come before them all, the others by arrival after them.
        """
        ...

    def missing_at(self, generation: int) -> int:
        """How many mentions the index held then that erasure or pruning has removed since."""
        ...

    def keep_words(self, body: str) -> None:
        """Says how questions are understood from the next generation on, where that is not known already."""
        ...

    def words_at(self, generation: int) -> Words:
        """How questions were understood at a generation; `body` is "" and `at` None where that was not kept."""
        ...
