"""Reading and indexing are killed (-9) at random moments, again and again: nothing is lost, nothing counted twice."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from core.home import Home
from fengping.initialise import Wanted, initialise

KILLS = 20
MENTIONS = 600
SUBJECTS = ("屏幕", "电池", "客服", "物流", "拍照", "系统", "音质", "做工", "信号", "价格")
SAYINGS = ("很满意", "让我失望", "一般般吧", "比想象的好", "用两天就出问题", "值得推荐", "真的不行", "还可以接受")


def _home(folder: Path) -> Home:
    home = initialise(folder / "home", Wanted("kill", ("星禾",), (), "electronics", "Asia/Shanghai"))
    rows = folder / "reviews.jsonl"
    chance = random.Random(7)
    with rows.open("w", encoding="utf-8") as file:
        for n in range(MENTIONS):
            said = "，".join(chance.choice(SUBJECTS) + chance.choice(SAYINGS) for _ in range(3))
            row = {"id": str(n), "text": f"第{n}次购买，{said}", "time": f"2026-10-{n % 28 + 1:02d}T10:00:00+08:00"}
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
    done = _run(home, "import", str(rows), "--brand", "星禾", "--json")
    assert done.returncode == 0, done.stderr.decode()
    return home


def _command(home: Home, *words: str) -> list[str]:
    return [sys.executable, "-m", "fengping.cli", *words, "--home", str(home.path)]


def _run(home: Home, *words: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(_command(home, *words), capture_output=True, timeout=240, check=False)


def _kill_again_and_again(home: Home, stage: str, longest: float) -> int:
    """Starts the stage and kills its whole process group after a random while; returns how often it was still running."""
    chance = random.Random(f"kill {stage}")
    struck = 0
    for _ in range(KILLS):
        running = subprocess.Popen(
            _command(home, stage), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
        )
        try:
            running.wait(chance.uniform(0.2, longest))
        except subprocess.TimeoutExpired:
            os.killpg(running.pid, signal.SIGKILL)
            struck += 1
        running.wait()
    return struck


def _status(home: Home) -> dict[str, object]:
    answered = _run(home, "status", "--json")
    assert answered.returncode == 0, answered.stderr.decode()
    return json.loads(answered.stdout)  # type: ignore[no-any-return]


@pytest.mark.xdist_group("kill")
def test_reading_and_indexing_survive_kills_at_any_moment(tmp_path: Path) -> None:
    home = _home(tmp_path)
    struck = _kill_again_and_again(home, "read", 3.0)
    started = time.monotonic()
    finished = _run(home, "read")
    assert finished.returncode == 0, finished.stderr.decode()
    assert time.monotonic() - started < 60, "a dead process's claims must not block its successor"
    assert _status(home)["mentions"] == {"total": MENTIONS, "read": MENTIONS, "related": MENTIONS, "indexed": 0}
    struck += _kill_again_and_again(home, "index", 1.5)
    finished = _run(home, "index")
    assert finished.returncode == 0, finished.stderr.decode()
    assert _status(home)["mentions"] == dict.fromkeys(("total", "read", "related", "indexed"), MENTIONS)
    listed = [
        json.loads(line)["id"] for line in _run(home, "query", "*", "--json", "--limit", "9999").stdout.splitlines()
    ]
    assert len(listed) == len(set(listed)) == MENTIONS
    counted = json.loads(_run(home, "query", "*", "--json", "--count").stdout)
    assert counted["count"] == MENTIONS
    assert struck >= KILLS, "the kills must have struck running processes"
