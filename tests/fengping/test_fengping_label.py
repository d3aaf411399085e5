"""`fengping label`: keys, files, the report, and the threshold that labels set."""

from __future__ import annotations

import csv
import io
import json
import os
import pty
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from fengping_command import Answer, Command, command

from core.home import Home
from core.labels import Label
from fengping.label_threshold import write_threshold
from nlp.reader import versions
from store import open_store

SAID = {
    "充电很慢，半天充不满": "negative", "电池发热太严重": "negative", "客服态度很差": "negative",
    "拍照很清晰": "positive", "屏幕很漂亮，看着舒服": "positive", "物流很快": "positive", "包装是黑色的": "neutral",
}  # fmt: skip


@pytest.fixture
def fengping(monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]) -> Command:
    monkeypatch.delenv("FENGPING_HOME", raising=False)
    return command(monkeypatch, capsysbinary)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("label")


@pytest.fixture
def home(folder: Path, tmp_path: Path, fengping: Command) -> Path:
    """A copy of a home of 210 mentions in two sources, read once."""
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
    return Path(shutil.copytree(kept, tmp_path / "home"))


@pytest.fixture
def keys(home: Path, fengping: Command, monkeypatch: pytest.MonkeyPatch):
    """Labels with the keys given, as a script would type them."""

    def typed(text: str, *more: object, by: str = "li") -> Answer:
        monkeypatch.setattr(sys, "stdin", io.StringIO(text))
        return fengping("label", "--home", home, "--by", by, *more)

    return typed


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


def test_a_home_without_mentions_says_what_to_do(tmp_path: Path, fengping: Command) -> None:
    assert fengping("init", "--home", tmp_path / "empty", "--brand", "星禾").code == 0
    done = fengping("label", "--home", tmp_path / "empty")
    assert done.code == 1 and "fengping import" in done.err


# --- files


