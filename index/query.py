"""The query language: one text, one tree, whatever the engine. docs/query-language.md describes it for people."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from luqum.tree import AndOperation, BaseGroup, Item, Not, OrOperation, SearchField

from core.errors import QueryError
from core.interfaces import Clock
from core.tree import RANGE_FIELDS, And, Everything, Near, Node, Or, Phrase, Term, Word, both, either
from core.tree import Not as Without
from index.query_fields import OPINION, STARS, Known, field_named, value_of
from index.query_opinion import same_opinion
from index.query_ranges import range_of, stars_of
from index.query_structure import structure
from index.query_text import Piece, take_apart
from index.query_wording import wording
from nlp.segment import normalise

MAX_PAIRS = 64
DIGEST_MARK = "#"
"""`author:#…` is a digest already."""


def utc_now() -> datetime:
    """The present, for relative dates."""
    return datetime.now(UTC)


def parse(
    query: str,
    zone: ZoneInfo,
    author_digest: Callable[[str], str] | None = None,
    known: Known | None = None,
    names: Mapping[str, Mapping[str, str]] | None = None,
    clock: Clock = utc_now,
) -> Node:
    """Reads a query as typed; dates are days of `zone`.

    `author_digest` hashes a name after `author:`; `known` lists the values of checked fields (field -> values);
    `names` gives other names of values (field -> normalised name -> value), such as 电池 -> battery for attributes.
    Raises QueryError with the place and, where there is one, a suggestion; nothing else.
    """
    pieces = take_apart(query)
    return _Builder(pieces, zone, author_digest, known or {}, names or {}, clock()).node(structure(pieces, query))


class _Builder:
    """Turns luqum's tree over numbered pieces into ours."""

    def __init__(
        self,
        pieces: list[Piece],
        zone: ZoneInfo,
        author_digest: Callable[[str], str] | None,
        known: Known,
        names: Mapping[str, Mapping[str, str]],
        now: datetime,
    ) -> None:
        self.pieces, self.zone, self.now = pieces, zone, now
        self.author_digest, self.known, self.names = author_digest, known, names

    def node(self, item: Item, field: Piece | None = None) -> Node:
        if isinstance(item, AndOperation):
            return _flat(And, [self.node(part, field) for part in item.children])
        if isinstance(item, OrOperation):
            return _flat(Or, [self.node(part, field) for part in item.children])
        if isinstance(item, Not):
            return Without(self.node(item.children[0], field))
        if isinstance(item, BaseGroup):
            return self.node(item.expr, field)
        if isinstance(item, SearchField):
            return self._field(item, field)
        return self._leaf(self.piece(item.value), field)

    def piece(self, numbered: str) -> Piece:
        return self.pieces[int(numbered[1:])]

    def _field(self, item: SearchField, outer: Piece | None) -> Node:
        piece = self.piece(item.name)
        if outer is not None:
            raise QueryError(f"{piece.text} cannot stand inside {outer.text}:( … ).", piece.place)
        if piece.kind == "near":
            return self._near(piece, item.expr)
        if field_named(piece.text, piece.place) == OPINION:
            return same_opinion(item.expr, self.piece, self.value)
        return self.node(item.expr, piece)

    def _leaf(self, piece: Piece, field: Piece | None) -> Node:
        if field is None:
            return _text_leaf(piece)
        name = field_named(field.text, field.place)
        if name == STARS:
            return stars_of(piece)
        if name in RANGE_FIELDS:
            return range_of(name, piece, self.zone, self.now)
        if piece.kind == "range":
            raise QueryError(f"{field.text}: holds names, not a range.", piece.place)
        if piece.kind == "everything":
            raise QueryError(f"{field.text}: needs a value; leave it out to find all of them.", field.place)
        return Term(name, self.value(name, piece))

    def value(self, field: str, piece: Piece) -> str:
        """The value of a term field that a piece means."""
        if not piece.text.strip():
            raise QueryError(f"{field}: needs a value.", piece.place)
        if field == "author":
            return self._author(piece)
        written = piece.text.strip()
        return value_of(field, self.names.get(field, {}).get(normalise(written), written), piece.place, self.known)

    def _author(self, piece: Piece) -> str:
        if piece.text.startswith(DIGEST_MARK):
            return piece.text.removeprefix(DIGEST_MARK)
        if self.author_digest is None:
            raise QueryError("authors cannot be asked by name here; write author:# and the digest.", piece.place)
        return self.author_digest(piece.text)

    def _near(self, piece: Piece, item: Item) -> Node:
        left, right = (self._texts(side, piece) for side in item.expr.children)
        if len(left) * len(right) > MAX_PAIRS:
            raise QueryError(
                f"this NEAR stands for {len(left)} × {len(right)} pairs, at most {MAX_PAIRS} are searched.", piece.place
            )
        return Near(left, right, piece.number)

    def _texts(self, item: Item, near: Piece) -> tuple[str, ...]:
        if isinstance(item, BaseGroup):
            return self._texts(item.expr, near)
        if isinstance(item, OrOperation):
            return tuple(text for part in item.children for text in self._texts(part, near))
        found = self.piece(item.value) if hasattr(item, "value") else None
        if found is None or found.kind not in {"word", "quoted"}:
            raise QueryError("NEAR joins words and phrases, several of them as (a OR b).", near.place)
        return (found.text,)


def _text_leaf(piece: Piece) -> Node:
    if piece.kind == "everything":
        return Everything()
    return Phrase(piece.text) if piece.kind == "quoted" else Word(piece.text)


def _flat(kind: type[And] | type[Or], parts: list[Node]) -> Node:
    """Nested operations of one kind become one, so that a tree has one form."""
    flat: list[Node] = []
    for part in parts:
        flat += part.parts if isinstance(part, kind) else (part,)
    return both(*flat) if kind is And else either(*flat)


__all__ = ["MAX_PAIRS", "parse", "utc_now", "wording"]
