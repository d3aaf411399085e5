"""Accepting a term: what is written into a home's overlay, what is refused, and that a refusal changes nothing."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import ConfigError, InputError
from nlp.lexicon import load_lexicon
from nlp.overlay import Accepted, Addition, accept

OVERLAY = """\
# What is ours.
ignore = ["笔尖锋利"]

[stylus]  # since the X2
zh = "手写笔"
en = "Stylus"
words = [
  "触控笔尖头", # as the shop writes it
  "笔套"
]

# The screen is shipped.
[screen.touch]
words = ["触控膜"]

[price.promotion]
drop = true
"""


@pytest.fixture
def place(tmp_path: Path) -> Path:
    made = tmp_path / "lexicons" / "electronics.toml"
    made.parent.mkdir()
    made.write_text(OVERLAY, encoding="utf-8")
    return made


def take(place: Path, term: str, path: str, zh: str = "", en: str = "") -> Accepted:
    return accept(Addition(term, path, zh, en), "electronics", place)


def named(place: Path, term: str) -> str:
    return load_lexicon("electronics", place).attribute_of(term)


def test_the_file_is_made_when_missing(tmp_path):
    place = tmp_path / "lexicons" / "electronics.toml"
    done = take(place, "笔尖", "screen/touch")
    assert (done.place, done.key, done.attribute.path, done.former) == (place, "words", "screen/touch", "")
    assert place.read_text("utf-8") == '[screen.touch]\nwords = ["笔尖"]\n'
    assert [p.name for p in place.parent.iterdir()] == ["electronics.toml"]


def test_comments_and_order_stay_and_words_go_to_their_tables(place):
    take(place, "笔尖", "stylus")
    take(place, "触控膜边", "screen/touch")
    take(place, "云台", "camera")
    assert (
        place.read_text("utf-8")
        == OVERLAY.replace('  "笔套"\n', '  "笔套",\n  "笔尖"\n').replace('["触控膜"]', '["触控膜", "触控膜边"]')
        + '\n[camera]\nwords = ["云台"]\n'
    )
    assert (named(place, "笔尖"), named(place, "云台")) == ("stylus", "camera")


def test_a_new_attribute_has_both_names(place):
    done = take(place, "压感", "stylus/pressure", "压感", "Pressure")
    assert (done.attribute.zh, done.attribute.en) == ("压感", "Pressure")
    lexicon = load_lexicon("electronics", place)
    assert lexicon.attribute_of("压感级数") == "stylus/pressure"
    assert lexicon.name("stylus/pressure", "en") == "Pressure"


@pytest.mark.parametrize(
    ("term", "key"),
    [("nib", "english"), ("Pen tip", "english"), ("usb笔", "words"), ("笔尖", "words"), ("笔", "within")],
)
def test_a_term_goes_to_the_list_that_reads_it_rightly(place, term, key):
    assert take(place, term, "stylus").key == key
    assert named(place, term) == "stylus"


def test_a_word_in_it_that_named_another_attribute_is_told(place):
    done = take(place, "充电头壳", "build")
    assert done.former == "battery/charging"
    assert named(place, "充电头壳") == "build"
    assert named(place, "充电头") == "battery/charging"


def test_the_same_term_again_changes_nothing(place):
    take(place, "笔尖", "stylus")
    before = place.read_bytes()
    assert take(place, " 笔尖 ", "stylus").key == ""
    assert take(place, "筆尖", "stylus").key == ""
    assert place.read_bytes() == before


def test_a_general_judging_word_may_become_an_attributes_own(place):
    take(place, "坑", "price")
    assert named(place, "坑") == "price"


@pytest.mark.parametrize(
    ("term", "path", "names", "message"),
    [
        ("笔尖", "stylos", (), "no attribute of electronics is called 'stylos'. Did you mean stylus\\?.*--zh NAME"),
        ("笔尖", "充电", (), "Did you mean battery/charging\\?"),
        ("笔尖", "qqq", (), "is called 'qqq'. `fengping"),
        (
            "续航",
            "price",
            (),
            "'续航' stands under battery/life already; .*remove = \\[.续航.\\] under \\[battery.life\\]",
        ),
        ("费电", "price", (), "'费电' stands under battery/life already"),
        ("太贵", "battery", (), "stands under price already as a word that judges"),
        ("太贵", "price", (), "stands under price already as a word that judges"),
        ("电", "price", (), "'电' stands under battery already"),
        ("打卡", "price", (), "electronics ignores"),
        ("", "price", (), "no letter"),
        ("12", "price", (), "no letter"),
        ('"', "price", (), "no letter"),
        ("笔\n尖", "price", (), "line break"),
        ("笔\u200b尖", "price", (), "invisible"),
        ("笔\ud800", "price", (), "invisible"),
        ("笔" * 81, "price", (), "81 characters; 80"),
        ("笔尖", "pen", ("笔", ""), "needs both its names"),
        ("笔尖", "pen", ("", "Pen"), "needs both its names"),
        ("笔尖", "pen", ("笔\n", "P\nen"), "--en 'P.*line break"),
        ("笔尖", "Pen", ("笔", "Pen"), "'Pen' cannot be an attribute's path"),
        ("笔尖", "a/b/c", ("笔", "Pen"), "cannot be an attribute's path"),
        ("笔尖", "a.b", ("笔", "Pen"), "cannot be an attribute's path"),
        ("笔尖", "../x", ("笔", "Pen"), "cannot be an attribute's path"),
        ("笔尖", "battery/words", ("笔", "Pen"), "cannot be an attribute's path"),
        ("笔尖", "ignore", ("笔", "Pen"), "cannot be an attribute's path"),
        ("笔尖", "pen/tip", ("笔", "Pen"), "make pen first"),
        ("笔尖", "battery", ("电", "Power"), "battery is there already as 电池, Battery"),
    ],
)
def test_what_cannot_be_taken_is_refused_and_nothing_changes(place, term, path, names, message):
    with pytest.raises(InputError, match=f"(?s){message}"):
        take(place, term, path, *names)
    assert place.read_text("utf-8") == OVERLAY
    assert [p.name for p in place.parent.iterdir()] == ["electronics.toml"]


def test_a_dropped_attribute_is_not_made_again_by_the_way(place):
    with pytest.raises(ConfigError, match=r"\[price.promotion\] is dropped there"):
        take(place, "满减券", "price/promotion", "促销", "Promotion")
    assert place.read_text("utf-8") == OVERLAY


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[battery\n", "not valid TOML"),
        ('[battery]\nwrods = ["x"]\n', "wrods"),
        ("battery = {charging = {words = ['回血']}}\n", "cannot be edited here; add .* by hand"),
    ],
)
def test_an_overlay_that_is_damaged_is_said_and_left_alone(tmp_path, text, message):
    place = tmp_path / "electronics.toml"
    place.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=message):
        take(place, "笔尖", "battery/life")
    assert place.read_text("utf-8") == text


def test_a_place_that_cannot_be_written_is_said(tmp_path):
    (tmp_path / "lexicons").write_text("a file, not a folder", encoding="utf-8")
    with pytest.raises(ConfigError, match="cannot be written: "):
        take(tmp_path / "lexicons" / "electronics.toml", "笔尖", "battery")


def test_who_may_read_the_file_stays(place):
    place.chmod(0o640)
    take(place, "笔尖", "battery")
    assert place.stat().st_mode & 0o777 == 0o640


def test_an_overlay_that_is_not_utf8_is_said(tmp_path):
    place = tmp_path / "electronics.toml"
    place.write_bytes('[battery]\nwords = ["电芯"]\n'.encode("gb18030"))
    with pytest.raises(ConfigError, match="not UTF-8"):
        take(place, "笔尖", "battery/life")


@pytest.mark.parametrize(
    "text",
    [
        "# only a comment",
        '[battery.charging]\r\nwords = ["回血"] # c\r\n',
        'battery.charging.words = ["回血"]\n',
        'battery = {words = ["电芯"]}\n',
        '[battery.charging]\nwords = ["回血"]\n\n# its glass\n[screen]\nwords = ["曲屏"]\n[battery.heat]\nzh = "烫"\n',
        '[battery.charging]\nwords = ["回血"]\n[battery]\nwords = ["电芯"]\n',
        '\ufeff[battery]\nzh = "电"\n\n[battery.charging]\nwords = ["回血"]\n',
        "[battery]\nwords = []\n",
        '[battery]\nwords = ["电芯",]\n',
    ],
)
def test_every_usual_form_of_an_overlay_can_be_added_to(tmp_path, text):
    place = tmp_path / "electronics.toml"
    place.write_bytes(text.encode())
    former = {a.path: set(a.synonyms) for a in load_lexicon("electronics", place).attributes}
    take(place, "笔尖", "battery")
    now = {a.path: set(a.synonyms) for a in load_lexicon("electronics", place).attributes}
    assert now == {**former, "battery": {*former["battery"], "笔尖"}}
    assert all(line in place.read_text("utf-8") for line in text.lstrip("\ufeff").splitlines() if "#" in line)


@settings(max_examples=80, deadline=None)
@given(st.text(st.characters(blacklist_categories=("Cs", "Cc")), max_size=20).map("龘{}".format))
def test_any_term_is_kept_as_it_is_or_refused(term):
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "electronics.toml"
        try:
            take(place, term, "battery")
        except InputError:
            assert not place.exists()
        else:
            assert named(place, term) == "battery"
