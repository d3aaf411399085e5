"""What one member may see. Index and Store AND a scope into every question; nothing else decides visibility."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from core.tree import Everything, Node, Not, Term, both, either

ALL = ("*",)
"""A part of a scope that restricts nothing. An empty part shows nothing: forgetting one must not open it."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Names seen in full (`brands`, `sources`, `regions`), and `rivals`: brands seen as figures only, never quoted."""

    brands: tuple[str, ...] = ()
    rivals: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether nothing is hidden at all."""
        return self.brands == self.sources == self.regions == ALL

    @property
    def figure_brands(self) -> tuple[str, ...]:
        """Brands of which figures may be shown: those seen in full, then the rivals."""
        return ALL if self.brands == ALL else (*self.brands, *(r for r in self.rivals if r not in self.brands))

    def sees_brand(self, brand: str) -> bool:
        return _within(brand, self.brands)

    def sees_source(self, source: str) -> bool:
        return _within(source, self.sources)

    def sees_region(self, region: str) -> bool:
        return _within(region, self.regions)

    def sees(self, brands: Iterable[str], source: str, region: str) -> bool:
        """Whether a mention about these brands, from this source and region, is seen in full."""
        about = self.brands == ALL or any(self.sees_brand(b) for b in brands)
        return about and self.sees_source(source) and self.sees_region(region)

    def tree(self) -> Node:
        """The condition that every query of this member carries."""
        return self._tree(self.brands)

    def figures_tree(self) -> Node:
        """The condition for figures without quotes: rivals count too."""
        return self._tree(self.figure_brands)

    def _tree(self, brands: tuple[str, ...]) -> Node:
        return both(_any_of("brand", brands), _any_of("source", self.sources), _any_of("region", self.regions))


OPEN = Scope(brands=ALL, rivals=ALL, sources=ALL, regions=ALL)
"""The scope of somebody who owns the home: everything."""


def _within(name: str, names: tuple[str, ...]) -> bool:
    return names == ALL or name in names


def _any_of(field: str, names: tuple[str, ...]) -> Node:
    if names == ALL:
        return Everything()
    if not names:
        return Not(Everything())
    return either(*(Term(field, name) for name in names))
