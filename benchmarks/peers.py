"""fengping beside other readers from PyPI on the same texts: `python -m benchmarks.peers [--rows N] [--rounds N]`.

The texts are rows of the four sentiment sets of ../shared/data that no reader was taught: of the model's tuning part,
those that stand in no set's training part and in no review that a peer ships (letters compared, not case, spaces or
punctuation). Every reader is a process that gets the same lines by a pipe; its clock starts when it has answered lines
made here, enough of them that fengping has started on every core. Writes docs/benchmarks.md between two marks; texts go
nowhere.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import re
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

from benchmarks import peer_readers
from benchmarks.analyze import ROOT, feed, lines
from benchmarks.figure import load
from benchmarks.peer_table import BEGIN, END, Read, page_with, tables
from benchmarks.quality import RESULTS, SHARED, rows_of, tuning_split
from nlp.lanes import MANY

COMMAND = "make bench-peers"
PAGE = ROOT / "docs" / "benchmarks.md"
SETS = ("waimai", "hotel", "shop10", "weibo")
PLAIN = "weibo, no emoticons"
EMOTICON = re.compile(r"\[[^\[\]]{1,8}\]")
SALT = "fengping and peers"
WARMING = 2 * MANY
"""Made lines before those that count: twice what makes fengping start a process for each core; a pipe holds them."""
INSTALL = (
    "{} cannot be imported. The peers are in the extra `bench`; install it with\n"
    "  uv pip install --python .venv/bin/python --no-deps --require-hashes -r requirements-bench.lock\n"
    "(uv is at .tools/bin/uv where `make` installed it) and run this again."
)


@dataclass(frozen=True, slots=True)
class Labelled:
    """A text of one of the sets; `positive` is 1 or 0."""

    name: str
    text: str
    positive: int


@dataclass(frozen=True, slots=True)
class Reader:
    """A process that reads lines; `core` is the only one it may use, if any."""

    name: str
    command: tuple[str, ...]
    core: int | None = None


def bare(text: str) -> str:
    """Its letters and digits in lower case: what two copies of a review have in common."""
    return "".join(re.findall(r"\w", text.lower()))


def drawn(rows: Iterable[Labelled], most: int) -> list[Labelled]:
    """`most` rows at most, chosen and ordered by a hash of the text: the same whatever order they come in."""
    return sorted(rows, key=lambda row: hashlib.sha256(f"{SALT}:{row.text}".encode()).digest())[:most]


def untaught(tuning: dict[str, list[tuple[str, int]]], known: set[str]) -> list[Labelled]:
    """The tuning rows that are not in `known`, each text once."""
    kept: dict[str, Labelled] = {}
    for name, rows in tuning.items():
        for text, positive in rows:
            if (key := bare(text)) and key not in known:
                kept.setdefault(key, Labelled(name, text, positive))
    return list(kept.values())


def training_texts(tuning: dict[str, list[tuple[str, int]]]) -> set[str]:
    """What stands in the training parts: a copy of a tuning row is one more than the tuning part has of it."""
    everything = Counter(bare(row[2]) for name in SETS for row in rows_of(f"sentiment/{name}"))
    return set(everything - Counter(bare(text) for rows in tuning.values() for text, _ in rows))


def sample(most: int) -> tuple[list[Labelled], dict[str, dict[str, int]]]:
    """The rows of every set, in one fixed order, and for each set what was left out and why."""
    tuning, _ = tuning_split()
    trained = training_texts(tuning)
    ours, unseen = untaught(tuning, trained), untaught(tuning, trained | {bare(t) for t in peer_readers.taught()})
    rows = [row for name in SETS for row in drawn((r for r in unseen if r.name == name), most)]
    ours_n, unseen_n, asked_n = (Counter(row.name for row in some) for some in (ours, unseen, rows))
    told = {
        name: {"tuning": len(tuning[name]), "ours": ours_n[name], "unseen": unseen_n[name], "asked": asked_n[name]}
        for name in SETS
    }
    return drawn(rows, len(rows)), told


def lines_of(texts: Sequence[str]) -> list[bytes]:
    return [json.dumps({"id": k, "text": t}, ensure_ascii=False).encode() + b"\n" for k, t in enumerate(texts)]


def readers() -> list[Reader]:
    """fengping on every core and on one, then the peers, which use one."""
    ours = (str(Path(sys.executable).with_name("fengping")), "analyze", "--stdin")
    found = [Reader("fengping", ours)]
    if hasattr(os, "sched_getaffinity"):
        found.append(Reader("fengping, one core", ours, min(os.sched_getaffinity(0))))
    program = (sys.executable, "-m", "benchmarks.peer_readers")
    return found + [Reader(name, (*program, name)) for name in peer_readers.READERS]


def read(reader: Reader, texts: Sequence[str]) -> tuple[list[float], float]:
    """The score of each text, and the seconds from the last warming answer to the last text's."""
    pinned = None if reader.core is None else partial(os.sched_setaffinity, 0, {reader.core})
    pipe = subprocess.PIPE
    process = subprocess.Popen(reader.command, cwd=ROOT, stdin=pipe, stdout=pipe, preexec_fn=pinned)  # noqa: PLW1509
    assert process.stdin is not None and process.stdout is not None
    process.stdin.writelines(lines(WARMING))
    process.stdin.flush()
    warmed = [process.stdout.readline() for _ in range(WARMING)]
    began = time.monotonic()
    feeder = threading.Thread(target=feed, args=(process, lines_of(texts)))
    feeder.start()
    answers = [process.stdout.readline() for _ in texts]
    seconds = time.monotonic() - began
    feeder.join()
    if process.wait() or not all(warmed + answers):
        raise SystemExit(f"{reader.name} answered {sum(map(bool, answers))} of {len(texts)} texts")
    return [float(json.loads(answer)["score"]) for answer in answers], seconds


