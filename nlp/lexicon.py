"""The words of an industry: which attribute a term names, and which attribute an opinion word implies."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Literal, NamedTuple

from core.errors import ConfigError
from core.models import Span
from nlp.lexicon_file import Entry, GeneralOpinions, LexiconFile, merged, read_lexicon, read_opinions
from nlp.segment import normalise
from nlp.terms import TermFinder

SHIPPED = Path(__file__).resolve().parent.parent / "lexicons"
WordPolarity = Literal["positive", "negative"]
Role = Literal["aspect", "opinion"]
NEAR = 3
"""Code points that may stand between an aspect and the opinion word said of it."""
_CLAUSE_END = re.compile(r"[,，。.!！?？;；、:：\s~～…]")
VAGUE = ("/speed", "/size", "/weight", "/acceleration", "/clarity")
"""What 快, 轻 or 清晰 imply is a guess: an aspect just before them knows better."""
GENERAL = "general"
"""The industry whose words an industry without a shipped lexicon starts from."""
_GENERIC = ("features", "function")
OVERALL = "overall"
"""The attribute of the thing as a whole: what else a term says goes before it."""


@dataclass(frozen=True, slots=True)
class OpinionWord:
    """A word that judges, before any negation around it."""

    text: str
    polarity: WordPolarity


@dataclass(frozen=True, slots=True)
class Attribute:
    """A node of the taxonomy. `opinions` are words that imply it without naming it (贵 is about the price)."""

    path: str
    zh: str
    en: str
    synonyms: tuple[str, ...]
    opinions: tuple[OpinionWord, ...]
    thing: bool = False


class TermMatch(NamedTuple):
    """A word of the lexicon in a text. `path` is "" for an opinion word that implies no attribute."""

    span: Span
    path: str
    role: Role
    polarity: WordPolarity | None


class Meaning(NamedTuple):
    """What a listed word means. `path` is "" for one that judges whatever it stands by, and for one to be ignored."""

    path: str
    role: Role | Literal["ignored"]
    polarity: WordPolarity | None


class Lexicon:
    """One industry's taxonomy and words, ready to be matched. Immutable; build it once and keep it."""

    def __init__(self, industry: str, content: LexiconFile, general: GeneralOpinions) -> None:
        self.industry = industry
        self.attributes = tuple(_attribute(path, entry) for path, entry in content.entries.items())
        self._things = frozenset(a.path for a in self.attributes if a.thing)
        # 指纹功能 is the fingerprint: a thing without a name of its own gives way to what else a term says.
        self._generic = frozenset(p for p in self._things if p in _GENERIC)
        self._names = {a.path: {"zh": a.zh, "en": a.en} for a in self.attributes}
        self._meanings = _meanings(industry, self.attributes, content.ignore, general)
        self._listed = tuple(self._meanings.values())
        self.unbound: tuple[str, ...] = tuple(word for word, meaning in self._meanings.items() if not meaning.path)
        """Words that judge whatever they stand by, and words to be ignored."""
        self._finder = TermFinder(tuple(self._meanings))
        # Inside a term that is known to be an aspect, shorter words can be believed than in running text.
        inside = _inside(industry, content, self._meanings)
        self._inside = tuple(inside.values())
        self._inside_finder = TermFinder(tuple(inside))
        self._known_inside = inside
        self.whole: tuple[str, ...] = tuple(word for word, meaning in inside.items() if meaning.path == OVERALL)
        """Words that name the thing as a whole."""
        self.version = _digest(self.attributes, inside)

    @property
    def meanings(self) -> tuple[Mapping[str, Meaning], Mapping[str, Meaning]]:
        """What every word means in running text, and inside a term that is known to be an aspect."""
        return self._meanings, self._known_inside

    @property
    def things(self) -> frozenset[str]:
        """Attributes that are mere things: what else a term says goes before them."""
        return self._things

    @property
    def paths(self) -> frozenset[str]:
        return frozenset(self._names)

    def match(self, text: str) -> tuple[TermMatch, ...]:
        """The lexicon's words in a text, longest first from the left. Spans are offsets into `text` as given.

        An opinion word close after an aspect in the same clause is about that aspect: 慢 in 发货速度有点慢 is the
        speed of delivery, though alone it would be that of the device.
        """
        normal = normalise(text)
        found: list[TermMatch] = []
        aspect, reach = "", -1
        for index, begin, end in self._finder.find(normal):
            start = begin
            path, role, polarity = self._listed[index]
            if role == "ignored":
                continue
            if role == "aspect":
                if path.endswith(VAGUE) and found and found[-1].role == "aspect" and start <= reach - NEAR + len("的"):
                    path = self.combine(aspect, path)  # 收货速度 is the speed of delivery, and one term
                    start = found.pop().span.start
                aspect, reach = path, end + NEAR
            elif path.endswith(VAGUE) and start <= reach and not _CLAUSE_END.search(normal, reach - NEAR, start):
                path = self.combine(aspect, path)
            found.append(TermMatch(Span(start, end), path, role, polarity))
        return tuple(found)

    def attribute_of(self, term: str) -> str:
        """The path a term names: by the whole term, else by the longest synonym in it (the later of two); else ""."""
        return self._path_of(term, "aspect") or self._path_of(term, "opinion")

    def implicit(self, opinion: str) -> str:
        """The path an opinion implies though it names none (太贵了 is about the price); "" when it implies none."""
        return self._path_of(opinion, "opinion") or self._path_of(opinion, "aspect")

    def resolve(self, aspect: str, opinion: str) -> str:
        """The path of an aspect term and the opinion on it together; either may be "".

        The aspect decides and the opinion makes it more precise (屏幕 + 模糊 is its clarity, 物流 + 慢 the speed
        of delivery), unless the aspect is a mere thing: 手机 + 太贵 is the price, 房间 + 脏 the cleanliness.
        """
        return self.combine(self.attribute_of(aspect), self.implicit(opinion))

    def combine(self, named: str, implied: str) -> str:
        """What a named and an implied attribute are together; either may be ""."""
        if not named or not implied or named in self._things:
            return implied or named
        if "/" in named or implied.startswith(f"{named}/"):
            return named if "/" in named else implied
        shared = f"{named}/{implied.partition('/')[2]}"
        return shared if shared in self._names else named

    def listed(self, word: str) -> Meaning | None:
        """What exactly this word means, however it is written; None where it is not listed."""
        return self._known_inside.get(normalise(word).strip())

    def name(self, path: str, language: str) -> str:
        """What people call an attribute in `zh` or `en`; the path itself when the lexicon has no such attribute."""
        names = self._names.get(path)
        return names["zh" if language.startswith("zh") else "en"] if names else path

    def _path_of(self, term: str, role: Role) -> str:
        folded = normalise(term).strip()
        exact = self._known_inside.get(folded)
        if exact and exact.role == role:
            return exact.path
        found = [
            (meaning.path != OVERALL, meaning.path not in self._generic, end - start, start, meaning.path)
            for index, start, end in self._inside_finder.find(folded)
            for meaning in (self._inside[index],)
            if meaning.role == role and meaning.path
        ]
        if not found:
            return ""
        *_, start, path = max(found)
        named = [f for f in found if path.endswith(VAGUE) and f[-2] < start and f[0] and f[1]]
        return self.combine(max(named)[-1], path) if named else path


