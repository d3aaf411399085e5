"""A home of 210 mentions to label, and what is asked of its labels."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path

from fengping_command import Command

from core.home import Home
from core.labels import Label
from store import open_store

SAID = {
    "充电很慢，半天充不满": "negative", "电池发热太严重": "negative", "客服态度很差": "negative",
    "拍照很清晰": "positive", "屏幕很漂亮，看着舒服": "positive", "物流很快": "positive", "包装是黑色的": "neutral",
}  # fmt: skip


def copied(folder: Path, to: Path, fengping: Command) -> Path:
    """A copy of a home of 210 mentions in two sources, read once in `folder`."""
    kept = folder / "home"
    if not kept.exists():
        assert (
            fengping("init", "--home", kept, "--brand", "星禾", "--rival", "云岭", "--industry", "electronics").code
            == 0
        )
        for source, some in (("shop", range(160)), ("forum", range(160, 210))):
            rows = folder / f"{source}.csv"
            with rows.open("w", encoding="utf-8", newline="") as file:
                table = csv.writer(file)
                table.writerow(["id", "text", "brand", "time", "url"])
                for i in some:
                    brand = "云岭" if i % 5 == 4 else "星禾"
                    text = f"{brand}手机用了{i}天，{list(SAID)[i % len(SAID)]}"
                    table.writerow([i, text, brand, f"2026-11-{1 + i % 20:02}", f"https://shop.example/{i}"])
            done = fengping("import", rows, "--home", kept, "--source", source, "--read")
            assert done.code == 0, done.err
    return Path(shutil.copytree(kept, to))


def labels(home: Path, by: str = "") -> list[Label]:
    store = open_store(Home(home), Home(home).project())
    try:
        return store.labels(by)
    finally:
        store.close()


def sample(home: Path) -> list[str]:
    store = open_store(Home(home), Home(home).project())
    try:
        return [s.mention_id for s in store.sample()]
    finally:
        store.close()


def label_all(home: Path, fengping: Command, wrong: int = 0, by: str = "li") -> Path:
    """Through a file: what the sentences were written to mean, every `wrong`-th one turned round; no opinions."""
    out = home.parent / f"{by}.csv"
    assert fengping("label", "--home", home, "--by", by, "--export", out).code == 0
    with out.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    for k, row in enumerate(rows):
        row["polarity"] = next(side for words, side in SAID.items() if words in row["text"])
        row["opinions"] = "-"
        if wrong and k % wrong == 0:
            row["polarity"] = {"negative": "positive", "positive": "negative"}.get(row["polarity"], "neutral")
    with out.open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, rows[0])
        table.writeheader()
        table.writerows(rows)
    done = fengping("label", "--home", home, "--by", by, "--import", out, "--json")
    assert done.code == 0, done.err
    return out


def label_first(home: Path, fengping: Command, *people: str) -> str:
    """Draws everything; so many people call the first mention negative. Returns its id."""
    assert fengping("label", "--home", home, "--draw", 210).code == 0
    first, place = sample(home)[0], home.parent / "first.jsonl"
    for by in people:
        place.write_text(json.dumps({"id": first, "polarity": "negative"}) + "\n", "utf-8")
        assert fengping("label", "--home", home, "--by", by, "--import", place).code == 0
    return first
