"""Looking for incidents up to a moment. The first look replays history; later ones go on where the last one ended.

Mentions are often collected long after they were published, so every look goes over the last two days again: what
arrives late still raises its incident, and what was told before is not told again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

from alerts.detect.baseline import DAY, FURTHEST, WARM_UP
from alerts.detect.counts import HOUR
from alerts.detect.run import findings
from alerts.detect.silence import unanswered
from alerts.evidence import pick
from alerts.frames import first_day, read_frame, whole_hour
from alerts.incidents import Casebook
from alerts.judge import IndexJudge
from alerts.questions import ALL, between, question
from alerts.severity import band, severity_parts
from core.config import Project
from core.errors import QueryError
from core.interfaces import Index, Store
from core.models import Finding, Incident, Rule
from core.tree import Everything, Node, both
from index.query import parse

WATERMARK = "watch:until"
AGAIN = timedelta(hours=48)
_BEFORE = timedelta(hours=FURTHEST * DAY + WARM_UP)
_LOOKED_AT = 200


@dataclass(frozen=True, slots=True)
class WatchOutcome:
    """Incidents told for the first time, those whose figures moved, and those that are over.

    `troubles` says which rules were left out, and why.
    """

    new: tuple[Incident, ...]
    updated: tuple[Incident, ...]
    closed: tuple[Incident, ...]
    troubles: tuple[str, ...] = ()


def watch(
    index: Index,
    store: Store,
    rules: Sequence[Rule],
    project: Project,
    until: datetime,
    asks: Callable[[str], Node] | None = None,
) -> WatchOutcome:
    """Looks at everything published before `until`, stores what it finds, and says what is new.

    `asks` makes the trees of the rules' queries; without it names are taken as they stand. A rule whose query it does
    not understand is left out. Only one process at a time may watch a home. Undated mentions are not looked at.
    """
    first = _first_column(index, store, until)
    known = store.incidents()
    narrowed, troubles = _trees(rules, asks or partial(parse, zone=project.zone()))
    rules = [r for r in rules if r.name in narrowed]
    judge = IndexJudge(index, rules, narrowed)
    casebook = Casebook(known, judge)
    if first is not None:
        found = _found(index, store, rules, project, narrowed, (first, until))
        for _, together in sorted(_by_end(found).items()):
            casebook.observe(together)
    followed = casebook.close(until)
    finished = {id: _finished(index, store, casebook.incidents[id], narrowed) for id in sorted(followed.touched)}
    store.save_incidents(list(finished.values()))
    store.set_setting(WATERMARK, until.isoformat())
    closed = set(followed.closed)
    updated = [i for id, i in finished.items() if id not in closed and id not in followed.new]
    return WatchOutcome(
        tuple(finished[id] for id in followed.new),
        tuple(updated),
        tuple(finished[id] for id in followed.closed if id not in followed.new),
        troubles,
    )


def _first_column(index: Index, store: Store, until: datetime) -> datetime | None:
    """The first hour to judge; None where nothing dated is known."""
    watermark = store.setting(WATERMARK)
    begins = first_day(index, until)
    if begins is None or not watermark:
        return begins
    return max(begins, whole_hour(min(datetime.fromisoformat(watermark), until) - AGAIN))


def _found(
    index: Index,
    store: Store,
    rules: Sequence[Rule],
    project: Project,
    trees: Mapping[str, Node],
    during: tuple[datetime, datetime],
) -> list[Finding]:
    first, until = during
    brands = [b.name for b in project.brands]
    silent_after = {s.name: s.silent_after_hours for s in project.sources}
    begins = max(first - _BEFORE, first_day(index, until) or first)
    found: list[Finding] = []
    for query in sorted({r.query for r in rules}):
        narrowed = next(trees[r.name] for r in rules if r.query == query)
        frame = read_frame(index, brands, begins, until, narrowed)
        columns = range(int((first - begins) / HOUR), frame.volume.hours)
        for rule in rules:
            if rule.query == query:
                found += findings(frame, rule, columns, silent_after, narrowed)
    return found + _not_answering(store, rules, until, silent_after)


def _not_answering(
    store: Store, rules: Sequence[Rule], until: datetime, silent_after: dict[str, float]
) -> list[Finding]:
    rule = next((r for r in rules if r.kind == "silence"), None)
    if rule is None or not silent_after:
        return []
    health = store.health(since=until - 4 * timedelta(hours=max(silent_after.values())))
    return [
        Finding(
            rule=rule.name,
            kind="silence",
            brand=source,
            attribute="",
            start=until - timedelta(hours=silent_after[source]),
            end=until,
            observed=0.0,
            expected=0.0,
            score=1.0,
            query=f'source:"{source}"',
            note=told,
        )
        for source, told in unanswered(health, until, silent_after).items()
    ]


def _finished(index: Index, store: Store, incident: Incident, narrowed: Mapping[str, Node]) -> Incident:
    """With its evidence, severity and notes as they stand now."""
    asked = both(
        question(incident.kind, incident.brand, incident.attribute, narrowed.get(incident.rule, ALL)),
        between(incident.started_at, incident.last_seen_at),
    )
    if incident.kind == "silence":
        parts = severity_parts(incident, ())
        return replace(incident, severity=band(parts), severity_parts=parts)
    documents = [hit.document for hit in index.search(asked, "newest", n=_LOOKED_AT).hits]
    parts = severity_parts(incident, documents)
    return replace(
        incident,
        severity=band(parts),
        severity_parts=parts,
        evidence=pick(documents, incident),
        note=_catching_up(store, incident, {d.source for d in documents}) or incident.note,
    )


def _catching_up(store: Store, incident: Incident, sources: Iterable[str]) -> str:
    """Says so where a source behind the incident had failed shortly before: it may only be catching up."""
    since = incident.started_at - AGAIN
    rows = store.health(since=since)
    failing = sorted(
        {
            h.source
            for h in rows
            if h.source in set(sources) and h.hour <= incident.detected_at and h.asked and not h.answered
        }
    )
    return f"catching up: {', '.join(failing)} had failed shortly before" if failing else ""


def _by_end(found: Iterable[Finding]) -> dict[datetime, list[Finding]]:
    grouped: defaultdict[datetime, list[Finding]] = defaultdict(list)
    for finding in found:
        grouped[finding.end].append(finding)
    return grouped


def _trees(rules: Sequence[Rule], asks: Callable[[str], Node]) -> tuple[dict[str, Node], tuple[str, ...]]:
    """The query of each rule by its name; of those not understood what is wrong with them."""
    trees: dict[str, Node] = {}
    troubles: list[str] = []
    for rule in rules:
        try:
            trees[rule.name] = asks(rule.query) if rule.query else Everything()
        except QueryError as error:
            place = f"rule {rule.name!r}: query: character {error.position + 1}"
            troubles.append(f"{place}: {error} It is not watched until its query is understood.")
    return trees, tuple(troubles)
