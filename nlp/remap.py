"""A text's finds by a lexicon and the brands: whose opinions, about what. Needs no model, so it can run again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core.models import Comparison, Opinion, Reading
from nlp.brands import BrandHit
from nlp.comparisons import assigned, compared, decided
from nlp.harm import of_harm
from nlp.irony import meant
from nlp.mapping import Mapper
from nlp.opinions import Scene, opinions, scene


@dataclass(frozen=True, slots=True)
class Mapped:
    """What the finds of a text say, and the words around them; `unlisted` are terms that no list of words holds."""

    place: Scene
    opinions: tuple[Opinion, ...]
    comparisons: tuple[Comparison, ...]
    unlisted: tuple[str, ...]


def mapped(
    text: str, finds: Reading, mapper: Mapper, hits: Sequence[BrandHit], brand: str, rating: float | None = None
) -> Mapped:
    """Opinions and comparisons of a text from the model's finds in it.

    `hits` are the brands named in the text, `brand` the one whose page it stands on, `rating` its stars (0–1).
    """
    mapper.unlisted()
    place = scene(text, mapper, hits, brand)
    found = compared(finds, place, mapper)
    owned = assigned(opinions(finds, place, mapper), found, place)
    opined = of_harm(meant(decided(owned, found, place), text, rating), place)
    return Mapped(place, opined, found, mapper.unlisted())
