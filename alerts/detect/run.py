"""Every detector over one frame: findings in order of time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from alerts.detect.baseline import Rhythm
from alerts.detect.counts import HOUR, Counts, Frame
from alerts.detect.silence import silences
from alerts.detect.slow_burn import slow_burns
from alerts.detect.spike import SPREADING, STRONG, Signal, Watched, signals
from alerts.questions import ALL, between, question
from core.models import Finding, Rule
from core.tree import Node, both
from index.query_wording import wording


def findings(
    frame: Frame, rule: Rule, columns: range, silent_after: Mapping[str, float], narrowed: Node = ALL
) -> list[Finding]:
    """What one rule sees at these columns, by end, brand and attribute; a score from 1 on is strong.

    `narrowed` is the rule's query, which `frame` was read with.
    """
    counted = _counted(frame, rule)
    found = (
        _finding(rule, counted, s, narrowed) for s in _signals(frame, rule, columns, silent_after) if _about(rule, s)
    )
    return sorted(found, key=lambda f: (f.end, f.brand, f.attribute))


def _signals(frame: Frame, rule: Rule, columns: range, silent_after: Mapping[str, float]) -> Iterator[Signal]:
    everything = frame.sources if rule.query else frame.volume
    watched = Watched(_counted(frame, rule), frame.volume, Rhythm(everything))
    if rule.kind == "negative_spike":
        return signals(watched, columns, rule.floor, rule.sensitivity)
    if rule.kind == "slow_burn":
        return slow_burns(watched, columns, rule.floor, rule.sensitivity)
    if rule.kind == "silence":
        return silences(frame.sources, columns, silent_after)
    return _strong(signals(watched, columns, rule.floor, rule.sensitivity, SPREADING))


def _counted(frame: Frame, rule: Rule) -> Counts:
    if rule.kind == "silence":
        return frame.sources
    if rule.kind in {"rumour", "campaign"}:
        return frame.rumours if rule.kind == "rumour" else frame.praise
    return frame.negatives


def _strong(found: Iterable[Signal]) -> Iterator[Signal]:
    return (s for s in found if s.score >= STRONG)


def _about(rule: Rule, signal: Signal) -> bool:
    """Whether a rule watches this cell; a rule for an attribute watches what lies below it too."""
    below = f"{signal.cell.attribute}/".startswith(f"{rule.attribute}/") if rule.attribute else True
    return signal.cell.brand == (rule.brand or signal.cell.brand) and below


def _finding(rule: Rule, counted: Counts, signal: Signal, narrowed: Node) -> Finding:
    end = counted.end(signal.column)
    start = end - signal.window * HOUR
    brand, attribute = signal.cell
    return Finding(
        rule=rule.name,
        kind=rule.kind,
        brand=brand,
        attribute=attribute,
        start=start,
        end=end,
        observed=float(signal.observed),
        expected=round(signal.expected, 2),
        score=round(signal.score, 3),
        query=wording(both(question(rule.kind, brand, attribute, narrowed), between(start, end))),
        parts={"window_hours": float(signal.window), "excess": round(signal.excess, 2)},
    )
