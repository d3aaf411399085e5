"""How a comparison comes out by the word that it is told with: 亮 is better, 卡 is worse, 低 depends on what is low."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Literal, NamedTuple

from core.errors import ConfigError
from core.models import Span
from nlp.lexicon_file import read_toml
from nlp.terms import TermFinder

TABLE = Path(__file__).resolve().parent.parent / "lexicons" / "comparisons.toml"
_KINDS = ("good", "bad", "more", "less")
_OTHER = "other"
"""Words that tell nothing and of which one that does is a part: 好评."""


class Outcome(NamedTuple):
    """A word of the table in a text, and whether it praises what it is said of."""

    span: Span
    kind: str

    def praises(self, costly: bool) -> bool:
        """`costly` says that it is said of something of which less is better."""
        return (self.kind in ("good", "more")) != (costly and self.kind in ("more", "less"))


class _Words(NamedTuple):
    kinds: tuple[str, ...]
    words: TermFinder
    costs: TermFinder


def outcomes(normal: str) -> tuple[Outcome, ...]:
    """Every word of the table in a normalised text, the longest at each place."""
    shipped = _shipped()
    found = (Outcome(Span(a, b), shipped.kinds[k]) for k, a, b in shipped.words.find(normal))
    return tuple(o for o in found if o.kind != _OTHER)


def costly(words: str) -> bool:
    """Whether less is better of what these normalised words name."""
    return bool(_shipped().costs.find(words))


def preference(praises: bool, turned: bool = False) -> Literal["better", "worse"]:
    return "better" if praises != turned else "worse"


@cache
def _shipped() -> _Words:
    table = read_toml(TABLE)
    kinds = (*_KINDS, _OTHER)
    if set(table) != {*kinds, "costs"}:
        raise ConfigError(f"{TABLE}: the lists are {', '.join(kinds)} and costs; found {', '.join(table)}.")
    pairs = [(word, kind) for kind in kinds for word in table[kind]]
    return _Words(tuple(k for _, k in pairs), TermFinder([w for w, _ in pairs]), TermFinder(table["costs"]))
