"""Reading and indexing are killed (-9) at random moments, again and again: nothing is lost, nothing counted twice."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fengping_killing import Stable, stable

from core.home import Home
from core.interfaces import Store
from core.models import Mention
from fengping.initialise import Wanted, initialise
from fengping.reading import FEW
from store import open_store

KILLS = 20
A_FEW, MANY = 12, FEW + 20
MANY_FROM = 16
"""From this round on so many wait that a pool of processes reads them."""
SUBJECTS = ("屏幕", "电池", "客服", "物流", "拍照", "系统", "音质", "做工", "信号", "价格")
SAYINGS = ("很满意", "让我失望", "一般般吧", "比想象的好", "用两天就出问题", "值得推荐", "真的不行", "还可以接受")


@dataclass
class Case:
    """A home whose stages are killed, with its store open beside them."""

    home: Home
    store: Store
    stall: Stable
    written: int = 0

    def write(self, n: int) -> None:
        """More mentions to read."""
        chance = random.Random(self.written)
        numbers = range(self.written, self.written + n)
        self.store.add_mentions(_mention(k, "，".join(_clause(chance) for _ in range(3))) for k in numbers)
        self.written += n

    def write_more(self, turn: int) -> None:
        self.write(MANY if turn == MANY_FROM else A_FEW)

    def like(self, likes: int) -> None:
        """Counters change, so every mention has to be indexed again."""
        self.store.add_mentions(_mention(int(u.mention.native_id), u.mention.text, likes) for u in self.store.scan())

    def command(self, *words: str) -> list[str]:
        return [*words, "--home", str(self.home.path)]

    def timed(self, stage: str) -> float:
        started = time.monotonic()
        assert not self.stall.ridden(self.command(stage), lambda: False, 0)
        return time.monotonic() - started

    def answered(self, *words: str) -> list[dict[str, object]]:
        """What the command itself prints, started as users start it."""
        command = [sys.executable, "-m", "fengping.cli", *self.command(*words)]
        done = subprocess.run(command, capture_output=True, timeout=240, check=False)
        assert done.returncode == 0, done.stderr.decode()
        return [json.loads(line) for line in done.stdout.splitlines()]


def _clause(chance: random.Random) -> str:
    return chance.choice(SUBJECTS) + chance.choice(SAYINGS)


def _mention(number: int, text: str, likes: int = 0) -> Mention:
    at = datetime(2026, 10, number % 28 + 1, 10, tzinfo=UTC)
    return Mention(
        f"{number:032x}", "shop", "import", "review", text, at, native_id=str(number), published_at=at,
        published_precision="exact", likes=likes, revision="r",
    )  # fmt: skip


@pytest.fixture
def case(tmp_path: Path) -> Iterator[Case]:
    home = initialise(tmp_path / "home", Wanted("kill", ("星禾",), (), "electronics", "Asia/Shanghai"))
    store = open_store(home, home.project())
    with stable() as stall:
        yield Case(home, store, stall)
    store.close()


def _kill_again_and_again(case: Case, stage: str, more: Callable[[int], None], done: Callable[[], int]) -> None:
    """Kills the stage KILLS times while it runs: half at any moment, half just after it has saved something.

    How long a run takes is measured here and grows with what is seen, so that slow machines are struck as well.
    """
    chance = random.Random(f"kill {stage}")
    longest, struck, rounds = case.timed(stage), 0, 0
    while struck < KILLS:
        rounds += 1
        assert rounds <= 4 * KILLS, "the stage ends before it can be killed"
        more(rounds)
        before = done()
        if rounds % 2:
            struck += case.stall.ridden(case.command(stage), lambda: True, chance.uniform(0, longest))
        else:
            struck += case.stall.ridden(case.command(stage), lambda: done() != before, chance.uniform(0, 0.02))  # noqa: B023


@pytest.mark.xdist_group("kill")
def test_reading_and_indexing_survive_kills_at_any_moment(case: Case) -> None:
    case.write(A_FEW)
    _kill_again_and_again(case, "read", case.write_more, lambda: case.store.totals().read)
    case.answered("read", "--json")
    every = case.written
    assert case.answered("status", "--json")[0]["mentions"] == {
        "total": every, "read": every, "related": every, "indexed": 0,
    }  # fmt: skip
    _kill_again_and_again(case, "index", case.like, case.store.generation)
    case.answered("index", "--json")
    expected = dict.fromkeys(("total", "read", "related", "indexed"), every)
    assert case.answered("status", "--json")[0]["mentions"] == expected
    listed = [found["id"] for found in case.answered("query", "*", "--json", "--limit", "9999")]
    assert len(listed) == len(set(listed)) == every
    assert case.answered("query", "*", "--json", "--count")[0]["count"] == every
