"""A wheel, installed elsewhere and run from another folder, has everything that it needs with it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BUILD = """
import sys
from hatchling.builders.wheel import WheelBuilder
print(*WheelBuilder(sys.argv[1]).build(directory=sys.argv[2]))
"""
DATA = (
    "lexicons/electronics/",
    "lexicons/industries.toml",
    "nlp/models/s6.onnx",
    "nlp/models/LICENSE",
    "dashboard/locale/",
    "alerts/words.toml",
    "fengping/demo/",
)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    built = subprocess.run(
        [sys.executable, "-c", BUILD, str(ROOT), str(folder)], capture_output=True, cwd=folder, check=True, timeout=120
    )
    return Path(built.stdout.decode().strip())


@pytest.fixture(scope="module")
def program(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`fengping` in an environment of its own, which sees the libraries of this one but not the working tree."""
    place = tmp_path_factory.mktemp("elsewhere") / "venv"
    venv.create(place, with_pip=False, symlinks=True)
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    packages = place / "lib" / version / "site-packages"
    # As a plain line of a .pth: that folder's own .pth files, one of which names the working tree, are not followed.
    (packages / "libraries.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(packages)  # what an installer does with a pure wheel, except for the script
    script = place / "bin" / "fengping"
    script.write_text(f"#!{place}/bin/python\nfrom fengping.cli import main\nmain()\n", encoding="utf-8")
    script.chmod(0o755)
    return script


def _run(program: Path, folder: Path, *words: str, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    environment = {k: v for k, v in os.environ.items() if k not in {"PYTHONPATH", "FENGPING_HOME"}}
    return subprocess.run([str(program), *words], cwd=folder, env=environment, input=given, capture_output=True)


def test_the_wheel_holds_code_and_data_and_nothing_of_tests_or_homes(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    for wanted in DATA:
        assert any(name.startswith(wanted) for name in names), wanted
    assert not [name for name in names if name.startswith(("tests/", ".", "benchmarks/", "training/", "scripts/"))]
    kept = {path.suffix for path in ROOT.glob("dashboard/**/*") if path.is_file()} - {".pyc"}
    assert kept <= {Path(name).suffix for name in names if name.startswith("dashboard/")}


def test_the_program_comes_from_the_wheel(program: Path, tmp_path: Path) -> None:
    found = subprocess.run(
        [program.with_name("python"), "-c", "import fengping, nlp; print(fengping.__file__, nlp.__file__)"],
        capture_output=True, cwd=tmp_path, check=True,
    ).stdout.decode()  # fmt: skip
    assert str(ROOT) not in found and found.count(str(program.parents[1])) == 2


def test_lines_are_read_elsewhere(program: Path, tmp_path: Path) -> None:
    given = json.dumps({"id": 1, "text": "屏幕很清晰，但是充电慢死了", "industry": "electronics"}).encode()
    done = _run(program, tmp_path, "analyze", "--stdin", given=given + b"\n")
    assert done.returncode == 0, done.stderr.decode()
    assert {o["attribute"] for o in json.loads(done.stdout)["opinions"]} == {"screen", "battery/charging"}
    assert list(tmp_path.iterdir()) == [], "analyze writes nothing"


def test_a_world_is_written_and_goes_through_the_chain_elsewhere(program: Path, tmp_path: Path) -> None:
    made = _run(program, tmp_path, "demo", "--seed", "3", "--per-day", "2", "--days", "9",
                "--out", "world.jsonl", "--truth", "truth.json")  # fmt: skip
    assert made.returncode == 0, made.stderr.decode()
    assert json.loads((tmp_path / "truth.json").read_text(encoding="utf-8"))
    for words in (("init", "--home", "home"), ("import", "world.jsonl", "--home", "home", "--read", "--json")):
        done = _run(program, tmp_path, *words)
        assert done.returncode == 0, done.stderr.decode()
    counted = json.loads(_run(program, tmp_path, "status", "--home", "home", "--json").stdout)["mentions"]
    assert counted["total"] == counted["indexed"] > 0


def test_doctor_finds_weights_and_their_terms_elsewhere(program: Path, tmp_path: Path) -> None:
    done = _run(program, tmp_path, "doctor", "--json")
    (weights,) = [check for check in json.loads(done.stdout)["checks"] if check["name"] == "weights"]
    assert weights["ok"] and str(program.parents[1]) in weights["found"] and "terms:" in weights["found"]
