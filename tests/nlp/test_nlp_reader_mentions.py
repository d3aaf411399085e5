"""Mentions to readings: whose complaint, about what, in which words; and the same again by another lexicon."""

from __future__ import annotations

import os
import pickle
import signal
from dataclasses import replace
from datetime import UTC, datetime

import psutil
import pytest

from core.config import Brand, Product, Project
from core.errors import Transient
from core.interfaces import Understood
from core.models import Mention, Opinion, Reading
from nlp.model import Model
from nlp.pool import ReaderPool
from nlp.reader import MentionReader, ReaderSettings, build_reader, open_pool, versions

PROJECT = Project(
    industry="electronics",
    brands=(
        Brand(name="华为", own=True, products=(Product(name="Mate 70"),)),
        Brand(name="小米", aliases=("xiaomi",)),
        Brand(name="苹果"),
    ),
)
MODEL = Model()


def mention(text: str, brand: str = "华为", **more: object) -> Mention:
    known = {"revision": "r1", **more}
    return Mention(
        f"m-{hash(text)}", "shop", "reviews", "review", text, datetime(2026, 1, 1, tzinfo=UTC), brand=brand, **known
    )  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def reader() -> MentionReader:
    return MentionReader(ReaderSettings(PROJECT), lambda: MODEL)


def read(reader: MentionReader, text: str, brand: str = "华为") -> Reading:
    return reader.read([mention(text, brand)])[0]


def said(text: str, o: Opinion) -> tuple[str, str, str, str, str]:
    return (
        o.target,
        o.attribute,
        o.aspect.of(text) if o.aspect else "",
        o.opinion.of(text) if o.opinion else "",
        o.polarity,
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("手机充电慢死了", ("华为", "battery/charging", "充电", "慢死了", "negative")),
        ("又贵又慢", ("华为", "price", "", "贵", "negative")),
        ("屏幕很清晰，但是充电特别慢", ("华为", "battery/charging", "充电", "特别慢", "negative")),
        ("屏幕很清晰，但是充电特别慢", ("华为", "screen", "屏幕", "很清晰", "positive")),
        ("screen cracked after two days", ("华为", "screen", "screen", "cracked after two days", "negative")),
        ("小米的屏幕发黄", ("小米", "screen", "屏幕", "发黄", "negative")),
    ],
)
def test_a_judgement_has_owner_attribute_words_and_side(reader: MentionReader, text: str, expected: tuple) -> None:
    found = [said(text, o) for o in read(reader, text).opinions]
    assert any(f[0] == expected[0] and f[1].startswith(expected[1]) and f[2:] == expected[2:] for f in found), found


def test_a_quote_is_the_sentence(reader: MentionReader) -> None:
    text = "昨天到的货。充电慢得要命！其他没什么。"
    slow = next(o for o in read(reader, text).opinions if o.polarity == "negative")
    assert slow.quote.of(text) == "充电慢得要命！"


def test_negated_words_are_no_complaint(reader: MentionReader) -> None:
    for text in ("一点都不贵，电池也耐用", "没有发热"):
        assert [o for o in read(reader, text).opinions if o.polarity == "negative"] == []


def test_the_loser_of_a_comparison_gets_the_complaint(reader: MentionReader) -> None:
    text = "华为的续航比小米差远了"
    [c] = read(reader, text).comparisons
    assert (c.winner, c.loser, c.preference) == ("小米", "华为", "worse")
    text = "华为的屏幕比苹果好"
    reading = read(reader, text)
    assert [(c.winner, c.loser) for c in reading.comparisons] == [("华为", "苹果")]
    assert {(o.target, o.polarity) for o in reading.opinions} >= {("苹果", "negative")}
    assert not [o for o in reading.opinions if o.target == "华为" and o.polarity == "negative"]


def test_an_unnamed_subject_is_what_the_page_is_about(reader: MentionReader) -> None:
    text = "用了三个月，续航还不如小米"
    assert [(c.winner, c.loser) for c in read(reader, text).comparisons] == [("小米", "华为")]
    assert [(c.winner, c.loser) for c in read(reader, text, brand="").comparisons] == [("小米", "")]


def test_plain_statements_and_nothing_have_no_side(reader: MentionReader) -> None:
    assert [read(reader, t).polarity for t in ("今天买了新手机", "I bought a new phone today.")] == ["neutral"] * 2
    empty = read(reader, "")
    assert (empty.polarity, empty.score, empty.opinions, empty.relevance_reason) == ("neutral", 0.0, (), "empty")


