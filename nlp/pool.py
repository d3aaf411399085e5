"""Reading on all cores: batches go out to processes, and come back as they are ready."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from types import TracebackType

from core.interfaces import Understood
from core.models import Reading
from nlp.processes import Died, cores, start, worker_died
from nlp.reader import MentionReader, ReaderSettings

Claimed = tuple[str, Sequence[Understood]]
FEW = 128
"""Up to so many texts are read here: starting processes takes longer."""
_reader: MentionReader | None = None


class ReaderPool:
    """Reads batches of mentions on `workers` processes (0: in this one). Use it as a context."""

    def __init__(self, settings: ReaderSettings, workers: int | None = None) -> None:
        self.settings = settings
        self.workers = cores() if workers is None else workers
        self._executor: ProcessPoolExecutor | None = None
        self._local: MentionReader | None = None

    def __enter__(self) -> ReaderPool:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def read(self, batches: Iterable[Claimed]) -> Iterator[tuple[str, list[Reading]]]:
        """Yields (token, readings) as batches are ready, each batch's readings in its order.

        What the model has read already is only mapped again. Takes at most two batches a process ahead. Raises
        Transient when a process dies; the pool starts new ones at the next call.
        """
        if self.workers < 1:
            yield from self._here(batches)
            return
        try:
            yield from self._there(batches)
        except Died as error:
            self.close()
            raise worker_died("reading mentions") from error

    def close(self) -> None:
        if self._executor is not None:
            self._executor.shutdown(wait=True, cancel_futures=True)
            self._executor = None

    def _here(self, batches: Iterable[Claimed]) -> Iterator[tuple[str, list[Reading]]]:
        self._local = self._local or MentionReader(self.settings)
        for token, batch in batches:
            yield token, self._local.reread(batch)

    def _there(self, batches: Iterable[Claimed]) -> Iterator[tuple[str, list[Reading]]]:
        if self._executor is None:
            self._executor = start(self.workers, _prepare, (self.settings,), self.settings.niceness)
        waiting: dict[Future[list[Reading]], str] = {}
        source = iter(batches)
        more = True
        while more or waiting:
            while more and len(waiting) < 2 * self.workers:
                claimed = next(source, None)
                more = claimed is not None
                if claimed is not None:
                    waiting[self._executor.submit(_read, claimed[1])] = claimed[0]
            ready, _ = wait(waiting, return_when=FIRST_COMPLETED) if waiting else (set(), None)
            for future in ready:
                yield waiting.pop(future), future.result()


def _prepare(settings: ReaderSettings) -> None:
    global _reader  # noqa: PLW0603 - one reader a process is what the process is for
    _reader = MentionReader(settings)


def _read(batch: Sequence[Understood]) -> list[Reading]:
    if _reader is None:
        raise RuntimeError("a reading process was asked before it was prepared")
    return _reader.reread(batch)
