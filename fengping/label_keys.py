"""Where answers come from: single keys of a terminal, or the characters of a pipe."""

from __future__ import annotations

import sys
from typing import Protocol

import click

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
            pressed = click.getchar()
        except EOFError:
            return END
        return "\n" if pressed in {"\r", "\n"} else pressed.lower()

    def line(self) -> str:
        try:
            return input()
        except EOFError:
            return ""


class PipedKeys:
    """The characters of standard input, so that a script can answer too."""

    def key(self) -> str:
        return sys.stdin.read(1).lower()

    def line(self) -> str:
        return sys.stdin.readline().rstrip("\r\n")


def keys() -> Keys:
    """Of the terminal where there is one."""
    return TerminalKeys() if sys.stdin.isatty() else PipedKeys()
