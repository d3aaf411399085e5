"""Incidents against what was planted."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from core.models import Incident
from fengping.demo.compare import compare, matches
from fengping.demo.records import Planted, Truth

START = datetime(2026, 5, 1, 8, tzinfo=UTC)
HOUR = timedelta(hours=1)
SPIKE = Planted(
    id="plant-1", kind="negative_spike", name="heating", brand="澜柯", product="澜柯X7",
    attributes=("battery/heat", "performance/heat"), source="", start=START, end=START + 48 * HOUR, shape="step",
    first_day=8, size=12, deviation=0.5, exact=True, native_ids=("a",),
)  # fmt: skip
SILENCE = replace(SPIKE, id="plant-2", kind="silence", name="quiet", brand="", attributes=(), source="forum")
CAMPAIGN = replace(SPIKE, id="plant-3", kind="campaign", name="praise", brand="拓禾", attributes=())


def incident(**changes: object) -> Incident:
    base = Incident(
        id="i1", rule="r", kind="negative_spike", brand="澜柯", attribute="battery/heat", status="open",
        severity="yellow", severity_parts={}, started_at=START + 2 * HOUR, detected_at=START + 5 * HOUR,
        last_seen_at=START + 9 * HOUR, closed_at=None, observed=9, expected=1, query="",
    )  # fmt: skip
    return replace(base, **changes)  # type: ignore[arg-type]


def truth(*planted: Planted) -> Truth:
    return Truth(1, 10, 30, START + timedelta(days=20), planted, ())


@pytest.mark.parametrize(
    ("changes", "is_found"),
    [
        ({}, True),
        ({"attribute": "battery"}, True),
        ({"attribute": "performance/heat"}, True),
        ({"attribute": "battery/life"}, False),
        ({"attribute": "battery/heating"}, False),
        ({"attribute": ""}, False),
        ({"brand": "拓禾"}, False),
        ({"brand": "Lanko"}, True),
        ({"kind": "campaign"}, False),
        ({"started_at": START - 30 * HOUR, "detected_at": START - 5 * HOUR}, True),
        ({"started_at": START - 90 * HOUR, "detected_at": START - 80 * HOUR, "last_seen_at": START + HOUR}, False),
        ({"started_at": START + 95 * HOUR, "detected_at": START + 96 * HOUR, "last_seen_at": START + 96 * HOUR}, True),
        ({"started_at": START + 97 * HOUR, "detected_at": START + 98 * HOUR, "last_seen_at": START + 99 * HOUR}, False),
    ],
)
def test_an_incident_must_agree_in_subject_kind_and_time(changes: dict[str, object], is_found: bool) -> None:
    assert matches(SPIKE, incident(**changes)) is is_found


def test_found_missed_false_and_delay() -> None:
    early, late = incident(), incident(id="i2", attribute="battery", detected_at=START + 20 * HOUR)
    wrong = incident(id="i3", brand="拓禾")
    result = compare(truth(SPIKE, SILENCE), [late, wrong, early])
    assert [f.planted.id for f in result.found] == ["plant-1"]
    assert [i.id for i in result.found[0].incidents] == ["i1", "i2"]
    assert result.found[0].delay == 5 * HOUR
    assert [p.id for p in result.missed] == ["plant-2"]
    assert [i.id for i in result.false] == ["i3"]
    lines = list(result.lines())
    assert lines[-1] == "1 found, 1 missed, 1 false" and "5.0 h" in lines[0] and "forum" in lines[1]


def test_a_silence_is_known_by_its_source_and_a_campaign_by_its_brand() -> None:
    quiet = incident(kind="silence", brand="", attribute="", query="source:forum")
    assert matches(SILENCE, quiet)
    assert not matches(SILENCE, replace(quiet, query="source:shop"))
    assert matches(CAMPAIGN, incident(kind="campaign", brand="拓禾", attribute=""))
    assert not matches(CAMPAIGN, incident(kind="campaign", attribute=""))


def test_detection_before_the_start_is_no_negative_delay() -> None:
    found = compare(truth(SPIKE), [incident(detected_at=START - HOUR)]).found
    assert found[0].delay == timedelta(0)


def test_nothing_planted_and_nothing_reported() -> None:
    assert list(compare(truth(), []).lines()) == ["0 found, 0 missed, 0 false"]
