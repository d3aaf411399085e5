"""The meaning of every question, spelt out slowly over plain documents: what engines are compared with."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from math import fsum
from zoneinfo import ZoneInfo

from core.interfaces import Facet, Sums, Table
from core.models import DocumentOpinion, SearchDocument
from core.tree import (
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
from index.order import sort_key
from nlp.segment import Segmenter, characters, normalise, sentences

SEGMENTER = Segmenter()
_words = lru_cache(10_000)(SEGMENTER.words)
_characters = lru_cache(10_000)(characters)
_sentences = lru_cache(10_000)(sentences)


def matches(document: SearchDocument, tree: Node) -> bool:
    match tree:
        case Everything():
            return True
        case And(parts):
            return all(matches(document, p) for p in parts)
        case Or(parts):
            return any(matches(document, p) for p in parts)
        case Not(part):
            return not matches(document, part)
        case Term(field, value):
            return value in term_keys(document, field)
        case Range():
            return _in_range(document, tree)
        case Phrase(text):
            return any(normalise(text) in normalise(t) for t in (document.title, document.text))
        case Word(text):
            wanted = _words(text)
            return any(_adjacent(_words(t), wanted) for t in (document.title, document.text))
        case Near():
            return any(_near(t, tree) for t in (document.title, document.text))
        case SameOpinion():
            return any(_satisfies(o, tree) for o in document.opinions)


def _satisfies(opinion: DocumentOpinion, wanted: SameOpinion) -> bool:
    return (
        wanted.brand in {"", opinion.target}
        and (not wanted.attribute or wanted.attribute in ancestors(opinion.attribute))
        and wanted.polarity in {"", opinion.polarity}
        and wanted.phrase in {"", opinion.phrase}
    )


def _in_range(document: SearchDocument, tree: Range) -> bool:
    name = {"date": "published_at", "collected": "collected_at"}.get(tree.field, tree.field)
    value = getattr(document, name)
    if value is None:
        return False
    if tree.field in {"date", "collected"}:
        return (tree.low is None or tree.low <= value) and (tree.high is None or value < tree.high)
    return (tree.low is None or tree.low <= value) and (tree.high is None or value <= tree.high)


def _adjacent(words: Sequence[str], wanted: Sequence[str]) -> bool:
    n = len(wanted)
    return n > 0 and any(list(words[i : i + n]) == list(wanted) for i in range(len(words) - n + 1))


def _near(text: str, question: Near) -> bool:
    """All pairs of places, each checked by counting what stands between."""
    normal = normalise(text)
    for one in _places(normal, question.left):
        for other in _places(normal, question.right):
            first, second = sorted((one, other))
            if first[1] > second[0]:
                continue
            together = any(start <= first[0] and second[1] <= end for start, end in _sentences(text))
            between = [
                t for t in _characters(text) if t.start >= first[1] and t.end <= second[0] and t.text[0].isalnum()
            ]
            if together and len(between) <= question.distance:
                return True
    return False


def _places(normal: str, phrases: Iterable[str]) -> list[tuple[int, int]]:
    wanted = [normalise(p) for p in phrases]
    return [(i, i + len(p)) for p in wanted if p for i in range(len(normal)) if normal.startswith(p, i)]


class Brute:
    """Answers as an Index does, by looking at every document."""

    def __init__(self, documents: Iterable[SearchDocument]) -> None:
        self.documents = {d.id: d for d in documents}
        self._found: dict[Node, list[SearchDocument]] = {}

    def matching(self, tree: Node) -> list[SearchDocument]:
        if tree not in self._found:
            self._found[tree] = [d for d in self.documents.values() if matches(d, tree)]
        return self._found[tree]

    def count(self, tree: Node) -> int:
        return len(self.matching(tree))

    def ids(self, tree: Node, sort: str = "newest") -> list[str]:
        return [d.id for d in sorted(self.matching(tree), key=lambda d: (sort_key(d, sort), d.id))]  # type: ignore[arg-type]

    def counter(self, tree: Node, field: str) -> Counter[str]:
        return Counter(key for d in self.matching(tree) for key in term_keys(d, field))

    def facets(self, tree: Node, field: str, n: int = 20, prefix: str = "") -> tuple[Facet, ...]:
        found = [(k, c) for k, c in self.counter(tree, field).items() if k.startswith(prefix)]
        return tuple(Facet(k, c) for k, c in sorted(found, key=lambda p: (-p[1], p[0]))[:n])

    def phrases(self, tree: Node, wanted: SameOpinion, n: int = 20) -> tuple[Facet, ...]:
        counts = Counter(
            phrase
            for document in self.matching(tree)
            for phrase in {o.phrase for o in document.opinions if o.phrase and _satisfies(o, wanted)}
        )
        return tuple(Facet(k, c) for k, c in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))[:n])

    def table(self, tree: Node, rows: str, columns: str, n: int = 50) -> Table:
        left, right = (tuple(f.key for f in self.facets(tree, field, n)) for field in (rows, columns))
        cells: Counter[tuple[str, str]] = Counter(
            (r, c)
            for d in self.matching(tree)
            for r in term_keys(d, rows)
            for c in term_keys(d, columns)
            if r in left and c in right
        )
        return Table(left, right, dict(cells))

    def sums(self, tree: Node, fields: Sequence[str]) -> Sums:
        found = self.matching(tree)
        values = {f: [getattr(d, f) for d in found if getattr(d, f) is not None] for f in fields}
        return Sums(len(found), {f: fsum(v) for f, v in values.items()}, {f: len(v) for f, v in values.items()})

    def series(
        self,
        tree: Node,
        interval: str,
        timezone: str,
        split: str | None = None,
        time: str = "published",
        until: datetime | None = None,
        prefix: str = "",
    ) -> dict[str, dict[datetime, int]]:
        """Counts above 0 by group and bucket start."""
        zone, found = ZoneInfo(timezone), {}
        for d in self.matching(tree):
            moment = d.published_at if time == "published" else d.collected_at
            if moment is None or (until is not None and moment >= until):
                continue
            start = _floor(moment.astimezone(zone), interval)
            for key in ("",) if split is None else term_keys(d, split):
                if key.startswith(prefix):
                    row = found.setdefault(key, {})
                    row[start.astimezone(UTC)] = row.get(start.astimezone(UTC), 0) + 1
        return found


def _floor(local: datetime, interval: str) -> datetime:
    if interval == "15m":
        return local.replace(minute=local.minute - local.minute % 15, second=0, microsecond=0)
    if interval == "hour":
        return local.replace(minute=0, second=0, microsecond=0)
    day = local.replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
    if interval == "week":
        return day - timedelta(days=day.weekday())
    return day.replace(day=1) if interval == "month" else day
