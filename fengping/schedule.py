"""What is due, from the configuration and the Store alone: nothing is forgotten when a process dies."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.config import Source
from core.interfaces import Store


@dataclass(frozen=True, slots=True)
class JobRun:
    """The last run of a job: when it began and ended (None while it runs), and what came of it."""

    started: datetime
    ended: datetime | None
    result: str


def last_run(store: Store, job: str) -> JobRun | None:
    written = store.setting(f"job:{job}")
    if not written:
        return None
    fields = json.loads(written)
    ended = fields["ended"]
    return JobRun(
        datetime.fromisoformat(fields["started"]), datetime.fromisoformat(ended) if ended else None, fields["result"]
    )


def note_run(store: Store, job: str, run: JobRun) -> None:
    fields = {
        "started": run.started.isoformat(),
        "ended": run.ended.isoformat() if run.ended else None,
        "result": run.result,
    }
    store.set_setting(f"job:{job}", json.dumps(fields))


def due(store: Store, sources: Sequence[Source], now: datetime) -> list[Source]:
    """Sources whose last crawl began `every_minutes` ago or more, or never, or was cut off."""
    return [s for s in sources if _is_due(last_run(store, f"crawl:{s.name}"), s.every_minutes, now)]


def _is_due(run: JobRun | None, every_minutes: float, now: datetime) -> bool:
    if run is None or run.ended is None:
        return True
    return now - run.started >= timedelta(minutes=every_minutes)
