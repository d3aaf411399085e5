"""Whether one document matches a tree, asked of the document itself: for the few that carry labels."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import cache

from core.errors import QueryError
from core.models import DocumentOpinion, SearchDocument
from core.tree import (
    RANGE_FIELDS,
    TERM_FIELDS,
    And,
    Everything,
    Near,
    Node,
    Not,
    Or,
    Phrase,
    Range,
    SameOpinion,
    Term,
    Word,
)
from index.document import ancestors, term_keys
from index.fulltext import contains
from index.near import near
from nlp.segment import Segmenter

Leaf = Word | Phrase | Near | Term | Range | SameOpinion
_TIMES = {"date": "published_at", "collected": "collected_at"}


def holds(document: SearchDocument, tree: Node) -> bool:
    """The answer that an index without user words gives. Raises QueryError for a field that there is not."""
    match tree:
        case And(parts):
            return all(holds(document, part) for part in parts)
        case Or(parts):
            return any(holds(document, part) for part in parts)
        case Not(part):
            return not holds(document, part)
        case Everything():
            return True
    return _leaf(document, tree)


def _leaf(document: SearchDocument, tree: Leaf) -> bool:
    match tree:
        case Term(field, value):
            return value in term_keys(document, _known(field, TERM_FIELDS))
        case Range():
            return _in_range(document, tree)
        case SameOpinion():
            return any(satisfies(opinion, tree) for opinion in document.opinions)
        case Phrase(text):
            return contains(text, document.title, document.text)
        case Near():
            return near(document.text, tree) or near(document.title, tree)
        case Word(text):
            wanted = _segmenter().words(text)
            return any(_adjacent(_segmenter().words(t), wanted) for t in (document.title, document.text))


def satisfies(opinion: DocumentOpinion, wanted: SameOpinion) -> bool:
    """Whether one opinion meets every condition given."""
    return (
        wanted.brand in {"", opinion.target}
        and (not wanted.attribute or wanted.attribute in ancestors(opinion.attribute))
        and wanted.polarity in {"", opinion.polarity}
        and wanted.phrase in {"", opinion.phrase}
    )


def _in_range(document: SearchDocument, tree: Range) -> bool:
    field = _known(tree.field, RANGE_FIELDS)
    value = getattr(document, _TIMES.get(field, field))
    if value is None:
        return False
    low, high = tree.low, tree.high
    if isinstance(value, datetime):
        after = not isinstance(low, datetime) or low <= value
        return after and (not isinstance(high, datetime) or value < high)
    after = low is None or isinstance(low, datetime) or low <= value
    return after and (high is None or isinstance(high, datetime) or value <= high)


def _known(field: str, fields: tuple[str, ...]) -> str:
    if field not in fields:
        raise QueryError(f"{field!r} is no field of this kind; there are {', '.join(fields)}.")
    return field


def _adjacent(words: Sequence[str], wanted: Sequence[str]) -> bool:
    n = len(wanted)
    return n > 0 and any(list(words[i : i + n]) == list(wanted) for i in range(len(words) - n + 1))


@cache
def _segmenter() -> Segmenter:
    return Segmenter()
