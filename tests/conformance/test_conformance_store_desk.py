"""The Store's contract: signatures, incidents, requests, leases, settings, the audit log."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from store_case import START, TurnedClock, mention

from core.errors import InputError
from core.interfaces import Signature, Store
from core.models import Delivery, Evidence, Incident, Request


def incident(id: str, **more: object) -> Incident:
    made = Incident(
        id=id, rule="r", kind="negative_spike", brand="星河", attribute="", status="open", severity="blue",
        severity_parts={}, started_at=START, detected_at=START, last_seen_at=START, closed_at=None, observed=1.0,
        expected=0.5, query="*",
    )  # fmt: skip
    return replace(made, **more)


def test_incidents_newest_start_first_and_replaced_by_id(store: Store):
    later = START + timedelta(hours=3)
    quotes = (Evidence("m2", "发烫", START), Evidence("m1", "没电", None))
    store.save_incidents([incident("a"), incident("b", started_at=later, last_seen_at=later, evidence=quotes)])
    assert [i.id for i in store.incidents()] == ["b", "a"]
    assert store.incidents()[0].evidence == quotes
    closed = incident("a", status="closed", closed_at=later, last_seen_at=later, severity_parts={"reach": 1.5})
    store.save_incidents([closed])
    assert store.incidents(status="closed") == [closed]
    assert [i.id for i in store.incidents(status="open")] == ["b"]


def test_incidents_since_are_those_seen_since(store: Store):
    later = START + timedelta(days=2)
    store.save_incidents([incident("long", last_seen_at=later), incident("over")])
    assert [i.id for i in store.incidents(since=START + timedelta(days=1))] == ["long"]


def test_deliveries_in_order(store: Store):
    one = Delivery("m1", "mail", START, True)
    two = Delivery("m1", "feishu", START, False, "no answer")
    three = Delivery("m2", "mail", START, True)
    store.save_deliveries([one, two])
    store.save_deliveries([three])
    assert store.deliveries() == [one, two, three]
    assert store.deliveries("m1") == [one, two]


def test_requests_are_carried_out_in_order(store: Store):
    store.ask(Request("r2", "stop", "shop", START + timedelta(seconds=1)))
    store.ask(Request("r1", "crawl", "shop", START))
    store.ask(Request("r1", "export", "ignored: the id is taken", START))
    assert [(r.id, r.kind) for r in store.requests()] == [("r1", "crawl"), ("r2", "stop")]
    store.set_request("r1", "failed", "no such source")
    assert store.requests("failed") == [Request("r1", "crawl", "shop", START, "failed", "no such source")]
    assert [r.id for r in store.requests("waiting")] == ["r2"]
    with pytest.raises(InputError, match="r9"):
        store.set_request("r9", "done")


def test_a_name_has_one_owner_at_a_time(store: Store, clock: TurnedClock):
    assert store.lease_name("leader", "one", 60)
    assert not store.lease_name("leader", "two", 60)
    assert store.lease_name("another", "two", 60)
    clock.turn(59)
    assert store.lease_name("leader", "one", 60)
    clock.turn(59)
    assert not store.lease_name("leader", "two", 60)
    clock.turn(1)
    assert store.lease_name("leader", "two", 60)
    store.drop_lease("leader", "one")
    assert not store.lease_name("leader", "one", 60)
    store.drop_lease("leader", "two")
    assert store.lease_name("leader", "one", 60)


def test_settings(store: Store):
    assert store.setting("digest") == ""
    store.set_setting("digest", "abc")
    store.set_setting("digest", "def")
    assert store.setting("digest") == "def"


def test_the_audit_log_newest_first(store: Store, clock: TurnedClock):
    store.audit("li", "erase", "author")
    clock.turn(5)
    store.audit("wang", "export", "csv")
    assert store.audits() == [
        (START + timedelta(seconds=5), "wang", "export", "csv"),
        (START, "li", "erase", "author"),
    ]
    assert len(store.audits(1)) == 1


# --- what relate remembers


def signature(id: str, exact: str = "", *bands: str, day: int | None = 0) -> Signature:
    at = None if day is None else START + timedelta(days=day)
    return Signature(id, "author", at, exact, bands, id.encode())


def test_band_members_earliest_first(store: Store):
    store.add_mentions([mention(i) for i in "abcd"])
    made = [signature("d", "e1", "k1", "k2", day=2), signature("a", "e1", "k1", day=None), signature("c", "e2", "k1")]
    store.save_signatures([*made, signature("b", "", "k1")])
    members = store.band_members(["k1", "k2", "k3", "exact:e1", "exact:"])
    assert members == {"k1": ("b", "c", "d", "a"), "k2": ("d",), "exact:e1": ("d", "a")}
    assert store.band_members(["k1"], limit=2) == {"k1": ("b", "c")}
    assert store.signatures(["a", "d", "x"]) == {"a": made[1], "d": made[0]}


def test_a_signature_is_replaced_with_its_bands(store: Store):
    store.add_mentions([mention("a")])
    store.save_signatures([signature("a", "e1", "k1")])
    store.save_signatures([signature("a", "e2", "k2", day=5)])
    assert store.band_members(["k1", "exact:e1", "k2", "exact:e2"]) == {"k2": ("a",), "exact:e2": ("a",)}


def test_another_text_loses_its_signature(store: Store):
    store.add_mentions([mention("a")])
    store.save_signatures([signature("a", "e1", "k1")])
    store.add_mentions([mention("a", "新的话")])
    assert store.signatures(["a"]) == {} and store.band_members(["k1"]) == {}
