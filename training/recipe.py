"""The settings of a run: everything that decides what comes out, written beside the weights."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

SHARED = Path(__file__).resolve().parents[2] / "shared"
"""Where the encoder, the sets and the study lie, beside the repository."""
SIZES = {"t12": 12, "s6": 6, "s4": 4, "s3": 3, "s2": 2}
"""Names of networks and their layers; s2 is for trying the recipe out."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """One run. With `steps` it can be repeated to the last bit on the same kind of processor; with `seconds` not,
    unless the course that it took (the part of the time that was over at each step) is given again.

    `start` is a weights' file to go on from (looked for in the shared folder, too), or empty for the encoder; `narrow`
    the channels that each layer's feed-forward part is cut to before (training/pruning.py), or empty. `teacher` is a
    model's name or empty.
    Rates are AdamW's for layers and heads; `average` is the decay of the weights' running mean, which is what is
    kept; `tokens` a batch, padding included.
    """

    size: str = "s6"
    start: str = ""
    narrow: tuple[int, ...] = ()
    teacher: str = "t12"
    steps: int = 0
    seconds: float = 0.0
    course: tuple[float, ...] = ()
    without: tuple[str, ...] = ()
    seed: int = 0
    rate: float = 1.5e-4
    head_rate: float = 2e-4
    average: float = 0.99
    tokens: int = 1792
    threads: int = 1
    reviews: int = 4000

    @property
    def layers(self) -> int:
        return SIZES[self.size]

    def written(self, path: Path) -> None:
        path.write_text(json.dumps(asdict(self), indent=1) + "\n", encoding="utf8")

    @classmethod
    def read(cls, path: Path) -> Recipe:
        """A recipe as `written`. Raises TypeError when it has a setting that there is not."""
        found = json.loads(path.read_text(encoding="utf8"))
        return cls(**{k: tuple(v) if isinstance(v, list) else v for k, v in found.items()})


def rate_at(part: float, step: int, warm: int = 80) -> float:
    """The rate's factor: up over the first steps, then evenly down to a fiftieth."""
    return min(1.0, (step + 1) / warm) * max(0.02, 1 - part)
