"""What is asked of a crawl and what it tells: plain records that travel as JSON between the program and its worker."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from core.config import Source
from core.models import SourceHealth


@dataclass(frozen=True, slots=True)
class CrawlJob:
    """One source to crawl for the home at path `home`. `full` walks past known ground."""

    home: str
    source: Source
    contact: str
    timezone: str
    full: bool = False


@dataclass(frozen=True, slots=True)
class CrawlProgress:
    """How far one source has come: pages `done` in this run, `waiting` as far as known, and mentions stored."""

    source: str
    done: int
    waiting: int
    new: int
    changed: int
    same: int


@dataclass(frozen=True, slots=True)
class SourceOutcome:
    """What one source gave in this run. `error` says why it stopped before its end ("" when it did not)."""

    source: str
    new: int = 0
    changed: int = 0
    same: int = 0
    pages: int = 0
    health: tuple[SourceHealth, ...] = ()
    error: str = ""


@dataclass(frozen=True, slots=True)
class CrawlOutcome:
    """What a crawl gave, a row a job. `error` says that the worker itself failed; what was committed before is kept."""

    sources: tuple[SourceOutcome, ...]
    error: str = ""

    @property
    def health(self) -> tuple[SourceHealth, ...]:
        return tuple(row for source in self.sources for row in source.health)


def job_to_json(job: CrawlJob) -> dict[str, Any]:
    return {**asdict_shallow(job), "source": job.source.model_dump(mode="json")}


def job_from_json(written: Mapping[str, Any]) -> CrawlJob:
    return CrawlJob(**{**written, "source": Source.model_validate(written["source"])})


def outcome_to_json(outcome: SourceOutcome) -> dict[str, Any]:
    written = asdict(outcome)
    for row in written["health"]:
        row["hour"] = row["hour"].isoformat()
        row["newest"] = row["newest"].isoformat() if row["newest"] else None
    return written


def outcome_from_json(written: Mapping[str, Any]) -> SourceOutcome:
    rows = tuple(
        SourceHealth(
            **{
                **row,
                "hour": datetime.fromisoformat(row["hour"]),
                "newest": datetime.fromisoformat(row["newest"]) if row["newest"] else None,
                "notes": tuple(row["notes"]),
            }
        )
        for row in written["health"]
    )
    return SourceOutcome(**{**written, "health": rows})


def asdict_shallow(record: CrawlJob) -> dict[str, Any]:
    return {name: getattr(record, name) for name in record.__dataclass_fields__}
