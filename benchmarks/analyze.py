"""Texts a second through `fengping analyze --stdin`: `python -m benchmarks.analyze [LINES]`.

Lines of 20 to 60 characters, made here, no two alike; start-up is measured apart (the time to the first answer) and
taken off. The machine's load before the run stands beside the figure: on a busy machine it is a lower bound.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
import threading
import time
from pathlib import Path

from benchmarks.figure import Figure, load, show

ROOT = Path(__file__).resolve().parents[1]
COMMAND = "python -m benchmarks.analyze"
PROGRAM = "import sys; from nlp.analyze import analyze; sys.exit(analyze(sys.stdin.buffer, sys.stdout.buffer))"
LINES = 4000
WHAT = ("屏幕", "电池", "充电", "快递", "包装", "客服", "价格", "拍照", "做工", "系统", "音质", "手感", "味道",
        "房间", "前台", "面料")  # fmt: skip
HOW = ("很清晰", "特别慢", "慢得要命", "挺不错的", "一般般", "有点失望", "比上一代好", "不如以前", "超出预期",
       "没什么问题", "用了两天就坏了", "一点都不贵", "真的太差了", "性价比高", "还可以吧", "让人无语")  # fmt: skip
WHEN = ("昨天刚收到，", "用了三个月，", "第二次买了，", "给爸妈买的，", "双十一下的单，", "朋友推荐来的，", "",
        "说实话，")  # fmt: skip
END = ("。", "！", "，会回购。", "，不推荐。", "，大家参考。", "~", "，先用着看吧。")


def lines(n: int) -> list[bytes]:
    draw = random.Random(7)
    made: dict[str, None] = {}
    while len(made) < n:
        clauses = [draw.choice(WHAT) + draw.choice(HOW) for _ in range(draw.randint(2, 5))]
        text = draw.choice(WHEN) + "，".join(clauses) + draw.choice(END)
        if 20 <= len(text) <= 60:
            made[text] = None
    return [json.dumps({"id": k, "text": t}, ensure_ascii=False).encode() + b"\n" for k, t in enumerate(made)]


def run(given: list[bytes]) -> dict[str, float]:
    """Seconds to the first answer, and answers a second from then on."""
    began = time.monotonic()
    process = subprocess.Popen([sys.executable, "-c", PROGRAM], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdin is not None and process.stdout is not None
    process.stdin.write(given[0])
    process.stdin.flush()
    process.stdout.readline()
    first = time.monotonic()
    feeder = threading.Thread(target=feed, args=(process, given[1:]))
    feeder.start()
    answered = sum(1 for _ in process.stdout)
    seconds = time.monotonic() - first
    feeder.join()
    process.wait()
    return {"start_seconds": first - began, "lines": answered, "seconds": seconds, "per_second": answered / seconds}


def feed(process: subprocess.Popen[bytes], given: list[bytes]) -> None:
    assert process.stdin is not None
    process.stdin.writelines(given)
    process.stdin.close()


def measure(n: int = LINES) -> list[Figure]:
    before = load()
    found = run(lines(n))
    detail = {"lines": found["lines"], "start_seconds": found["start_seconds"], "load_before": before}
    return [Figure("analyze, 20–60 characters", found["per_second"], "texts/s", 400, COMMAND, detail=detail)]


if __name__ == "__main__":
    show(measure(*(int(a) for a in sys.argv[1:])))
