"""Who is writing a SQLite file, so that a message can name the process."""

from __future__ import annotations

from pathlib import Path

_WRITE_LOCK = 120
"""The byte of the -shm file that a writer locks (sqlite.org/walformat.html, "WAL locks")."""


def writer(path: Path) -> str:
    """`process 4711 (python)` where the system tells (Linux), else `another process`."""
    try:
        inode = Path(f"{path}-shm").stat().st_ino
        locks = Path("/proc/locks").read_text(encoding="ascii").splitlines()
    except OSError:
        return "another process"
    pid = next((_holder(line.split()) for line in locks if _locks(line.split(), inode)), "")
    return f"process {pid}{_name(pid)}" if pid else "another process"


def _locks(parts: list[str], inode: int) -> bool:
    """A line of /proc/locks: number, kind, mode, access, pid, device:inode, first byte, last byte."""
    return len(parts) == 8 and parts[3] == "WRITE" and parts[5].endswith(f":{inode}") and parts[6] == str(_WRITE_LOCK)


def _holder(parts: list[str]) -> str:
    return parts[4]


def _name(pid: str) -> str:
    try:
        return f" ({Path(f'/proc/{pid}/comm').read_text(encoding='utf-8').strip()})"
    except OSError:
        return ""
