"""The Store that every suite of its contract runs on: one implementation after the other."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from store_case import IMPLEMENTATIONS, TurnedClock, opened

from core.interfaces import Store


@pytest.fixture
def clock() -> TurnedClock:
    return TurnedClock()


@pytest.fixture(params=IMPLEMENTATIONS)
def store(request: pytest.FixtureRequest, tmp_path: Path, clock: TurnedClock) -> Iterator[Store]:
    with opened(request.param, tmp_path, clock) as store:
        yield store
