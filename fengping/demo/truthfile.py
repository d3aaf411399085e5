"""The truth of a world as one JSON file: what was planted, and post by post what is so."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from core.errors import InputError
from fengping.demo.records import MentionTruth, OpinionTruth, Planted, Truth

VERSION = 1


class Parameters(Protocol):
    """What a world was made from."""

    @property
    def seed(self) -> int: ...
    @property
    def per_day(self) -> float: ...
    @property
    def days(self) -> int: ...
    @property
    def end(self) -> datetime: ...


def write_truth(truth: Truth, path: Path) -> None:
    """Writes the truth of a world that is in memory."""
    lines = ",\n".join(f"{json.dumps(m.id)}:{mention_line(m, delivered=True)}" for m in truth.mentions)
    path.write_text('{"mentions":{\n' + lines + "\n}," + truth_head(truth, truth.planted)[1:] + "\n", encoding="utf-8")


def read_truth(path: Path) -> Truth:
    """Reads what `write_truth` or `write_world` wrote. Raises InputError."""
    try:
        table = json.loads(path.read_text(encoding="utf-8"))
        return Truth(
            seed=table["seed"],
            per_day=table["per_day"],
            days=table["days"],
            end=datetime.fromisoformat(table["end"]),
            planted=tuple(_planted(p) for p in table["planted"]),
            mentions=tuple(_mention(identity, m) for identity, m in table["mentions"].items()),
        )
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}. Is it the file given with --truth?") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError(
            f"{path} is no truth of a demo world ({error!r}). `fengping demo --truth` writes one."
        ) from error


def truth_head(world: Parameters, planted: Sequence[Planted]) -> str:
    """Everything but the mentions, as a JSON object."""
    table = {
        "version": VERSION,
        "seed": world.seed,
        "per_day": world.per_day,
        "days": world.days,
        "end": world.end.isoformat(),
        "planted": [_written(p) for p in planted],
    }
    return json.dumps(table, ensure_ascii=False, indent=1)


def mention_line(truth: MentionTruth, delivered: bool) -> str:
    """The truth of one post as a JSON object; empty fields are left out."""
    opinions = ",".join(f'["{o.target}","{o.attribute}","{o.polarity}"]' for o in truth.opinions)
    parts = [f'"polarity":"{truth.polarity}","genre":"{truth.genre}","language":"{truth.language}"']
    parts.append(f'"opinions":[{opinions}]')
    if truth.noise:
        parts.append(f'"noise":"{truth.noise}"')
    if truth.duplicate_of:
        parts.append(f'"duplicate_of":"{truth.duplicate_of}"')
    if truth.promotion:
        parts.append('"promotion":true')
    if truth.plant:
        parts.append(f'"plant":"{truth.plant}"')
    if not delivered:
        parts.append('"delivered":false')
    return "{" + ",".join(parts) + "}"


def _written(planted: Planted) -> dict[str, Any]:
    table = asdict(planted)
    table["start"], table["end"] = planted.start.isoformat(), planted.end.isoformat()
    return table


def _planted(table: dict[str, Any]) -> Planted:
    times = {"start": datetime.fromisoformat(table["start"]), "end": datetime.fromisoformat(table["end"])}
    tuples = {"attributes": tuple(table["attributes"]), "native_ids": tuple(table["native_ids"])}
    return Planted(**{**table, **times, **tuples})


def _mention(identity: str, table: dict[str, Any]) -> MentionTruth:
    return MentionTruth(
        id=identity,
        polarity=table["polarity"],
        opinions=tuple(OpinionTruth(*o) for o in table["opinions"]),
        noise=table.get("noise", ""),
        duplicate_of=table.get("duplicate_of", ""),
        promotion=table.get("promotion", False),
        genre=table["genre"],
        language=table["language"],
        plant=table.get("plant", ""),
    )
