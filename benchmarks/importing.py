"""How many rows a second `import_file` brings from a CSV into the SQLite store, on this machine."""

from __future__ import annotations

import csv
import json
import random
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from crawlers.importing import import_file
from store.sqlite import SqliteStore

TARGET = 5_000
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


def measure(rows: int) -> dict[str, float]:
    """Seconds and rows a second of a first import and of the same file again."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "reviews.csv"
        write_rows(path, rows)
        store = SqliteStore(Path(folder) / "store.sqlite")
        zone, now = ZoneInfo("Asia/Shanghai"), datetime(2026, 11, 20, tzinfo=UTC)
        seconds = []
        for expected in ("new", "same"):
            begun = time.perf_counter()
            report = import_file(path, "bench", None, None, store, b"bench" * 8, zone, now)
            seconds.append(time.perf_counter() - begun)
            if getattr(report, expected) != rows:
                raise SystemExit(f"expected {rows} {expected} rows, got {report}")
        store.close()
    first, again = seconds
    return {"rows": rows, "seconds": first, "rows_per_second": rows / first, "again_rows_per_second": rows / again}


def main() -> None:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    found = measure(rows)
    if len(sys.argv) > 2:
        Path(sys.argv[2]).write_text(json.dumps({"import": {**found, "target": TARGET}}) + "\n", encoding="utf-8")
    rate, again = found["rows_per_second"], found["again_rows_per_second"]
    print("| import | rows | rows/s | again rows/s | target rows/s |")
    print(f"| CSV into SQLite | {rows:,} | {rate:,.0f} | {again:,.0f} | {TARGET:,} |")


if __name__ == "__main__":
    main()
