"""The weights' file: matrices as int8 in blocks of 32 with a float16 scale, the rest as float16."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

import numpy as np

BLOCK = 32
_LEAST_SCALE = np.float16(6e-8)
"""The smallest step float16 can hold: a row of zeros keeps a scale to divide by."""


def packed(weights: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """float32 parameters by name to what is written; NAME.scale stands beside every packed NAME."""
    out: dict[str, np.ndarray] = {}
    for name, value in weights.items():
        if value.ndim == 2 and value.shape[1] % BLOCK == 0:
            blocks = value.astype(np.float32).reshape(value.shape[0], -1, BLOCK)
            scale = np.maximum((np.abs(blocks).max(-1) / 127).astype(np.float16), _LEAST_SCALE)
            levels = np.rint(blocks / scale.astype(np.float32)[..., None])
            out[name] = np.clip(levels, -127, 127).astype(np.int8).reshape(value.shape)
            out[name + ".scale"] = scale
        else:
            out[name] = value.astype(np.float16)
    return out


def unpacked(path: Path) -> dict[str, np.ndarray]:
    """float32 parameters of a file that `packed` made."""
    out: dict[str, np.ndarray] = {}
    with np.load(path) as found:
        for name in (k for k in found.files if not k.endswith(".scale")):
            value = found[name]
            if value.dtype == np.int8:
                blocks = value.reshape(value.shape[0], -1, BLOCK).astype(np.float32)
                value = (blocks * found[name + ".scale"].astype(np.float32)[..., None]).reshape(value.shape)
            out[name] = value.astype(np.float32)
    return out


def write(path: Path, weights: Mapping[str, np.ndarray]) -> str:
    """Writes the file and gives the digest of its arrays (a zip's own bytes hold the hour)."""
    arrays = packed(weights)
    np.savez_compressed(path, **arrays)  # type: ignore[arg-type]
    return digest(arrays)


def digest(arrays: Mapping[str, np.ndarray]) -> str:
    """Sixteen hex digits over names, shapes and values."""
    total = hashlib.sha256()
    for name in sorted(arrays):
        value = np.ascontiguousarray(arrays[name])
        total.update(f"{name} {value.dtype} {value.shape}".encode())
        total.update(value.tobytes())
    return total.hexdigest()[:16]


def layers_of(weights: Mapping[str, np.ndarray]) -> int:
    return 1 + max(int(k.split(".")[2]) for k in weights if k.startswith("enc.layers."))
