"""Runs the commands that pages show, and says whether they print what is shown."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

SCORE_TOLERANCE = 0.03
"""Int8 scores move a little from one processor to another."""


def run(command: str, folder: Path) -> list[str]:
    """What people see of a command, progress bars left out and paths shortened."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "COLUMNS": "200"}
    environment.pop("FENGPING_HOME", None)
    done = subprocess.run(
        ["bash", "-c", command], cwd=folder, env=environment, check=False, capture_output=True, timeout=120
    )
    seen = (done.stdout + done.stderr).decode()
    assert done.returncode == 0, seen
    lines = seen.replace(f"{folder}/", "").split("\n")
    return [line.rstrip() for line in lines if line.strip() and "━" not in line]


def same(shown: str, printed: str) -> bool:
    """Equal as text, or as JSON with scores that differ in the last places."""
    if shown == printed:
        return True
    try:
        return alike(json.loads(shown), json.loads(printed))
    except json.JSONDecodeError:
        return False


def alike(shown: object, printed: object) -> bool:
    if isinstance(shown, dict) and isinstance(printed, dict):
        return list(shown) == list(printed) and all(alike(shown[k], printed[k]) for k in shown)
    if isinstance(shown, list) and isinstance(printed, list):
        return len(shown) == len(printed) and all(map(alike, shown, printed))
    if isinstance(shown, float) and isinstance(printed, float):
        return abs(shown - printed) <= SCORE_TOLERANCE
    return shown == printed
