"""`analyze`: one answer a line, in order, whatever the lines hold."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from core.errors import ConfigError
from nlp.analyze import analyze
from nlp.asked import LONGEST_LINE, LONGEST_TEXT, understood

ROOT = Path(__file__).resolve().parents[2]
RUN = "import sys; from nlp.analyze import analyze; sys.exit(analyze(sys.stdin.buffer, sys.stdout.buffer, workers=1))"
MEMBERS = {
    "id", "polarity", "score", "aspects", "aspect_terms", "opinions", "comparisons", "comparative", "intents",
    "relevance", "duplicate_of", "promotion",
}  # fmt: skip


def answers(*lines: object) -> tuple[int, list[dict]]:
    written = b"".join(line if isinstance(line, bytes) else json.dumps(line).encode() + b"\n" for line in lines)
    out = io.BytesIO()
    code = analyze(io.BytesIO(written), out, workers=1)
    return code, [json.loads(line) for line in out.getvalue().splitlines()]


def test_a_line_is_answered_in_the_fixed_form() -> None:
    text = "屏幕很清晰，但是充电慢死了"
    code, [a] = answers({"id": 7, "text": text, "industry": "electronics", "aspects": [[8, 10], [0, 2]]})
    assert code == 0
    assert set(a) == MEMBERS
    assert [x["polarity"] for x in a["aspects"]] == ["negative", "positive"]
    assert [x["span"] for x in a["aspects"]] == [[8, 10], [0, 2]]
    assert a["aspects"][0]["score"] < 0 < a["aspects"][1]["score"]
    assert {"attribute": "battery/charging", "aspect": [8, 10], "opinion": [10, 13], "polarity": "negative"} in a[
        "opinions"
    ]
    assert a["polarity"] in {"positive", "neutral", "negative", "unsure"}
    assert -1 <= a["score"] <= 1
    assert a["duplicate_of"] is None


def test_a_comparison_has_its_parts() -> None:
    text = "屏幕很清晰，但是电池不如上一代耐用。"
    _, [a] = answers({"id": "x", "text": text, "industry": "electronics"})
    assert a["comparative"] is True
    assert [(c["preference"], text[slice(*c["object"])]) for c in a["comparisons"]] == [("worse", "上一代")]


def test_wrong_lines_are_answered_in_their_place_and_the_run_goes_on() -> None:
    code, found = answers(
        {"id": 1, "text": "不错"},
        b"nope\n",
        {"id": "b"},
        {"id": [1], "text": "x"},
        {"id": 4, "text": "x", "industry": "cheese"},
        {"id": 5, "text": "x", "aspects": [[0, 9]]},
        {"id": 6, "text": "x", "aspects": "0-1"},
        b"\xff\xfe\n",
        b"\n",
        b'{"id": NaN, "text": "x"}\n',
        b'{"id": 1e999, "text": "x"}\n',
        b"[" * 100_000 + b"\n",
        {"id": 9, "text": "很好"},
    )
    assert code == 1
    assert ["error" in a for a in found] == [False, *[True] * 11, False]
    assert [a["id"] for a in found] == [1, None, "b", None, 4, 5, 6, None, None, None, None, None, 9]
    assert "electronics" in found[4]["error"]


@pytest.mark.parametrize("member", ["id", "text", "industry", "brand", "aspects", "another"])
def test_half_a_surrogate_pair_in_any_member_is_answered_and_the_run_goes_on(member: str) -> None:
    code, found = answers({"id": 1, "text": "不错", member: "\ud83d"}, {"id": 2, "text": "不错"})
    refused = member in {"industry", "brand", "aspects"}
    assert (code, ["error" in a for a in found]) == (int(refused), [refused, False])
    assert found[1]["id"] == 2


def test_ids_of_every_scalar_kind_come_back() -> None:
    ids = [1, -2.5, "号\ud800", True, None, "1"]
    code, found = answers(*({"id": i, "text": "还行"} for i in ids))
    assert code == 0
    assert [a["id"] for a in found] == ids


def test_lone_surrogates_emoji_and_nothing_at_all_are_texts() -> None:
    texts = ["", " ", "\ud83d", "😀", "好", "a\ud800好评", "<s></s><pad>"]
    code, found = answers(*({"id": k, "text": t} for k, t in enumerate(texts)))
    assert code == 0
    assert found[0]["polarity"] == "neutral" and found[0]["score"] == 0
    assert found[0]["relevance"] < 0.5


def test_an_equal_text_names_the_line_before_it() -> None:
    text = "用了三个月，屏幕出现一条绿线，客服还不给换"
    _, found = answers({"id": "a", "text": text}, {"id": 2, "text": "物流很快，包装也好"}, {"id": 3, "text": text})
    assert [a["duplicate_of"] for a in found] == [None, None, "a"]
    first, third = ({k: v for k, v in a.items() if k not in {"id", "duplicate_of"}} for a in (found[0], found[2]))
    assert first == third


def test_lines_too_long_are_refused_without_being_kept() -> None:
    code, found = answers(
        b'{"id": 1, "text": "' + b"x" * (LONGEST_LINE + 10) + b'"}\n',
        {"id": 2, "text": "y" * (LONGEST_TEXT + 1)},
        {"id": 3, "text": "好用"},
    )
    assert code == 1
    assert ["error" in a for a in found] == [True, True, False]
    assert understood(b"x" * (LONGEST_LINE + 1)).error.startswith("the line is longer")


def test_nothing_in_is_nothing_out() -> None:
    assert answers() == (0, [])


def test_a_missing_model_is_said_at_once() -> None:
    with pytest.raises(ConfigError, match="lacks"):
        analyze(io.BytesIO(b""), io.BytesIO(), model="none")


def start() -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-c", RUN], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )


def test_each_line_is_answered_while_the_input_stays_open() -> None:
    with start() as process:
        assert process.stdin and process.stdout
        watchdog = threading.Timer(60, process.kill)
        watchdog.start()
        for k in range(3):
            process.stdin.write(json.dumps({"id": k, "text": f"第{k}次买，味道还可以"}).encode() + b"\n")
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["id"] == k
        process.stdin.close()
        assert process.wait(30) == 0
        watchdog.cancel()


def test_a_reader_that_goes_away_ends_the_run_quietly() -> None:
    with start() as process:
        assert process.stdin and process.stdout and process.stderr
        process.stdout.close()
        with os.fdopen(os.dup(process.stdin.fileno()), "wb") as out:
            out.write(b'{"id": 1, "text": "\\u597d"}\n')
        assert process.wait(60) == 1
        assert process.stderr.read() == b""
