"""Near-duplicates on generated texts: recall of like pairs, false ones among unlike pairs, 100,000 texts by the clock.

    python -m benchmarks.duplicates [TEXTS]

Likeness is Jaccard over the pairs of neighbouring letters, as the design has it. A pair is like from .8 on and unlike
below .6 (between them either answer is right: real copies and real stock phrases meet there).
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Iterator

from benchmarks.figure import Figure, show
from nlp.relate.duplicates import DuplicateFinder
from nlp.relate.wording import normalise

COMMAND = "python -m benchmarks.duplicates"
LIKE, UNLIKE = 0.8, 0.6
PAIRS = 20_000
TEXTS = 100_000
SEED = 20_261_125
_LETTERS = [chr(c) for c in range(0x4E00, 0x4E00 + 1500)]


def likeness(one: str, other: str) -> float:
    """Jaccard of the sets of neighbouring letters."""
    a, b = ({t[i : i + 2] for i in range(len(t) - 1)} for t in map(normalise, (one, other)))
    return len(a & b) / len(a | b)


def edited(text: str, edits: int, rng: random.Random) -> str:
    """A copy with letters replaced, put in, taken out or moved."""
    letters = list(text)
    for _ in range(edits):
        place = rng.randrange(len(letters))
        kind = rng.randrange(4)
        if kind == 0:
            letters[place] = rng.choice(_LETTERS)
        elif kind == 1:
            letters.insert(place, rng.choice(_LETTERS))
        elif kind == 2 and len(letters) > 25:
            del letters[place]
        else:
            letters.insert(rng.randrange(len(letters)), letters.pop(place))
    return "".join(letters)


def pairs(low: float, high: float, n: int, rng: random.Random) -> Iterator[tuple[str, str]]:
    """n pairs of 25 to 120 letters whose likeness lies in [low, high)."""
    made = 0
    while made < n:
        text = "".join(rng.choices(_LETTERS, k=rng.randint(25, 120)))
        middle = rng.uniform(low, high)
        other = edited(text, max(1, round(len(text) * (1 - middle) / 2.6)), rng)
        if low <= likeness(text, other) < high:
            made += 1
            yield text, other


def found(low: float, high: float, n: int, rng: random.Random) -> float:
    """The share of pairs of this likeness that are told to be copies."""
    hits = 0
    for one, other in pairs(low, high, n, rng):
        finder = DuplicateFinder()
        finder.add("one", one)
        hits += bool(finder.add("other", other))
    return hits / n


def seconds(n: int, rng: random.Random) -> tuple[float, int]:
    """CPU seconds for n texts, a fifth of them copies, and how many of these were found."""
    texts = ["".join(rng.choices(_LETTERS, k=rng.randint(25, 120))) for _ in range(n * 4 // 5)]
    texts += [edited(rng.choice(texts), rng.randint(0, 3), rng) for _ in range(n - len(texts))]
    rng.shuffle(texts)
    finder, copies, start = DuplicateFinder(), 0, time.process_time()
    for number, text in enumerate(texts):
        copies += bool(finder.add(str(number), text))
    return time.process_time() - start, copies


def measure(texts: int = TEXTS) -> list[Figure]:
    rng = random.Random(SEED)
    edge = found(LIKE, LIKE + 0.02, PAIRS // 4, rng)
    recall = found(LIKE, 1.0, PAIRS, rng)
    false = found(0.3, UNLIKE, PAIRS, rng)
    took, copies = seconds(texts, rng)
    return [
        Figure(
            "near-duplicates found", recall * 100, "%", 99, COMMAND, detail={"pairs": PAIRS, "at_080_082": edge * 100}
        ),
        Figure("unlike pairs told alike", false * 100, "%", 0.1, COMMAND, at_least=False, detail={"pairs": PAIRS}),
        Figure(
            f"{texts:,} texts", took, "CPU s", 60 * texts / TEXTS, COMMAND, at_least=False, detail={"copies": copies}
        ),
    ]


if __name__ == "__main__":
    show(measure(*(int(a) for a in sys.argv[1:])))