def test_the_score_leans_to_the_named_side(reader: MentionReader) -> None:
    texts = ["太差了", "非常好", "还行吧", "一般般", "屏幕好，电池差", "not bad at all", "ok"]
    for r in reader.read([mention(t) for t in texts]):
        assert -1 <= r.score <= 1
        assert r.polarity != "positive" or r.score > 0
        assert r.polarity != "negative" or r.score < 0


def test_remapping_gives_the_same_without_the_model(reader: MentionReader) -> None:
    mentions = [mention(t) for t in ("手机充电慢死了", "又贵又慢", "华为比苹果便宜", "", "小米的屏幕发黄")]
    readings = reader.read(mentions)
    blind = MentionReader(ReaderSettings(PROJECT), lambda: pytest.fail("the model was asked"))
    assert [blind.remap(m, r) for m, r in zip(mentions, readings, strict=True)] == readings
    assert blind.reread([Understood(m, r, None) for m, r in zip(mentions, readings, strict=True)]) == readings


def test_other_brands_remap_targets_and_only_new_text_is_read(reader: MentionReader) -> None:
    old = reader.read([mention("小米的屏幕发黄"), mention("手机充电慢死了")])
    fewer = MentionReader(ReaderSettings(Project(industry="electronics", brands=(Brand(name="华为"),))), lambda: MODEL)
    changed = replace(mention("手机充电慢死了"), text="充电很快", revision="r2")
    remapped, fresh = fewer.reread(
        [Understood(mention("小米的屏幕发黄"), old[0], None), Understood(changed, old[1], None)]
    )
    assert {o.target for o in remapped.opinions} == {"华为"}
    assert remapped.versions.brands != old[0].versions.brands
    assert remapped.vector == old[0].vector
    assert fresh.revision == "r2" and fresh.polarity == "positive"


def test_versions_are_those_of_the_readings(reader: MentionReader) -> None:
    assert versions(PROJECT) == read(reader, "好").versions
    assert dict(reader.versions()) == {
        "model": versions(PROJECT).model, "lexicon": versions(PROJECT).lexicon, "brands": versions(PROJECT).brands
    }  # fmt: skip


def test_an_overlay_changes_the_lexicon_only(tmp_path) -> None:
    (tmp_path / "electronics.toml").write_text('[battery]\nwords = ["电芯"]\n', encoding="utf-8")
    plain, more = versions(PROJECT), versions(PROJECT, tmp_path)
    assert (plain.model, plain.brands) == (more.model, more.brands)
    assert plain.lexicon != more.lexicon
    text = "电芯太差了"
    with_overlay = MentionReader(ReaderSettings(PROJECT, tmp_path), lambda: MODEL)
    assert {o.attribute for o in with_overlay.read([mention(text)])[0].opinions} == {"battery"}


def test_settings_travel_to_other_processes() -> None:
    assert pickle.loads(pickle.dumps(ReaderSettings(PROJECT))) == ReaderSettings(PROJECT)


def batches(n: int) -> list[tuple[str, list[Understood]]]:
    return [(f"t{k}", [Understood(mention(f"第{k}批，充电很慢"), None, None)]) for k in range(n)]


def test_few_mentions_are_read_here() -> None:
    with open_pool(PROJECT, None, 2) as pool:
        assert pool.workers == 0
        assert [token for token, _ in pool.read(batches(2))] == ["t0", "t1"]


def test_processes_give_the_same_readings_and_a_dead_one_is_reported() -> None:
    here = dict(ReaderPool(ReaderSettings(PROJECT), 0).read(batches(3)))
    with ReaderPool(ReaderSettings(PROJECT), 1) as pool:
        assert dict(pool.read(batches(3))) == here
        for child in psutil.Process().children(recursive=True):
            if child.status() != psutil.STATUS_ZOMBIE and "spawn_main" in " ".join(child.cmdline()):
                os.kill(child.pid, signal.SIGKILL)
        with pytest.raises(Transient, match="process died"):
            list(pool.read(batches(3)))
        assert dict(pool.read(batches(3))) == here


def test_build_reader_is_a_reader() -> None:
    assert build_reader(PROJECT).versions()["model"] == MODEL.version
