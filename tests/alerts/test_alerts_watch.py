"""The watch as a whole, over a real index and a real store."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from alerts_documents import background, burst, document, project
from alerts_simulator import FIRST

from alerts.rules import DEFAULTS
from alerts.watch import WatchOutcome, watch
from core.models import SearchDocument, SourceHealth
from core.tree import Node
from index.embedded import TantivyIndex
from index.query import parse
from store.sqlite import SqliteStore

END = FIRST + timedelta(days=60)


class Home:
    def __init__(self, folder: Path) -> None:
        self.index = TantivyIndex(folder / "index", write=True)
        self.store = SqliteStore(folder / "store.sqlite")

    def put(self, documents: Sequence[SearchDocument]) -> None:
        self.index.put(documents)

    def watch(self, until: datetime = END) -> WatchOutcome:
        return watch(self.index, self.store, DEFAULTS, project(), until)


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    home = Home(tmp_path)
    yield home
    home.index.close()
    home.store.close()


def told(outcome: WatchOutcome) -> list[tuple[str, str, str]]:
    return [(i.kind, i.brand, i.attribute) for i in outcome.new]


def test_an_empty_home_and_undated_mentions_raise_nothing(home: Home) -> None:
    assert home.watch() == WatchOutcome((), (), ())
    home.put([document(f"u{n}", None, "甲牌", {"battery/heat": "negative"}) for n in range(50)])
    assert told(home.watch()) == []


def test_a_rules_query_is_understood_as_people_ask_it_or_said_to_be_wrong(home: Home) -> None:
    home.put([*background(10), *burst("x", FIRST + timedelta(days=40, hours=3), 8, "甲牌", "battery/heat", 20)])

    def asks(query: str) -> Node:
        return parse(
            query, project().zone(), known={"attribute": ["battery"]}, names={"attribute": {"电池": "battery"}}
        )

    wrong = replace(DEFAULTS[0], name="mine", query="attribute:batery")
    spike = [replace(r, query="属性:电池") for r in DEFAULTS if r.kind == "negative_spike"]
    outcome = watch(home.index, home.store, [wrong, *spike], project(), END, asks)
    (trouble,) = outcome.troubles
    assert "rule 'mine'" in trouble and "batery" in trouble and "not watched" in trouble
    assert told(outcome) == [("negative_spike", "甲牌", "battery/heat")]


def test_ordinary_weeks_raise_nothing(home: Home) -> None:
    home.put(background(10))
    assert told(home.watch()) == []


def test_a_minimal_incident_is_told_once_with_evidence(home: Home) -> None:
    start = FIRST + timedelta(days=40, hours=3)
    home.put([*background(10), *burst("x", start, 8, "甲牌", "battery/heat", 20)])
    outcome = home.watch()
    assert told(outcome) == [("negative_spike", "甲牌", "battery/heat")]
    incident = outcome.new[0]
    assert start < incident.detected_at < start + timedelta(hours=24)
    assert incident.status == "closed" and incident.observed >= 6
    assert 3 <= len(incident.evidence) <= 5
    for evidence in incident.evidence:
        assert evidence.quote in home.index.get([evidence.mention_id])[0].text
    assert incident.severity_parts["excess"] > 0
    assert home.watch(END + timedelta(hours=1)).new == ()
    assert [i.id for i in home.store.incidents()] == [incident.id]


def test_hour_by_hour_tells_what_a_replay_tells(home: Home) -> None:
    start = FIRST + timedelta(days=50)
    documents = [*background(2, days=55), *burst("x", start, 12, "乙牌", "screen/touch", 10)]
    home.put([d for d in documents if d.published_at and d.published_at < start])
    assert told(home.watch(start)) == []
    seen: list[tuple[str, str, str]] = []
    for hours in range(6, 96, 6):
        now = start + timedelta(hours=hours)
        home.put([d for d in documents if d.published_at and now - timedelta(hours=6) <= d.published_at < now])
        seen += told(home.watch(now))
    assert seen == [("negative_spike", "乙牌", "screen/touch")]


def test_late_arrivals_still_raise(home: Home) -> None:
    now = FIRST + timedelta(days=50)
    home.put(background(3, days=50))
    assert told(home.watch(now)) == []
    home.put(burst("late", now - timedelta(hours=30), 14, "丙牌", "system/ads", 6, collected_at=now))
    assert told(home.watch(now + timedelta(hours=1))) == [("negative_spike", "丙牌", "system/ads")]


def test_one_cause_seen_from_several_sides_is_one_incident(home: Home) -> None:
    start = FIRST + timedelta(days=40)
    both = [
        document(
            f"x{n}",
            start + timedelta(minutes=40 * n),
            "甲牌",
            {"battery/heat": "negative", "system/updates": "negative"},
        )
        for n in range(20)
    ]
    home.put([*background(11), *both])
    found = told(home.watch())
    assert len(found) == 1 and found[0][2] in {"battery/heat", "system/updates"}


def test_a_busy_day_with_the_usual_share_of_complaints_is_no_incident(home: Home) -> None:
    day = FIRST + timedelta(days=40)
    busy = background(9, days=1, per_day=220)
    moved = [
        document(f"m{n}", day + (d.published_at - FIRST), d.brands[0], {o.attribute: o.polarity for o in d.opinions})
        for n, d in enumerate(busy)
        if d.published_at
    ]
    home.put([*background(12), *moved])
    assert told(home.watch()) == []


def test_what_spreads_from_a_part_to_the_whole_is_one_incident(home: Home) -> None:
    start = FIRST + timedelta(days=40, hours=8)
    heat = burst("h", start, 9, "甲牌", "battery/heat", 5)
    charging = burst("c", start + timedelta(hours=5), 5, "甲牌", "battery/charging", 12)
    life = burst("l", start + timedelta(hours=5), 5, "甲牌", "battery/life", 12)
    home.put([*background(11), *heat, *charging, *life])
    assert told(home.watch()) == [("negative_spike", "甲牌", "battery")]


def test_a_handful_of_recalls_is_news_among_many_complaints(home: Home) -> None:
    start = FIRST + timedelta(days=40)
    said = burst("r", start, 5, "乙牌", "battery/life", 20)
    recalled = [replace(d, text=d.text.replace("不行", "被召回")) for d in said]
    home.put([*background(11), *recalled])
    outcome = home.watch()
    assert told(outcome) == [("negative_spike", "乙牌", "battery/life")]
    assert outcome.new[0].rule == "recalls and dangers"
    assert {e.mention_id for e in outcome.new[0].evidence} == {d.id for d in recalled}


def test_a_slow_burn_is_told_before_anybody_would_notice(home: Home) -> None:
    weeks = [
        burst(f"w{week}-", FIRST + timedelta(days=7 * week), round(3 * (1.3**k - 1)), "丙牌", "service/refund", 160)
        for k, week in enumerate(range(1, 8), start=1)
        if round(3 * (1.3**k - 1))
    ]
    home.put([*background(11), *(d for week in weeks for d in week)])
    outcome = home.watch()
    assert [t[:2] for t in told(outcome)] == [("slow_burn", "丙牌")]
    assert outcome.new[0].attribute in {"service/refund", "service"}


def test_a_rumour_needs_several_people(home: Home) -> None:
    start = FIRST + timedelta(days=45)
    spread = [
        document(
            f"r{n}",
            start + timedelta(hours=n),
            "乙牌",
            {},
            author=f"人{n % 9}",
            intents=("rumour_claim",),
            duplicate_of="r0" if n else "",
        )
        for n in range(12)
    ]
    alone = [
        document(f"a{n}", start + timedelta(hours=n), "丙牌", {}, author="一个人", intents=("rumour_claim",))
        for n in range(12)
    ]
    home.put([*background(6), *spread, *alone])
    assert told(home.watch()) == [("rumour", "乙牌", "")]


def test_coordinated_praise_is_a_campaign(home: Home) -> None:
    start = FIRST + timedelta(days=45)
    praise = [
        document(
            f"p{n}",
            start + timedelta(hours=n / 2),
            "甲牌",
            {"screen/colour": "positive"},
            duplicate_of="p0" if n else "",
            promotion=0.7,
        )
        for n in range(15)
    ]
    home.put([*background(7), *praise])
    assert told(home.watch()) == [("campaign", "甲牌", "")]


def test_a_source_that_stops_is_told_and_closed_when_it_is_back(home: Home) -> None:
    silent = FIRST + timedelta(days=40), FIRST + timedelta(days=50)
    documents = background(14)
    home.put(
        [d for d in documents if not (d.source == "论坛" and d.published_at and silent[0] < d.published_at < silent[1])]
    )
    outcome = home.watch()
    assert told(outcome) == [("silence", "论坛", "")]
    assert outcome.new[0].detected_at < silent[0] + timedelta(days=3)
    assert outcome.new[0].status == "closed"


def test_a_source_that_answers_no_more_is_told(home: Home) -> None:
    hours = [END - timedelta(hours=h) for h in range(72)]
    home.put(background(14))
    home.store.add_health(
        [SourceHealth("论坛", h, asked=5, answered=0 if h > END - timedelta(hours=40) else 5, failed=5) for h in hours]
    )
    assert ("silence", "论坛", "") in told(home.watch())


def test_a_source_that_catches_up_is_noted(home: Home) -> None:
    start = FIRST + timedelta(days=40)
    home.put([*background(10), *burst("x", start, 12, "甲牌", "battery/heat", 10)])
    home.store.add_health([SourceHealth("商城", start - timedelta(hours=5), asked=9, answered=0, failed=9)])
    assert "商城" in home.watch().new[0].note
