"""What a benchmark hands back: figures beside what they must reach."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from rich.console import Console
from rich.table import Table


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured number. `at_least` says on which side of `required` it must lie; `command` measures it alone."""

    name: str
    value: float
    unit: str
    required: float
    command: str
    at_least: bool = True
    detail: dict[str, Any] = field(default_factory=dict)

    @property
    def reached(self) -> bool:
        return self.value >= self.required if self.at_least else self.value <= self.required

    @property
    def must(self) -> str:
        return f"{'≥' if self.at_least else '≤'} {written(self.required)} {self.unit}"


def written(number: float) -> str:
    """Two places below ten, none from a hundred."""
    return f"{number:,.{2 if abs(number) < 10 else 1 if abs(number) < 100 else 0}f}"


def quantile(values: list[float], part: float) -> float:
    """The value below which `part` of the sorted values lie, taken from among them."""
    return sorted(values)[min(int(len(values) * part), len(values) - 1)]


def load() -> float:
    """The machine's load over the last minute: on a busy machine a figure is a lower bound."""
    return os.getloadavg()[0]


def show(figures: Sequence[Figure]) -> None:
    """A table of value beside must, the detail in its own column."""
    table = Table("figure", "value", "must", "detail")
    for figure in figures:
        detail = "  ".join(f"{key} {_short(value)}" for key, value in figure.detail.items())
        colour = "green" if figure.reached else "red"
        table.add_row(figure.name, f"[{colour}]{written(figure.value)} {figure.unit}", figure.must, detail)
    Console().print(table)


def _short(value: object) -> str:
    if isinstance(value, list):
        return "[" + " ".join(_short(v) for v in value) + "]"
    return written(value) if isinstance(value, float | int) else str(value)
