"""The scoped index as pages hold it: a question asked once in a generation is not asked again, by any viewer."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from datetime import datetime
from threading import Lock
from typing import Literal, TypeVar, cast

from core.interfaces import Facet, Hits, Index, Interval, Series, Sort, Sums, Table
from core.scope import OPEN, Scope
from core.tree import Node, SameOpinion
from index.scoped import Scoped

MOST_ANSWERS = 2000
Answer = TypeVar("Answer")


class Answers:
    """The answers of one index, shared by all viewers; the longest unused go first."""

    def __init__(self, most: int = MOST_ANSWERS) -> None:
        self._most, self._lock = most, Lock()
        self._kept: OrderedDict[tuple[object, ...], object] = OrderedDict()

    def get(self, question: tuple[object, ...], ask: Callable[[], Answer]) -> Answer:
        """The answer kept for a question, or the one that `ask` gives now."""
        with self._lock:
            if question in self._kept:
                self._kept.move_to_end(question)
                return cast(Answer, self._kept[question])
        answer = ask()
        with self._lock:
            self._kept[question] = answer
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
        return answer


class Remembered(Scoped):
    """`Scoped`, with scope and generation in the key of every answer kept: one member never gets another's."""

    def __init__(self, index: Index, scope: Scope = OPEN, answers: Answers | None = None) -> None:
        super().__init__(index, scope)
        self._answers = answers if answers is not None else Answers()

    def search(self, tree: Node, sort: Sort = "newest", after: str = "", n: int = 20) -> Hits:
        return self._kept(("search", tree, sort, after, n), lambda: Scoped.search(self, tree, sort, after, n))

    def count(self, tree: Node) -> int:
        return self._kept(("count", tree), lambda: Scoped.count(self, tree))

    def sums(self, tree: Node, fields: Sequence[str]) -> Sums:
        return self._kept(("sums", tree, tuple(fields)), lambda: Scoped.sums(self, tree, fields))

    def facets(self, tree: Node, field: str, n: int = 20, prefix: str = "") -> tuple[Facet, ...]:
        return self._kept(("facets", tree, field, n, prefix), lambda: Scoped.facets(self, tree, field, n, prefix))

    def phrases(self, tree: Node, wanted: SameOpinion, n: int = 20) -> tuple[Facet, ...]:
        return self._kept(("phrases", tree, wanted, n), lambda: Scoped.phrases(self, tree, wanted, n))

    def series(
        self,
        tree: Node,
        interval: Interval,
        timezone: str,
        split: str | None = None,
        time: Literal["published", "collected"] = "published",
        until: datetime | None = None,
        prefix: str = "",
    ) -> Series:
        return self._kept(
            ("series", tree, interval, timezone, split, time, until, prefix),
            lambda: Scoped.series(self, tree, interval, timezone, split, time, until, prefix),
        )

    def table(self, tree: Node, rows: str, columns: str, n: int = 50) -> Table:
        return self._kept(("table", tree, rows, columns, n), lambda: Scoped.table(self, tree, rows, columns, n))

    def once(self, question: tuple[object, ...], make: Callable[[], Answer]) -> Answer:
        """What is made of this generation's answers, kept with them."""
        return self._kept(("once", *question), make)

    def _kept(self, question: tuple[object, ...], ask: Callable[[], Answer]) -> Answer:
        return self._answers.get((self.scope, self.generation(), *question), ask)