def measured(rows: Sequence[Labelled], rounds: int) -> list[Read]:
    """Every reader in turn, round after round, then once more on the posts without emoticons, which is not timed."""
    texts, everyone = [row.text for row in rows], readers()
    posts = [k for k, row in enumerate(rows) if row.name == "weibo"]
    without = [EMOTICON.sub("", texts[k]).strip() or "。" for k in posts]
    scores: dict[str, list[float]] = {}
    seconds: dict[str, list[float]] = {reader.name: [] for reader in everyone}
    for number in range(rounds):
        for reader in everyone:
            sys.stderr.write(f"round {number + 1} of {rounds}: {reader.name} …\n")
            found, taken = read(reader, texts)
            scores.setdefault(reader.name, found)
            seconds[reader.name].append(taken)
    out = []
    for reader in everyone:
        found = scores[reader.name]
        by_set = {name: [s for s, row in zip(found, rows, strict=True) if row.name == name] for name in SETS}
        by_set[PLAIN] = read(reader, without)[0]
        out.append(Read(reader.name, by_set, [len(texts) / taken for taken in seconds[reader.name]]))
    return out


def gold_of(rows: Sequence[Labelled]) -> dict[str, list[int]]:
    gold = {name: [row.positive for row in rows if row.name == name] for name in SETS}
    return gold | {PLAIN: gold["weibo"]}


def main() -> None:
    options = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    options.add_argument("--rows", type=int, default=500, help="rows a set at most")
    options.add_argument("--rounds", type=int, default=3, help="times that each reader is timed")
    options.add_argument("--page", type=Path, default=PAGE, help=f"a page with the marks {BEGIN} and {END}")
    given = options.parse_args()
    if lacking := peer_readers.missing():
        raise SystemExit(INSTALL.format(", ".join(lacking)))
    if not (SHARED / "data").is_dir():
        raise SystemExit("the labelled sets are not here: they are read from ../shared/data/sentiment")
    before = load()
    rows, sizes = sample(given.rows)
    found = measured(rows, given.rounds)
    length = sum(len(row.text) for row in rows) / len(rows)
    block = tables(found, gold_of(rows), sizes, before, length, COMMAND)
    given.page.write_text(page_with(given.page.read_text("utf-8"), block), "utf-8")
    RESULTS.mkdir(exist_ok=True)
    kept = {"load_before": before, "sizes": sizes, "readers": [asdict(r) for r in found], "gold": gold_of(rows)}
    (RESULTS / "peers.json").write_text(json.dumps(kept, ensure_ascii=False) + "\n", "utf-8")
    sys.stdout.write(block)


if __name__ == "__main__":
    main()
