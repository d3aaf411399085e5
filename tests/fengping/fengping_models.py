"""Another model to read with, and mentions to read, for tests of readings that are made again."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import cycle
from pathlib import Path

import tomlkit

from core.home import Home
from core.identity import revision
from core.models import Mention
from core.privacy import author_digest
from nlp.model_files import find_model

END = datetime(2026, 11, 10, 4, tzinfo=UTC)
BRANDS = ("星禾", "云帆", "星禾")
STARS = (None, 0.0, 0.5, 1.0)
SAID = (
    "屏幕很清晰，但是充电慢死了", "电芯发烫，拿着都烫手", "拍照好看，夜景也清楚", "客服推来推去，三天没人回复",
    "续航不如云帆", "物流很快，包装完好", "系统卡顿，打开相机要等两秒", "价格合适，做工一般", "小禾的音质不错",
    "又贵又慢", "It charges slowly and the screen is dim", "今天刚买的", "求抽奖，转发抽一位送手机",
    "星禾的屏幕比云帆好",
)  # fmt: skip


def another_model(folder: Path) -> str:
    """The shipped model under another name that is surer of what it says: another version. Returns its name."""
    shipped = find_model("s6")
    for place in shipped.all:
        if place != shipped.settings:
            (folder / place.name.replace(shipped.name, "other")).symlink_to(place)
    settings = json.loads(shipped.settings.read_text("utf-8"))
    settings["thresholds"]["aspect"] += 0.2
    (folder / "other.json").write_text(json.dumps(settings), "utf-8")
    return str(folder / "other")


def change(home: Home, **settings: object) -> None:
    """Sets keys of fengping.toml; what else stands there stays."""
    document = tomlkit.parse(home.config.read_text("utf-8"))
    for key, value in settings.items():
        document[key] = value
    home.config.write_text(tomlkit.dumps(document), "utf-8")


def mentions(home: Home, first: int, last: int) -> Iterator[Mention]:
    """Different texts, two brands, five authors; published over the days before END, some without a date."""
    said, brands, secret = cycle(SAID), cycle(BRANDS), home.secret()
    for number in range(first, last):
        text = f"{next(said)}，第{number}单"
        yield Mention(
            f"{number:032x}", ("shop", "forum")[number % 2], "import", "review", text, END, brand=next(brands),
            author=author_digest(f"客{number % 5}", secret), rating=STARS[number % 4], rating_scale=(1, 5),
            published_at=None if number % 11 == 0 else END - timedelta(hours=number % 700), published_precision="exact",
            likes=number % 3, revision=revision("", text),
        )  # fmt: skip
