"""Finds the configured brands and their products in a text, and tells a name from the same word in another sense."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from core.config import Brand
from core.models import Span
from nlp.segment import normalise
from nlp.senses import TABLE, SenseTable, shipped_senses
from nlp.terms import TermFinder


@dataclass(frozen=True, slots=True)
class BrandHit:
    """A brand named in a text; `product` is its product's configured name, "" when only the brand is named."""

    brand: str
    product: str
    span: Span


@dataclass(frozen=True, slots=True)
class _Name:
    text: str
    brand: str
    product: str


class BrandMatcher:
    """The names of all configured brands, ready to be looked for. Immutable; build it once and keep it."""

    def __init__(self, brands: Sequence[Brand], senses: SenseTable | None = None) -> None:
        self._senses = senses if senses is not None else shipped_senses()
        self._names = tuple(_names(brands))
        self._finder = TermFinder([name.text for name in self._names])
        self._excludes = {b.name: TermFinder(b.excludes) for b in brands if b.excludes}
        self.version = _version(brands)

    def find(self, text: str) -> tuple[BrandHit, ...]:
        """Where brands and products are named, in order. Spans are offsets into `text` as given."""
        return tuple(hit for hit, meant in self._all(text) if meant)

    def other_meanings(self, text: str) -> tuple[BrandHit, ...]:
        """Where a configured name stands in another sense: what `find` leaves out."""
        return tuple(hit for hit, meant in self._all(text) if not meant)

    def _all(self, text: str) -> Iterator[tuple[BrandHit, bool]]:
        normal = normalise(text)
        found = self._finder.find(normal)
        excluded = {brand: finder.every(normal) for brand, finder in self._excludes.items()} if found else {}
        for index, start, end in found:
            name, span = self._names[index], Span(start, end)
            meant = not any(left < end and right > start for _, left, right in excluded.get(name.brand, ()))
            meant = meant and self._senses.means_brand(name.text, normal, span)
            yield BrandHit(name.brand, name.product, span), meant


def _names(brands: Sequence[Brand]) -> Iterator[_Name]:
    """Each way of writing, once: where two brands share one, the brand configured first has it."""
    seen: set[str] = set()
    for name in _all_names(brands):
        key = normalise(name.text).strip()
        if key and key not in seen:
            seen.add(key)
            yield _Name(key, name.brand, name.product)


def _all_names(brands: Sequence[Brand]) -> Iterator[_Name]:
    for brand in brands:
        for text in (brand.name, *brand.aliases):
            yield _Name(text, brand.name, "")
    for brand in brands:
        for product in brand.products:
            for text in (product.name, *product.aliases):
                yield _Name(text, brand.name, product.name)


def _version(brands: Sequence[Brand]) -> str:
    digest = hashlib.sha256(TABLE.read_bytes())
    for brand in brands:
        digest.update(brand.model_dump_json().encode("utf-8", "surrogatepass"))
    return digest.hexdigest()[:12]
