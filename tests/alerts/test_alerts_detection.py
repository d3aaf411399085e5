"""How much is found and how often for nothing, over simulated worlds that nothing was tuned on."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta

from alerts_simulator import World, world

from alerts.backtest import Backtest, Truth, backtest
from alerts.detect.run import findings
from alerts.incidents import Casebook
from alerts.rules import DEFAULTS
from core.models import Finding, Incident


class Lenient:
    """Believes every finding, and knows of no mentions."""

    def same_cause(self, finding: Finding, incident: Incident) -> bool:
        return False

    def worth_telling(self, finding: Finding) -> bool:
        return True

    def quiet(self, incident: Incident) -> timedelta:
        return timedelta(days=8 if incident.kind == "slow_burn" else 1)


def judged(made: World) -> Backtest:
    """Spikes and slow burns of a world against what was planted."""
    columns = range(made.frame.volume.hours)
    together: defaultdict[datetime, list[Finding]] = defaultdict(list)
    for rule in DEFAULTS:
        if rule.kind in {"negative_spike", "slow_burn"} and not rule.query:
            for finding in findings(made.frame, rule, columns, {}):
                together[finding.end].append(finding)
    casebook = Casebook((), Lenient())
    for _, found in sorted(together.items()):
        casebook.observe(found)
    truth = [
        Truth(f"{p.brand} {p.attribute}", "negative_spike", p.brand, p.attribute, p.start, p.start + timedelta(days=3))
        for p in made.planted
    ]
    return backtest(list(casebook.incidents.values()), truth)


def test_minimal_incidents_are_found_and_chance_is_seldom_told() -> None:
    worlds = [judged(world(seed)) for seed in range(4100, 4108)]
    matches = [m for w in worlds for m in w.matches]
    assert sum(m.incident is not None for m in matches) >= 0.9 * len(matches)
    assert sum(len(w.false) for w in worlds) <= 4
    delays = sorted(m.delay for m in matches if m.delay is not None)
    assert delays[len(delays) // 2] <= timedelta(hours=18)


def test_half_read_complaints_are_missed_more_often_but_not_made_up() -> None:
    worlds = [judged(world(seed, read=0.6)) for seed in range(4200, 4204)]
    assert sum(len(w.false) for w in worlds) <= 2
