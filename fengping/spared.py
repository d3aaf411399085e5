"""Readings that other brands or words cannot have changed: their texts hold none of the words that it is about."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from core.config import Brand
from core.interfaces import Store
from core.models import Mention, Reading, Versions
from nlp.brands import telling_words as telling_names
from nlp.lexicon import Lexicon
from nlp.mapping import Mapper
from nlp.reader import ReaderSettings, lexicon_of, rules_version, versions
from nlp.segment import normalise
from nlp.terms import TermFinder
from nlp.thresholds import NEAR_CLAUSE, NEAR_TERM
from nlp.told_words import telling_words
from nlp.vocabulary import industries_of

_NOW, _BEFORE = "mapping:now", "mapping:before"


@dataclass(frozen=True, slots=True)
class Neighbours:
    """An industry's lexicon before and now, asked for terms that no list holds."""

    before: Mapper
    now: Mapper

    def agree(self, term: str) -> bool:
        return all(self.before.neighbour(term, n) == self.now.neighbour(term, n) for n in (NEAR_TERM, NEAR_CLAUSE))


@dataclass(frozen=True, slots=True)
class Spared:
    """Readings made by `before`, in whose texts `words` finds nothing, are those of `now` too.

    `neighbours`, by industry, has those whose words differ.
    """

    before: Versions
    now: Versions
    words: TermFinder
    neighbours: Mapping[str, Neighbours]

    def holds(self, mention: Mention, reading: Reading) -> bool:
        if reading.versions != self.before or reading.unlisted is None:
            return False
        asked = self.neighbours.get(reading.industry)
        if asked is not None and not all(asked.agree(term) for term in reading.unlisted):
            return False
        return not (self.words.touches(normalise(mention.text)) or self.words.touches(normalise(mention.title)))


def remember(store: Store, settings: ReaderSettings, current: Versions) -> None:
    """Keeps the brands and words of a version, and those before them."""
    known = store.setting(_NOW)
    if known and json.loads(known)["versions"] == [current.lexicon, current.brands]:
        return
    form = {
        "versions": [current.lexicon, current.brands],
        "rules": rules_version(),
        "industry": settings.project.industry,
        "brands": [brand.model_dump(mode="json") for brand in settings.project.brands],
        "words": _written(settings.overlays),
    }
    store.set_setting(_BEFORE, known)
    store.set_setting(_NOW, json.dumps(form, ensure_ascii=False))


def spared(store: Store, settings: ReaderSettings) -> Spared | None:
    """None where all is to be mapped: what was before is not known, or more than words and names differs."""
    written = store.setting(_BEFORE)
    form = json.loads(written) if written else None
    if form is None or form["rules"] != rules_version() or form["industry"] != settings.project.industry:
        return None
    before, after = [Brand.model_validate(brand) for brand in form["brands"]], settings.project.brands
    if {b.name: b.industry for b in before if b.industry} != {b.name: b.industry for b in after if b.industry}:
        return None
    names, now = telling_names(before, after), versions(settings.project, settings.overlays)
    earlier = Versions(now.model, *form["versions"])
    pairs = _lexicons(form["words"], settings, earlier.lexicon)
    if pairs is None:
        return None
    words, neighbours = set(names), {}
    for industry, pair in pairs.items():
        told = telling_words(*pair)
        if told is None:
            return None
        if told:
            words |= set(told)
            neighbours[industry] = Neighbours(*map(Mapper, pair))
    return Spared(earlier, now, TermFinder(tuple(sorted(words))), neighbours)


def _lexicons(
    written: Mapping[str, str], settings: ReaderSettings, version: str
) -> dict[str, tuple[Lexicon, Lexicon]] | None:
    """By industry the lexicon with the words written before, and today's; None where others are shipped since."""
    with tempfile.TemporaryDirectory(prefix="fengping-words-") as folder:
        for industry, text in written.items():
            (Path(folder) / f"{industry}.toml").write_text(text, encoding="utf-8")
        names = sorted(industries_of(settings.project))
        if versions(settings.project, Path(folder)).lexicon != version:
            return None
        return {name: (lexicon_of(name, Path(folder)), lexicon_of(name, settings.overlays)) for name in names}


def _written(overlays: Path | None) -> dict[str, str]:
    found = sorted(overlays.glob("*.toml")) if overlays is not None else []
    return {place.stem: place.read_text(encoding="utf-8") for place in found}
