"""Which exported files hold a mention. Exports name mentions by id; a file that cannot be searched counts as one."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO

_DIGEST = re.compile(rb"[0-9a-f]{32}")
_TEXT = {".jsonl", ".json", ".csv", ".tsv", ".txt", ".md", ".html"}
_ZIPPED = {".xlsx", ".docx", ".zip"}
_CHUNK = 1 << 20


def holding(folder: Path, ids: Sequence[str]) -> list[Path]:
    """The files under the folder that hold any of the ids, or may: pictures, PDF and broken archives do."""
    if not ids or not folder.is_dir():
        return []
    wanted = _Wanted(ids)
    return [file for file in sorted(folder.rglob("*")) if file.is_file() and _holds(file, wanted)]


class _Wanted:
    """Ids to look for: digests by one pattern for all, others one by one."""

    def __init__(self, ids: Sequence[str]) -> None:
        names = [i.encode("utf-8", "replace") for i in ids if i]
        self.digests = frozenset(n for n in names if _DIGEST.fullmatch(n))
        self.others = tuple(n for n in names if n not in self.digests)
        self.longest = max((len(n) for n in names), default=1)

    def within(self, text: bytes) -> bool:
        if self.digests and not self.digests.isdisjoint(_DIGEST.findall(text)):
            return True
        return any(other in text for other in self.others)


def _holds(file: Path, wanted: _Wanted) -> bool:
    kind = file.suffix.lower()
    if kind in _TEXT:
        with file.open("rb") as stream:
            return any(wanted.within(part) for part in _parts(stream, wanted.longest))
    if kind in _ZIPPED:
        try:
            return _archive_holds(file, wanted)
        except (zipfile.BadZipFile, RuntimeError, NotImplementedError):
            return True
    return True


def _archive_holds(file: Path, wanted: _Wanted) -> bool:
    with zipfile.ZipFile(file) as archive:
        for name in archive.namelist():
            with archive.open(name) as stream:
                if any(wanted.within(part) for part in _parts(stream, wanted.longest)):
                    return True
    return False


def _parts(stream: IO[bytes], overlap: int) -> Iterator[bytes]:
    """The stream in pieces that overlap, so that no id is cut."""
    tail = b""
    while chunk := stream.read(_CHUNK):
        yield tail + chunk
        tail = (tail + chunk)[-overlap:]
