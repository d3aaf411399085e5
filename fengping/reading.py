"""The stage `read`: what the present model has read is mapped again, the rest read; on all cores where it is much."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from core.interfaces import Store, Understood
from core.models import Versions
from fengping.assembly import Assembly
from fengping.remapping import remap
from fengping.working import working
from nlp.pool import ReaderPool
from nlp.reader import MentionReader, ReaderSettings, versions

BATCH = 256
LEASE_SECONDS = 3600.0
"""Only a holder on another machine is waited for so long; here `working` frees at once what the dead have held."""
PIECE_CHARACTERS = 100_000
"""What is read is saved after so many characters: 256 long texts take longer than any lease should last."""
FEW = 400
"""Up to so many waiting mentions are read in this process: starting others takes longer than reading."""
Report = Callable[[int, int], None]
"""Called with how many are done and how many there are."""
Ended = Callable[[], bool]


def never() -> bool:
    return False


class Readers:
    """Reads what waits, and keeps the model loaded, here and in other processes, until closed.

    `niceness` is that of the processes: a program that stays up reads in the background of its dashboard.
    """

    def __init__(self, niceness: int = 0) -> None:
        self._niceness = niceness
        self._versions: Versions | None = None
        self._here: MentionReader | None = None
        self._pool: ReaderPool | None = None

    def read(self, assembly: Assembly, report: Report, ended: Ended = never) -> int:
        """Reads every waiting mention, or until `ended`; returns how many."""
        store = assembly.store
        if not store.waiting("read"):
            return 0
        settings = ReaderSettings(assembly.project, assembly.home.lexicons, niceness=self._niceness)
        with working(assembly):
            done = remap(assembly, report, ended, self._niceness)
            waiting = store.waiting("read")
            if not waiting or ended():
                return done
            reader = self._reader(settings)

            def told(n: int) -> None:
                report(done + n, max(done + n, done + waiting))

            if waiting <= FEW and self._pool is None:
                return done + _read_here(store, reader, told, ended)
            return done + self._read_pooled(store, settings, told, ended)

    def close(self) -> None:
        """Ends the processes; the next call starts others."""
        if self._pool is not None:
            self._pool.close()
        self._pool = None

    def _reader(self, settings: ReaderSettings) -> MentionReader:
        """One of today's model, words and brands: they may have changed since the last call."""
        now = versions(settings.project, settings.overlays)
        if self._here is None or now != self._versions:
            self.close()
            self._here, self._versions = MentionReader(settings), now
        return self._here

    def _read_pooled(self, store: Store, settings: ReaderSettings, told: Callable[[int], None], ended: Ended) -> int:
        """Claims a batch for each worker that is free, so that a death loses no more than it was reading."""
        self._pool = self._pool or ReaderPool(settings)
        done = 0
        try:
            for token, readings in self._pool.read(_claims(store, ended)):
                done += store.save_readings(token, readings)
                told(done)
        finally:
            if not store.waiting("read"):
                self.close()
        return done


def _read_here(store: Store, reader: MentionReader, told: Callable[[int], None], ended: Ended) -> int:
    done = 0
    for token, piece in _claims(store, ended):
        done += store.save_readings(token, reader.reread(piece))
        told(done)
    return done


def _claims(store: Store, ended: Ended) -> Iterator[tuple[str, list[Understood]]]:
    while not ended() and (batch := store.claim("read", BATCH, LEASE_SECONDS)).ids:
        for piece in pieces(store.understood(batch.ids)):
            yield batch.token, piece


def pieces(batch: Sequence[Understood]) -> Iterator[list[Understood]]:
    """The batch in its order, cut so that no piece but a single text exceeds PIECE_CHARACTERS."""
    piece: list[Understood] = []
    characters = 0
    for item in batch:
        characters += len(item.mention.text)
        if piece and characters > PIECE_CHARACTERS:
            yield piece
            piece, characters = [], len(item.mention.text)
        piece.append(item)
    if piece:
        yield piece
