"""A small grammar of texts: `[a|b]` picks one, `{3-9}` a number, `{name}` an entry of a list or a slot filled later,
`<…>` a smiley in square brackets.

Templates are compiled once; writing one is a walk with a few random picks, fast enough for tens of thousands a second.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

from core.errors import ConfigError

SLOTS = ("p", "b", "rp", "a", "term", "nick")
"""What a caller fills in: product, brand, rival product, term of an attribute (two names for it), a contact."""
Draw = Callable[[], float]
Part: TypeAlias = "str | int | range | tuple[Part, ...] | list[Part]"
"""A literal, a slot, a number to draw, a sequence (tuple) or alternatives (list)."""
JOIN = 400
"""The most combinations that are written out in advance."""
_TOKEN = re.compile(r"[\[\]|]|\{[^{}]*\}|[^\[\]|{}]+")
_SMILEY = str.maketrans("<>", "[]")
_NUMBERS = re.compile(r"^(\d+)-(\d+)$")


class Grammar:
    """Compiles templates over named lists; each list is compiled once."""

    def __init__(self, lists: Mapping[str, Sequence[str]]) -> None:
        self._lists = lists
        self._compiled: dict[str, list[Part]] = {}

    def template(self, text: str) -> Part:
        """Raises ConfigError for an unknown name or an open bracket."""
        tokens = _TOKEN.findall(text)
        if "".join(tokens) != text:
            raise ConfigError(f"{text!r}: a brace stands alone; write {{name}} or {{3-9}}.")
        part, rest = self._sequence(tokens, 0, text, nested=False)
        if rest != len(tokens):
            raise ConfigError(f"{text!r}: a bracket closes that none opened; remove it.")
        return part

    def templates(self, texts: Sequence[str]) -> list[Part]:
        return [self.template(text) for text in texts]

    def _sequence(self, tokens: list[str], at: int, text: str, nested: bool) -> tuple[Part, int]:
        parts: list[Part] = []
        while at < len(tokens):
            mark = tokens[at]
            if nested and mark in "]|":
                break
            if mark == "]":
                break
            if mark == "[":
                part, at = self._alternatives(tokens, at + 1, text)
                parts.append(part)
                continue
            parts.append(self._named(mark[1:-1], text) if mark[0] == "{" else mark.translate(_SMILEY))
            at += 1
        parts = _joined(parts)
        return (parts[0] if len(parts) == 1 else tuple(parts) if parts else ""), at

    def _alternatives(self, tokens: list[str], at: int, text: str) -> tuple[Part, int]:
        found: list[Part] = []
        while at < len(tokens):
            part, at = self._sequence(tokens, at, text, nested=True)
            found.append(part)
            if at < len(tokens) and tokens[at] == "]":
                return found, at + 1
            at += 1
        raise ConfigError(f"{text!r}: a bracket is not closed; add the missing ].")

    def _named(self, name: str, text: str) -> Part:
        numbers = _NUMBERS.match(name)
        if numbers:
            return range(int(numbers[1]), int(numbers[2]) + 1)
        if name in SLOTS:
            return SLOTS.index(name)
        if name not in self._lists:
            raise ConfigError(f"{text!r}: no list is called {name!r}; there are: {', '.join(sorted(self._lists))}.")
        if name not in self._compiled:
            self._compiled[name] = []
            self._compiled[name].extend(self.templates(self._lists[name]))
        return self._compiled[name]


def _joined(parts: Sequence[Part]) -> list[Part]:
    """Neighbouring choices among few plain words become one choice among their combinations: one draw for many."""
    found: list[Part] = []
    for part in parts:
        before, after = _plain(found[-1]) if found else [], _plain(part)
        if before and after and len(before) * len(after) <= JOIN:
            both = [a + b for a in before for b in after]
            found[-1] = both[0] if len(both) == 1 else list[Part](both)
        else:
            found.append(part)
    return found


def _plain(part: Part) -> list[str]:
    """The strings that a part may become, if that is all it is."""
    if isinstance(part, str):
        return [part]
    if isinstance(part, list) and part and all(isinstance(p, str) for p in part):
        return [p for p in part if isinstance(p, str)]
    return []


def write(part: Part, draw: Draw, slots: Sequence[str], out: Callable[[str], object]) -> None:
    """Writes one text of a compiled template, piece by piece, to `out`."""
    for piece in part if isinstance(part, tuple) else (part,):
        chosen = piece
        while chosen.__class__ is list:
            chosen = chosen[int(draw() * len(chosen))]
        kind = chosen.__class__
        if kind is str:
            out(chosen)  # type: ignore[arg-type]
        elif kind is range:
            out(str(chosen[int(draw() * len(chosen))]))  # type: ignore[index, arg-type]
        elif kind is int:
            out(slots[chosen])  # type: ignore[index]
        else:
            write(chosen, draw, slots, out)


def one(parts: Sequence[Part], draw: Draw, slots: Sequence[str]) -> str:
    """A text of one of the templates."""
    pieces: list[str] = []
    write(parts[int(draw() * len(parts))], draw, slots, pieces.append)
    return "".join(pieces)
