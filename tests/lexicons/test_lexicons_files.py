"""The shipped lexicon files: complete, in two levels and two languages, each word once and backed by real reviews."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
from ahocorasick_rs import AhoCorasick, MatchKind

from nlp.lexicon import SHIPPED, industries, load_lexicon
from nlp.segment import normalise

SHARED = Path(__file__).resolve().parents[2].parent / "shared" / "data"
CHECKED = ("words", "within", "positive", "negative")
QUOTED = re.compile(r'"([^"]*)"')


def test_the_seven_industries_are_there():
    assert industries() == ("car", "clothing", "cosmetics", "electronics", "general", "hotel", "restaurant")


@pytest.mark.parametrize("industry", industries())
def test_each_has_fifteen_attributes_in_two_levels_with_names_and_words_in_both_languages(industry):
    attributes = load_lexicon(industry).attributes
    paths = [a.path for a in attributes]
    assert len(paths) >= 15
    assert len(set(paths)) == len(paths)
    assert {path.count("/") for path in paths} == {0, 1}
    assert all(path.partition("/")[0] in paths for path in paths)
    assert all(re.search(r"[\u4e00-\u9fff]", a.zh) and a.en.isascii() for a in attributes)
    assert all(any(s.isascii() for s in a.synonyms) and any(not s.isascii() for s in a.synonyms) for a in attributes)


@pytest.mark.parametrize("industry", industries())
def test_names_differ_and_most_attributes_have_opinion_words(industry):
    attributes = load_lexicon(industry).attributes
    assert max(Counter(a.en for a in attributes).values()) == 1
    assert sum(bool(a.opinions) for a in attributes) >= len(attributes) / 3


@pytest.mark.parametrize("industry", industries())
def test_no_word_has_two_meanings(industry):
    words = Counter(
        (normalise(word), a.path, role)
        for a in load_lexicon(industry).attributes
        for role, listed in (("aspect", a.synonyms), ("opinion", tuple(o.text for o in a.opinions)))
        for word in set(listed)
    )
    assert not [word for word, n in Counter(word for word, _, _ in words).items() if n > 1]


FOLDERS = ("sentiment", "absa", "aste", "coqe", "jd", "aic2018")


def _reviews() -> str:
    texts = []
    for place in sorted(p for f in FOLDERS for p in (SHARED / f).iterdir() if p.suffix in (".tsv", ".txt")):
        text = place.read_text("utf-8", errors="replace")
        texts.append(text.replace('"", ""', "").replace('""', "") if place.parent.name == "aste" else text)
    return normalise("\n".join(texts))


def absent(words: set[str], reviews: str) -> list[str]:
    """Words that occur nowhere: one pass finds most of them, only the others are looked for one by one."""
    listed = sorted(normalise(word) for word in words)
    matches = AhoCorasick(listed, matchkind=MatchKind.LeftmostLongest).find_matches_as_indexes(reviews)
    rest = set(listed) - {listed[index] for index, _, _ in matches}
    return [word for word in rest if word not in reviews]


def unargued(place: Path) -> list[str]:
    """Words on lines without a comment: those that must occur in real reviews."""
    words, key = [], ""
    for line in place.read_text("utf-8").splitlines():
        key = match.group(1) if (match := re.match(r"(\w+) = ", line)) else key
        if key in CHECKED and "#" not in QUOTED.sub("", line):
            words += [w for w in QUOTED.findall(line) if key in ("words", "within") or not w.isascii()]
    return words


@pytest.mark.shared
@pytest.mark.skipif(not SHARED.is_dir(), reason="the labelled collections are not beside this checkout")
def test_every_chinese_word_occurs_in_real_reviews_or_is_argued_for():
    words = {w for place in (*SHIPPED.glob("*/attributes.toml"), SHIPPED / "opinions.toml") for w in unargued(place)}
    assert len(words) > 4000
    assert absent(words, _reviews()) == []
    assert absent({"没有这样一个词啊呀"}, "别的话") == ["没有这样一个词啊呀"]
