"""A simple world of counts with planted incidents: for tuning and for judging detectors, on different seeds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np

from alerts.detect.counts import Cell, Frame, counts

FIRST = datetime(2026, 1, 5, tzinfo=UTC)
BRANDS = ("甲牌", "乙牌", "丙牌")
TREE = {
    "battery": ("life", "charging", "heat"),
    "screen": ("touch", "colour"),
    "camera": ("night", "focus"),
    "system": ("updates", "bugs", "ads"),
    "service": ("attitude", "refund"),
    "delivery": ("speed", "packaging"),
    "price": ("value",),
    "sound": ("volume",),
}
LEAVES = tuple(f"{parent}/{child}" for parent, children in TREE.items() for child in children)
SHAPES = ("step", "ramp", "pulse")


@dataclass(frozen=True)
class Planted:
    brand: str
    attribute: str
    start: datetime
    size: int
    shape: str
    minimal: bool


@dataclass(frozen=True)
class World:
    frame: Frame
    planted: tuple[Planted, ...]


def world(
    seed: int, per_day: float = 70, days: int = 90, incidents: int = 4, read: float = 1.0, noise: float = 0.15
) -> World:
    """Mentions with up to three opinions over 90 days: daily and weekly rhythm, growth, restless days."""
    rng = np.random.default_rng(seed)
    hours = days * 24
    rate = _rate(rng, hours, per_day, noise)
    total = rng.poisson(rate)
    when = np.repeat(np.arange(hours), total)
    brand = rng.choice(3, len(when), p=[0.4, 0.35, 0.25])
    said = [_opinions(rng, len(when)) for _ in range(3)]
    keep = [np.ones(len(when), bool), rng.random(len(when)) < 0.5, rng.random(len(when)) < 0.2]
    negative_of_leaf = rng.beta(2, 3, len(LEAVES))
    docs: list[tuple[np.ndarray, np.ndarray, np.ndarray]] = []
    for leaves, kept in zip(said, keep, strict=True):
        bad = kept & (rng.random(len(when)) < negative_of_leaf[leaves]) & (rng.random(len(when)) < read)
        docs.append((np.flatnonzero(bad), leaves[bad], when[bad]))
    clean = _cells(docs, brand, when, hours)
    planted, extra = _plant(rng, clean, hours, incidents, read)
    negatives = {c: v + extra.get(c, 0) for c, v in clean.items()}
    volume = {Cell(b): np.bincount(when[brand == n], minlength=hours) for n, b in enumerate(BRANDS)}
    volume = {c: v + extra.get(c, 0) for c, v in volume.items()}
    nothing = counts(FIRST, hours, {Cell(b): np.zeros(hours) for b in BRANDS})
    frame = Frame(counts(FIRST, hours, negatives), counts(FIRST, hours, volume), nothing, nothing, nothing)
    return World(frame, planted)


def _rate(rng: np.random.Generator, hours: int, per_day: float, noise: float) -> np.ndarray:
    t = np.arange(hours)
    daily = 1 + 0.7 * np.sin((t % 24 - 9) / 24 * 2 * np.pi)
    weekly = 1 + 0.25 * np.isin((t // 24) % 7, (5, 6))
    growth = 1 + rng.uniform(0, 0.6) * t / hours
    restless = rng.gamma(1 / noise**2, noise**2, hours // 24).repeat(24)
    shape = daily * weekly * growth
    return np.asarray(shape / shape.mean() * restless * per_day / 24)


def _opinions(rng: np.random.Generator, n: int) -> np.ndarray:
    weights = 1 / np.arange(2, len(LEAVES) + 2) ** 0.8
    return rng.choice(len(LEAVES), n, p=weights / weights.sum())


def _cells(
    docs: list[tuple[np.ndarray, np.ndarray, np.ndarray]], brand: np.ndarray, when: np.ndarray, hours: int
) -> dict[Cell, np.ndarray]:
    """Mentions with a negative opinion, each counted once for the leaf, its parent and the brand."""
    out: dict[Cell, np.ndarray] = {}
    every = np.concatenate([d for d, _, _ in docs])
    leaf = np.concatenate([x for _, x, _ in docs])
    parents = list(TREE)
    parent = np.array([parents.index(name.split("/")[0]) for name in LEAVES])[leaf]
    for n, name in enumerate(BRANDS):
        mine = brand[every] == n
        out[Cell(name)] = _hist(every[mine], when, hours)
        for index, attribute in enumerate(LEAVES):
            out[Cell(name, attribute)] = _hist(every[mine & (leaf == index)], when, hours)
        for index, attribute in enumerate(parents):
            out[Cell(name, attribute)] = _hist(every[mine & (parent == index)], when, hours)
    return out


def _hist(docs: np.ndarray, when: np.ndarray, hours: int) -> np.ndarray:
    return np.bincount(when[np.unique(docs)], minlength=hours)


def _plant(
    rng: np.random.Generator, clean: dict[Cell, np.ndarray], hours: int, n: int, read: float
) -> tuple[tuple[Planted, ...], dict[Cell, np.ndarray]]:
    planted: list[Planted] = []
    extra: dict[Cell, np.ndarray] = {}
    slots = rng.permutation(np.linspace(20 * 24, hours - 4 * 24, max(n, 2)).astype(int))[:n]
    for number, slot in enumerate(slots):
        name, attribute = BRANDS[rng.integers(3)], LEAVES[rng.integers(len(LEAVES))]
        start = int(slot + rng.integers(0, 48))
        base = clean[Cell(name, attribute)]
        daily = np.convolve(base, np.ones(24), "valid")
        minimal = number % 2 == 0
        size = int(np.ceil(max(8, 6 * daily.std()) * (1 if minimal else rng.uniform(1.3, 3))))
        shape = SHAPES[rng.integers(3)]
        hit = _shape(rng, hours, start, size, shape)
        seen = rng.binomial(hit, read)
        for cell in (Cell(name, attribute), Cell(name, attribute.split("/")[0]), Cell(name)):
            extra[cell] = extra.get(cell, np.zeros(hours, int)) + seen
        planted.append(Planted(name, attribute, FIRST + timedelta(hours=start), size, shape, minimal))
    return tuple(planted), extra


def _shape(rng: np.random.Generator, hours: int, start: int, size: int, shape: str) -> np.ndarray:
    """`size` mentions within the first 24 hours; a step or ramp goes on for a day at its height, fading."""
    if shape == "pulse":
        when = rng.integers(0, 4, size)
    elif shape == "ramp":
        when = (np.sqrt(rng.random(size)) * 24).astype(int)
    else:
        when = rng.integers(0, 24, size)
    out = np.bincount(start + when, minlength=hours)[:hours]
    if shape != "pulse":
        tail = start + 24 + rng.exponential(18, size // 2).astype(int)
        out += np.bincount(tail[tail < hours], minlength=hours)[:hours]
    return out
