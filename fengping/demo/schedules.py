"""Which things are planted in a world: the story of the demo, or a draw of incidents for measuring."""

from __future__ import annotations

from random import Random

from fengping.demo.calm import SOURCES
from fengping.demo.chance import Weighted
from fengping.demo.market import market
from fengping.demo.plants import SHAPES, CalmCounts, Plan, choose_attribute
from fengping.demo.records import PlantKind
from fengping.demo.rhythm import DAY

BASELINE = 21 * DAY
"""Nothing is planted in the first three weeks: they are what the rest is held against."""
PRIVACY = "system/privacy"
_KINDS: dict[PlantKind, float] = {
    "negative_spike": 0.62,
    "slow_burn": 0.12,
    "rumour": 0.09,
    "campaign": 0.09,
    "silence": 0.08,
}


def story(start: float, end: float) -> list[Plan]:
    """The demo's own: six things of six kinds, those that fit into the time there is."""
    plans = [
        Plan("campaign", "paid praise", 2, 0, ("",), end - 33 * DAY, days=2.0),
        Plan("negative_spike", "recall", 1, 0, ("build",), end - 25.4 * DAY, "step"),
        Plan("rumour", "privacy rumour", 0, 0, (PRIVACY, "system", ""), end - 16.7 * DAY, days=1.5),
        Plan(
            "negative_spike",
            "battery heating after an update",
            0,
            0,
            ("battery/heat", "battery", "performance/heat", "system/updates"),
            end - 9.6 * DAY,
            "ramp",
            1.5,
        ),
        Plan("slow_burn", "after-sales slowly worse", 0, 1, ("service/after_sales",), end - 49 * DAY, weeks=7),
        Plan("silence", "forum feed stops", 0, 0, ("",), end - 3.5 * DAY, source="forum", days=3.5),
    ]
    return sorted((p for p in plans if p.start >= start + BASELINE), key=lambda p: p.start)


def drawn(counts: CalmCounts, start: float, end: float, random: Random) -> list[Plan]:
    """About one thing every 15 days after three weeks of calm, at random times, brands and attributes."""
    room = end - start - BASELINE
    number = max(1, round(room / (15 * DAY))) if room > 3 * DAY else 0
    exact_first = random.random() < 0.5
    plans: list[Plan] = []
    kinds = Weighted(list(_KINDS), list(_KINDS.values()))
    for index in range(number):
        kind = kinds.at(random.random()) if index else "negative_spike"
        begins = start + BASELINE + room * (index + 0.15 + 0.7 * random.random()) / number
        begins = min(begins, end - 1.6 * DAY)
        spikes = sum(p.kind == "negative_spike" for p in plans)
        plans.append(_drawn(kind, begins, end, counts, random, exact=(spikes % 2 == 0) == exact_first))
    return plans


def _drawn(kind: PlantKind, begins: float, end: float, counts: CalmCounts, random: Random, exact: bool) -> Plan:
    u = random.random()
    brand = 0 if u < 0.5 else 1 if u < 0.75 else 2
    product = int(random.random() * len(market()[brand].products))
    weeks = min(8, int((end - begins) // (7 * DAY)))
    paths = [a.path for a in market()[brand].products[product].attributes]
    name = market()[brand].name
    if kind == "slow_burn" and weeks >= 5:
        path = choose_attribute(counts, name, paths, 3.0, random)
        return Plan(kind, f"slow burn of {path}", brand, product, (path,), begins, weeks=weeks)
    if kind == "rumour":
        return Plan(kind, "privacy rumour", brand, product, (PRIVACY, "system", ""), begins, days=1.5)
    if kind == "campaign":
        return Plan(kind, "paid praise", brand, product, ("",), begins, days=2.0)
    if kind == "silence":
        source = list(SOURCES)[1 + int(random.random() * 2)]
        days = min(3 + 3 * random.random(), (end - begins) / DAY)
        return Plan(kind, f"{source} falls silent", brand, product, ("",), begins, source=source, days=days)
    path = paths[int(random.random() * len(paths))]
    shape = SHAPES[int(random.random() * len(SHAPES))]
    factor = 1.0 if exact else 1.2 + 0.8 * random.random()
    return Plan("negative_spike", f"{shape} of {path}", brand, product, (path,), begins, shape, factor)
