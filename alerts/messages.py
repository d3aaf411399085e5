"""What people are told about an incident, as one finished text: figures, then sentences, each with its mention."""

from __future__ import annotations

import hashlib
import tomllib
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

from core.models import Incident, Message

Language = Literal["zh", "en"]
_FORMS = {"silence": "quiet", "slow_burn": "grown"}


def message(incident: Incident, zone: ZoneInfo, dashboard: str = "", language: Language = "zh") -> Message:
    """The message that opens an incident; the same incident always gives the same id. Times are in `zone`."""
    said = _words()[language]
    subject = " ".join(part for part in (incident.brand, incident.attribute) if part)
    title = said["title"].format(severity=said[incident.severity], subject=subject, kind=said[incident.kind])
    lines = [_figures(incident, zone, said), incident.note]
    lines += [said["quote"].format(quote=e.quote, mention=e.mention_id) for e in incident.evidence]
    lines.append(said["query"].format(query=incident.query))
    return Message(
        id=message_id(incident),
        title=title,
        body="\n".join(line for line in lines if line),
        url=f"{dashboard.rstrip('/')}/alerts?incident={incident.id}" if dashboard else "",
        severity=incident.severity,
        incident_id=incident.id,
    )


def message_id(incident: Incident) -> str:
    return hashlib.sha256(f"opened\x1f{incident.id}".encode()).hexdigest()[:16]


def _figures(incident: Incident, zone: ZoneInfo, said: dict[str, str]) -> str:
    return said[_FORMS.get(incident.kind, "counted")].format(
        since=_moment(incident.started_at, zone),
        until=_moment(incident.detected_at, zone),
        observed=f"{incident.observed:.0f}",
        expected=f"{incident.expected:.1f}",
    )


def _moment(moment: datetime, zone: ZoneInfo) -> str:
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M}"


@cache
def _words() -> dict[str, dict[str, str]]:
    return tomllib.loads(Path(__file__).with_name("words.toml").read_text(encoding="utf-8"))
