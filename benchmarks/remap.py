"""Seconds until 1,000,000 readings are those of another lexicon, and of other brands: `python -m benchmarks.remap`.

From the edited file on: finding what is stale, mapping and saving, without the model, as `fengping read` does it.
`changed` is how many came out otherwise; those are related and indexed again afterwards, which `following` gives in
mentions a second. Everything else is only noted as of the new version. The home is benchmarks/stored.py's, copied.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.figure import Figure, load, show
from benchmarks.stored import stored
from fengping import pipeline
from fengping.assembly import opened

REQUIRED = 120.0
COMMAND = "python -m benchmarks.remap"
WORD = '[battery]\nwords = ["电芯"]\n\n["battery/life"]\nnegative = ["半天"]\n'
"""Words to teach the lexicon."""


def measure() -> list[Figure]:
    with _copied(stored().path) as home:
        return [_lexicon(home), _brands(home)]


def _lexicon(home: Path) -> Figure:
    (home / "lexicons" / "electronics.toml").write_text(WORD, "utf-8")
    return _mapped_again(home, "re-map 1M readings, another lexicon")


def _brands(home: Path) -> Figure:
    """The first brand gets another alias, one that is often said."""
    config = home / "fengping.toml"
    before = config.read_text("utf-8")
    after = before.replace("aliases = [", 'aliases = ["这家", ', 1)
    if after == before:
        raise SystemExit(f"{config} has no aliases to add to")
    config.write_text(after, "utf-8")
    return _mapped_again(home, "re-map 1M readings, another brand's name")


def _mapped_again(home: Path, name: str) -> Figure:
    before, spent = load(), _cpu()
    began = time.perf_counter()
    with opened(home) as assembly:
        stale = pipeline.refresh_versions(assembly)
        found = time.perf_counter() - began
        done = pipeline.read(assembly)
        seconds = time.perf_counter() - began
        if done != stale:
            raise SystemExit(f"{stale} readings were stale and {done} were mapped")
        detail = {
            "mentions": done, "a_second": done / seconds, "finding": found, "cpu_seconds": _cpu() - spent,
            "changed": assembly.store.waiting("relate"), "load_before": before,
        }  # fmt: skip
    return Figure(name, seconds, "s", REQUIRED, COMMAND, at_least=False, detail=detail)


def _cpu() -> float:
    """Of this process and of those it has waited for."""
    return sum(os.times()[:4])


@contextmanager
def _copied(home: Path) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="fengping-remap-") as folder:
        shutil.copytree(home, Path(folder) / "home")
        yield Path(folder) / "home"


if __name__ == "__main__":
    show(measure())