@pytest.mark.parametrize("ending", ["csv", "jsonl"])
def test_a_sample_goes_out_and_comes_back_with_labels(
    home: Path, fengping: Command, tmp_path: Path, ending: str
) -> None:
    out = tmp_path / f"sample.{ending}"
    [said] = fengping("label", "--home", home, "--by", "li", "--export", out, "--json").lines()
    assert said["rows"] == 210
    text = out.read_text("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text))) if ending == "csv" else [json.loads(x) for x in text.splitlines()]
    assert {r["polarity"] for r in rows} == {""} and "negative" not in text
    rows[0] |= {"polarity": "负面", "opinions": "充电:negative；云岭>screen:+", "by": "wang"}
    rows[1] |= {"polarity": "unsure", "opinions": "-"}
    rows[2] |= {"polarity": "skip"}
    out.write_text("".join(json.dumps(r, ensure_ascii=False) + "\n" for r in rows), "utf-8")
    named = out.rename(out.with_suffix(".jsonl"))
    [done] = fengping("label", "--home", home, "--by", "li", "--import", named, "--json").lines()
    assert done == {"labels": 3, "outside": 0, "empty": 207, "bad": []}
    found = {x.mention_id: x for x in labels(home)}
    first = found[rows[0]["id"]]
    assert (first.by, first.polarity, first.complete) == ("wang", "negative", True)
    assert {(o.attribute, o.polarity) for o in first.opinions} == {
        ("battery/charging", "negative"), ("screen", "positive"),
    }  # fmt: skip
    assert found[rows[1]["id"]].complete and found[rows[1]["id"]].opinions == frozenset()
    assert found[rows[2]["id"]].polarity == "skipped"
    again = tmp_path / "again.csv"
    fengping("label", "--home", home, "--by", "wang", "--export", again)
    with again.open(encoding="utf-8-sig") as file:
        back = {r["id"]: r for r in csv.DictReader(file)}[rows[0]["id"]]
    assert back["polarity"] == "negative" and "battery/charging:negative" in back["opinions"]


def test_bad_rows_are_listed_and_the_others_go_on(home: Path, fengping: Command, tmp_path: Path) -> None:
    fengping("label", "--home", home, "--draw", 20)
    ids = sample(home)
    rows = [
        (ids[0], "positive", "", ""), ("nobody", "positive", "", ""), (ids[1], "splendid", "", ""),
        (ids[2], "negative", "weather:negative", ""), (ids[3], "negative", "", "another"), (ids[4], "negative", "", ""),
    ]  # fmt: skip
    place = tmp_path / "some.csv"
    with place.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(["id", "polarity", "opinions", "revision"])
        table.writerows(rows)
    done = fengping("label", "--home", home, "--by", "li", "--import", place)
    assert done.code == 0 and [x.mention_id for x in labels(home)] == [ids[0], ids[4]]
    for reason in ("line 3: no mention has the id", "'splendid' is no polarity", "'weather'", "its text has changed"):
        assert reason in done.err, done.err
    other = tmp_path / "other.csv"
    other.write_text("text,label\n好,1\n", "utf-8")
    assert "no columns id and polarity" in fengping("label", "--home", home, "--import", other).err


def test_labels_of_mentions_that_were_not_drawn_have_no_weight(home: Path, fengping: Command, tmp_path: Path) -> None:
    fengping("label", "--home", home, "--draw", 20)
    others = [m["id"] for m in fengping("query", "*", "--home", home, "--json", "--limit", 300).lines()]
    outside = next(id for id in others if id not in sample(home))
    place = tmp_path / "some.jsonl"
    place.write_text(json.dumps({"id": outside, "polarity": "positive"}) + "\n", "utf-8")
    [done] = fengping("label", "--home", home, "--import", place, "--json").lines()
    assert (done["labels"], done["outside"]) == (1, 1)
    assert fengping("label", "--home", home, "--report").code == 1


# --- the report


def test_the_report_says_how_right_the_reader_is(home: Path, fengping: Command) -> None:
    label_all(home, fengping)
    label_all(home, fengping, wrong=7, by="wang")
    [found] = fengping("label", "--home", home, "--report", "--json").lines()
    assert (found["mentions"], found["labels"]) == (210, 420)
    for name in ("accuracy", "macro_f1", "named", "right_when_named", "attribute_precision"):
        figure = found[name]
        assert 0 <= figure["low"] <= figure["value"] <= figure["high"] <= 1, name
    assert found["attribute_precision"]["value"] == 0 and found["attribute_recall"]["value"] is None
    assert 0.7 < found["accuracy"]["value"] < 0.97
    [pair] = found["agreement"]
    assert pair["people"] == ["li", "wang"] and pair["n"] == 210 and 0.6 < pair["kappa"] < 1
    assert found["confusions"] and all(i in found["quotes"] for c in found["confusions"] for i in c["examples"])
    assert found["threshold"]["labels"] == 210
    told = fengping("label", "--home", home, "--report").out
    for words in ("macro-F1", "Worst confusions", "Agreement between people", "A side is named from 0.75 on"):
        assert words in told


def test_few_labels_say_how_many_more(home: Path, fengping: Command, keys) -> None:
    keys("3", "--no-attributes")
    told = fengping("label", "--home", home, "--report").out
    assert "a threshold needs 100 labelled mentions" in told and "199 more until" in told


# --- the threshold


def test_a_threshold_from_labels_is_written_and_read_with(home: Path, fengping: Command) -> None:
    """Labels that agree with the reader even where it is hardly sure ask for a lower threshold; the home reads so."""
    out = label_all(home, fengping)
    config, before = home / "fengping.toml", (home / "fengping.toml").read_text("utf-8")
    done = fengping("label", "--home", home, "--calibrate")
    assert done.code == 0, done.err
    after = config.read_text("utf-8")
    sure = Home(home).project().reading.sure
    assert sure is not None and 0.5 <= sure < 0.75 and before.rstrip() in after and "fengping read" in done.err
    polarity = {m["id"]: m["reading"]["polarity"] for m in _all(home, fengping)}
    assert fengping("read", "--home", home).code == 0 and fengping("index", "--home", home).code == 0
    again = {m["id"]: m["reading"] for m in _all(home, fengping)}
    assert {r["versions"]["model"] for r in again.values()} == {versions(Home(home).project()).model}
    assert all(r["versions"]["model"].endswith(f"@{sure:g}") for r in again.values())
    unsure = [sum(p == "unsure" for p in ps) for ps in (polarity.values(), [r["polarity"] for r in again.values()])]
    assert unsure[1] <= unsure[0]
    assert len(labels(home)) == 210 and out.exists()


def _all(home: Path, fengping: Command) -> list[dict]:
    return fengping("query", "*", "--home", home, "--json", "--limit", 300).lines()


def test_labels_that_no_threshold_satisfies_leave_the_file_alone(home: Path, fengping: Command) -> None:
    label_all(home, fengping, wrong=2)
    before = (home / "fengping.toml").read_bytes()
    done = fengping("label", "--home", home, "--calibrate")
    assert done.code == 0 and "at no threshold is the named side right" in done.out + done.err
    assert (home / "fengping.toml").read_bytes() == before


def test_writing_a_threshold_keeps_comments_and_permissions(tmp_path: Path) -> None:
    place = tmp_path / "fengping.toml"
    place.write_text(
        'name = "x"  # ours\n\n[reading]\n# said by labels\nsure = 0.8\n\n[privacy]\nraw_days = 3\n', "utf-8"
    )
    place.chmod(0o640)
    write_threshold(place, 0.66)
    assert place.read_text("utf-8") == (
        'name = "x"  # ours\n\n[reading]\n# said by labels\nsure = 0.66\n\n[privacy]\nraw_days = 3\n'
    )
    assert place.stat().st_mode & 0o777 == 0o640


# --- erasure


def test_an_erased_mention_takes_its_labels_along(home: Path, fengping: Command, keys) -> None:
    keys("3", "--no-attributes")
    keys("3", "--no-attributes", by="wang")
    erased = sample(home)[0]
    [receipt] = fengping("erase", "--home", home, "--mention", erased, "--json").lines()
    assert receipt["counts"]["labels"] == 2
    assert labels(home) == [] and erased not in sample(home)
