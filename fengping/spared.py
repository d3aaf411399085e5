"""Readings that a change of brands cannot have changed: their texts hold none of the words that it is about."""

from __future__ import annotations

import json
from dataclasses import dataclass

from core.config import Brand
from core.interfaces import Store
from core.models import Mention, Reading, Versions
from nlp.brands import telling_words
from nlp.reader import ReaderSettings, versions
from nlp.segment import normalise
from nlp.terms import TermFinder

_NOW, _BEFORE = "brands:now", "brands:before"


@dataclass(frozen=True, slots=True)
class Spared:
    """Readings made by `before`, in whose texts `words` finds nothing, are those of `now` too."""

    before: Versions
    now: Versions
    words: TermFinder

    def holds(self, mention: Mention, reading: Reading) -> bool:
        if reading.versions != self.before:
            return False
        return not (self.words.touches(normalise(mention.text)) or self.words.touches(normalise(mention.title)))


def remember_brands(store: Store, version: str, brands: tuple[Brand, ...]) -> None:
    """Keeps the brands of a version, and those before them."""
    known = store.setting(_NOW)
    if known and json.loads(known)["version"] == version:
        return
    form = {"version": version, "brands": [brand.model_dump(mode="json") for brand in brands]}
    store.set_setting(_BEFORE, known)
    store.set_setting(_NOW, json.dumps(form, ensure_ascii=False))


def spared(store: Store, settings: ReaderSettings) -> Spared | None:
    """None where the brands before are not known, or a brand belongs to another industry: then all is mapped."""
    written = store.setting(_BEFORE)
    if not written:
        return None
    form = json.loads(written)
    before, after = [Brand.model_validate(brand) for brand in form["brands"]], settings.project.brands
    if {b.name: b.industry for b in before if b.industry} != {b.name: b.industry for b in after if b.industry}:
        return None
    now = versions(settings.project, settings.overlays)
    words = TermFinder(telling_words(before, after))
    return Spared(Versions(now.model, now.lexicon, form["version"]), now, words)
