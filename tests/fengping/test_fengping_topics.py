"""`topics`: from a file of reviews to topics with figures, quotes and ids that stay."""

from __future__ import annotations

import json
import random
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from fengping_command import Command

from core.models import Request
from core.topics import TopicQuestion
from fengping.assembly import opened
from fengping.topics.figures import baseline_weeks, tallies
from fengping.topics.gather import Counted, Wanted
from fengping.topics.job import start

THEMES = {
    "heat": (
        "电池发烫",
        ("玩游戏的时候", "充电的时候", "放在口袋里", "看视频半小时", "开导航"),
        ("手都拿不住", "背面滚烫", "吓得关机", "只好拿风扇吹"),
    ),
    "night": (
        "夜景很清楚",
        ("在河边散步", "楼顶看烟花", "晚上遛狗", "夜市吃饭", "露营那天"),
        ("路灯不糊", "噪点少", "朋友要原图", "月亮都拍到了"),
    ),
    "courier": (
        "快递送得快",
        ("昨天下单", "下雨天", "住得偏", "双休日", "大清早"),
        ("今天就到", "包装完好", "小哥送上楼", "提前打了电话"),
    ),
    "system": (
        "系统卡顿",
        ("切换软件", "打字的时候", "打开相册", "更新以后", "接电话"),
        ("要等两秒", "画面定住", "重启也没用", "动画掉帧"),
    ),
}
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def written(theme: str, count: int, rng: random.Random, newest: int = 20) -> list[tuple[str, datetime]]:
    phrase, where, how = THEMES[theme]
    rows = []
    for number in range(count):
        text = f"{rng.choice(where)}{phrase}，{rng.choice(how)}，第{rng.randrange(10_000)}次记录，{rng.choice(how)}"
        rows.append((text, NOW - timedelta(days=number % newest, hours=rng.randrange(12) + 1)))
    return rows


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("topics")


@pytest.fixture
def home(folder: Path, tmp_path: Path, fengping: Command) -> Path:
    """A copy of a home that was filled once with three themes."""
    kept = folder / "home"
    if not kept.exists():
        rng = random.Random(4)
        rows = [row for theme in ("heat", "night", "courier") for row in written(theme, 40, rng)]
        assert fengping("init", "--home", kept, "--brand", "星禾", "--industry", "electronics").code == 0
        brought(kept, fengping, rows, "first")
    return Path(shutil.copytree(kept, tmp_path / "home"))


def brought(home: Path, fengping: Command, rows: list[tuple[str, datetime]], name: str) -> None:
    file = home.parent / f"{name}.csv"
    lines = [f"{name}{k},{text},{at.isoformat()}\n" for k, (text, at) in enumerate(rows)]
    file.write_text("编号,评论内容,时间\n" + "".join(lines), "utf-8")
    mapped = "id=编号,text=评论内容,time=时间"
    done = fengping("import", file, "--home", home, "--brand", "星禾", "--source", name, "--map", mapped, "--read")
    assert done.code == 0, done.err


def found(fengping: Command, home: Path, *words: object) -> dict[str, Any]:
    done = fengping("topics", *words, "--home", home, "--json")
    assert done.code == 0, done.err
    [run] = done.lines()
    return run


def themes(run: dict[str, Any]) -> dict[str, set[str]]:
    """Which themes each topic's quotes are of, by its id."""
    named = {id: phrase for id, (phrase, _, _) in THEMES.items()}
    return {
        t["id"]: {i for i, phrase in named.items() for q in t["quotes"] if phrase in q["quote"]} for t in run["topics"]
    }


