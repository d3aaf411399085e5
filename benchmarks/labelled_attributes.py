"""The two sets that label attributes, split as the study split them: its heads never saw the `held` part."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.quality import DOMAINS, SHARED, rows_of

DATA = SHARED / "data"
MENTIONED = "-2"
"""AIC's code of an attribute that a text does not mention is this; any other says that it does."""
AIC = (
    "location_traffic_convenience", "location_distance_from_business_district", "location_easy_to_find",
    "service_wait_time", "service_waiters_attitude", "service_parking_convenience", "service_serving_speed",
    "price_level", "price_cost_effective", "price_discount", "environment_decoration", "environment_noise",
    "environment_space", "environment_cleaness", "dish_portion", "dish_taste", "dish_look", "dish_recommendation",
    "others_overall_experience", "others_willing_to_consume_again",
)  # fmt: skip
"""The set's twenty attributes, in its order."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """A text with the attributes that people marked in it: one for a clause of JD, any number for a text of AIC."""

    text: str
    attributes: frozenset[str]


@dataclass(frozen=True, slots=True)
class Split:
    """`tuning` may be looked at; figures are of `held`."""

    tuning: tuple[Labelled, ...]
    held: tuple[Labelled, ...]


def splits() -> tuple[Split, Split]:
    """JD's clauses and AIC's texts. The study drew all its sets with one generator: this repeats every draw."""
    draw = random.Random(1)
    for name in ("waimai", "hotel", "shop10", "weibo"):
        for _ in rows_of(f"sentiment/{name}"):
            draw.random()
    for domain in DOMAINS:
        for _ in {row[0]: None for row in rows_of(f"absa/{domain}")}:
            draw.random()
    clauses = _split(_lines(DATA / "jd/manually_labeled_data_class2.txt"), _clause, draw, 0.1)
    for _ in _lines(DATA / "jd/manually_labeled_data_sentiment.txt"):
        draw.random()
    return clauses, _split(_lines(DATA / "aic2018/train_1000.tsv"), _review, draw, 0.2)


def _split(
    lines: Sequence[tuple[str, str]], labelled: Callable[[str, str], Labelled], draw: random.Random, share: float
) -> Split:
    held = [draw.random() < share for _ in lines]
    rows = [labelled(*line) for line in lines]
    return Split(
        tuple(r for r, h in zip(rows, held, strict=True) if not h),
        tuple(r for r, h in zip(rows, held, strict=True) if h),
    )


def _lines(place: Path) -> list[tuple[str, str]]:
    found = [line.split("\t", 1) for line in place.read_text("utf-8").split("\n")]
    return [(pair[0], pair[1]) for pair in found if len(pair) == 2 and pair[1].strip()]


def _clause(label: str, text: str) -> Labelled:
    return Labelled(text.strip(), frozenset((label,)))


def _review(codes: str, text: str) -> Labelled:
    states = [code.rpartition("_")[2] for code in codes.split(",")]
    return Labelled(text.strip(), frozenset(a for a, s in zip(AIC, states, strict=True) if s != MENTIONED))
