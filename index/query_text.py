"""Taking a typed query apart into atoms, brackets and operators, before luqum sees how they are joined.

Every mistake that has a place in the text is found here, and everything that could make a query slow is bounded here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from core.errors import QueryError

MAX_LENGTH = 4000
MAX_DEPTH = 20
MAX_ATOMS = 256
MAX_DISTANCE = 100

_QUOTES = frozenset('"“”＂「」『』')
_OPEN = frozenset("(（")
_CLOSE = frozenset(")）")
_COLONS = frozenset(":：")
_RANGE_OPEN = frozenset("[{［｛【")
_RANGE_CLOSE = frozenset("]}］｝】")
_STOPS = _QUOTES | _OPEN | _CLOSE
_NEAR = re.compile(r"NEAR/(\d{1,6})")
_FIELD = re.compile(r"[^\W\d][\w.-]*")
_SIGNS = {"-": "NOT", "－": "NOT", "+": "", "＋": ""}

PieceKind = Literal["word", "everything", "quoted", "range", "field", "open", "close", "and", "or", "not", "near"]

ATOMS: frozenset[PieceKind] = frozenset({"word", "everything", "quoted", "range"})


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece of a typed query; `place` is its offset in it, `number` the distance of a NEAR."""

    kind: PieceKind
    text: str
    place: int
    number: int = 0


def take_apart(query: str) -> list[Piece]:
    """The pieces in order, brackets balanced and sizes within bounds. Raises QueryError."""
    if len(query) > MAX_LENGTH:
        raise QueryError(f"the query has {len(query)} characters, at most {MAX_LENGTH} are read.", MAX_LENGTH)
    found = _Scanner(query).pieces()
    if not found:
        raise QueryError("the query is empty; * finds everything.", 0, "*")
    _check_sizes(found)
    _check_brackets(query, found)
    return found


class _Scanner:
    """Walks over the query once."""

    def __init__(self, query: str) -> None:
        self.query, self.place = query, 0
        self.found: list[Piece] = []

    def pieces(self) -> list[Piece]:
        while self.place < len(self.query):
            char = self.query[self.place]
            if char.isspace():
                self.place += 1
            elif char in _OPEN or char in _CLOSE:
                self._add("open" if char in _OPEN else "close", char, 1)
            elif char in _QUOTES:
                self._quoted()
            elif char in _RANGE_OPEN:
                self._range()
            elif char in _SIGNS and self._sign_applies():
                self._sign(char)
            else:
                self._word()
        return self.found

    def _add(self, kind: PieceKind, text: str, length: int, number: int = 0) -> None:
        self.found.append(Piece(kind, text, self.place, number))
        self.place += length

    def _quoted(self) -> None:
        place, text = self.place + 1, ""
        while place < len(self.query) and self.query[place] not in _QUOTES:
            if self.query[place] == "\\" and place + 1 < len(self.query):
                place += 1
            text += self.query[place]
            place += 1
        if place >= len(self.query):
            raise QueryError(
                f"the quote opened at place {self.place + 1} is not closed.",
                self.place,
                f'{self.query.rstrip()}"' if text.strip() else "",
            )
        if not text.strip():
            raise QueryError("there is nothing between the quotes.", self.place)
        self._add("quoted", text, place + 1 - self.place)

    def _range(self) -> None:
        if not self.found or self.found[-1].kind != "field":
            raise QueryError(
                "square and curly brackets hold a range after a field, such as rating:[1 TO 2]; "
                "to find them in a text, put it in quotes.",
                self.place,
            )
        end = next((n for n in range(self.place, len(self.query)) if self.query[n] in _RANGE_CLOSE), -1)
        if end < 0:
            raise QueryError("the range is not closed.", self.place, f"{self.query.rstrip()}]")
        self._add("range", self.query[self.place : end + 1], end + 1 - self.place)

    def _sign_applies(self) -> bool:
        following = self.query[self.place + 1 : self.place + 2]
        return bool(following) and not following.isspace() and following not in _SIGNS

    def _sign(self, char: str) -> None:
        if _SIGNS[char]:
            self._add("not", "NOT", 1)
        else:
            self.place += 1

    def _word(self) -> None:
        start, text, bare = self.place, "", True
        place = start
        while place < len(self.query) and not self._ends(place):
            char = self.query[place]
            if char in _COLONS and bare and not self._after_field() and _FIELD.fullmatch(text):
                self._add("field", text, place + 1 - start)
                return
            if char == "\\" and place + 1 < len(self.query):
                place, bare = place + 1, False
                char = self.query[place]
            text += char
            place += 1
        self._finish_word(text, bare, place - start)

    def _finish_word(self, text: str, bare: bool, length: int) -> None:
        near = _NEAR.fullmatch(text) if bare else None
        if bare and text in {"AND", "OR", "NOT"}:
            self._add("and" if text == "AND" else "or" if text == "OR" else "not", text, length)
        elif near:
            self._near(int(near[1]), length)
        else:
            self._check_wildcards(text, bare)
            self._add("everything" if bare and text == "*" else "word", text, length)

    def _near(self, distance: int, length: int) -> None:
        if distance > MAX_DISTANCE:
            raise QueryError(f"NEAR/{distance} reaches too far, at most {MAX_DISTANCE} tokens.", self.place, "NEAR/100")
        self._add("near", f"NEAR/{distance}", length, distance)

    def _check_wildcards(self, text: str, bare: bool) -> None:
        if bare and "*" in text and text != "*":
            raise QueryError(
                f"{text!r}: there are no wildcards, but a phrase in quotes finds it within longer words too.",
                self.place,
                f'"{text.replace("*", "")}"' if text.strip("*") else "*",
            )

    def _ends(self, place: int) -> bool:
        return self.query[place].isspace() or self.query[place] in _STOPS

    def _after_field(self) -> bool:
        return bool(self.found) and self.found[-1].kind == "field"


