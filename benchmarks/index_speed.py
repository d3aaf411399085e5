"""Documents a second that the embedded index takes in: `python -m benchmarks.index_speed [DOCUMENTS]`.

Into an empty folder, everything committed and merged at the end; making the documents is not counted.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from benchmarks.figure import Figure, load, show
from benchmarks.made import NOWHERE
from benchmarks.million import filling

DOCUMENTS = 200_000
COMMAND = "python -m benchmarks.index_speed"


def measure(documents: int = DOCUMENTS) -> list[Figure]:
    before = load()
    with tempfile.TemporaryDirectory() as folder:
        rate, _ = filling(Path(folder) / "index", documents, NOWHERE)
        size = sum(file.stat().st_size for file in Path(folder).rglob("*") if file.is_file())
    detail = {"documents": documents, "disk_mb": size / 1e6, "load_before": before}
    return [Figure("index", rate, "documents/s", 10_000, COMMAND, detail=detail)]


if __name__ == "__main__":
    show(measure(*(int(a) for a in sys.argv[1:])))
