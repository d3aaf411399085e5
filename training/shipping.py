"""A run's weights as the files that are read with (training/ship.py)."""

from __future__ import annotations

import json
from pathlib import Path

from training.packing import unpacked
from training.ship import limits_of, write


def shipped(shared: Path, name: str, weights: Path, folder: Path) -> Path:
    """Makes NAME.onnx and its fellows in `folder` and gives what `--model` takes (FOLDER/NAME)."""
    config = json.loads((shared / "model" / "config.json").read_text(encoding="utf8"))
    write(shared, unpacked(weights), folder, name, limits_of(config["thresholds"], name))
    return folder / name