def test_every_theme_is_a_topic_with_figures_name_and_quotes(home: Path, fengping: Command) -> None:
    run = found(fengping, home)
    assert run["query"] == "*" and run["start"] is None and run["unread"] == 0
    assert sum(t["n"] for t in run["topics"]) + run["unplaced"] == run["n"]
    assert run["unplaced"] <= 0.05 * run["n"]
    assert all(len(of) == 1 for of in themes(run).values())
    assert {i for of in themes(run).values() for i in of} == {"heat", "night", "courier"}
    texts = [m["text"] for m in fengping("query", "*", "--home", home, "--json", "--limit", 500).lines()]
    for topic in run["topics"]:
        assert sum(topic["label"] in text for text in texts) >= 3
        assert all(any(q["quote"] in text for text in texts) for q in topic["quotes"])
        assert topic["share"] == round(topic["n"] / run["n"], 4)
    [heat] = [t for t in run["topics"] if themes(run)[t["id"]] == {"heat"}][:1]
    [night] = [t for t in run["topics"] if themes(run)[t["id"]] == {"night"}][:1]
    assert heat["net"] < 0 < night["net"]


def test_ids_stay_whether_mentions_are_placed_or_topics_are_found_again(home: Path, fengping: Command) -> None:
    first = found(fengping, home)
    brought(home, fengping, written("heat", 12, random.Random(9)), "later")
    second = found(fengping, home)
    assert second["n"] > first["n"] and second["fitted_at"] == first["fitted_at"]
    assert [t["id"] for t in second["topics"] if t["n"]] and set(themes(second)) == set(themes(first))
    third = found(fengping, home, "--anew")
    assert third["fitted_at"] > first["fitted_at"]
    named = {t["id"]: t["label"] for t in first["topics"]}
    assert {t["id"]: t["label"] for t in third["topics"] if t["id"] in named}.items() <= named.items()
    for id, of in themes(third).items():
        assert id not in themes(first) or themes(first)[id] == of
    assert len(themes(third).keys() & themes(first).keys()) >= 3


def test_a_theme_that_was_not_there_before_gets_an_id_of_its_own(home: Path, fengping: Command) -> None:
    first = found(fengping, home)
    brought(home, fengping, written("system", 40, random.Random(6)), "later")
    second = found(fengping, home, "--anew")
    new = [id for id, of in themes(second).items() if of == {"system"}]
    assert new and not set(new) & set(themes(first))
    seen = {t["id"]: t["first_seen"] for t in second["topics"]}
    assert all(seen[id] == second["fitted_at"] for id in new)


def test_a_period_is_held_against_the_one_before(home: Path, fengping: Command) -> None:
    run = found(fengping, home, "--since", "2026-11-13", "--until", "2026-11-22")
    assert run["before"] > 0 and all(t["before"] is not None for t in run["topics"])
    assert sum(t["before"] for t in run["topics"]) <= run["before"]
    texts = fengping("topics", "--since", "2026-11-13", "--until", "2026-11-22", "--home", home)
    assert "before" in texts.out and "from 2026-11-13 00:00 to 2026-11-23 00:00" in texts.err


def test_what_is_erased_is_in_no_topic_and_no_quote(home: Path, fengping: Command) -> None:
    run = found(fengping, home)
    gone = run["topics"][0]["quotes"][0]["mention_id"]
    assert fengping("erase", "--mention", gone, "--home", home).code == 0
    with opened(home) as assembly:
        [kept] = assembly.store.topic_runs("*")
        quoted = {q.mention_id for t in kept.topics for q in t.quotes}
        members = assembly.store.topic_members(kept.id, run["topics"][0]["id"], 0, 500)
    assert gone not in quoted and gone not in members and len(members) == run["topics"][0]["n"] - 1


def test_too_little_and_misspelt_periods_are_said(home: Path, fengping: Command) -> None:
    few = fengping("topics", '"烟花"', "--home", home)
    assert few.code == 1 and "too few to find topics in" in few.err
    assert fengping("topics", "--until", "2026-11-22", "--home", home).code == 1
    assert "is no date" in fengping("topics", "--since", "soon", "--home", home).err
    assert fengping("topics", "--since", "2026-11-22", "--until", "2026-11-13", "--home", home).code == 1


