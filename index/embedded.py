"""The index of one machine: texts in tantivy, keys and numbers in columns, both in one folder, one writer at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Literal

from core.errors import HomeError
from core.interfaces import Facet, Hits, Index, Interval, Series, Sort, Sums, Table
from core.models import SearchDocument
from core.tree import Node, SameOpinion
from index import answers
from index.buckets import asked
from index.listing import by_id, listed
from index.reading import Reader, View
from index.stored import from_bytes
from index.writing import Writer

_RANGES = {"published": "date", "collected": "collected"}


class TantivyIndex(Index):
    """Implements core.interfaces.Index in a folder. With `write` it holds the folder's lock until closed.

    A second writer waits `wait_seconds` for it, then raises Busy saying who holds it since when. Readers in other
    processes see every commit at their next question. `user_words` are the project's own words for segmentation; where
    the folder was made with others, the writer builds it anew from its own stored documents.
    """

    def __init__(
        self, path: Path, write: bool = False, user_words: Iterable[str] = (), wait_seconds: float = 0
    ) -> None:
        self.path = Path(path)
        self._writer = Writer(self.path, tuple(user_words), wait_seconds) if write else None
        self._reader = Reader(self.path)

    def put(self, documents: Sequence[SearchDocument], generation: int = 0) -> None:
        self._held().put(documents, generation)

    def delete(self, ids: Sequence[str]) -> None:
        self._held().delete(ids)

    def clear(self) -> None:
        self._held().clear()

    def compact(self) -> None:
        """Builds the folder anew, so that nothing deleted or replaced is left on disk."""
        self._held().compact()

    def search(self, tree: Node, sort: Sort = "newest", after: str = "", n: int = 20) -> Hits:
        view = self._reader.view()
        return view.answer(("search", tree, sort, after, n), lambda: listed(view, tree, sort, after, n))

    def get(self, ids: Sequence[str]) -> list[SearchDocument]:
        view = self._reader.view()
        found = view.text.rows(view.text.ids(ids)).tolist() if ids else []
        live = [row for row in found if row < view.columns.rows and view.columns.alive[row]]
        by = {document.id: document for document in map(from_bytes, view.text.stored(live).values())}
        return [by[i] for i in ids if i in by]

    def count(self, tree: Node) -> int:
        view = self._reader.view()
        return view.answer(("count", tree), lambda: int(view.evaluator.matching(tree).sum()))

    def facets(self, tree: Node, field: str, n: int = 20, prefix: str = "") -> tuple[Facet, ...]:
        view = self._reader.view()
        return view.answer(
            ("facets", tree, field, n, prefix),
            lambda: answers.facets(view.columns, view.evaluator.matching(tree), field, n, prefix),
        )

    def phrases(self, tree: Node, wanted: SameOpinion, n: int = 20) -> tuple[Facet, ...]:
        view = self._reader.view()
        return view.answer(
            ("phrases", tree, wanted, n),
            lambda: answers.phrases(view.columns, view.evaluator.matching(tree), wanted, n),
        )

    def distinct(self, tree: Node, field: str) -> int:
        view = self._reader.view()
        return view.answer(
            ("distinct", tree, field), lambda: answers.distinct(view.columns, view.evaluator.matching(tree), field)
        )

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
        view = self._reader.view()

        def made() -> Series:
            mask = view.evaluator.matching(tree)
            reach = asked(tree, _RANGES[time])
            return answers.series(view.columns, mask, interval, timezone, split, time, reach, until, prefix)

        return view.answer(("series", tree, interval, timezone, split, time, until, prefix), made)

    def table(self, tree: Node, rows: str, columns: str, n: int = 50) -> Table:
        view = self._reader.view()
        return view.answer(
            ("table", tree, rows, columns, n),
            lambda: answers.table(view.columns, view.evaluator.matching(tree), rows, columns, n),
        )

    def sums(self, tree: Node, fields: Sequence[str]) -> Sums:
        view = self._reader.view()
        return view.answer(
            ("sums", tree, tuple(fields)),
            lambda: answers.sums(view.columns, view.evaluator.matching(tree), fields),
        )

    def scroll(self, tree: Node, batch: int = 1000) -> Iterator[SearchDocument]:
        view: View = self._reader.view()
        return by_id(view, tree, batch)

    def generation(self) -> int:
        return self._reader.view().columns.state.generation

    def close(self) -> None:
        if self._writer is not None:
            self._writer.close()
            self._writer = None

    def _held(self) -> Writer:
        if self._writer is None:
            raise HomeError(f"the index {self.path} was opened for reading; open it with write=True to change it.")
        return self._writer