def industries() -> tuple[str, ...]:
    """Names of the shipped industries, sorted."""
    return tuple(sorted(place.parent.name for place in SHIPPED.glob("*/attributes.toml")))


def check_overlays(folder: Path, used: Collection[str] = ()) -> None:
    """Raises ConfigError for a file in a home's `lexicons/` that no industry reads: neither shipped nor `used`."""
    for place in sorted(folder.glob("*.toml")):
        if place.stem not in industries() and place.stem not in used:
            near = get_close_matches(place.stem, industries(), n=1)
            hint = f" Did you mean {near[0]}.toml?" if near else ""
            raise ConfigError(
                f"{place} belongs to no industry of this project; there are: {', '.join(industries())}.{hint} Rename "
                f'or remove it, or write `industry = "{place.stem}"` in fengping.toml for an industry of your own.'
            )


def load_lexicon(industry: str, overlay: Path | None = None) -> Lexicon:
    """The shipped lexicon of an industry, with a home's `lexicons/<industry>.toml` merged over it where that exists.

    An industry that only a home has stands on the words of every industry (`general`). Raises ConfigError for an
    unknown industry, naming those there are, and for a file that is wrong.
    """
    own = overlay is not None and overlay.exists()
    if industry not in industries() and not own:
        near = get_close_matches(industry, industries(), n=1)
        hint = f" Did you mean {near[0]}?" if near else ""
        raise ConfigError(
            f"there is no lexicon for the industry {industry!r}; there are: {', '.join(industries())}.{hint} "
            f"An industry of your own needs a file lexicons/{industry}.toml in the home; it may be empty."
        )
    content = read_lexicon(SHIPPED / (industry if industry in industries() else GENERAL) / "attributes.toml")
    if overlay is not None and own:
        content = merged(content, read_lexicon(overlay, overlay=True), overlay)
    return Lexicon(industry, content, _general(industry))


