"""The writing side of an index folder. Rows are added to columns and texts first; one replaced state makes them count.

Old versions of a document leave the columns with that state, and tantivy at the commit after it: so whatever is killed
when, a reader sees each document once, and what a broken-off put left behind is cut away when the next writer opens.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import tantivy

from core.errors import HomeError
from core.models import SearchDocument
from core.tree import Everything
from index.columns import ColumnWriter, State, dead_rows, read_state, write_state
from index.document import SCHEMA_VERSION
from index.folders import current, following, text_folder, use
from index.fulltext import open_index, rows_from, tantivy_document
from index.listing import by_id
from index.lock import WriterLock
from index.reading import open_view
from index.rows import RowsById
from nlp.segment import Segmenter

HEAP_BYTES = 256_000_000
_THREADS = 2
_REBUILD_BATCH = 5000
_MOST_DEAD = 20_000
"""So many replaced rows, and half of all, are worth building the folder anew when a writer opens it."""


class Writer:
    """Holds the lock of an index until closed."""

    _folder: Path
    _columns: ColumnWriter
    _rows: RowsById
    _index: tantivy.Index
    _text: tantivy.IndexWriter
    _stale: list[int]

    def __init__(self, path: Path, user_words: tuple[str, ...], wait_seconds: float = 0) -> None:
        path.mkdir(parents=True, exist_ok=True)
        self._path = path
        self._segmenter = Segmenter(user_words)
        self._lock = WriterLock(path, wait_seconds)
        try:
            self._open(current(path))
        except BaseException:
            self._lock.release()
            raise

    def put(self, documents: Sequence[SearchDocument], generation: int) -> None:
        """Inserts or replaces by id and commits; of one id twice in a batch the last counts."""
        try:
            self._put(list({document.id: document for document in documents}.values()), generation)
        except BaseException:
            self._close_text()
            self._resume(self._folder)
            raise

    def delete(self, ids: Sequence[str]) -> None:
        """Removes documents from every answer, then from tantivy."""
        gone = [row for i in dict.fromkeys(ids) if (row := self._rows.remove(i)) is not None]
        if gone:
            self._columns.kill(gone)
            self._stale += gone
            self._write_state(self._columns.state.generation)
            self._drop_stale()
            self._text.commit()

    def clear(self) -> None:
        """Begins again with an empty folder."""
        self._close_text()
        folder = following(self._path)
        self._start(folder)
        use(self._path, folder)

    def compact(self) -> None:
        """Builds the folder anew from its live documents: nothing deleted or replaced is left on disk after it."""
        self._drop_stale()
        self._close_text()
        self._rebuild(self._folder)

    def close(self) -> None:
        self._drop_stale()
        self._text.commit()
        self._close_text()
        self._lock.release()

    def _put(self, documents: Sequence[SearchDocument], generation: int) -> None:
        replaced: list[int] = []
        long: list[bool] = []
        tokens: list[list[str]] = []
        for document in documents:
            old = self._rows.remove(document.id)
            if old is not None:
                replaced.append(old)
            self._rows.add(document.id, self._columns.next_row + len(long))
            made, is_long, some = tantivy_document(self._columns.next_row + len(long), document, self._segmenter)
            self._text.add_document(made)
            long.append(is_long)
            tokens.append(some)
        self._columns.append(documents, long, tokens)
        self._columns.kill(replaced)
        self._drop_stale()
        self._text.commit()
        self._write_state(generation)
        self._stale = replaced

    def _write_state(self, generation: int) -> None:
        self._rows.flush()
        write_state(self._folder, self._columns.flush(generation))

    def _drop_stale(self) -> None:
        for row in self._stale:
            self._text.delete_documents_by_term("row", row)
        self._stale = []

    def _close_text(self) -> None:
        """Waits for merges and gives tantivy's own lock back."""
        self._text.wait_merging_threads()
        del self._text, self._index

    def _open(self, folder: Path) -> None:
        state = read_state(folder)
        if state is None:
            self._start(folder)
        elif state.schema != SCHEMA_VERSION:
            self._start(following(self._path))
            use(self._path, self._folder)
        elif state.segmenter != self._segmenter.version or state.dead > max(_MOST_DEAD, state.rows // 2):
            self._rebuild(folder)
        else:
            self._resume(folder)

    def _start(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        write_state(folder, State(SCHEMA_VERSION, self._segmenter.version, self._segmenter.user_words))
        self._resume(folder)

    def _resume(self, folder: Path) -> None:
        """Takes up a folder where its state left it: later rows are cut away, dead ones removed from tantivy."""
        state = read_state(folder)
        if state is None:
            raise HomeError(f"{folder / 'state.json'} has gone while the index was in use. Delete {folder}.")
        self._folder, self._stale = folder, []
        self._columns = ColumnWriter(folder, state)
        dead = dead_rows(folder, state)
        self._rows = RowsById(folder, state.rows, dead)
        self._index = open_index(text_folder(folder))
        self._text = self._index.writer(HEAP_BYTES, _THREADS)
        self._text.delete_documents_by_query(rows_from(self._index, state.rows))
        if int(self._index.searcher().num_docs) != state.rows - len(dead):
            self._stale = dead
            self._drop_stale()
        self._text.commit()

    def _rebuild(self, folder: Path) -> None:
        """Moves the live documents of a folder into a new one, cut into words as they are now."""
        view = open_view(folder)
        self._start(following(self._path))
        batch: list[SearchDocument] = []
        generation = view.columns.state.generation
        for document in by_id(view, Everything(), _REBUILD_BATCH):
            batch.append(document)
            if len(batch) >= _REBUILD_BATCH:
                self._put(batch, generation)
                batch = []
        self._put(batch, generation)
        use(self._path, self._folder)
