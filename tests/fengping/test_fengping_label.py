"""`fengping label` at the keyboard: keys, undo, being killed; and what is drawn."""

from __future__ import annotations

import io
import os
import pty
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from fengping_command import Answer, Command
from fengping_labelling import copied, labels, sample

from core.home import Home
from store import open_store


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("label")


@pytest.fixture
def home(folder: Path, tmp_path: Path, fengping: Command) -> Path:
    """A copy of a home of 210 mentions in two sources, read once."""
    return copied(folder, tmp_path / "home", fengping)


@pytest.fixture
def keys(home: Path, fengping: Command, monkeypatch: pytest.MonkeyPatch):
    """Labels with the keys given, as a script would type them."""

    def typed(text: str, *more: object, by: str = "li") -> Answer:
        monkeypatch.setattr(sys, "stdin", io.StringIO(text))
        return fengping("label", "--home", home, "--by", by, *more)

    return typed


# --- the keyboard


def test_the_first_start_draws_and_the_next_goes_on_where_one_left(home: Path, keys) -> None:
    first = keys("3q", "--no-attributes")
    assert first.code == 0 and "drew 210 mentions" in first.err
    assert "li has labelled 1 of 210" in first.err
    second = keys("1s", "--no-attributes")
    assert "[2/210]" in second.err and "drew" not in second.err
    assert [(x.mention_id, x.polarity, x.by) for x in labels(home)] == [
        (id, polarity, "li") for id, polarity in zip(sample(home), ("negative", "positive", "skipped"), strict=False)
    ]


def test_nothing_of_what_the_reader_thinks_is_shown_before_the_answer(keys) -> None:
    shown = keys("").err.split("[1/210]")[1]
    assert "positive" not in shown and "negative" not in shown and "手机用了" in shown


def test_opinions_are_asked_one_by_one_and_missed_ones_are_named(home: Path, keys) -> None:
    """Left after each answer, and taken up again where it was left."""
    while "→" not in keys("3").err:
        keys("\n")
    half = labels(home)[-1]
    keys("y")
    judged = labels(home)[-1]
    assert half.judged == () and [j.right for j in judged.judged] == [True] and not judged.complete
    while "m an opinion is missing" not in keys("").err.split("[")[-1]:
        keys("n")
    keys("m屏幕:positive\nm云岭>物流：负面\n")
    label = labels(home)[-1]
    assert not label.complete and label.judged[0].right
    keys("\n")
    label = labels(home)[-1]
    assert label.complete and [(o.attribute, o.polarity) for o in label.missed] == [
        ("screen", "positive"), ("delivery", "negative"),
    ]  # fmt: skip
    assert label.missed[1].target == "云岭" and label.missed[0].target in {"星禾", "云岭"}


def test_what_cannot_be_named_is_said_and_asked_again(home: Path, keys) -> None:
    keys("3")
    while "m an opinion is missing" not in keys("").err.split("[")[-1]:
        keys("y")
    told = keys("m天气:positive\nm屏幕:great\n\n").err
    assert "no attribute is called '天气'" in told and "'great' is no side" in told
    assert labels(home)[0].complete and labels(home)[0].missed == ()


def test_undo_takes_back_an_answer_at_a_time(home: Path, keys) -> None:
    keys("1", "--no-attributes")
    keys("2", "--no-attributes")
    told = keys("u3", "--no-attributes")
    assert "taken back" in told.err
    assert [x.polarity for x in labels(home)] == ["positive", "negative"]
    assert "nothing to take back" in keys("u", by="wang").err
    keys("uu", "--no-attributes")
    assert labels(home) == []


def test_undo_within_opinions_goes_back_to_the_side(home: Path, keys) -> None:
    keys("3")
    before = labels(home)[0]
    asked = keys("").err
    if "→" in asked:
        keys("y")
        keys("u")
        assert labels(home)[0].judged == before.judged == ()
    keys("u")
    assert labels(home) == []


def test_people_are_kept_apart(home: Path, keys) -> None:
    keys("1", "--no-attributes", by="li")
    keys("3", "--no-attributes", by="wang")
    assert {(x.by, x.polarity) for x in labels(home)} == {("li", "positive"), ("wang", "negative")}


