"""What is watched, what was seen, what people were told: the records of alerts and of requests made on pages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal


@dataclass(frozen=True, slots=True)
class Rule:
    """What is watched. `brand` and `attribute` "" mean each of them; `floor` is the fewest negatives worth a word."""

    name: str
    kind: Literal["negative_spike", "slow_burn", "rumour", "campaign", "silence"]
    brand: str = ""
    attribute: str = ""
    query: str = ""
    floor: int = 5
    sensitivity: float = 1.0
    cooldown_hours: int = 24
    channels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """What a detector saw in one window. Pure: it says nothing of who was told."""

    rule: str
    kind: str
    brand: str
    attribute: str
    start: datetime
    end: datetime
    observed: float
    expected: float
    score: float
    query: str
    parts: Mapping[str, float] = field(default_factory=dict)
    note: str = ""


@dataclass(frozen=True, slots=True)
class Evidence:
    """A stored sentence that stands behind an incident; erased with its mention."""

    mention_id: str
    quote: str
    published_at: datetime | None


@dataclass(frozen=True, slots=True)
class Incident:
    """Something that went wrong, told once and followed until it is over."""

    id: str
    rule: str
    kind: str
    brand: str
    attribute: str
    status: Literal["open", "acknowledged", "closed"]
    severity: Literal["blue", "yellow", "orange", "red"]
    severity_parts: Mapping[str, float]
    started_at: datetime
    detected_at: datetime
    last_seen_at: datetime
    closed_at: datetime | None
    observed: float
    expected: float
    query: str
    evidence: tuple[Evidence, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """A finished text for a channel; every claim in it cites a mention."""

    id: str
    title: str
    body: str
    url: str = ""
    severity: str = ""
    incident_id: str = ""


@dataclass(frozen=True, slots=True)
class Delivery:
    """What became of a message on one channel."""

    message_id: str
    channel: str
    at: datetime
    ok: bool
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Request:
    """What a page asked to be done; carried out by `fengping up`."""

    id: str
    kind: Literal["crawl", "stop", "reread", "export", "topics"]
    argument: str
    asked_at: datetime
    state: Literal["waiting", "running", "done", "failed"] = "waiting"
    detail: str = ""
