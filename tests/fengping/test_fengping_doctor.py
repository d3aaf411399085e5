"""`fengping doctor` on set-ups that would fail later: it says so now, and what to do."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest
from fengping_command import Command


@pytest.fixture
def home(tmp_path: Path, fengping: Command) -> Path:
    place = tmp_path / "home"
    assert fengping("init", "--home", place, "--brand", "星禾", "--industry", "electronics").code == 0
    return place


def check(fengping: Command, home: Path, name: str) -> dict[str, Any]:
    done = fengping("doctor", "--home", home, "--json")
    [said] = done.lines()
    [found] = [c for c in said["checks"] if c["name"] == name]
    assert found["ok"] or (done.code == 1 and found["remedy"] and not said["ok"])
    return dict(found)


def classifier(home: Path, labels: list[str]) -> None:
    """A checkpoint of these classes, named as the home's model."""
    folder = home / "own"
    folder.mkdir(exist_ok=True)
    (folder / "config.json").write_text(json.dumps({"id2label": dict(enumerate(labels))}), "utf-8")
    written = (home / "fengping.toml").read_text("utf-8")
    if "hf:" not in written:
        lines = [line for line in written.splitlines() if not line.startswith("model =")]
        (home / "fengping.toml").write_text("\n".join((f'model = "hf:{folder}"', *lines)) + "\n", "utf-8")


def test_a_sound_home_has_its_lexicons_named(fengping: Command, home: Path) -> None:
    found = check(fengping, home, "lexicons")
    assert found["ok"] and "electronics" in found["found"] and "lexicons/" not in found["found"]
    (home / "lexicons").mkdir(exist_ok=True)
    (home / "lexicons" / "electronics.toml").write_text("", "utf-8")
    assert "lexicons/electronics.toml" in check(fengping, home, "lexicons")["found"]


@pytest.mark.parametrize(
    ("name", "written"),
    [("electronics", b"x = ["), ("electronics", b"\xff\xfe"), ("electronics", b"x = 1\n"), ("elektronics", b"")],
)
def test_a_lexicon_that_cannot_be_read_is_bad(fengping: Command, home: Path, name: str, written: bytes) -> None:
    (home / "lexicons").mkdir(exist_ok=True)
    (home / "lexicons" / f"{name}.toml").write_bytes(written)
    found = check(fengping, home, "lexicons")
    assert not found["ok"] and f"{name}.toml" in found["remedy"]


def test_a_classifier_of_other_classes_is_bad(fengping: Command, home: Path) -> None:
    classifier(home, ["joy", "anger"])
    assert "are no sentiment" in check(fengping, home, "weights")["remedy"]
    (home / "own" / "config.json").write_text("{}", "utf-8")
    assert "names no classes" in check(fengping, home, "weights")["remedy"]


def test_a_classifier_needs_its_libraries(
    fengping: Command, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    classifier(home, ["negative", "positive"])
    with monkeypatch.context() as without:
        without.setitem(sys.modules, "torch", None)
        found = check(fengping, home, "weights")
    assert not found["ok"] and "torch" in found["remedy"] and "train" in found["remedy"]
    for library in ("torch", "transformers"):
        (tmp_path / "installed" / library).mkdir(parents=True)
        (tmp_path / "installed" / library / "__init__.py").write_text("raise SystemExit('imported')\n", "utf-8")
    monkeypatch.syspath_prepend(tmp_path / "installed")
    assert check(fengping, home, "weights")["ok"]
