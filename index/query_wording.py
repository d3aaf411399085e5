"""A tree as a query that people can read, type and bookmark; parsing it gives the same tree."""

from __future__ import annotations

from datetime import UTC, datetime

from core.tree import And, Near, Node, Not, Or, Phrase, Range, SameOpinion, Term, Word

_SPECIAL = frozenset('\\"“”＂「」『』()（）[]{}［］｛｝【】:：*-－+＋')
_OPERATORS = frozenset({"AND", "OR", "NOT"})


def wording(tree: Node) -> str:
    """The query language's text of a tree. Authors are shown as digests."""
    return _worded(tree, outer="")


def _worded(tree: Node, outer: str) -> str:
    if isinstance(tree, And | Or):
        name = "AND" if isinstance(tree, And) else "OR"
        return _bracketed(f" {name} ".join(_worded(p, name) for p in tree.parts), bool(outer))
    if isinstance(tree, Not):
        return f"NOT {_worded(tree.part, 'NOT')}"
    return _leaf(tree)


def _leaf(tree: Node) -> str:  # noqa: PLR0911 - one line a kind of leaf
    match tree:
        case Word(text):
            return _word(text)
        case Phrase(text):
            return _quoted(text)
        case Near(left, right, distance):
            return f"({_side(left)} NEAR/{distance} {_side(right)})"
        case Term(field, value):
            return f"{field}:{_value(f'#{value}' if field == 'author' else value)}"
        case Range():
            return _range(tree)
        case SameOpinion():
            return _opinion(tree)
        case _:
            return "*"


def _bracketed(text: str, needed: bool) -> str:
    return f"({text})" if needed else text


def _quoted(text: str) -> str:
    escaped = "".join(f"\\{c}" if c in '\\"“”＂「」『』' else c for c in text)
    return f'"{escaped}"'


def _word(text: str) -> str:
    escaped = "".join(f"\\{c}" if c in _SPECIAL or c.isspace() else c for c in text)
    return f"\\{escaped}" if text in _OPERATORS or text.startswith("NEAR/") else escaped


def _value(text: str) -> str:
    plain = text and all(c not in _SPECIAL and not c.isspace() for c in text) and text not in _OPERATORS
    return text if plain and not text.startswith("NEAR/") else _quoted(text)


def _side(texts: tuple[str, ...]) -> str:
    return _quoted(texts[0]) if len(texts) == 1 else f"({' OR '.join(_quoted(t) for t in texts)})"


def _opinion(opinion: SameOpinion) -> str:
    given = {n: getattr(opinion, n) for n in ("brand", "attribute", "polarity", "phrase")}
    return f"opinion:({' '.join(f'{name}:{_value(value)}' for name, value in given.items() if value)})"


def _range(tree: Range) -> str:
    low, high = _bound(tree.field, tree.low), _bound(tree.field, tree.high)
    close = "}" if isinstance(tree.high, datetime) else "]"
    return f"{tree.field}:[{low} TO {high}{close}"


def _bound(field: str, bound: float | datetime | None) -> str:
    if bound is None:
        return "*"
    if isinstance(bound, datetime):
        return bound.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ").replace(".000000Z", "Z")
    number = bound * 4 + 1 if field == "rating" else bound
    return repr(float(number)).removesuffix(".0")
