"""The reading side of an index folder: one view a commit, shared by all threads until the next."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from threading import Lock
from typing import Any, TypeVar

import tantivy

from core.errors import HomeError
from index.columns import State, read_state
from index.document import SCHEMA_VERSION
from index.evaluate import Evaluator
from index.folders import current, text_folder
from index.fulltext import FullText, open_index, schema
from index.snapshot import KeyLists, Snapshot
from nlp.segment import Segmenter

Answer = TypeVar("Answer")
KEPT_ANSWERS = 1000


class View:
    """Columns and texts of one state, with the answers given on it."""

    def __init__(self, columns: Snapshot, text: FullText, segmenter: Segmenter) -> None:
        self.columns, self.text = columns, text
        self.evaluator = Evaluator(columns, text, segmenter)
        self._answers: OrderedDict[object, Any] = OrderedDict()
        self._lock = Lock()

    def answer(self, question: object, made: Callable[[], Answer]) -> Answer:
        """An answer given before on this state, or a new one."""
        with self._lock:
            if question in self._answers:
                self._answers.move_to_end(question)
                found: Answer = self._answers[question]
                return found
        found = made()
        with self._lock:
            self._answers[question] = found
            if len(self._answers) > KEPT_ANSWERS:
                self._answers.popitem(last=False)
        return found


class Reader:
    """Opens the newest state of a folder whenever it has changed."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = Lock()
        self._seen: tuple[Path, int, int] | None = None
        self._folder: _Folder | None = None
        self._view: View | None = None

    def view(self) -> View:
        """The view of the newest commit; an empty one before the first. Raises HomeError where versions differ."""
        with self._lock:
            folder = current(self._path)
            try:
                stamp = (folder / "state.json").stat()
            except FileNotFoundError:
                return _empty()
            seen = (folder, stamp.st_mtime_ns, stamp.st_ino)
            if self._view is None or seen != self._seen:
                self._view, self._seen = self._opened(folder), seen
            return self._view

    def _opened(self, place: Path) -> View:
        if self._folder is None or self._folder.place != place:
            self._folder = _Folder(place)
        return self._folder.view()


def _empty() -> View:
    """What stands where nothing was indexed yet."""
    nowhere = Path("nowhere")
    state = State(SCHEMA_VERSION, "")
    return View(Snapshot(nowhere, state, KeyLists(nowhere)), FullText(tantivy.Index(schema())), Segmenter())


def open_view(folder: Path) -> View:
    """One look at a folder."""
    return _Folder(folder).view()


class _Folder:
    """What stays open between the commits of one folder."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self._state = self._checked()
        self._index = open_index(text_folder(place))
        self._index.config_reader("manual")
        self._lists = KeyLists(place)
        self._segmenter = Segmenter(self._state.user_words)

    def view(self) -> View:
        """Columns and texts of one commit: read again where a commit came between."""
        state = self._checked()
        self._index.reload()
        while state != (newer := self._checked()):
            state = newer
            self._index.reload()
        self._lists.grow(state)
        return View(Snapshot(self.place, state, self._lists), FullText(self._index), self._segmenter)

    def _checked(self) -> State:
        state = read_state(self.place)
        if state is None:
            raise HomeError(f"{self.place} holds no index. `fengping index` makes it.")
        if state.schema != SCHEMA_VERSION:
            raise HomeError(
                f"the index {self.place} has schema {state.schema}, this version reads {SCHEMA_VERSION}. "
                "`fengping index` builds it anew."
            )
        return state
