"""fengping (风评): social listening that can be checked.

>>> import fengping
>>> project = fengping.open("path/to/home")          # doctest: +SKIP
>>> project.query("attribute:battery polarity:negative")  # doctest: +SKIP
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fengping.notebook import Notebook

__version__ = "0.1.0"


def open(home: str | Path) -> Notebook:
    """Opens a home for reading in a notebook; answers are DataFrames. Raises HomeError, ConfigError."""
    from fengping.notebook import Notebook

    return Notebook.of(Path(home))
