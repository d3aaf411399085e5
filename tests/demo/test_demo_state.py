"""What becomes of a folder that a demo is started in."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from core.errors import HomeError
from core.home import Home
from fengping.demo.state import FRESH_FOR, prepare, prepare_file

NOW = datetime(2026, 3, 1, 9, tzinfo=UTC)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


def started(home: Home) -> None:
    """What a demo leaves in its home."""
    home.config.write_text('schema = 1\nname = "demo"\n', encoding="utf-8")
    (home.path / "kept").write_text("kept", encoding="utf-8")


def test_the_same_world_is_served_until_it_is_old(home: Home) -> None:
    first = prepare(home, NOW, fresh=False)
    started(home)
    assert prepare(home, NOW + timedelta(hours=1), fresh=False) == first and (home.path / "kept").exists()
    later = prepare(home, NOW + FRESH_FOR, fresh=False)
    assert later.ends == NOW + FRESH_FOR and not (home.path / "kept").exists()


def test_fresh_empties_a_demo(home: Home, tmp_path: Path) -> None:
    prepare(home, NOW, fresh=False)
    started(home)
    prepare(home, NOW, fresh=True)
    assert not (home.path / "kept").exists()
    started(home)
    prepare_file(home, tmp_path / "mine.csv", fresh=True)
    assert not (home.path / "kept").exists()


def test_the_demo_of_a_file_goes_on_with_that_file(home: Home, tmp_path: Path) -> None:
    prepare_file(home, tmp_path / "mine.csv", fresh=False)
    started(home)
    prepare_file(home, tmp_path / "mine.csv", fresh=False)
    assert (home.path / "kept").exists()
    for other in (lambda: prepare_file(home, tmp_path / "other.csv", False), lambda: prepare(home, NOW, False)):
        with pytest.raises(HomeError, match=r"mine\.csv; give --home another folder"):
            other()
    assert (home.path / "kept").exists()


@pytest.mark.parametrize("fresh", [False, True])
def test_a_home_of_the_users_own_is_never_touched(home: Home, tmp_path: Path, fresh: bool) -> None:
    home.path.mkdir()
    started(home)
    before = {p.name: p.read_bytes() for p in home.path.iterdir()}
    for demo in (lambda: prepare_file(home, tmp_path / "x.csv", fresh), lambda: prepare(home, NOW, fresh)):
        with pytest.raises(HomeError, match="a home of your own"):
            demo()
    assert {p.name: p.read_bytes() for p in home.path.iterdir()} == before


def test_a_damaged_memory_is_said(home: Home) -> None:
    prepare(home, NOW, fresh=False)
    started(home)
    (home.path / "demo.json").write_text("{", encoding="utf-8")
    with pytest.raises(HomeError, match="is damaged"):
        prepare(home, NOW, fresh=False)
