"""Counts by the hour: what every detector looks at, cut loose from index and store."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Hours = npt.NDArray[np.int64]
HOUR = timedelta(hours=1)


class Cell(NamedTuple):
    """A brand and an attribute; attribute "" is the brand as a whole."""

    brand: str
    attribute: str = ""


@dataclass(frozen=True, slots=True)
class Counts:
    """`hourly` is cells × hours; column 0 begins at `first`, an aware UTC hour."""

    first: datetime
    cells: tuple[Cell, ...]
    hourly: Hours

    @property
    def hours(self) -> int:
        return int(self.hourly.shape[1])

    def end(self, column: int) -> datetime:
        """When a column's hour is over."""
        return self.first + (column + 1) * HOUR

    def column(self, moment: datetime) -> int:
        """The last column that is over at a moment."""
        return int((moment - self.first) / HOUR) - 1

    def trailing(self, window: int) -> Hours:
        """Sums over the `window` hours that end with each column; the first columns sum what there is."""
        summed = np.cumsum(self.hourly, axis=1)
        out = summed.copy()
        out[:, window:] -= summed[:, :-window]
        return out

    def total(self) -> Counts:
        """All cells in one."""
        return Counts(self.first, (Cell(""),), self.hourly.sum(axis=0, keepdims=True))


@dataclass(frozen=True, slots=True)
class Frame:
    """Everything the detectors look at, over the same hours.

    `negatives` hold brand × attribute (ancestors and "" too), `volume` brands, `rumours` and `praise` brands
    (praise: positive mentions that look promoted or copied), `sources` sources in place of brands.
    """

    negatives: Counts
    volume: Counts
    rumours: Counts
    praise: Counts
    sources: Counts


def counts(first: datetime, hours: int, series: Mapping[Cell, npt.ArrayLike]) -> Counts:
    """Counts in order of cell; each series has `hours` values."""
    cells = tuple(sorted(series))
    rows = [np.asarray(series[c], dtype=np.int64) for c in cells]
    return Counts(first, cells, np.stack(rows) if rows else np.zeros((0, hours), dtype=np.int64))
