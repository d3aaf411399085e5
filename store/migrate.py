"""Opening a file: made when new, brought forward when older (after a backup), refused when later."""

from __future__ import annotations

import glob
import sqlite3
from contextlib import closing
from pathlib import Path

from core.errors import HomeError
from store.database import Database
from store.schema import STEPS

_APPLICATION = 0x66656E67
"""`PRAGMA application_id` of our files: "feng"."""


def prepare(database: Database, steps: tuple[str, ...] = STEPS) -> None:
    """Leaves the file at version `len(steps)`. Raises HomeError when it is later, damaged or not ours."""
    with database.read() as connection:
        version = _version(connection, database.path, len(steps))
    if version < len(steps):
        with database.write() as connection:
            _bring_forward(connection, database.path, steps)


def back_up(path: Path, place: Path) -> None:
    """A consistent copy of the whole file as last committed; an earlier one of the same name is replaced."""
    half = place.with_name(f"{place.name}.part")
    half.unlink(missing_ok=True)
    with closing(sqlite3.connect(path)) as original, closing(sqlite3.connect(half)) as copy:
        original.backup(copy)
    half.replace(place)


def backups(path: Path) -> list[Path]:
    """The copies that were made before the file was brought forward."""
    return sorted(path.parent.glob(f"{glob.escape(path.name)}.version*.backup*"))


def _version(connection: sqlite3.Connection, path: Path, known: int) -> int:
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    application = int(connection.execute("PRAGMA application_id").fetchone()[0])
    tables = int(connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0])
    if tables and application != _APPLICATION:
        raise HomeError(f"{path} is a database of another program. Name another file under `store` in fengping.toml.")
    if version > known:
        raise HomeError(
            f"{path} was written by a later version of fengping (schema {version}; this one knows up to {known})."
            " Install that version, or restore the backup it made before it changed the file."
        )
    return version


def _bring_forward(connection: sqlite3.Connection, path: Path, steps: tuple[str, ...]) -> None:
    """In one transaction; another process may have done it while this one waited for the lock."""
    version = _version(connection, path, len(steps))
    if 0 < version < len(steps):
        back_up(path, path.with_name(f"{path.name}.version{version}.backup"))
    for number in range(version, len(steps)):
        for statement in _statements(steps[number]):
            connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {number + 1}")
    connection.execute(f"PRAGMA application_id = {_APPLICATION}")


def _statements(script: str) -> list[str]:
    return [part.strip() for part in script.split(";\n") if part.strip()]
