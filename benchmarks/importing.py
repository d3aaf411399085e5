"""Rows a second that `import_file` brings from a CSV into the SQLite store: `python -m benchmarks.importing [ROWS]`."""

from __future__ import annotations

import csv
import random
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from benchmarks.figure import Figure, load, show
from crawlers.importing import import_file
from store.sqlite import SqliteStore

COMMAND = "python -m benchmarks.importing"
_PARTS = (
    "续航比上一代好", "充电速度很快", "屏幕在太阳下看不清", "客服一直不回消息", "包装完好没有磕碰",
    "用了两周开始发热", "音质比想象中干净", "系统偶尔会卡一下", "拍夜景噪点有点多", "手感轻巧适合单手",
    "价格降了三百有点心塞", "物流第二天就到了",
)  # fmt: skip


def write_rows(path: Path, rows: int, seed: int = 7) -> None:
    """A CSV of reviews of about 30 characters without native ids, one in fifty with a phone number to be masked."""
    draw = random.Random(seed)
    start = datetime(2026, 1, 1)
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["评论内容", "星级", "商品", "评论时间", "用户名", "点赞数"])
        for number in range(rows):
            text = "，".join(draw.sample(_PARTS, 3)) + f"，第{draw.randint(1, 900)}天"
            if number % 50 == 0:
                text += f"，联系138{draw.randint(10_000_000, 99_999_999)}"
            at = start + timedelta(minutes=draw.randint(0, 400_000))
            stars, likes = draw.randint(1, 5), draw.randint(0, 99)
            writer.writerow([text, stars, f"P{number % 40}", at.isoformat(" "), f"u{number % 9000}", likes])


def measure(rows: int = 100_000) -> list[Figure]:
    """A first import; the detail has the same file once more, when every row is known already."""
    before = load()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "reviews.csv"
        write_rows(path, rows)
        store = SqliteStore(Path(folder) / "store.sqlite")
        first, again = (_timed(path, store, expected, rows) for expected in ("new", "same"))
        store.close()
    detail = {"rows": rows, "again_rows_per_second": rows / again, "load_before": before}
    return [Figure("import", rows / first, "rows/s", 5_000, COMMAND, detail=detail)]


def _timed(path: Path, store: SqliteStore, expected: str, rows: int) -> float:
    zone, now = ZoneInfo("Asia/Shanghai"), datetime(2026, 11, 20, tzinfo=UTC)
    begun = time.perf_counter()
    report = import_file(path, "bench", None, None, store, b"bench" * 8, zone, now)
    taken = time.perf_counter() - begun
    if getattr(report, expected) != rows:
        raise SystemExit(f"expected {rows} {expected} rows, got {report}")
    return taken


if __name__ == "__main__":
    show(measure(*(int(a) for a in sys.argv[1:])))