def test_a_page_has_topics_found_by_a_process_of_its_own(home: Path) -> None:
    with opened(home) as assembly:
        good = Request("q1", "topics", TopicQuestion("*").written(), NOW)
        bad = Request("q2", "topics", TopicQuestion('"烟花"').written(), NOW)
        damaged = Request("q3", "topics", "{", NOW)
        hostile = [
            Request(f"h{k}", "topics", TopicQuestion(*words).written(), NOW)
            for k, words in enumerate((("电\0池",), ("\ud83d",), ("*", "7\0d")))
        ]
        for request in (good, bad, damaged, *hostile):
            assembly.store.ask(request)
            start(assembly, request).join()
        states = {r.id: (r.state, r.detail) for r in assembly.store.requests()}
        assert states["q1"][0] == "done" and "topics of" in states["q1"][1]
        assert states["q2"][0] == "failed" and "too few" in states["q2"][1]
        assert states["q3"][0] == "failed"
        assert all(states[h.id][0] == "failed" and "cannot be asked" in states[h.id][1] for h in hostile)
        assert len(assembly.store.topic_runs("*")) == 1


def test_what_is_said_instead_of_topics_is_told(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fengping: Command
) -> None:
    mute = tmp_path / "python"
    for said, told in (("", "nothing"), ("warning: odd", "warning: odd"), ("[1]", "[1]")):
        mute.write_text(f"#!/bin/sh\necho '{said}'\n", "utf-8")
        mute.chmod(0o755)
        monkeypatch.setattr("sys.executable", str(mute))
        with opened(home) as assembly:
            request = Request(f"q{told}", "topics", TopicQuestion("*").written(), NOW)
            assembly.store.ask(request)
            start(assembly, request).join()
            [failed] = [r for r in assembly.store.requests("failed") if r.id == request.id]
        assert told in failed.detail


def test_no_author_is_named_by_what_is_kept_of_a_query(home: Path, fengping: Command) -> None:
    asked = "作者:张三丰 OR date:[2000-01-01 TO 2d] OR *"
    first, second = found(fengping, home, asked), found(fengping, home, asked)
    assert first["query"] == asked and second["fitted_at"] == first["fitted_at"]
    with opened(home) as assembly:
        kept = assembly.store.topic_runs()
        assert len(kept) == 2 and len({r.query for r in kept}) == 1
    assert not any("张三丰".encode() in f.read_bytes() for f in home.rglob("*") if f.is_file())


def test_a_query_that_is_no_utf8_is_asked_as_any_other(home: Path, fengping: Command) -> None:
    assert found(fengping, home, "\udcff OR *")["n"] == found(fengping, home)["n"]


def test_emergence_is_held_against_the_weeks_before() -> None:
    wanted = Wanted("*", NOW - timedelta(days=28), NOW)
    steady = [NOW - timedelta(weeks=w, days=1) for w in range(9) for _ in range(5)]
    sudden = [NOW - timedelta(days=d % 6, hours=1) for d in range(25)]
    rows = [(at, 0) for at in steady] + [(at, 1) for at in sudden]
    mentions = [Counted(str(k), at, "negative", at >= NOW - timedelta(days=28)) for k, (at, _) in enumerate(rows)]
    placed = [topic for _, topic in rows]
    calm, burst = tallies(mentions, placed, 2, wanted, NOW - timedelta(days=100))
    assert calm.weeks == (5,) * 9 and not calm.emerging and (calm.n, calm.before) == (20, 20)
    assert burst.weeks == (0,) * 8 + (25,) and burst.emerging and burst.q is not None and burst.q < 1e-6
    young = tallies(mentions, placed, 2, wanted, NOW - timedelta(days=15))
    assert all(t.q is None and t.weeks == () and not t.emerging for t in young)


def test_weeks_before_collecting_began_are_no_baseline() -> None:
    assert baseline_weeks(NOW, NOW - timedelta(days=22)) == 2
    assert baseline_weeks(NOW, NOW - timedelta(days=500)) == 8
    assert baseline_weeks(NOW, None) == baseline_weeks(NOW, NOW) == 0


def test_a_question_survives_being_written() -> None:
    asked = TopicQuestion('brand:"星 禾"', "28d", "", 2.0, True)
    assert TopicQuestion.read(asked.written()) == asked and json.loads(asked.written())["since"] == "28d"
