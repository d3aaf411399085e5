"""`fengping label` with files; its report; the threshold that labels set; erasure."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from fengping_command import Command
from fengping_labelling import copied, label_all, label_first, labels, sample

from core.home import Home
from fengping.label_files import NO_OPINION
from fengping.label_threshold import write_threshold
from nlp.reader import versions


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("label")


@pytest.fixture
def home(folder: Path, tmp_path: Path, fengping: Command) -> Path:
    """A copy of a home of 210 mentions in two sources, read once."""
    return copied(folder, tmp_path / "home", fengping)


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


def test_no_cell_of_a_csv_is_a_formula(fengping: Command, tmp_path: Path) -> None:
    home, rows, out = tmp_path / "home", tmp_path / "rows.jsonl", tmp_path / "sample.csv"
    brand = '=HYPERLINK("https://evil.example","星禾")'
    config = ("--brand", brand, "--industry", "electronics")
    assert fengping("init", "--home", home, *config).code == 0
    row = {"id": "=1+1", "text": "@屏幕很漂亮，看着舒服", "brand": brand}
    rows.write_text(json.dumps(row) + "\n", "utf-8")
    done = fengping("import", rows, "--home", home, "--source", "+shop", "--brand", brand, "--read")
    assert done.code == 0, done.err
    for opinions in ("", "screen:positive", NO_OPINION):
        assert fengping("label", "--home", home, "--by", "=li", "--export", out).code == 0
        with out.open(encoding="utf-8-sig", newline="") as file:
            [cells] = list(csv.DictReader(file))
        formulas = [c for c in cells.values() if c.startswith(("=", "+", "-", "@")) and c != NO_OPINION]
        assert formulas == [] and cells["by"] == "'=li" and cells["brand"] == f"'{brand}"
        assert cells["source"] == "'+shop" and cells["text"].startswith("'@")
        with out.open("w", encoding="utf-8", newline="") as file:
            table = csv.DictWriter(file, cells)
            table.writeheader()
            table.writerow({**cells, "polarity": "positive", "opinions": opinions})
        done = fengping("label", "--home", home, "--import", out)
        assert done.code == 0 and [x.by for x in labels(home)] == ["=li"], done.err
    assert [(x.complete, x.opinions) for x in labels(home)] == [(True, frozenset())]


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


def test_an_import_without_opinions_keeps_those_that_are_there(home: Path, fengping: Command, tmp_path: Path) -> None:
    fengping("label", "--home", home, "--draw", 20)
    ids, place = sample(home), tmp_path / "some.csv"

    def brought(*lines: str) -> None:
        place.write_text("\n".join(lines) + "\n", "utf-8")
        assert fengping("label", "--home", home, "--by", "li", "--import", place).code == 0

    brought("id,polarity,opinions", f"{ids[0]},negative,充电:negative", f"{ids[1]},negative,-", f"{ids[2]},positive,-")
    before = {x.mention_id: x for x in labels(home)}
    brought("id,polarity", f"{ids[0]},positive", f"{ids[2]},skip")
    brought("id,polarity,opinions", f"{ids[1]},neutral,")
    after = {x.mention_id: x for x in labels(home)}
    assert [after[i].polarity for i in ids[:3]] == ["positive", "neutral", "skipped"]
    for id in ids[:3]:
        kept = (before[id].judged, before[id].missed, True)
        assert (after[id].judged, after[id].missed, after[id].complete) == kept
    assert {o.attribute for o in after[ids[0]].opinions} == {"battery/charging"}
    brought("id,polarity,opinions,by", f"{ids[0]},negative,-,li", f"{ids[0]},negative,,wang")
    mine, theirs = labels(home, "li"), labels(home, "wang")
    assert next(x for x in mine if x.mention_id == ids[0]).opinions == frozenset()
    assert not theirs[0].complete and not theirs[0].judged


def test_a_mention_twice_in_a_file_is_told_and_the_first_taken(home: Path, fengping: Command, tmp_path: Path) -> None:
    fengping("label", "--home", home, "--draw", 20)
    id, place = sample(home)[0], tmp_path / "some.csv"
    rows = (f"{id},positive,li", f"{id},,li", f"{id},negative,wang", f"{id},negative,li")
    place.write_text("\n".join(("id,polarity,by", *rows)) + "\n", "utf-8")
    [done] = fengping("label", "--home", home, "--import", place, "--json").lines()
    assert (done["labels"], done["empty"], [b["line"] for b in done["bad"]]) == (2, 1, [5])
    assert "a repeat" in done["bad"][0]["reason"] and "line 2" in done["bad"][0]["reason"]
    assert {x.by: x.polarity for x in labels(home)} == {"li": "positive", "wang": "negative"}


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


def test_few_labels_say_how_many_more(home: Path, fengping: Command) -> None:
    label_first(home, fengping, "li")
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


def test_an_erased_mention_takes_its_labels_along(home: Path, fengping: Command) -> None:
    erased = label_first(home, fengping, "li", "wang")
    [receipt] = fengping("erase", "--home", home, "--mention", erased, "--json").lines()
    assert receipt["counts"]["labels"] == 2
    assert labels(home) == [] and erased not in sample(home)
