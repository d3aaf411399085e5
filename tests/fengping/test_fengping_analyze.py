"""`fengping analyze --stdin` as a process of its own, asked as others ask it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

COMMAND = (sys.executable, "-m", "fengping.cli", "analyze", "--stdin")
POLARITIES = {"positive", "neutral", "negative", "unsure"}
PREFERENCES = {"better", "worse", "equal", "different"}


class Asked:
    """A run whose input stays open."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self.process = process
        self.wrong = False

    def __call__(self, line: object) -> dict[str, Any]:
        stdin, stdout = self.process.stdin, self.process.stdout
        assert stdin and stdout
        stdin.write((line if isinstance(line, bytes) else json.dumps(line).encode()) + b"\n")
        answer: dict[str, Any] = json.loads(stdout.readline())
        self.wrong |= "error" in answer
        return answer


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("nowhere")


@pytest.fixture(scope="module")
def ask(place: Path) -> Iterator[Asked]:
    with subprocess.Popen(
        COMMAND, cwd=place, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, bufsize=0
    ) as process:
        asked = Asked(process)
        yield asked
        assert process.stdin and process.stderr
        process.stdin.close()
        assert process.wait(60) == int(asked.wrong)
        assert process.stderr.read() == b""
        assert list(place.iterdir()) == [], "no home is needed or written"


TEXTS = (
    "屏幕很清晰，但是充电慢死了",
    "😀😀屏幕好😀但是电池不如上一代耐用",
    "\ud83d屏幕很好",
    "a\x00电池很差",
    "中",
    "",
    "服务员态度差，等了一个小时，菜也凉了，再也不来了！",
)


@pytest.mark.parametrize("text", TEXTS, ids=range(len(TEXTS)))
def test_every_member_has_its_type_and_spans_lie_in_the_text(ask: Asked, text: str) -> None:
    end = min(len(text), 2)
    aspects = [[0, end]] if end else []
    answer = ask({"id": text, "text": text, "aspects": aspects})
    assert answer["id"] == text
    assert answer["polarity"] in POLARITIES and -1 <= answer["score"] <= 1
    assert answer["score"] * {"positive": 1, "negative": -1}.get(answer["polarity"], 0) >= 0
    assert [aspect["span"] for aspect in answer["aspects"]] == aspects
    assert all(a["polarity"] in POLARITIES - {"unsure"} for a in (*answer["aspects"], *answer["aspect_terms"]))
    assert isinstance(answer["comparative"], bool) and isinstance(answer["intents"], list)
    assert 0 <= answer["relevance"] <= 1 and 0 <= answer["promotion"] <= 1
    for opinion in answer["opinions"]:
        assert set(opinion) == {"attribute", "aspect", "opinion", "polarity"}
    for comparison in answer["comparisons"]:
        assert comparison["preference"] in PREFERENCES
    for start, stop in _spans(answer):
        assert 0 <= start < stop <= len(text)


def _spans(answer: dict[str, Any]) -> Iterator[list[int]]:
    yield from (term["span"] for term in answer["aspect_terms"])
    for found in answer["opinions"]:
        yield from filter(None, (found["aspect"], found["opinion"]))
    for found in answer["comparisons"]:
        yield from filter(None, (found[part] for part in ("subject", "object", "aspect", "predicate")))


def test_offsets_count_code_points_of_the_text_as_it_came(ask: Asked) -> None:
    text = "😀😀屏幕好😀但是电池差"
    answer = ask({"id": 1, "text": text, "industry": "electronics"})
    assert {text[slice(*term["span"])] for term in answer["aspect_terms"]} == {"屏幕", "电池"}


def test_industry_and_brand_are_heeded(ask: Asked) -> None:
    text = "味道不错"
    food = ask({"id": 1, "text": text, "industry": "restaurant"})["opinions"]
    phone = ask({"id": 2, "text": text, "industry": "electronics"})["opinions"]
    assert [o["attribute"] for o in food] == ["taste"] and [o["attribute"] for o in phone] != ["taste"]
    text = "星禾的电池不如云帆耐用"
    assert ask({"id": 3, "text": text, "brand": "星禾"})["relevance"] > 0.5


WRONG = (
    b"", b"nope", b"[]", b"5", b"\xff\xfe\xfa", b'{"id": 1}', b'{"id": 1, "text": 5}', b'{"id": 1, "text": null}',
    b'{"id": 1, "text": "x", "industry": "cheese"}', b'{"id": 1, "text": "x", "industry": 5}',
    b'{"id": 1, "text": "x", "aspects": [[0, 9]]}', b'{"id": 1, "text": "xx", "aspects": [[1, 1]]}',
    b'{"id": 1, "text": "xx", "aspects": [[-1, 1]]}', b'{"id": 1, "text": "xx", "aspects": [["0", 1]]}',
    b'{"id": 1, "text": "x", "brand": "\\ud83d"}',
    b'{"id": 1, "text": "x", "brand": 7}', b'{"id": {"a": 1}, "text": "x"}', b'{"id": NaN, "text": "x"}',
)  # fmt: skip


@pytest.mark.parametrize("line", WRONG)
def test_a_wrong_line_is_answered_in_its_place(ask: Asked, line: bytes) -> None:
    answer = ask(line)
    assert set(answer) == {"id", "error"} and answer["error"]
    assert ask({"id": "after", "text": "好"})["id"] == "after"


def test_a_line_of_100_megabytes_is_refused_and_the_next_one_read(ask: Asked) -> None:
    assert "longer" in ask(b'{"id": 1, "text": "' + b"x" * 100_000_000 + b'"}')["error"]
    assert ask({"id": 2, "text": "好用"})["id"] == 2


def test_a_duplicate_names_the_earlier_line(ask: Asked) -> None:
    text = "用了三个月，屏幕出现一条绿线，客服还不给换"
    assert ask({"id": "first", "text": text})["duplicate_of"] is None
    assert ask({"id": "second", "text": text})["duplicate_of"] == "first"


def test_without_an_input_or_an_output_nothing_is_traced(tmp_path: Path) -> None:
    line = b'{"id": 1, "text": "\\u597d"}\n'
    closed_in = f"{' '.join(COMMAND)} <&-"
    closed_out = f"{' '.join(COMMAND)} >&-"
    for shell, given, code in ((closed_in, b"", 0), (closed_out, line, 0)):
        done = subprocess.run(["bash", "-c", shell], input=given, capture_output=True, cwd=tmp_path, check=False)
        assert (done.returncode, done.stderr) == (code, b"")


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="this system has no full device")  # noqa: PTH110
def test_a_full_disk_is_said_in_a_line(tmp_path: Path) -> None:
    line = b'{"id": 1, "text": "\\u597d"}\n'
    done = subprocess.run(
        ["bash", "-c", f"{' '.join(COMMAND)} >/dev/full"], input=line, capture_output=True, cwd=tmp_path, check=False
    )
    assert done.returncode == 1
    assert b"No space left" in done.stderr and b"Traceback" not in done.stderr
