"""Which texts are trained on and which are not: one fixed draw, the same whatever is left out.

The draw is that of the study and of benchmarks/quality.py: one generator, seeded 1, in the order of the sets. Where a
set comes with a tuning part of its own, that is taken. A training text that also stands in the tuning part (hotel
reviews do, under another set's name) is dropped.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Collection, Iterable, Iterator
from functools import partial
from pathlib import Path

from training import sets
from training.marked import Marked

SHARES = {"waimai": 0.05, "hotel": 0.05, "shop10": 0.01, "weibo": 0.05}
SEED = 1
NAMES = (*sets.SENTIMENT, "aste", *sets.DOMAINS, "coqe_car", "coqe_ele", "jd_class2", "jd_sentiment", "aic", "topics")
TITLES_KEPT_BACK = 4000
Drawn = Iterator[tuple[Marked, bool]]


def parts(shared: Path, without: Collection[str] = ()) -> tuple[list[Marked], list[Marked]]:
    """(training texts, tuning texts). `without` names sets of NAMES; hotels leave the shop set as well.

    Raises ValueError for a name that is no set's.
    """
    if unknown := sorted(set(without) - set(NAMES)):
        raise ValueError(f"no such set: {', '.join(unknown)}. The sets are {', '.join(NAMES)}.")
    training: list[Marked] = []
    tuning: list[Marked] = []
    for text, kept_back in _drawn(shared / "data", without):
        (tuning if kept_back else training).append(text)
    known = {t.text for t in tuning}
    return [t for t in training if t.text not in known], tuning


def _drawn(folder: Path, without: Collection[str]) -> Drawn:
    draw = random.Random(SEED)
    for name in sets.SENTIMENT:
        yield from _sentiment(folder, name, draw, without)
    yield from _left(_given(partial(sets.triplets, folder)), without)
    for domain in sets.DOMAINS:
        yield from _left(_share(sets.aspects(folder, domain), 0.1, draw), without)
    for domain in sets.COMPARED:
        yield from _left(_given(partial(sets.comparisons, folder, domain)), without)
    for name in ("class2", "sentiment"):
        yield from _left(_share(sets.clauses(folder, name), 0.1, draw), without)
    yield from _left(_share(sets.restaurants(folder), 0.2, draw), without)
    yield from _left(_titles(folder), without)


def _sentiment(folder: Path, name: str, draw: random.Random, without: Collection[str]) -> Drawn:
    for category, text in sets.sentiment(folder, name):
        kept_back = draw.random() < SHARES[name]
        if name not in without and not ("hotel" in without and category == sets.HOTELS):
            yield text, kept_back


def _share(texts: Iterable[Marked], share: float, draw: random.Random) -> Drawn:
    for text in texts:
        yield text, draw.random() < share


def _given(read: Callable[[str], Iterable[Marked]]) -> Drawn:
    for part in ("train", "dev"):
        for text in read(part):
            yield text, part == "dev"


def _titles(folder: Path) -> Drawn:
    texts = sets.titles(folder)
    order = list(range(len(texts)))
    random.Random(0).shuffle(order)
    for place, k in enumerate(order):
        yield texts[k], place < TITLES_KEPT_BACK


def _left(drawn: Drawn, without: Collection[str]) -> Drawn:
    return ((text, kept_back) for text, kept_back in drawn if text.source not in without)
