"""Discovered topics: what a set of mentions is about, who may keep them, and which topic of last week this one is."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Protocol

from core.errors import InputError
from core.models import Span


@dataclass(frozen=True, slots=True)
class TopicQuote:
    """A sentence that shows the topic: its place, never its words, so that erasing the mention erases it."""

    mention_id: str
    quote: Span


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic with its figures in the period of its run. `id` stays from run to run of one query.

    `before` counts the stretch of the same length just before; `weeks` the baseline weeks, oldest first, and at last
    the seven days before the run's end; `q` is the p-value of that last week after Benjamini–Hochberg. None: not known.
    """

    id: str
    label: str
    phrases: tuple[str, ...]
    n: int
    positive: int
    negative: int
    first_seen: datetime
    before: int | None = None
    weeks: tuple[int, ...] = ()
    q: float | None = None
    emerging: bool = False
    quotes: tuple[TopicQuote, ...] = ()

    @property
    def net(self) -> float | None:
        """(P − N) / n."""
        return (self.positive - self.negative) / self.n if self.n else None


@dataclass(frozen=True, slots=True)
class TopicRun:
    """Topics of the counted mentions of a query from `start` to `end`, largest first.

    `query` is what runs of one question have in common: as typed, or, where that names an author, its tree as JSON with
    the author's digest. `start` None: of all time, undated ones too. `n` mentions in all, of which `unplaced` belong to
    none and `unread` have no vector; `before` as in Topic. `fitted_at` is when the rule was found: a run that only
    placed new mentions is later than it. `columns` are the topics' ids in the order of the rule.
    """

    id: str
    query: str
    start: datetime | None
    end: datetime
    at: datetime
    fitted_at: datetime
    generation: int
    model: str
    detail: float
    n: int
    unplaced: int
    unread: int
    topics: tuple[Topic, ...]
    before: int | None = None
    columns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TopicQuestion:
    """A query, its period as people write it ("" is open), how fine, and whether to find topics again."""

    query: str
    since: str = ""
    until: str = ""
    detail: float = 1.0
    anew: bool = False

    def written(self) -> str:
        """As it stands in a request of a page."""
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def read(cls, written: str) -> TopicQuestion:
        """From `written`. Raises InputError for anything else."""
        try:
            return cls(**json.loads(written))
        except (ValueError, TypeError) as error:
            raise InputError(f"{written!r} is no question for topics ({error}).") from error


class TopicRuns(Protocol):
    """The runs of a home. Their members are dropped with the mentions they name."""

    def save_topic_run(self, run: TopicRun, rule: bytes, members: Mapping[str, Sequence[str]]) -> None:
        """Keeps a run; `members` are mention ids by topic, most typical first. Of a query the last RUNS_KEPT stay."""
        ...

    def topic_runs(self, query: str | None = None) -> list[TopicRun]:
        """Newest first; of every query, or of one."""
        ...

    def topic_rule(self, run: str) -> bytes:
        """The rule of a run. Raises InputError for a run that is not kept."""
        ...

    def topic_members(self, run: str, topic: str, skip: int = 0, n: int = 20) -> list[str]:
        """Mention ids of a topic, most typical first."""
        ...

    def vectors(self, ids: Sequence[str]) -> Mapping[str, bytes]:
        """The vectors of readings; mentions without one are left out."""
        ...
