"""Vectors of word pieces: kept at four bits, made floats when a piece is first met."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.errors import ConfigError
from nlp.model_files import Floats

BLOCK = 32
Ids = NDArray[np.int64]


class Words:
    """A table of 4-bit rows [pieces, width/2] (even column in the low half, 8 is zero) with a scale for 32 columns.

    Memory grows with the pieces met: four bytes a column. Threads may share it: a row is written before it is known.
    """

    def __init__(self, levels: NDArray[np.uint8], scales: NDArray[np.float16]) -> None:
        self._levels, self._scales = levels, scales
        self._rows: Floats = np.empty((len(levels), 2 * levels.shape[1]), np.float32)
        self._known = np.zeros(len(levels), bool)

    def vectors(self, ids: Ids) -> Floats:
        """[b,n] pieces to [b,n,width]."""
        fresh = ids[~self._known[ids]]
        if fresh.size:
            self._open(np.unique(fresh))
        found: Floats = self._rows[ids]
        return found

    def _open(self, ids: Ids) -> None:
        packed = self._levels[ids]
        levels = np.stack([packed & 15, packed >> 4], -1).reshape(len(ids), -1, BLOCK).astype(np.float32) - 8
        # Rounded to half once: the precision with which the encoder met them when its ranges were found.
        opened = (levels * self._scales[ids].astype(np.float32)[..., None]).astype(np.float16)
        self._rows[ids] = opened.reshape(len(ids), -1)
        self._known[ids] = True


def read_words(path: Path) -> Words:
    """The table of a model. Raises ConfigError for a file that is not one."""
    try:
        with np.load(path) as packed:
            return Words(packed["levels"], packed["scales"])
    except (KeyError, ValueError, OSError) as error:
        raise ConfigError(f"{path} is not a table of word vectors ({error}). Ship or copy it again.") from error
