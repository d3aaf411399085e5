"""The frozen records that travel from a page to a chart. Spans are half-open code-point offsets into `Mention.text`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, NamedTuple

from core.watching import Delivery as Delivery
from core.watching import Evidence as Evidence
from core.watching import Finding as Finding
from core.watching import Incident as Incident
from core.watching import Message as Message
from core.watching import Request as Request
from core.watching import Rule as Rule

Kind = Literal["review", "post", "comment", "article", "ticket"]
Precision = Literal["exact", "minute", "day", "inferred", "none"]
Polarity = Literal["positive", "neutral", "negative", "unsure"]
Side = Literal["positive", "neutral", "negative"]
Preference = Literal["better", "worse", "equal", "different"]
RelevanceReason = Literal[
    "", "off_topic", "other_meaning", "advertisement", "lottery", "empty", "default_review", "unread_language"
]

KINDS: tuple[Kind, ...] = ("review", "post", "comment", "article", "ticket")
POLARITIES: tuple[Polarity, ...] = ("positive", "neutral", "negative", "unsure")
RELEVANT = 0.5
"""Mentions whose `relevance` is at least this are counted."""
PROMOTED = 0.5
"""Mentions whose `promotion` is at least this are called promotion."""


class Span(NamedTuple):
    """Half-open code-point offsets."""

    start: int
    end: int

    def of(self, text: str) -> str:
        return text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Mention:
    """One review, post, comment, article or ticket as collected (personal data already masked in title and text)."""

    id: str
    source: str
    platform: str
    kind: Kind
    text: str
    collected_at: datetime
    url: str = ""
    native_id: str = ""
    parent_id: str = ""
    title: str = ""
    language: str = ""
    author: str = ""
    author_followers: int | None = None
    published_at: datetime | None = None
    published_precision: Precision = "none"
    rating: float | None = None
    rating_scale: tuple[float, float] | None = None
    likes: int = 0
    replies: int = 0
    shares: int = 0
    views: int | None = None
    brand: str = ""
    product: str = ""
    region: str = ""
    images: tuple[str, ...] = ()
    raw: str = ""
    run: str = ""
    revision: str = ""


@dataclass(frozen=True, slots=True)
class Versions:
    """What made a reading, part by part: a change of lexicon or brands re-maps, only a new model re-reads."""

    model: str = ""
    lexicon: str = ""
    brands: str = ""


@dataclass(frozen=True, slots=True)
class AspectTerm:
    """A stretch of text that names a property, and the polarity found for it."""

    span: Span
    polarity: Side
    score: float


@dataclass(frozen=True, slots=True)
class Opinion:
    """Somebody's judgement of one attribute of one target.

    `target` is a brand's configured name ("" when unknown), `attribute` a taxonomy path such as
    `battery/charging` ("" when none fits), `quote` the span of the sentence to show.
    """

    target: str
    attribute: str
    aspect: Span | None
    opinion: Span | None
    polarity: Side
    confidence: float
    quote: Span


@dataclass(frozen=True, slots=True)
class Comparison:
    """One thing held against another; `winner`/`loser` are configured brand names where recognised.

    Of equals they are the two brands, in the order told. `told` says that plain words told it, not the model: such
    ones are found anew whenever a reading is mapped.
    """

    subject: Span | None
    object: Span | None
    aspect: Span | None
    predicate: Span | None
    preference: Preference
    confidence: float
    attribute: str = ""
    winner: str = ""
    loser: str = ""
    told: bool = False


@dataclass(frozen=True, slots=True)
class Triplet:
    """What the model saw before any lexicon: kept so that a new lexicon re-maps without the encoder."""

    aspect: Span | None
    opinion: Span | None
    polarity: Side
    confidence: float


@dataclass(frozen=True, slots=True)
class Reading:
    """Everything understood from one mention alone. `score` is -1..1, `vector` little-endian float16 of unit length."""

    mention_id: str
    revision: str
    versions: Versions
    polarity: Polarity
    score: float
    aspect_terms: tuple[AspectTerm, ...] = ()
    triplets: tuple[Triplet, ...] = ()
    opinions: tuple[Opinion, ...] = ()
    comparisons: tuple[Comparison, ...] = ()
    comparative: bool = False
    intents: tuple[str, ...] = ()
    brands: tuple[str, ...] = ()
    industry: str = ""
    relevance: float = 1.0
    relevance_reason: RelevanceReason = ""
    vector: bytes = b""
    clauses: tuple[AspectTerm, ...] = ()
    """Every clause with the side it takes: a new lexicon's words get theirs from here, without the encoder."""
    unlisted: tuple[str, ...] | None = None
    """Terms whose attribute neighbours gave, or might have; None where that was not noted."""


