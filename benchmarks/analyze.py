"""Texts a second through `fengping analyze --stdin`: `python -m benchmarks.analyze [--lines N]`.

Lines of 20 to 60 characters, made here, no two alike; start-up is measured apart (the time to the first answer) and
taken off. The machine's load before the run stands beside the figure: on a busy machine it is a lower bound.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import threading
import time
from pathlib import Path

from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).resolve().parents[1]
RESULTS = ROOT / "benchmarks" / "results" / "analyze.json"
COMMAND = "import sys; from nlp.analyze import analyze; sys.exit(analyze(sys.stdin.buffer, sys.stdout.buffer))"
GOAL = 400
WHAT = (
    "屏幕",
    "电池",
    "充电",
    "快递",
    "包装",
    "客服",
    "价格",
    "拍照",
    "做工",
    "系统",
    "音质",
    "手感",
    "味道",
    "房间",
    "前台",
    "面料",
)
HOW = ("很清晰", "特别慢", "慢得要命", "挺不错的", "一般般", "有点失望", "比上一代好", "不如以前", "超出预期", "没什么问题",
       "用了两天就坏了", "一点都不贵", "真的太差了", "性价比高", "还可以吧", "让人无语")  # fmt: skip
WHEN = (
    "昨天刚收到，",
    "用了三个月，",
    "第二次买了，",
    "给爸妈买的，",
    "双十一下的单，",
    "朋友推荐来的，",
    "",
    "说实话，",
)
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
    process = subprocess.Popen([sys.executable, "-c", COMMAND], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
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


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    options.add_argument("--lines", type=int, default=4000)
    load, cores = os.getloadavg()[0], len(os.sched_getaffinity(0))
    found = run(lines(options.parse_args().lines))
    found |= {"load_before": load, "cores": cores, "goal": GOAL}
    table = Table("analyze --stdin", "lines", "start s", "texts/s", "goal", "load before", "cores")
    table.add_row("20–60 characters", f"{found['lines']:,.0f}", f"{found['start_seconds']:.1f}",
                  f"{found['per_second']:,.0f}", str(GOAL), f"{load:.1f}", str(cores))  # fmt: skip
    Console(width=100).print(table)
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(found, indent=1) + "\n", encoding="utf8")


if __name__ == "__main__":
    main()
