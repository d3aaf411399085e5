"""What a demo home remembers of its world, so that the second start serves the same one at the same addresses."""

from __future__ import annotations

import json
import shutil
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from core.errors import HomeError
from core.home import Home
from fengping.demo.sites import Sites
from fengping.demo.world import DAYS, PER_DAY, SEED

FRESH_FOR = timedelta(hours=36)
"""An older world would look as if every source had gone silent: it is then made anew."""


@dataclass(frozen=True, slots=True)
class DemoState:
    """Seed, size, last moment and first port (0: not served yet) of the world that a home was made from."""

    seed: int
    per_day: float
    days: int
    end: str
    port: int

    @property
    def ends(self) -> datetime:
        return datetime.fromisoformat(self.end)


def prepare(
    home: Home, now: datetime, fresh: bool, seed: int = SEED, per_day: float = PER_DAY, days: int = DAYS
) -> DemoState:
    """The home's world where it is this one and still fresh; else the folder is emptied for a new one that ends now.

    Raises HomeError for a home that is no demo's, or the demo of a file.
    """
    known = _remembered(home)
    if known is not None and "file" in known and not fresh:
        raise HomeError(f"{home.path} holds the demo of {known['file']}; give --home another folder, or --fresh.")
    state = DemoState(**known) if known is not None and "file" not in known else None
    same = state is not None and (state.seed, state.per_day, state.days) == (seed, per_day, days)
    if state is not None and same and not fresh and now - state.ends < FRESH_FOR:
        return state
    if known is not None:
        shutil.rmtree(home.path)
    made = DemoState(seed, per_day, days, now.isoformat(), 0)
    _remember(home, asdict(made))
    return made


def remember_port(home: Home, state: DemoState, sites: Sites) -> None:
    """Notes where the world stands: what was collected from an address is known again only at that address."""
    _remember(home, asdict(replace(state, port=urlsplit(sites.shop).port or 0)))


def prepare_file(home: Home, file: Path, fresh: bool) -> None:
    """Makes a home the demo of a file, or leaves it one; `fresh` empties it first.

    Raises HomeError for a home that is no demo's, or the demo of something else.
    """
    known = _remembered(home)
    place = str(file.resolve())
    if known is not None and known.get("file") != place and not fresh:
        shown = known.get("file", "the demo world")
        raise HomeError(f"{home.path} holds the demo of {shown}; give --home another folder, or --fresh.")
    if known is not None and fresh:
        shutil.rmtree(home.path)
    _remember(home, {"file": place})


def _remembered(home: Home) -> dict[str, Any] | None:
    """What a demo home says of its world; None where there is no home. Raises HomeError for a home of the user's."""
    if not home.config.exists():
        return None
    place = home.path / "demo.json"
    if not place.is_file():
        raise HomeError(f"{home.path} is a home of your own, not a demo's; give the demo another --home.")
    try:
        known = json.loads(place.read_text(encoding="utf-8"))
    except ValueError as error:
        raise HomeError(f"{place} is damaged ({error}); delete {home.path} and start the demo again.") from error
    return dict(known)


def _remember(home: Home, what: dict[str, Any]) -> None:
    home.path.mkdir(parents=True, exist_ok=True)
    (home.path / "demo.json").write_text(json.dumps(what, ensure_ascii=False), encoding="utf-8")
