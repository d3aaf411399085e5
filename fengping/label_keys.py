"""Where answers come from: single keys of a terminal, or the characters of a pipe."""

from __future__ import annotations

import os
import sys
from typing import Protocol

import click

try:
    import termios
    import tty
except ImportError:  # Windows
    termios = tty = None  # type: ignore[assignment]

END = ""
"""No more answers: end of file, or the person left."""


class Keys(Protocol):
    """A source of answers."""

    def key(self) -> str:
        """The next key, in lower case; a line break is "\\n". END where there are no more."""
        ...

    def line(self) -> str:
        """A whole line without its end; "" where there are no more."""
        ...


class TerminalKeys:
    """Keys as they are pressed, without Enter."""

    def key(self) -> str:
        try:
            pressed = _pressed()
        except EOFError:
            return END
        return "\n" if pressed in {"\r", "\n"} else pressed.lower()

    def line(self) -> str:
        try:
            return input()
        except EOFError:
            return ""


def _pressed() -> str:
    """click's `getchar` throws away what was typed ahead, so it is asked only where there is no termios (Windows)."""
    if termios is None:
        return click.getchar()
    place = sys.stdin.fileno()
    before = termios.tcgetattr(place)
    try:
        tty.setcbreak(place, termios.TCSADRAIN)
        pressed = os.read(place, 1)
    finally:
        termios.tcsetattr(place, termios.TCSADRAIN, before)
    return "" if pressed in {b"", b"\x04"} else pressed.decode("utf-8", "replace")


class PipedKeys:
    """The characters of standard input, so that a script can answer too."""

    def key(self) -> str:
        return sys.stdin.read(1).lower()

    def line(self) -> str:
        return sys.stdin.readline().rstrip("\r\n")


def keys() -> Keys:
    """Of the terminal where there is one."""
    return TerminalKeys() if sys.stdin.isatty() else PipedKeys()
