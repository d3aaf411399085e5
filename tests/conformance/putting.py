"""A process that puts documents until it is killed: it says each generation once that is committed."""

from __future__ import annotations

from multiprocessing.connection import Connection
from pathlib import Path

from index.embedded import TantivyIndex
from tests.conformance.corpus import documents

DOCUMENTS = documents(300, seed=77)


def putting(folder: str, said: Connection) -> None:
    index = TantivyIndex(Path(folder), write=True)
    for generation in range(1, 100_000):
        start = (generation * 37) % 260
        index.put(DOCUMENTS[start : start + 40], generation)
        said.send(generation)
