"""Terms as a lexicon could be taught them: what only stands around them cut off, junk and what is known left out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache

from core.config import Brand
from core.errors import ConfigError
from nlp.lexicon import SHIPPED, Lexicon
from nlp.lexicon_file import read_toml
from nlp.segment import Segmenter, is_run, normalise, pieces
from nlp.terms import TermFinder

TABLE = SHIPPED / "stopwords.toml"
MOST_PIECES = 12
"""A stretch of more characters (Latin words count as one) is a clause, not a term."""
_SHORT = 2
"""A term of so many characters is not asked whether it is a clause."""
_KEYS = ("stop", "edges", "spoken", "hollow", "measures")
_REMEMBERED = 65_536
_CODE = r"[a-z0-9+\-]*[0-9]{2}[a-z0-9+\-]*|[a-z][0-9][a-z+]*"
_FIGURES = r"第?[0-9.,:/%+\-一二两三四五六七八九十百千万几半多]+"


class TermCleaner:
    """Cleans the terms of one industry's readings; remembers its answers."""

    def __init__(self, lexicon: Lexicon, brands: Sequence[Brand] = ()) -> None:
        self._lexicon = lexicon
        self._names = TermFinder(sorted(set(_names(brands))))
        self.offered = lru_cache(_REMEMBERED)(self._offered)

    def _offered(self, written: str) -> str:
        """The term as it is counted, normalised; "" for junk and for what an attribute takes already."""
        whole = " ".join(normalise(written).split())
        if self._is_known(whole):
            return ""
        term = self._bare(whole)
        return "" if _is_junk(term) or self._is_known(term) or self._is_spoken(term) else term

    def head(self, clause: str) -> str:
        """The first word of a clause, as written; two where the first is a single character; "" where none is left."""
        words = _segmenter().cut(normalise(clause))
        first = words[0] if words else ""
        if len(first) == 1 and len(words) > 1 and not is_run(first):
            first += words[1]
        return clause[: len(first)] if clause and not clause[0].isspace() and " " not in clause[: len(first)] else ""

    def _is_spoken(self, term: str) -> bool:
        """Whether a stretch says something whole rather than naming a thing."""
        return len(pieces(term)) > _SHORT and not _table()["spoken"].isdisjoint(_segmenter().cut(term))

    def _is_known(self, term: str) -> bool:
        return self._lexicon.listed(term) is not None or self._lexicon.attribute_of(term) != ""

    def _bare(self, term: str) -> str:
        """Without marks, function words and the project's own names at either end."""
        former = ""
        while term != former:
            former = term
            term = self._without_names(_without_edges(_stripped(term)))
        return term

    def _without_names(self, term: str) -> str:
        for _, start, end in self._names.find(term):
            if start == 0:
                return term[end:]
            if end == len(term):
                return term[:start]
        return term


def _names(brands: Sequence[Brand]) -> Iterator[str]:
    for brand in brands:
        for text in (brand.name, *brand.aliases, *(n for p in brand.products for n in (p.name, *p.aliases))):
            if name := normalise(text).strip():
                yield name


def _is_junk(term: str) -> bool:
    cut = [p for p in pieces(term) if not p.isspace()]
    if len(cut) > MOST_PIECES or not any(c.isalpha() for c in term):
        return True
    return (len(term) == 1 and is_run(term)) or term in _table()["stop"] or _figures().fullmatch(term) is not None


def _stripped(term: str) -> str:
    start, end = 0, len(term)
    while start < end and not term[start].isalnum():
        start += 1
    while end > start and not term[end - 1].isalnum():
        end -= 1
    return term[start:end]


def _without_edges(term: str) -> str:
    """Cuts one word off each end while two characters are left: 的 stays in 目的."""
    before, after = _edges()
    if found := before.match(term):
        term = term[found.end() :]
    if found := after.search(term):
        term = term[: found.start()]
    return term


@cache
def _segmenter() -> Segmenter:
    return Segmenter()


@cache
def _edges() -> tuple[re.Pattern[str], re.Pattern[str]]:
    words = sorted(_table()["edges"], key=lambda w: (-len(w), w))
    latin, other = [w for w in words if is_run(w)], [w for w in words if not is_run(w)]
    both = [*map(re.escape, other), rf"\b(?:{'|'.join(map(re.escape, latin))})\b"]
    either = "|".join(both)
    return re.compile(rf"(?:{either})(?=..)"), re.compile(rf"(?<=..)(?:{either})$")


@cache
def _figures() -> re.Pattern[str]:
    """Numbers, with a unit or not, and the codes that makers give their models (a1200, x2)."""
    units = "|".join(re.escape(w) for w in sorted(_table()["measures"], key=lambda w: (-len(w), w)))
    return re.compile(rf"{_FIGURES}\s*(?:{units})?|{_CODE}")


@cache
def _table() -> dict[str, frozenset[str]]:
    table = read_toml(TABLE)
    if set(table) != set(_KEYS):
        raise ConfigError(f"{TABLE}: the keys are {', '.join(_KEYS)}; found {', '.join(table)}.")
    return {key: frozenset(normalise(word) for word in table[key]) for key in _KEYS}
