"""`opinion:( … )`: conditions that one and the same opinion must meet."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import product

from luqum.tree import AndOperation, BaseGroup, Item, OrOperation, SearchField

from core.errors import QueryError
from core.tree import Node, SameOpinion, either
from index.document import phrase_key
from index.query_fields import field_named
from index.query_text import Piece

MAX_OPINIONS = 64
_EXAMPLE = "opinion:(attribute:battery polarity:negative)"


def same_opinion(item: Item, piece: Callable[[str], Piece], value: Callable[[str, Piece], str]) -> Node:
    """One SameOpinion, or an OR of them where the brackets hold alternatives. Raises QueryError."""
    found = tuple(dict.fromkeys(_Conditions(piece, value).alternatives(item)))
    return either(*found)


class _Conditions:
    def __init__(self, piece: Callable[[str], Piece], value: Callable[[str, Piece], str]) -> None:
        self.piece, self.value = piece, value

    def alternatives(self, item: Item, field: Piece | None = None) -> list[SameOpinion]:
        if isinstance(item, BaseGroup):
            return self.alternatives(item.expr, field)
        if isinstance(item, OrOperation):
            return _bounded([a for part in item.children for a in self.alternatives(part, field)], self._place(item))
        if isinstance(item, AndOperation):
            parts = [self.alternatives(part, field) for part in item.children]
            ways = 1
            for part in parts:
                ways *= len(part)
            _check_ways(ways, self._place(item))
            return [self._merged(choice, self._place(item)) for choice in product(*parts)]
        if isinstance(item, SearchField) and field is None:
            return self.alternatives(item.expr, self._named(item))
        return [self._leaf(item, field)]

    def _named(self, item: SearchField) -> Piece:
        piece = self.piece(item.name)
        if piece.kind == "near":
            raise QueryError("NEAR cannot stand inside opinion:( … ).", piece.place)
        return piece

    def _leaf(self, item: Item, field: Piece | None) -> SameOpinion:
        if not hasattr(item, "value"):
            raise QueryError(
                "inside opinion:( … ) stand fields, AND and OR; write NOT opinion:( … ) to leave opinions out.",
                self._place(item),
                _EXAMPLE,
            )
        piece = self.piece(item.value)
        if field is None:
            raise QueryError("inside opinion:( … ) every word needs its field.", piece.place, _EXAMPLE)
        if piece.kind in {"range", "everything"}:
            raise QueryError(f"{field.text}: needs a value here.", piece.place, _EXAMPLE)
        name = field_named(field.text, field.place, inside_opinion=True)
        if name == "phrase":
            return SameOpinion(phrase=phrase_key(piece.text, ""))
        found = self.value(name, piece)
        if name == "polarity" and found == "unsure":
            raise QueryError("an opinion is positive, neutral or negative, never unsure.", piece.place)
        return replace(SameOpinion(), **{name: found})

    def _merged(self, choice: tuple[SameOpinion, ...], place: int) -> SameOpinion:
        merged = SameOpinion()
        for part in choice:
            for name in ("brand", "attribute", "polarity", "phrase"):
                given = getattr(part, name)
                if given and getattr(merged, name) not in {"", given}:
                    raise QueryError(f"one opinion has one {name}; use OR for alternatives.", place, _EXAMPLE)
                if given:
                    merged = replace(merged, **{name: given})
        return merged

    def _place(self, item: Item) -> int:
        while not hasattr(item, "value") and item.children:
            item = item.children[0]
        return self.piece(item.value).place if hasattr(item, "value") else 0


def _bounded(found: list[SameOpinion], place: int) -> list[SameOpinion]:
    _check_ways(len(found), place)
    return found


def _check_ways(ways: int, place: int) -> None:
    if ways > MAX_OPINIONS:
        raise QueryError(f"these brackets stand for {ways} opinions, at most {MAX_OPINIONS} are searched.", place)
