"""Finds the configured brands and their products in a text, and tells a name from the same word in another sense."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from core.config import Brand
from core.models import Span
from nlp.segment import normalise
from nlp.senses import NEAR, TABLE, SenseTable, shipped_senses
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
        self._excludes = {b.name: _Excludes(b) for b in brands if b.excludes}
        self.version = _version(brands)

    def find(self, text: str) -> tuple[BrandHit, ...]:
        """Where brands and products are named, in order. Spans are offsets into `text` as given."""
        return tuple(hit for hit, meant in self._all(text) if meant)

    def other_meanings(self, text: str) -> tuple[BrandHit, ...]:
        """Where a configured name stands in another sense: what `find` leaves out."""
        return tuple(hit for hit, meant in self._all(text) if not meant)

    def told_apart(self, text: str) -> tuple[tuple[BrandHit, ...], tuple[BrandHit, ...]]:
        """What `find` and `other_meanings` give, in one go."""
        both = tuple(self._all(text))
        return tuple(hit for hit, meant in both if meant), tuple(hit for hit, meant in both if not meant)

    def _all(self, text: str) -> Iterator[tuple[BrandHit, bool]]:
        normal = normalise(text)
        found = [(self._names[index], Span(start, end)) for index, start, end in self._finder.find(normal)]
        if not found:
            return
        out = {
            brand: self._excluded(brand, normal, found) for brand in {n.brand for n, _ in found} & set(self._excludes)
        }
        for name, span in found:
            meant = span not in out.get(name.brand, ()) and self._senses.means_brand(name.text, normal, span)
            yield BrandHit(name.brand, name.product, span), meant

    def _excluded(self, brand: str, normal: str, found: Sequence[tuple[_Name, Span]]) -> frozenset[Span]:
        return self._excludes[brand].spans(normal, [(n, span) for n, span in found if n.brand == brand])


class _Excludes:
    """A brand's contexts in which its name means something else.

    One that holds the name (苹果汁) takes away the name in it; one that does not (果肉) takes away a bare name near it,
    unless a product or a longer name of the brand (苹果手机) tells elsewhere in the text which sense is meant.
    """

    def __init__(self, brand: Brand) -> None:
        names = [normalise(n).strip() for n in (brand.name, *brand.aliases)]
        self._bare = {n for n in names if not any(n != other and other in n for other in names)}
        holding = {w for w in brand.excludes if any(n in normalise(w) for n in names)}
        self._phrases = TermFinder(sorted(holding))
        self._contexts = TermFinder([w for w in brand.excludes if w not in holding])

    def spans(self, normal: str, found: Sequence[tuple[_Name, Span]]) -> frozenset[Span]:
        held = [Span(left, right) for _, left, right in self._phrases.every(normal)]
        out = {span for _, span in found if any(h.start < span.end and h.end > span.start for h in held)}
        free = [(name, span) for name, span in found if span not in out]
        if all(self._is_bare(name) for name, _ in free):
            near = [Span(left, right) for _, left, right in self._contexts.every(normal)]
            out |= {s for _, s in free if any(n.start < s.end + NEAR and n.end > s.start - NEAR for n in near)}
        return frozenset(out)

    def _is_bare(self, name: _Name) -> bool:
        return not name.product and name.text in self._bare


def telling_words(before: Sequence[Brand], after: Sequence[Brand]) -> tuple[str, ...]:
    """Words of which a text must hold one for other brands to be found in it than before.

    The names that stand for another brand or product than before, and all names of a brand whose names or excluding
    contexts differ: contexts count only beside a name.
    """
    names = [{n.text: (n.brand, n.product) for n in _names(brands)} for brands in (before, after)]
    forms = [{b.name: (b.aliases, b.excludes, b.products) for b in brands} for brands in (before, after)]
    moved = {name for name in names[0].keys() | names[1].keys() if names[0].get(name) != names[1].get(name)}
    differing = {b for b in forms[0].keys() | forms[1].keys() if forms[0].get(b) != forms[1].get(b)}
    theirs = {name for known in names for name, (brand, _) in known.items() if brand in differing}
    return tuple(sorted(moved | theirs))


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
