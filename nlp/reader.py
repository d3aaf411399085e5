"""Mentions to readings: the model once, then lexicon, brands and rules, which alone run again when they change."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from core.config import Project
from core.interfaces import Understood
from core.models import Comparison, Mention, Polarity, Reading, Versions
from nlp.brands import BrandHit, BrandMatcher
from nlp.checkpoint import version_of
from nlp.comparisons import untangled
from nlp.intent_head import WEIGHTS as INTENT_HEAD
from nlp.intent_head import IntentHead, head_for
from nlp.intents import TABLE as INTENTS
from nlp.intents import intents
from nlp.irony import TABLE as IRONY
from nlp.lexicon import Lexicon, check_overlays, load_lexicon
from nlp.mapping import Mapper
from nlp.model import Model
from nlp.nearness import STOPWORDS
from nlp.nearness import TABLE as VECTORS
from nlp.outcomes import TABLE as OUTCOMES
from nlp.passing import in_passing
from nlp.relevance import TABLE as RELEVANCE
from nlp.relevance import relevance
from nlp.remap import Mapped, mapped
from nlp.seen import Seen
from nlp.thresholds import COMPARATIVE, NEUTRAL, SURE
from nlp.unread import unread
from nlp.vocabulary import industries_of

if TYPE_CHECKING:
    from nlp.pool import ReaderPool

RULES = "5"
"""Raised when the same finds, words and brands are mapped to other opinions: stored readings are then mapped again."""


@dataclass(frozen=True)
class ReaderSettings:
    """All a reader is made of; small and picklable, so that other processes build the same one."""

    project: Project
    overlays: Path | None = None
    threads: int = 1
    niceness: int = 0
    """Of the processes that read with them."""


class MentionReader:
    """Implements `core.interfaces.Reader`. The model is loaded at the first text that needs it."""

    def __init__(self, settings: ReaderSettings, model: Callable[[], Model] | None = None) -> None:
        self._settings = settings
        self._load = model or (lambda: Model(settings.project.model, settings.threads))
        project = settings.project
        self._industries = {b.name: b.industry for b in project.brands if b.industry}
        self._mappers = {name: Mapper(lexicon_of(name, settings.overlays)) for name in industries_of(project)}
        self._brands = BrandMatcher(project.brands)
        self._versions = versions(project, settings.overlays)
        self._head = head_for(project.model)

    @cached_property
    def model(self) -> Model:
        return self._load()

    def versions(self) -> Mapping[str, str]:
        return {"model": self._versions.model, "lexicon": self._versions.lexicon, "brands": self._versions.brands}

    def read(self, mentions: Sequence[Mention]) -> list[Reading]:
        """One reading a mention, in order."""
        seen = self.model.see([_words(m) for m in mentions])
        return [self.remap(m, self._bare(m, s)) for m, s in zip(mentions, seen, strict=True)]

    def remap(self, mention: Mention, reading: Reading) -> Reading:
        """The same finds by this lexicon and these brands; needs no model."""
        if unread(_words(mention), mention.language):
            return self._unread(mention, reading)
        if not mention.text.strip():
            return self._judged(mention, reading, (), (), None)
        hits, others = self._brands.told_apart(mention.text)
        mapper = self._mappers[self._industry(mention)]
        found = mapped(mention.text, reading, mapper, hits, mention.brand, mention.rating)
        return self._judged(mention, reading, hits, others, found)

    def reread(self, understood: Sequence[Understood]) -> list[Reading]:
        """Readings of mentions, of which those that this model has read in this revision are only mapped again."""
        out: dict[int, Reading] = {}
        fresh: list[int] = []
        for k, u in enumerate(understood):
            if u.reading is not None and self._still_seen(u.mention, u.reading):
                out[k] = self.remap(u.mention, u.reading)
            else:
                fresh.append(k)
        if fresh:
            out.update(zip(fresh, self.read([understood[k].mention for k in fresh]), strict=True))
        return [out[k] for k in range(len(understood))]

    def _still_seen(self, mention: Mention, reading: Reading) -> bool:
        return reading.versions.model == self._versions.model and reading.revision == mention.revision

    def _industry(self, mention: Mention) -> str:
        return self._industries.get(mention.brand, self._settings.project.industry)

    def _bare(self, mention: Mention, seen: Seen) -> Reading:
        sure = sure_of(self._settings.project)
        return bare_reading(mention.id, mention.revision, mention.text, seen, self._versions, sure)

    def _judged(
        self,
        mention: Mention,
        reading: Reading,
        hits: tuple[BrandHit, ...],
        others: tuple[BrandHit, ...],
        found: Mapped | None,
    ) -> Reading:
        """The reading with what was mapped and what the words alone say. `hits` and `others` are the text's.

        What the text says of a name outweighs a title that names the brand: titles repeat what was searched for.
        """
        titled, elsewhere = self._brands.told_apart(mention.title) if mention.title else ((), ())
        named = (*hits, *titled)
        rejected = () if hits else others
        if not named:
            rejected = (*rejected, *elsewhere)
        judged = relevance(
            mention.text,
            mention.title,
            () if rejected else named,
            mention.rating,
            mention.brand,
            rejected,
            passing=found is not None and in_passing(mention, found.place, reading.polarity),
        )
        return replace(
            reading,
            versions=self._made_by(reading.versions.model),
            opinions=found.opinions if found else (),
            comparisons=found.comparisons if found else (),
            unlisted=found.unlisted if found else (),
            brands=_named(mention.brand, named),
            intents=intents(mention.text, reading.vector, self._intent_head(reading.versions.model)),
            industry=self._industry(mention),
            relevance=judged.score,
            relevance_reason=judged.reason,
        )

    def _unread(self, mention: Mention, reading: Reading) -> Reading:
        """Of a text in a language that is not read nothing is said but which brands it names."""
        return replace(
            reading,
            versions=self._made_by(reading.versions.model),
            polarity="unsure",
            score=0.0,
            aspect_terms=(),
            triplets=(),
            opinions=(),
            comparisons=(),
            comparative=False,
            unlisted=(),
            vector=b"",
            brands=_named(mention.brand, self._brands.told_apart(_words(mention))[0]),
            intents=(),
            industry=self._industry(mention),
            relevance=0.0,
            relevance_reason="unread_language",
        )

    def _intent_head(self, model: str) -> IntentHead | None:
        """None for the vector of another model than this reader's."""
        return self._head if model == self._versions.model else None

    def _made_by(self, model: str) -> Versions:
        return self._versions if model == self._versions.model else replace(self._versions, model=model)