def test_killed_at_any_moment_nothing_is_lost(home: Path) -> None:
    program = str(Path(sys.executable).with_name("fengping"))
    child = subprocess.Popen(
        [program, "label", "--home", str(home), "--by", "li"],
        stdin=subprocess.PIPE, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    assert child.stdin is not None and child.stderr is not None
    child.stdin.write(b"3")
    child.stdin.flush()
    while b"  negative" not in child.stderr.readline():
        assert child.poll() is None
    while (line := child.stderr.readline()) and "?" not in line.decode() and "m an" not in line.decode():
        pass
    child.kill()
    child.wait()
    child.stdin.close()
    child.stderr.close()
    assert [x.polarity for x in labels(home)] == ["negative"]


def test_a_real_terminal_takes_single_keys(home: Path) -> None:
    ours, theirs = pty.openpty()
    program = str(Path(sys.executable).with_name("fengping"))
    child = subprocess.Popen(
        [program, "label", "--home", str(home), "--by", "li", "--no-attributes"],
        stdin=theirs, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    assert child.stderr is not None
    os.close(theirs)
    told = b""
    for key, then in ((b"3", b"  negative"), (b"x", b"is no answer"), (b"q", b"li has labelled 1 of 210")):
        os.write(ours, key)
        while then not in told:
            line = child.stderr.readline()
            assert line, told.decode()
            told += line
    assert child.wait() == 0
    child.stderr.close()
    os.close(ours)


# --- drawing


def test_more_can_be_drawn_from_one_brand_and_period(home: Path, fengping: Command) -> None:
    [first] = fengping("label", "--home", home, "--draw", 30, "--json").lines()
    assert first == {"drawn": 30, "sample": 30}
    more = ("--draw", 10, "--brand", "云岭", "--since", "2026-11-10")
    [second] = fengping("label", "--home", home, *more, "--json").lines()
    assert second == {"drawn": 10, "sample": 40}
    store = open_store(Home(home), Home(home).project())
    late = store.understood([s.mention_id for s in store.sample()][30:])
    store.close()
    assert all(u.mention.brand == "云岭" and u.mention.published_at.day >= 9 for u in late)


def test_one_seed_draws_one_sample(home: Path, fengping: Command, tmp_path: Path) -> None:
    other = Path(shutil.copytree(home, tmp_path / "other"))
    for place in (home, other):
        assert fengping("label", "--home", place, "--draw", 40, "--seed", 5).code == 0
    assert sample(home) == sample(other) and len(set(sample(home))) == 40


def test_four_who_begin_at_once_share_one_sample(home: Path) -> None:
    words = (sys.executable, "-m", "fengping.cli", "label", "--home", str(home), "--by")
    begun = [
        subprocess.Popen([*words, f"p{k}"], stdin=subprocess.PIPE, stderr=subprocess.PIPE, stdout=subprocess.PIPE)
        for k in range(4)
    ]
    said = [one.communicate(b"q")[1].decode() for one in begun]
    assert [one.returncode for one in begun] == [0] * 4, said
    store = open_store(Home(home), Home(home).project())
    draws, drawn = store.draws(), store.sample()
    store.close()
    assert len(draws) == 1 and len(drawn) == 210 and {s.weight for s in drawn} == {1.0}


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--report", "--calibrate"), "give one of"),
        (("--brand", "星禾"), "give --draw N"),
        (("--draw", 5, "--brand", "月球"), "names no such brand"),
        (("--draw", 5, "--since", "someday"), "is no date"),
        (("--report",), "no mention of the sample is labelled yet"),
        (("--import", "nowhere.csv"), "cannot be read"),
        (("--export", "sample.xlsx"), ".csv or .jsonl"),
    ],
)
def test_what_cannot_be_done_is_said(home: Path, fengping: Command, words: tuple[object, ...], says: str) -> None:
    done = fengping("label", "--home", home, *words)
    assert done.code == 1 and says in done.err


def test_a_user_without_an_account_is_asked_for_a_name(
    home: Path, tmp_path: Path, keys, fengping: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("os.getuid", lambda: 3_999_999_999)  # of no account, as in a container started by number
    place = tmp_path / "x.csv"
    for words in ((), ("--export", place), ("--import", place)):
        said = fengping("label", "--home", home, *words)
        assert said.code == 1 and "--by NAME" in said.err
    assert fengping("label", "--home", home, "--draw", 5).code == 0
    assert "no mention of the sample is labelled yet" in fengping("label", "--home", home, "--report").err
    assert keys("3q", "--no-attributes").code == 0 and [x.by for x in labels(home)] == ["li"]


def test_a_home_without_mentions_says_what_to_do(tmp_path: Path, fengping: Command) -> None:
    assert fengping("init", "--home", tmp_path / "empty", "--brand", "星禾").code == 0
    done = fengping("label", "--home", tmp_path / "empty")
    assert done.code == 1 and "fengping import" in done.err
