"""Terms that no list holds: by their vectors to the attribute whose terms are used alike, or to none."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from nlp.lexicon import load_lexicon
from nlp.mapping import Mapper
from nlp.nearness import NearestAttribute, shipped_vectors

VECTORS = shipped_vectors()


def without(folder: Path, industry: str, path: str, *words: str) -> Mapper:
    """The mapper of an industry whose lexicon has lost some words."""
    place = folder / f"{industry}.toml"
    listed = ", ".join(f'"{w}"' for w in words)
    place.write_text(f"[{path.replace('/', '.')}]\nremove = [{listed}]\n", "utf-8")
    lexicon = load_lexicon(industry, place)
    assert not any(lexicon.attribute_of(w) for w in words)
    return Mapper(lexicon)


@pytest.mark.parametrize(
    ("industry", "path", "word"),
    [
        ("hotel", "bathroom", "花洒"),
        ("restaurant", "dishes/vegetable", "茄子"),
        ("general", "book/content", "情节"),
        ("electronics", "sound/quality", "低音"),
    ],
)
def test_a_word_taken_out_of_a_lexicon_finds_its_attribute_again(tmp_path: Path, industry: str, path: str, word: str):
    found = without(tmp_path, industry, path, word).attribute_of(word)
    assert found.partition("/")[0] == path.partition("/")[0]


@pytest.mark.parametrize("term", ["", "surface", "🙂", "大赞", "东西", "不过", "谢谢", "龘龘龘"])
def test_what_names_nothing_has_no_neighbour(term: str):
    assert NearestAttribute(load_lexicon("electronics"), VECTORS).path(term) == ""


def test_a_term_has_a_vector_of_unit_length_however_it_is_written():
    plain, traditional = VECTORS.of("快递"), VECTORS.of("快遞")
    assert plain is not None and traditional is not None
    assert np.array_equal(plain, traditional) and abs(float(plain @ plain) - 1) < 1e-5
    assert VECTORS.of("快递", without=frozenset({"快递"})) is None


def test_words_alike_stand_nearer_than_others():
    def likeness(a: str, b: str) -> float:
        first, second = VECTORS.of(a), VECTORS.of(b)
        assert first is not None and second is not None
        return float(first @ second)

    assert likeness("物流", "快递") > 0.6 > 0.3 > likeness("物流", "早餐")


def test_a_lexicon_without_words_answers_nothing(tmp_path: Path):
    place = tmp_path / "bare.toml"
    shipped = sorted({a.path.partition("/")[0] for a in load_lexicon("general").attributes})
    place.write_text("".join(f"[{path}]\ndrop = true\n" for path in shipped), "utf-8")
    bare = Mapper(load_lexicon("bare", place))
    assert (bare.attribute_of("快递"), bare.of_clause("真不错", judged=True)) == ("", "")
