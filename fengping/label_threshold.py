"""From which probability on a side should be named in this home, by its own labels.

The rule is that of docs/decisions/0004: the least threshold at which the named side is right nine times in ten. It is
chosen on one half of the labelled mentions, drawn by their ids, and what it does is told of the other half.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import tomlkit
from tomlkit.exceptions import TOMLKitError

from core.config import parse_project
from core.errors import ConfigError
from index.label_report import Estimate, Read, rate
from nlp.reader import polarity_of
from nlp.seen import Seen

WANTED = 0.9
"""How often a named side is to be right (docs/decisions/0004)."""
STEPS = tuple(round(0.5 + 0.01 * k, 2) for k in range(46))
FEWEST = 100
"""Labelled mentions in which people name a side; half of them choose."""


@dataclass(frozen=True, slots=True)
class Effect:
    """What a threshold does on mentions that did not choose it: how many get a side, how often it is right."""

    sure: float
    named: Estimate
    right: Estimate


@dataclass(frozen=True, slots=True)
class Proposal:
    """The present threshold and the proposed one. `then` is None where labels are too few or none is good enough."""

    labels: int
    now: Effect
    then: Effect | None
    reason: str = ""


def propose(reads: Sequence[Read], seen: Sequence[Seen], now: float) -> Proposal:
    """A threshold for texts seen by the model, in the order of the labelled mentions."""
    both = [
        (r, s)
        for r, s in zip(reads, seen, strict=True)
        if any(x.polarity not in {"unsure", "skipped"} for x in r.labels)
    ]
    choosing = [pair for pair in both if _chooses(pair[0])]
    telling = [pair for pair in both if not _chooses(pair[0])]
    before = _effect(telling, now)
    if len(both) < FEWEST:
        return Proposal(len(both), before, None, f"a threshold needs {FEWEST} labelled mentions with a side")
    for sure in STEPS:
        right = _effect(choosing, sure).right
        if right.value is not None and right.value >= WANTED:
            return Proposal(len(both), before, _effect(telling, sure))
    return Proposal(len(both), before, None, f"at no threshold is the named side right {WANTED:.0%} of the time")


def _chooses(r: Read) -> bool:
    return hashlib.sha256(r.mention_id.encode()).digest()[0] % 2 == 0


def _effect(pairs: Sequence[tuple[Read, Seen]], sure: float) -> Effect:
    """Sides only: "neutral" is named by another rule, and stands as it is."""
    again = [replace(r, predicted=polarity_of(s, sure)[0]) for r, s in pairs]
    named = [r for r in again if r.predicted in {"positive", "negative"}]
    return Effect(
        sure,
        rate(again, lambda r: float(r.predicted in {"positive", "negative"}), lambda _: 1.0),
        rate(named, _agreed, lambda _: 1.0),
    )


def _agreed(r: Read) -> float:
    people = [x.polarity for x in r.labels if x.polarity not in {"unsure", "skipped"}]
    return people.count(r.predicted) / len(people)


def write_threshold(place: Path, sure: float) -> None:
    """Sets `sure` under [reading] in fengping.toml; comments and order stay. On a ConfigError nothing was changed."""
    try:
        document = tomlkit.parse(place.read_text(encoding="utf-8-sig"))
    except (OSError, TOMLKitError, UnicodeDecodeError) as error:
        raise ConfigError(f"{place} cannot be edited: {error}. Set `sure = {sure}` under [reading] by hand.") from error
    table = document.setdefault("reading", tomlkit.table())
    table["sure"] = sure
    text = tomlkit.dumps(document)
    parse_project(text, str(place))
    half = place.with_name(f"{place.name}.part")
    half.write_text(text, encoding="utf-8")
    half.chmod(place.stat().st_mode & 0o777)
    half.replace(place)
