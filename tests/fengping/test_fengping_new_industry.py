"""An industry that nobody shipped a lexicon for: 200 reviews, what they talk about, attributes made of it, answers."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pytest
from fengping_command import Command

from nlp.lexicon import load_lexicon

COACHING = ("私教一直推销办卡", "私教很负责", "私教动作纠正得细", "私教迟到两次", "私教课讲得清楚")
MACHINES = ("跑步机坏了两台没人修", "跑步机老是要排队", "跑步机很新", "跑步机够用", "跑步机声音太大")
REST = ("环境不错", "价格有点贵", "离公司近", "更衣室太挤", "氛围很好", "高峰期人多", "下次还来", "洗澡水忽冷忽热")
REVIEWS = tuple("，".join(parts) for parts in product(COACHING, MACHINES, REST))


def test_an_industry_of_ones_own_starts_from_200_reviews(tmp_path: Path, fengping: Command) -> None:
    home, rows = tmp_path / "home", tmp_path / "reviews.csv"
    rows.write_text("评论内容,作者\n" + "".join(f"{t},客{n}\n" for n, t in enumerate(REVIEWS)), "utf-8")
    made = fengping("init", "--home", home, "--brand", "跃动", "--industry", "gym", "--new-industry")
    assert made.code == 0, made.err
    done = fengping("import", rows, "--home", home, "--brand", "跃动", "--read")
    assert done.code == 0 and len(REVIEWS) == 200, done.err
    offered = fengping("lexicon", "suggest", "--home", home, "--json").lines()
    terms = {t["term"]: s for s in offered for t in s["terms"]}
    assert terms["私教"]["mentions"] > 30 and terms["跑步机"]["mentions"] > 100
    assert {s["industry"] for s in offered} == {"gym"}
    for term, path, zh, en in (("私教", "coaching", "私教", "Coaching"), ("跑步机", "machines", "器械", "Machines")):
        assert fengping("lexicon", "accept", term, path, "--zh", zh, "--en", en, "--home", home).code == 0
    [read] = fengping("read", "--home", home, "--json").lines()
    assert read["read"] == 200
    assert fengping("index", "--home", home).code == 0
    everything = [m["text"] for m in fengping("query", "*", "--home", home, "--json", "--limit", 500).lines()]

    def asked(query: str) -> list[str]:
        return [m["text"] for m in fengping("query", query, "--home", home, "--json", "--limit", 500).lines()]

    broken = asked("opinion:(attribute:machines polarity:negative)")
    assert all("跑步机" in text for text in broken)
    assert sum("坏了两台" in t for t in broken) >= 0.9 * sum("坏了两台" in t for t in everything) > 0
    assert set(asked("attribute:私教")) <= {t for t in everything if "私教" in t}
    assert len(asked("attribute:私教")) > 0.4 * sum("私教" in t for t in everything)
    priced = {t for t in everything if "价格" in t}
    assert priced and set(asked("attribute:price")) == priced, "the words of general hold here too"


def test_a_file_for_an_industry_that_the_project_reads_with_is_a_lexicon(tmp_path: Path) -> None:
    place = tmp_path / "gym.toml"
    place.write_text('[coaching]\nzh = "私教"\nen = "Coaching"\nwords = ["私教"]\n[book]\ndrop = true\n', "utf-8")
    gym = load_lexicon("gym", place)
    assert (gym.industry, gym.attribute_of("私教"), gym.attribute_of("价格")) == ("gym", "coaching", "price")
    assert not [a.path for a in gym.attributes if a.path.startswith("book")]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (("--industry", "gym"), "--new-industry"),
        (("--industry", "hotel", "--new-industry"), "shipped already"),
        (("--industry", "../gym", "--new-industry"), "cannot name a file"),
    ],
)
def test_init_refuses_what_would_be_no_lexicon(asked: tuple[str, ...], said: str, tmp_path: Path, fengping: Command):
    refused = fengping("init", "--home", tmp_path / "home", *asked)
    assert refused.code == 1 and said in refused.err and not (tmp_path / "home").exists()


def test_a_misspelt_industry_in_the_configuration_is_named(tmp_path: Path, fengping: Command) -> None:
    assert fengping("init", "--home", tmp_path, "--industry", "hotel").code == 0
    config = tmp_path / "fengping.toml"
    config.write_text(config.read_text("utf-8").replace('"hotel"', '"hotels"'), "utf-8")
    rows = tmp_path / "rows.csv"
    rows.write_text("text\n房间很小\n", "utf-8")
    refused = fengping("import", rows, "--home", tmp_path, "--read")
    assert refused.code != 0 and "Did you mean hotel?" in refused.err
