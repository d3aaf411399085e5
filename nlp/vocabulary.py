"""What attributes and brands are called, so that a query finds them by any name and no wrong name counts nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from core.config import Project
from core.interfaces import Facet
from core.tree import Everything, Node
from nlp.lexicon import Lexicon, load_lexicon
from nlp.segment import normalise

MOST_NAMES = 10_000


class Counts(Protocol):
    """What is needed of an index."""

    def facets(self, tree: Node, field: str, n: int = 20) -> tuple[Facet, ...]: ...


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """`known` are the values of a field, `names` other names of them (field -> normalised name -> value)."""

    known: Mapping[str, Sequence[str]]
    names: Mapping[str, Mapping[str, str]]


def industries_of(project: Project) -> tuple[str, ...]:
    """Industries whose lexicons a project reads with: its own first."""
    return tuple(dict.fromkeys((project.industry, *(b.industry for b in project.brands if b.industry))))


def project_lexicons(project: Project, overlays: Path | None = None) -> tuple[Lexicon, ...]:
    """The project's lexicons with the home's overlays. Raises ConfigError."""
    places = ((i, overlays / f"{i}.toml" if overlays is not None else None) for i in industries_of(project))
    return tuple(load_lexicon(industry, place) for industry, place in places)


def vocabulary(project: Project, lexicons: Iterable[Lexicon], seen: Mapping[str, Iterable[str]]) -> Vocabulary:
    """Attributes by path and by both names, brands by name and alias.

    `seen` are values that mentions carry (field -> values): brands and attributes that are configured no more, or
    never were, can be asked for too.
    """
    attributes = [a for lexicon in lexicons for a in lexicon.attributes]
    paths = dict.fromkeys((*(a.path for a in attributes), *seen.get("attribute", ())))
    called: dict[str, str] = {}
    for attribute in sorted(attributes, key=lambda a: a.path.count("/")):
        for name in (attribute.path, attribute.zh, attribute.en):
            called.setdefault(normalise(name), attribute.path)
    brands = dict.fromkeys((*(b.name for b in project.brands), *seen.get("brand", ())))
    aliases = {normalise(alias): b.name for b in project.brands for alias in b.aliases}
    names = {normalise(b): b for b in brands}
    return Vocabulary(
        {"attribute": tuple(paths), "brand": tuple(brands)}, {"attribute": called, "brand": aliases | names}
    )


def seen(index: Counts) -> dict[str, list[str]]:
    """Brands and attributes that mentions in an index carry."""
    return {f: [facet.key for facet in index.facets(Everything(), f, MOST_NAMES)] for f in ("brand", "attribute")}
