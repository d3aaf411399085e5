"""`lexicon suggest` and `lexicon accept`, from a file of reviews to attributes that can be asked for."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from fengping_command import Command

TEXTS = (
    "提示音很难听，每次响起来都吓我一跳，换了三种铃声也没有好一点",
    "短信提示音刺耳",
    "提示音好听，电池也耐用",
    "翻盖很顺手",
    "翻盖松了",
    "星禾X2不错，手机质量好",
    "提示音很难听，每次响起来都吓我一跳，换了三种铃声也没有好一点",
    "屏幕很清晰",
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("lexicon")


@pytest.fixture
def home(folder: Path, tmp_path: Path, fengping: Command) -> Path:
    """A copy of a home that was filled once."""
    kept = folder / "home"
    if not kept.exists():
        rows = folder / "reviews.csv"
        rows.write_text("评论内容,作者\n" + "".join(f"{t},客{n}\n" for n, t in enumerate(TEXTS)), "utf-8")
        assert fengping("init", "--home", kept, "--brand", "星禾", "--industry", "electronics").code == 0
        done = fengping("import", rows, "--home", kept, "--brand", "星禾", "--read")
        assert done.code == 0, done.err
    return Path(shutil.copytree(kept, tmp_path / "home"))


def attributes(found: dict) -> set[str]:
    """Of the opinions that stand on the term."""
    text, term = found["text"], "提示音"
    return {o["attribute"] for o in found["reading"]["opinions"] if o["aspect"] and term in text[slice(*o["aspect"])]}


def test_what_is_accepted_is_found_under_its_attribute(home: Path, fengping: Command) -> None:
    before = fengping("lexicon", "suggest", "--home", home, "--min", 2, "--json").lines()
    assert [(s["term"], s["industry"], s["mentions"], s["negative"]) for s in before] == [
        ("提示音", "electronics", 3, 2),
        ("翻盖", "electronics", 2, 1),
    ]
    assert before[0]["terms"] == [{"term": "提示音", "mentions": 2}, {"term": "短信提示音", "mentions": 1}]
    known = {m["id"]: m for m in fengping("query", "*", "--home", home, "--json").lines()}
    assert all(q["text"] in known[q["mention_id"]]["text"] for s in before for q in s["quotes"])
    done = fengping("lexicon", "accept", "提示音", "sound", "--home", home)
    assert done.code == 0, done.err
    assert "fengping read" in done.err and str(home / "lexicons" / "electronics.toml") in done.err
    [read] = fengping("read", "--home", home, "--json").lines()
    [indexed] = fengping("index", "--home", home, "--json").lines()
    assert read["read"] == len(TEXTS) and indexed["indexed"] == sum("提示音" in text for text in TEXTS)
    found = fengping("query", "opinion:(attribute:sound)", "--home", home, "--json").lines()
    assert {m["text"] for m in found} == {m["text"] for m in known.values() if "提示音" in m["text"]}
    assert all(attributes(m) == {"sound"} for m in found)
    after = fengping("lexicon", "suggest", "--home", home, "--min", 2, "--json").lines()
    assert [s["term"] for s in after] == ["翻盖"]


def test_a_term_accepted_is_offered_no_more_even_before_it_is_read_again(home: Path, fengping: Command) -> None:
    assert fengping("lexicon", "accept", "提示音", "alerts", "--zh", "提示", "--en", "Alerts", "--home", home).code == 0
    assert [s["term"] for s in fengping("lexicon", "suggest", "--home", home, "--min", 1, "--json").lines()] == ["翻盖"]
    again = fengping("lexicon", "accept", "提示音", "alerts", "--home", home)
    assert again.code == 0 and "already" in again.err and "fengping read" not in again.err


def test_suggestions_for_people_name_who_says_them(home: Path, fengping: Command) -> None:
    done = fengping("lexicon", "suggest", "--home", home, "--min", 2)
    first, *quotes = done.out.splitlines()
    assert first == "提示音: 3 mentions, 2 negative; with 短信提示音 1"
    assert quotes[0].startswith("  “") and "提示音" in quotes[0]
    assert "fengping lexicon accept" in done.err
    assert fengping("lexicon", "suggest", "--home", home, "--limit", 0, "--json").out == ""
    none = fengping("lexicon", "suggest", "--home", home, "--min", 9)
    assert (none.code, none.out) == (0, "") and "no term" in none.err


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("suggest", "--industry", "banking"), "there is no lexicon for the industry 'banking'"),
        (("suggest", "--industry", "hotel"), "reads with: electronics"),
        (("accept", "提示音", "sound", "--industry", "banking"), "there is no lexicon"),
        (("accept", "提示音", "sound", "--industry", "hotel"), "reads with: electronics"),
        (("accept", "提示音", "sond"), "Did you mean sound?"),
        (("accept", "续航", "sound"), "'续航' stands under battery/life already"),
        (("accept", "提示\n音", "sound"), "line break"),
        (("accept", "  ", "sound"), "no letter"),
        (("accept", "提示音", "new", "--zh", "新"), "both its names"),
    ],
)
def test_what_is_wrong_is_said_and_changes_nothing(
    home: Path, fengping: Command, words: tuple[str, ...], says: str
) -> None:
    done = fengping("lexicon", *words, "--home", home)
    assert done.code == 1 and says in done.err and "Traceback" not in done.err
    assert list((home / "lexicons").iterdir()) == []


@pytest.mark.parametrize("term", ['7"提示音', "a]b = [", "'''提示音'''", "#提示音", "提示\\音", "提示音 = 1"])
def test_signs_that_mean_something_in_toml_are_kept(home: Path, fengping: Command, term: str) -> None:
    assert fengping("lexicon", "accept", term, "sound", "--home", home).code == 0
    assert "already" in fengping("lexicon", "accept", term, "sound", "--home", home).err


def test_a_damaged_overlay_is_named_and_left_as_it_is(home: Path, fengping: Command) -> None:
    place = home / "lexicons" / "electronics.toml"
    place.write_text('[sound\nwords = ["x"]\n', encoding="utf-8")
    for words in (("suggest",), ("accept", "提示音", "sound")):
        done = fengping("lexicon", *words, "--home", home)
        assert done.code == 1 and "electronics.toml is not valid TOML" in done.err and "Traceback" not in done.err
    assert place.read_text("utf-8") == '[sound\nwords = ["x"]\n'


def test_a_file_of_no_industry_is_said(home: Path, fengping: Command) -> None:
    (home / "lexicons" / "electronic.toml").write_text("", encoding="utf-8")
    for words in (("suggest",), ("accept", "提示音", "sound")):
        assert "Did you mean electronics.toml?" in fengping("lexicon", *words, "--home", home).err


def test_an_empty_home_says_what_to_bring(tmp_path: Path, fengping: Command) -> None:
    home = tmp_path / "empty"
    assert fengping("lexicon", "suggest", "--home", home).code == 1
    fengping("init", "--home", home)
    done = fengping("lexicon", "suggest", "--home", home)
    assert done.code == 1 and "holds no mention of general that was read" in done.err and "import FILE" in done.err
    (tmp_path / "a.csv").write_text("评论内容\n提示音很难听\n", encoding="utf-8")
    assert fengping("import", tmp_path / "a.csv", "--home", home).code == 0
    assert "that was read" in fengping("lexicon", "suggest", "--home", home).err


def test_several_industries_are_looked_at_together_and_taught_apart(tmp_path: Path, fengping: Command) -> None:
    home = tmp_path / "two"
    fengping("init", "--home", home, "--brand", "星禾", "--industry", "electronics")
    config = home / "fengping.toml"
    config.write_text(config.read_text("utf-8") + '\n[[brands]]\nname = "云岫"\nindustry = "hotel"\n', encoding="utf-8")
    texts = [("星禾", "翻盖松了"), ("星禾", "翻盖很顺手"), ("云岫", "翻盖坏了"), ("云岫", "翻盖的垃圾桶很脏")]
    for brand in ("星禾", "云岫"):
        part = tmp_path / f"{brand}.csv"
        part.write_text("评论内容\n" + "".join(f"{t}\n" for b, t in texts if b == brand), encoding="utf-8")
        assert fengping("import", part, "--home", home, "--brand", brand, "--read").code == 0
    both = fengping("lexicon", "suggest", "--home", home, "--min", 1, "--json").lines()
    assert {"electronics", "hotel"} >= {s["industry"] for s in both} and len(both) >= 2
    hotel = fengping("lexicon", "suggest", "--home", home, "--min", 1, "--industry", "hotel", "--json").lines()
    assert hotel == [s for s in both if s["industry"] == "hotel"]
    done = fengping("lexicon", "accept", "翻盖", "build", "--home", home)
    assert done.code == 1 and "give --industry: electronics, hotel" in done.err
    assert fengping("lexicon", "accept", "翻盖", "build", "--industry", "electronics", "--home", home).code == 0
    assert [p.name for p in (home / "lexicons").iterdir()] == ["electronics.toml"]
