"""How the pieces of a query are joined: checked here, then luqum reads precedence, brackets and field groups.

Atoms go to luqum as `a7`, fields as `f3:` and NEAR as `n5:( left AND right )`, each numbered by its piece: so nothing
that was typed can mean something else to luqum's own grammar, and every node knows its place.
"""

from __future__ import annotations

from luqum.exceptions import ParseError
from luqum.thread import parse as luqum_parse
from luqum.tree import Item

from core.errors import QueryError
from index.query_text import ATOMS, Piece

_BEGINS_OPERAND = ATOMS | {"field", "open", "not"}
_WRITTEN = {"open": "(", "close": ")", "and": "AND", "or": "OR", "not": "NOT", "near": "AND"}


def structure(pieces: list[Piece], query: str) -> Item:
    """luqum's tree over the numbered pieces. Raises QueryError where something is missing."""
    _check_operands(pieces, query)
    starts, ends = _near_extents(pieces)
    words: list[str] = []
    for number, piece in enumerate(pieces):
        if number and piece.kind in _BEGINS_OPERAND and _ends_operand(pieces[number - 1]):
            words.append("AND")
        words += [f"n{near}:(" for near in starts.get(number, ())]
        words.append(_written(number, piece))
        words += [")"] * ends.get(number, 0)
    try:
        return luqum_parse(" ".join(words).replace(": ", ":"))
    except ParseError as error:
        raise QueryError(
            "the query cannot be understood; put brackets around what belongs together.", pieces[0].place
        ) from error


def _written(number: int, piece: Piece) -> str:
    if piece.kind in ATOMS:
        return f"a{number}"
    return f"f{number}:" if piece.kind == "field" else _WRITTEN[piece.kind]


def _ends_operand(piece: Piece) -> bool:
    return piece.kind in ATOMS or piece.kind == "close"


def _check_operands(pieces: list[Piece], query: str) -> None:
    """Every operator and field needs something beside it."""
    wanted: Piece | None = None
    for number, piece in enumerate(pieces):
        missing = number == 0 or not _ends_operand(pieces[number - 1])
        if piece.kind in {"and", "or", "near", "close"} and missing:
            raise _nothing_before(piece, wanted)
        if wanted is not None and wanted.kind == "field" and piece.kind in {"field", "not"}:
            raise QueryError(f"{wanted.text}: needs a value right after the colon.", wanted.place)
        if piece.kind == "not" and wanted is not None and wanted.kind == "near":
            raise QueryError("NEAR joins words and phrases; NOT cannot stand in it.", piece.place)
        wanted = None if _ends_operand(piece) else piece
    if wanted is not None:
        what = f"{wanted.text}: needs a value" if wanted.kind == "field" else f"there is nothing after {wanted.text}"
        raise QueryError(f"{what}.", wanted.place, query[: wanted.place].strip())


def _nothing_before(piece: Piece, wanted: Piece | None) -> QueryError:
    if wanted is not None and wanted.kind == "field":
        return QueryError(f"{wanted.text}: needs a value right after the colon.", wanted.place)
    if piece.kind == "close" and wanted is not None:
        return QueryError(f"there is nothing after {wanted.text}.", wanted.place)
    hint = f" To find the word itself, write it in quotes: {chr(34)}{piece.text}{chr(34)}."
    return QueryError(f"there is nothing before {piece.text}.{hint}", piece.place, f'"{piece.text}"')


def _near_extents(pieces: list[Piece]) -> tuple[dict[int, list[int]], dict[int, int]]:
    """Before which piece a NEAR's left side begins, and after which its right side ends."""
    starts: dict[int, list[int]] = {}
    ends: dict[int, int] = {}
    partner = _partners(pieces)
    last_end = -1
    for number, piece in enumerate(pieces):
        if piece.kind != "near":
            continue
        left, right = partner.get(number - 1, number - 1), partner.get(number + 1, number + 1)
        if (left > 0 and pieces[left - 1].kind == "field") or pieces[right].kind == "field":
            raise QueryError("NEAR joins words and phrases; a field cannot stand beside it.", piece.place)
        if left <= last_end:
            raise QueryError("NEAR joins two sides; for three write a NEAR/5 b AND b NEAR/5 c.", piece.place)
        starts.setdefault(left, []).append(number)
        ends[right] = ends.get(right, 0) + 1
        last_end = right
    return starts, ends


def _partners(pieces: list[Piece]) -> dict[int, int]:
    """The other bracket of each bracket."""
    opened: list[int] = []
    partner: dict[int, int] = {}
    for number, piece in enumerate(pieces):
        if piece.kind == "open":
            opened.append(number)
        elif piece.kind == "close":
            other = opened.pop()
            partner[number], partner[other] = other, number
    return partner
