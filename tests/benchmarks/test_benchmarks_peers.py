"""The comparison with peers: its score is macro-F1, its sample is fixed, its tables stand between the marks."""

from __future__ import annotations

import io
import json
import random
from itertools import pairwise

import numpy as np
import pytest

from benchmarks.peer_readers import serve
from benchmarks.peer_table import BEGIN, END, Read, cell, drawn_f1, page_with, scored, signs, tables
from benchmarks.peers import PAGE, Labelled, bare, drawn, untaught

ROWS = [Labelled("waimai", f"第{k}家店的面", k % 2) for k in range(60)]


def counted_f1(gold: list[int], found: list[int]) -> float:
    """By precision and recall, pair by pair."""
    total = 0.0
    for side in (0, 1):
        right = sum(1 for g, f in zip(gold, found, strict=True) if g == side and f == side)
        precision = right / found.count(side) if found.count(side) else 0.0
        recall = right / gold.count(side) if gold.count(side) else 0.0
        total += 2 * precision * recall / (precision + recall) if right else 0.0
    return total / 2


@pytest.mark.parametrize("seed", range(20))
def test_macro_f1_is_that_of_precision_and_recall(seed):
    rnd = random.Random(seed)
    gold = [0, 1, *(rnd.randint(0, 1) for _ in range(seed))]
    found = [rnd.randint(0, 1) for _ in gold]
    expected = counted_f1(gold, found)
    assert scored(gold, found, draws=10).value == pytest.approx(expected)
    assert drawn_f1(np.array([gold]), np.array([found]))[0] == pytest.approx(expected)


def test_an_interval_holds_the_value_and_narrows_with_more_texts():
    few, many = (scored([0, 1] * n, [0, 1, 1, 1] * (n // 2)) for n in (20, 400))
    for part in (few, many):
        low, high = part.interval
        assert low < part.value < high
    assert np.subtract(*few.interval[::-1]) > 2 * np.subtract(*many.interval[::-1])
    assert few.interval == scored([0, 1] * 20, [0, 1, 1, 1] * 10).interval


def test_readers_are_told_apart_by_their_difference():
    gold = [0, 1] * 100
    good, alike, bad = (scored(gold, found) for found in (gold, [1, *gold[1:]], [1 - g for g in gold]))
    assert good.near(alike)
    assert not good.near(bad)
    assert cell(alike, good).endswith("≈")
    assert not cell(bad, good).endswith("≈") and not cell(good, good).endswith("≈")


def test_no_side_counts_as_negative():
    assert signs([0.2, 0.0, -0.1]) == [1, 0, 0]


def test_the_sample_is_the_same_in_whatever_order_the_rows_come():
    first = drawn(ROWS, 20)
    assert len(first) == 20 and first != ROWS[:20]
    shuffled = random.Random(3).sample(ROWS, len(ROWS))
    assert drawn(shuffled, 20) == first
    assert drawn(ROWS, 40)[:20] == first
    assert [row.text for row in first[:2]] == ["第42家店的面", "第26家店的面"]


def test_what_was_taught_is_left_out_and_each_text_stands_once():
    tuning = {"hotel": [("房间 很大！", 1), ("前台慢", 0)], "shop10": [("前台，慢。", 0), ("OK 的", 1), ("…", 1)]}
    kept = untaught(tuning, {bare("ok的")})
    assert kept == [Labelled("hotel", "房间 很大！", 1), Labelled("hotel", "前台慢", 0)]


def test_a_peer_answers_every_line_in_order():
    lines = b"".join(json.dumps({"id": k, "text": "好" * k}).encode() + b"\n" for k in range(3))
    out = io.BytesIO()
    serve(lambda text: len(text) - 1.0, io.BytesIO(lines), out)
    answers = [json.loads(line) for line in out.getvalue().splitlines()]
    assert answers == [{"id": 0, "score": -1.0}, {"id": 1, "score": 0.0}, {"id": 2, "score": 1.0}]


def test_a_block_replaces_what_stood_between_the_marks_and_nothing_else():
    page = f"# Title\n\n{BEGIN}\nold\n{END}\n\nprose\n"
    once = page_with(page, "| new |\n")
    assert once == f"# Title\n\n{BEGIN}\n\n| new |\n\n{END}\n\nprose\n"
    assert page_with(once, "| new |\n") == once


@pytest.mark.parametrize("page", ["", BEGIN, END, f"{END} {BEGIN}", f"{BEGIN} {BEGIN} {END}", f"{BEGIN} {END} {END}"])
def test_a_page_without_one_pair_of_marks_is_refused(page):
    with pytest.raises(ValueError, match="needs one line"):
        page_with(page, "")


def test_the_page_has_the_marks():
    assert page_with(PAGE.read_text("utf-8"), "x")


def test_tables_show_every_reader_and_grey_a_small_set(monkeypatch):
    monkeypatch.setattr("benchmarks.peer_table.versions", lambda: "peers 1.0")
    gold = {"waimai": [0, 1] * 20, "hotel": [0, 1]}
    found = [Read("ours", {"waimai": [-1.0, 1.0] * 20, "hotel": [-1.0, 1.0]}, [90.0, 110.0, 100.0]),
             Read("theirs", {"waimai": [0.0] * 40, "hotel": [1.0, 1.0]}, [2000.0, 3000.0, 2500.0])]  # fmt: skip
    sizes = {"waimai": {"tuning": 50, "ours": 45, "unseen": 42, "asked": 40},
             "hotel": {"tuning": 9, "ours": 3, "unseen": 2, "asked": 2}}  # fmt: skip
    block = tables(found, gold, sizes, 0.5, 30.0, "make it")
    cells = [[c.strip() for c in line.strip("|").split("|")] for line in block.split("\n") if line.startswith("|")]
    assert ["ours", "1.000 (1.000–1.000)", "100 (90.0–110)", "0.0%"] in cells
    assert any(row[0] == "theirs" and row[1].startswith(".333 (") and row[3] == "95.2%" for row in cells)
    assert ["reader", "waimai, n = 40", "hotel, n = 2"] in cells
    assert any(row[0] == "theirs" and row[2].startswith("*.333") for row in cells)
    assert ["waimai", "50", "5", "3", "40"] in cells and ["hotel", "9", "6", "1", "2"] in cells
    assert "mean of waimai" in block and "mean of waimai, hotel" not in block
    assert all(len(a) == len(b) for a, b in pairwise(cells[:4]))