def build_reader(project: Project, overlays: Path | None = None, threads: int | None = None) -> MentionReader:
    """The reader of a project. `overlays` is its folder of lexicons, `threads` for one text at a time (1)."""
    return MentionReader(ReaderSettings(project, overlays, threads or 1))


def open_pool(project: Project, overlays: Path | None = None, total: int | None = None) -> ReaderPool:
    """A pool for `total` mentions (unknown: many): few are read in this process, many on all cores."""
    from nlp.pool import FEW, ReaderPool  # here: nlp.pool is made of readers

    workers = 0 if total is not None and total <= FEW else None
    return ReaderPool(ReaderSettings(project, overlays), workers)


def versions(project: Project, overlays: Path | None = None) -> Versions:
    """What a reading made now would carry; loads no model."""
    if overlays is not None:
        check_overlays(overlays, industries_of(project))
    digest = hashlib.sha256(rules_version().encode())
    for name in sorted(industries_of(project)):
        digest.update(f"{name}:{lexicon_of(name, overlays).version};".encode())
    lexicon = digest.hexdigest()[:12]
    model = version_of(project.model)
    if sure_of(project) != SURE:  # probabilities are not stored: another threshold needs the model again
        model += f"@{sure_of(project):g}"
    return Versions(model, lexicon, BrandMatcher(project.brands).version)


def rules_version() -> str:
    """Of everything that maps besides the lexicons of industries and the brands."""
    digest = hashlib.sha256(RULES.encode())
    for table in (INTENTS, INTENT_HEAD, IRONY, OUTCOMES, RELEVANCE, STOPWORDS, VECTORS):
        digest.update(table.read_bytes())
    return digest.hexdigest()[:12]


def lexicon_of(industry: str, overlays: Path | None) -> Lexicon:
    """An industry's lexicon as a project reads by it."""
    return load_lexicon(industry, overlays / f"{industry}.toml" if overlays is not None else None)


def sure_of(project: Project) -> float:
    """From which probability on a side is named in a project: what its own labels said, else SURE."""
    return SURE if project.reading.sure is None else project.reading.sure


def bare_reading(id: str, revision: str, text: str, seen: Seen, made_by: Versions, sure: float = SURE) -> Reading:
    """What the model alone says; opinions, brands and the rest are still to be mapped."""
    if not text.strip():
        return Reading(id, revision, made_by, *polarity_of(seen, sure), vector=seen.vector)
    borders = tuple(c.span for c in seen.clauses)
    compared = untangled(seen.comparisons, borders)
    label, score = polarity_of(seen, sure)
    return Reading(
        id,
        revision,
        made_by,
        label,
        score,
        aspect_terms=seen.aspects,
        triplets=seen.triplets,
        comparisons=tuple(
            Comparison(c.subject, c.object, c.aspect, c.predicate, c.preference, c.confidence) for c in compared
        ),
        comparative=seen.comparative > COMPARATIVE,
        vector=seen.vector,
        clauses=seen.clauses,
    )


def polarity_of(seen: Seen, sure: float = SURE) -> tuple[Polarity, float]:
    """The label, "unsure" where the model is not `sure` enough, and the side the text leans to (-1..1)."""
    negative, neutral, positive = seen.probabilities
    if not seen.clauses:
        return "neutral", 0.0
    if max(negative, positive) >= sure:
        return ("positive" if positive > negative else "negative"), seen.score
    judged = any(a.polarity != "neutral" for a in seen.aspects) or bool(seen.triplets)
    if neutral >= sure or (neutral >= NEUTRAL and not judged):
        return "neutral", seen.score
    return "unsure", seen.score


def _words(mention: Mention) -> str:
    """What is read: the text; of a mention without text, its title."""
    return mention.text if mention.text.strip() else mention.title


def _named(own: str, hits: Sequence[BrandHit]) -> tuple[str, ...]:
    """The page's brand and every recognised one, each once."""
    return tuple(dict.fromkeys(b for b in (own, *(h.brand for h in hits)) if b))
