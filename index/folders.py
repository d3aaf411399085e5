"""Where an index lies: `current` names the folder in use, so that another can be built beside it and take its place."""

from __future__ import annotations

import shutil
from pathlib import Path

FIRST = "v1"


def current(path: Path) -> Path:
    """The folder in use."""
    try:
        return path / (path / "current").read_text("ascii").strip()
    except FileNotFoundError:
        return path / FIRST


def following(path: Path) -> Path:
    """An empty folder to build the next one in."""
    made = path / f"v{int(current(path).name.removeprefix('v')) + 1}"
    shutil.rmtree(made, ignore_errors=True)
    made.mkdir(parents=True)
    return made


def use(path: Path, folder: Path) -> None:
    """Makes a folder the one in use, in one step, and removes the others."""
    (path / "current.new").write_text(folder.name, "ascii")
    (path / "current.new").replace(path / "current")
    for other in path.glob("v*"):
        if other.is_dir() and other != folder:
            shutil.rmtree(other, ignore_errors=True)


def text_folder(folder: Path) -> Path:
    return folder / "text"
