"""The erasure list beside the store file, so that a restored backup cannot bring back what was erased since.

One line an entry: 32 hex digits of the key (a digest of an id or author, see `erased.key`) and the time. The store
counts the lines it has carried out; when the file has another number, the store is older than the list (or the list
was lost) and both are brought to the same state.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable
from pathlib import Path

from core.errors import Unreachable

_LINE = 54
Entry = tuple[bytes, int]


def place(store: Path) -> Path:
    return store.with_name(f"{store.name}.erased")


def lines(store: Path) -> int:
    """How many whole lines the list has."""
    try:
        return place(store).stat().st_size // _LINE
    except FileNotFoundError:
        return 0


def carried_out(connection: sqlite3.Connection) -> int:
    return int(connection.execute("SELECT value FROM meta WHERE key = 'erased_lines'").fetchone()[0])


def append(connection: sqlite3.Connection, store: Path, entries: Iterable[Entry]) -> None:
    """Adds lines and waits for the disk; within the erasure's transaction, so that one process at a time does it."""
    text = b"".join(b"%s %020d\n" % (key.hex().encode(), at) for key, at in entries)
    try:
        with place(store).open("ab") as file:
            file.truncate(lines(store) * _LINE)
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise Unreachable(
            f"{place(store)} cannot be written ({error.strerror}), so nothing was erased. See to the disk, then repeat."
        ) from error
    note(connection, lines(store))


def note(connection: sqlite3.Connection, count: int) -> None:
    """Remembers how many lines the store has carried out."""
    connection.execute("UPDATE meta SET value = ? WHERE key = 'erased_lines'", (count,))


def read(store: Path) -> dict[bytes, int]:
    """Every key with its latest time. Lines that are none (a torn last one) are left out."""
    try:
        text = place(store).read_text(encoding="ascii", errors="replace")
    except FileNotFoundError:
        return {}
    found: dict[bytes, int] = {}
    for line in text.split("\n"):
        key, _, at = line.partition(" ")
        if len(line) == _LINE - 1 and at.isdigit():
            found[bytes.fromhex(key)] = max(int(at), found.get(bytes.fromhex(key), 0))
    return found
