"""A run's weights to the files that are read with: training/ship.py over ../shared with other weights in place."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
_LIKE = {"s2": "s3"}
"""Sizes that the study never made take the thresholds of the nearest one."""


def shipped(shared: Path, name: str, weights: Path, folder: Path) -> Path:
    """Makes NAME.onnx and its fellows in `folder` and gives the model's name for `--model` (FOLDER/NAME).

    Raises subprocess.CalledProcessError when shipping fails; its own words stand on standard error.
    """
    with tempfile.TemporaryDirectory() as place:
        overlay = Path(place)
        for part in ("encoder", "data"):
            (overlay / part).symlink_to((shared / part).resolve())
        (overlay / "model" / "weights").mkdir(parents=True)
        (overlay / "model" / "weights" / f"{name}.npz").symlink_to(weights.resolve())
        config = json.loads((shared / "model" / "config.json").read_text(encoding="utf8"))
        config["thresholds"].setdefault(name, config["thresholds"][_LIKE.get(name, name)])
        (overlay / "model" / "config.json").write_text(json.dumps(config, ensure_ascii=False), encoding="utf8")
        command = [sys.executable, "-m", "training.ship", str(overlay), name, str(folder.resolve())]
        subprocess.run(command, check=True, cwd=ROOT)
    return folder / name