def _general(industry: str) -> GeneralOpinions:
    """Judging words of every industry, and those of this one where it has a file for them."""
    shared = read_opinions(SHIPPED / "opinions.toml")
    place = SHIPPED / industry / "opinions.toml"
    if not place.exists():
        return shared
    own = read_opinions(place)
    return GeneralOpinions((*shared.positive, *own.positive), (*shared.negative, *own.negative))


def _attribute(path: str, entry: Entry) -> Attribute:
    if not entry.zh or not entry.en:
        raise ConfigError(f"attribute {path} needs a Chinese and an English name: add `zh = ...` and `en = ...`.")
    opinions = [OpinionWord(word, "positive") for word in entry.positive]
    opinions += [OpinionWord(word, "negative") for word in entry.negative]
    return Attribute(path, entry.zh, entry.en, (*entry.words, *entry.english), tuple(opinions), entry.thing)


def _meanings(
    industry: str, attributes: tuple[Attribute, ...], ignore: tuple[str, ...], general: GeneralOpinions
) -> dict[str, Meaning]:
    """What each folded word means. A word of an attribute outranks the same word among the general ones."""
    meanings: dict[str, Meaning] = {}
    for word, meaning in _attribute_words(attributes, ignore):
        known = meanings.setdefault(normalise(word), meaning)
        if known != meaning:
            raise ConfigError(
                f"lexicon {industry}: {word!r} stands under {known.path or known.role} and under "
                f"{meaning.path or meaning.role}; a word has one meaning in an industry. Remove it in one place."
            )
    for polarity, words in (("positive", general.positive), ("negative", general.negative)):
        for word in words:
            meanings.setdefault(normalise(word), Meaning("", "opinion", polarity))  # type: ignore[arg-type]
    return meanings


def _inside(industry: str, content: LexiconFile, meanings: dict[str, Meaning]) -> dict[str, Meaning]:
    """The meanings, and those of `within` words besides."""
    inside = dict(meanings)
    for path, entry in content.entries.items():
        for word in entry.within:
            known = inside.setdefault(normalise(word), Meaning(path, "aspect", None))
            if not known.path:
                inside[normalise(word)] = Meaning(path, "aspect", None)
            elif known != Meaning(path, "aspect", None):
                raise ConfigError(
                    f"lexicon {industry}: {word!r} stands under {known.path} and within {path}; "
                    "a word has one meaning in an industry. Remove it in one place."
                )
    return inside


def _attribute_words(attributes: tuple[Attribute, ...], ignore: tuple[str, ...]) -> Iterator[tuple[str, Meaning]]:
    for attribute in attributes:
        for synonym in attribute.synonyms:
            yield synonym, Meaning(attribute.path, "aspect", None)
        for opinion in attribute.opinions:
            yield opinion.text, Meaning(attribute.path, "opinion", opinion.polarity)
    for word in ignore:
        yield word, Meaning("", "ignored", None)


def _digest(attributes: tuple[Attribute, ...], meanings: dict[str, Meaning]) -> str:
    lines = [repr((a.path, a.zh, a.en, a.thing)) for a in attributes]
    lines += sorted(repr((word, *meaning)) for word, meaning in meanings.items())
    return hashlib.sha256("\n".join(lines).encode("utf-8", "surrogatepass")).hexdigest()[:12]