def _check_sizes(pieces: list[Piece]) -> None:
    atoms = [p for p in pieces if p.kind in ATOMS]
    if len(atoms) > MAX_ATOMS:
        raise QueryError(
            f"the query has {len(atoms)} words and phrases, at most {MAX_ATOMS} are read.", atoms[MAX_ATOMS].place
        )
    in_a_row = 0
    for piece in pieces:
        in_a_row = in_a_row + 1 if piece.kind == "not" else 0
        if in_a_row > MAX_DEPTH:
            raise QueryError("there are too many NOT in a row.", piece.place)


def _check_brackets(query: str, pieces: list[Piece]) -> None:
    opened: list[int] = []
    for before, piece in zip([None, *pieces], pieces, strict=False):
        if piece.kind == "open":
            opened.append(piece.place)
            if len(opened) > MAX_DEPTH:
                raise QueryError(f"brackets are nested more than {MAX_DEPTH} deep.", piece.place)
        elif piece.kind == "close":
            if not opened:
                raise QueryError("this bracket closes nothing.", piece.place, _without(query, piece.place))
            if before is not None and before.kind == "open":
                raise QueryError("there is nothing between the brackets.", before.place)
            opened.pop()
    if opened:
        told = f"the bracket opened at place {opened[-1] + 1} is not closed."
        raise QueryError(told, opened[-1], _closed(query, pieces, opened))


def _closed(query: str, pieces: list[Piece], opened: list[int]) -> str:
    """The query with its brackets closed, or without one that holds nothing; "" where neither would help."""
    ends = {*ATOMS, "close"}
    if pieces[-1].kind in ends:
        return query.rstrip() + ")" * len(opened)
    alone = len(opened) == 1 and len(pieces) > 1 and pieces[-1].kind == "open" and pieces[-2].kind in ends
    return query[: opened[-1]].rstrip() if alone else ""


def _without(query: str, place: int) -> str:
    return (query[:place] + query[place + 1 :]).strip()