@dataclass(frozen=True, slots=True)
class Relation:
    """What can be said of a mention only in view of the others."""

    mention_id: str
    version: str
    duplicate_of: str = ""
    duplicate_kind: Literal["", "exact", "near"] = ""
    promotion: float = 0.0
    promotion_reasons: tuple[str, ...] = ()
    topic: str = ""


@dataclass(frozen=True, slots=True)
class DocumentOpinion:
    """An opinion as the index holds it: words instead of spans, plus the spans for highlighting."""

    target: str
    attribute: str
    polarity: Side
    phrase: str
    aspect: str
    quote: Span


@dataclass(frozen=True, slots=True)
class DocumentComparison:
    """A comparison as the index holds it."""

    winner: str
    loser: str
    attribute: str
    preference: Preference
    quote: Span


@dataclass(frozen=True, slots=True)
class SearchDocument:
    """What an index holds of one mention, derived by `index.document.document` and by nothing else."""

    id: str
    source: str
    platform: str
    kind: Kind
    url: str
    parent_id: str
    title: str
    text: str
    language: str
    author: str
    author_followers: int | None
    published_at: datetime | None
    published_precision: Precision
    collected_at: datetime
    rating: float | None
    rating_scale: tuple[float, float] | None
    likes: int
    replies: int
    shares: int
    views: int | None
    engagement: int
    brands: tuple[str, ...]
    product: str
    region: str
    images: tuple[str, ...]
    polarity: Polarity
    score: float
    opinions: tuple[DocumentOpinion, ...]
    comparisons: tuple[DocumentComparison, ...]
    intents: tuple[str, ...]
    industry: str
    relevance: float
    relevance_reason: RelevanceReason
    duplicate_of: str
    promotion: float
    promotion_reasons: tuple[str, ...]
    topic: str
    revision: str


@dataclass(frozen=True, slots=True)
class SourceHealth:
    """What one source did in one UTC hour, so that "not collected" can be told from "nothing said"."""

    source: str
    hour: datetime
    asked: int = 0
    answered: int = 0
    refused: int = 0
    failed: int = 0
    items: int = 0
    incomplete: int = 0
    newest: datetime | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FrontierRequest:
    """A page still to be asked for. `fingerprint` is its identity within a crawl, `meta` JSON text of the spider."""

    fingerprint: str
    url: str
    callback: str = ""
    priority: int = 0
    meta: str = "{}"


@dataclass(frozen=True, slots=True)
class FinishedPage:
    """A page with everything that came from it: stored in one transaction, and only then is its request done."""

    fingerprint: str
    mentions: tuple[Mention, ...] = ()
    found: tuple[FrontierRequest, ...] = ()
    health: SourceHealth | None = None


@dataclass(frozen=True, slots=True)
class FrontierCounts:
    """How many requests of a crawl are in which state."""

    waiting: int
    leased: int
    done: int


@dataclass(frozen=True, slots=True)
class Added:
    """What became of mentions handed to the Store, by id."""

    new: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    same: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Batch:
    """Mentions claimed for a stage. Only the holder of `token` may save, until `expires`."""

    stage: str
    token: str
    expires: datetime
    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Totals:
    """How far the mentions of a home have come."""

    total: int
    read: int
    related: int
    indexed: int


@dataclass(frozen=True, slots=True)
class Receipt:
    """Proof of an erasure: what was removed, never what it said."""

    id: str
    at: datetime
    selector: str
    dry_run: bool
    counts: Mapping[str, int]
    digests: tuple[str, ...]
