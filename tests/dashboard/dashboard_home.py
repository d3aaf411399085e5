"""A small home for the pages: written here, brought in through the command line like a user's own file."""

from __future__ import annotations

import csv
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from html import escape
from pathlib import Path

from core.home import Home
from core.watching import Evidence, Incident
from store import open_store

OURS, RIVAL = "星禾", "云岭"
HOSTILE = (
    "<script>window.fired=1</script><img src=x onerror='window.fired=2'> 电池发热太严重了 "
    "[点这里](https://evil.example/) $\\frac{a}{b}$ :material/bolt: **粗体** <mark>假的</mark>"
)
HOSTILE_TITLE = "<b onmouseover='window.fired=3'>标题</b>"
"""Tags are cut out where a file is brought in, so the text comes as a page would show it: escaped once."""
_BAD = ("电池发热太严重", "充电很慢，半天充不满", "电池不耐用，续航差", "客服态度很差", "屏幕有划痕，做工粗糙")
_GOOD = ("拍照很清晰", "屏幕很漂亮，看着舒服", "物流很快", "外观好看，手感不错")
_COLUMNS = ("id", "text", "title", "stars", "brand", "product", "time", "url")


def build(folder: Path) -> Home:
    """A home of two brands over eight weeks, read and indexed, with one incident."""
    home = init(folder, "--rival", RIVAL)
    file = folder / "reviews.csv"
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, _COLUMNS)
        writer.writeheader()
        writer.writerows(_rows(datetime.now(UTC) + timedelta(hours=8)))
    columns = "text=text,title=title,rating=stars,brand=brand,product=product,time=time,url=url,id=id"
    fengping(
        "import", str(file), "--home", str(folder), "--map", columns, "--scale", "1-5", "--source", "shop", "--read"
    )
    fengping("topics", f"brand:{OURS}", "--since", "28d", "--home", str(folder))
    _incident(home)
    return home


def init(folder: Path, *options: str) -> Home:
    fengping("init", "--home", str(folder), "--brand", OURS, "--industry", "electronics", *options)
    return Home(folder)


def fengping(*arguments: str) -> None:
    """Runs the command; its own words are the failure's reason."""
    command = [str(Path(sys.executable).with_name("fengping")), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def _rows(now: datetime) -> list[dict[str, str]]:
    rows = []
    for i in range(180):
        brand = RIVAL if i % 3 == 2 else OURS
        recent, bad = i % 2 == 0, i % 5 < (3 if i % 2 == 0 else 1)
        days = 1 + (i % 26) + (0 if recent else 28)
        words = _BAD[i % len(_BAD)] if bad else _GOOD[i % len(_GOOD)]
        rows.append(_row(i, f"{brand}手机用了{i}天，{words}", "1" if bad else "5", brand, now - timedelta(days=days)))
    hostile = _row(900, f"<p>{escape(HOSTILE)}</p>", "1", OURS, now - timedelta(days=1))
    return [*rows, {**hostile, "title": HOSTILE_TITLE, "url": "javascript:alert(1)", "product": "<i>P</i>"}]


def _row(i: int, text: str, stars: str, brand: str, at: datetime) -> dict[str, str]:
    url, time = f"https://shop.example/{i}", at.strftime("%Y-%m-%d %H:%M")
    row = (str(i), text, "", stars, brand, f"{brand}P1", time, url)
    return dict(zip(_COLUMNS, row, strict=True))


def _incident(home: Home) -> None:
    """What watching stores: put there as it would be, since a few weeks of a small home trip no rule."""
    store, now = open_store(home, home.project()), datetime.now(UTC)
    evidence = Evidence("gone", "电池发热", now)
    store.save_incidents(
        [
            Incident(
                id="i1",
                rule="r",
                kind="negative_spike",
                brand=OURS,
                attribute="battery",
                status="open",
                severity="orange",
                severity_parts={"excess": 1.4, "gravity": 3.0},
                started_at=now - timedelta(days=2),
                detected_at=now - timedelta(days=1),
                last_seen_at=now,
                closed_at=None,
                observed=9.0,
                expected=0.5,
                query=f"opinion:(brand:{OURS} attribute:battery polarity:negative)",
                evidence=(evidence,),
            )
        ]
    )


def many(folder: Path) -> Home:
    """A home of which only incidents are known: sources that fell silent, `s0` the latest."""
    home, now = init(folder), datetime.now(UTC)
    store = open_store(home, home.project())
    for number in range(7):
        at = now - timedelta(days=number + 1)
        store.save_incidents(
            [
                Incident(
                    id=f"s{number}",
                    rule="r",
                    kind="silence",
                    brand=f"source{number}",
                    attribute="",
                    status="closed",
                    severity="blue",
                    severity_parts={"excess": 1.0},
                    started_at=at,
                    detected_at=at,
                    last_seen_at=at,
                    closed_at=at,
                    observed=0.0,
                    expected=9.0,
                    query="source:x",
                )
            ]
        )
    store.close()
    return home
