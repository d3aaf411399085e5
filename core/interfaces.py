"""The contracts. `tests/conformance/` is their meaning: every implementation passes the same cases."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from core.labels import Labels
from core.models import (
    Added,
    Batch,
    Delivery,
    FinishedPage,
    FrontierCounts,
    FrontierRequest,
    Incident,
    Mention,
    Message,
    Reading,
    Receipt,
    Relation,
    Request,
    SearchDocument,
    SourceHealth,
    Totals,
)
from core.rereading import Rereading
from core.topics import TopicRuns
from core.tree import Node, SameOpinion

Stage = Literal["read", "relate", "index"]
Interval = Literal["15m", "hour", "day", "week", "month"]
Sort = Literal["newest", "oldest", "engagement", "rating_low", "rating_high", "relevance"]
Clock = Callable[[], datetime]
"""Returns the present as an aware UTC datetime."""


@dataclass(frozen=True, slots=True)
class Understood:
    """A mention with what is known of it; the parts not made yet are None."""

    mention: Mention
    reading: Reading | None
    relation: Relation | None


@dataclass(frozen=True, slots=True)
class Signature:
    """What `relate` remembers of a mention: band keys of its normalised text, and its MinHash."""

    mention_id: str
    author: str
    published_at: datetime | None
    exact: str
    bands: tuple[str, ...]
    minhash: bytes


class Frontier(Protocol):
    """Requests of a crawl: waiting, leased until a time, or done. Safe against kill -9 at any moment."""

    def push(self, crawl: str, requests: Iterable[FrontierRequest]) -> int:
        """Adds what is not known yet in this crawl; returns how many were new."""
        ...

    def lease(self, crawl: str, n: int, seconds: float) -> list[FrontierRequest]:
        """Up to n waiting requests (highest priority first, then oldest); expired leases count as waiting."""
        ...

    def finish(self, crawl: str, pages: Sequence[FinishedPage]) -> Added:
        """In one transaction: stores mentions and health, pushes what was found, marks the requests done."""
        ...

    def release(self, crawl: str, fingerprints: Sequence[str]) -> None:
        """Gives leased requests back at once."""
        ...

    def counts(self, crawl: str) -> FrontierCounts: ...

    def forget(self, crawl: str) -> None:
        """Removes every request of a crawl, done ones too."""
        ...

    def cursor(self, subject: str) -> str:
        """The newest known item of a subject, as its spider wrote it; "" at first."""
        ...

    def set_cursor(self, subject: str, value: str) -> None: ...


class Store(Frontier, Labels, TopicRuns, Rereading, Protocol):
    """Documents and everything people do. All times are aware UTC."""

    # --- mentions through the stages
    def add_mentions(self, mentions: Iterable[Mention]) -> Added:
        """Idempotent. New text is a new revision and goes through the stages again; new counters only re-index."""
        ...

    def known(self, ids: Sequence[str]) -> frozenset[str]:
        """Which of these ids are stored already."""
        ...

    def claim(self, stage: Stage, n: int, lease_seconds: float, mapped_by: str = "") -> Batch:
        """Up to n mentions waiting for a stage, oldest first; an empty batch when none wait. Expired claims go back.

        For `read`: never read ones, then as `put_ahead` said, then the oldest; `mapped_by`: only by that model read.
        """
        ...

    def waiting(self, stage: Stage) -> int: ...

    def save_readings(self, token: str, readings: Sequence[Reading]) -> int:
        """Saves what still belongs to the token and to the stored revision; returns how many."""
        ...

    def save_relations(self, token: str, relations: Sequence[Relation]) -> int:
        """As `save_readings`, but may name mentions outside the batch too (a group that moved); they are re-indexed."""
        ...

    def mark_indexed(self, token: str, ids: Sequence[str]) -> int:
        """Counts one more generation for a batch that the index has committed; returns it."""
        ...

    def give_back(self, token: str) -> None:
        """Returns a claimed batch unfinished."""
        ...

    def forfeit(self, leases: Sequence[str]) -> int:
        """Ends every claim and the leases so named, by a caller who knows that no holder lives; returns how many
        mentions are free again."""
        ...

    def mentions(self, ids: Sequence[str]) -> list[Mention]:
        """In the order asked; unknown ids are left out."""
        ...

    def understood(self, ids: Sequence[str]) -> list[Understood]:
        """In the order asked; unknown ids are left out."""
        ...

    def scan(self, after: str = "", n: int = 1000) -> list[Understood]:
        """All mentions by id, a page at a time."""
        ...

    def totals(self) -> Totals: ...

    def source_counts(self) -> Mapping[str, int]: ...

    def generation(self) -> int: ...

    def documents_at(self, generation: int) -> Iterator[Understood]:
        """What the index held after that generation, superseded readings included."""
        ...

    def prune_history(self, before: datetime) -> int:
        """Removes states superseded before that time; returns how many."""
        ...

    def claimed(self, token: str) -> list[Understood]:
        """The mentions of a claim as they were when they were claimed, changed since or not; by order of arrival."""
        ...

    def stale(self, part: Literal["model", "lexicon", "brands", "relate", "index"], version: str) -> int:
        """Sends every mention made with another version of the part back to its stage; returns how many."""
        ...

    # --- what relate remembers
    def save_signatures(self, signatures: Sequence[Signature]) -> None: ...

    def band_members(self, bands: Sequence[str], limit: int = 200) -> Mapping[str, tuple[str, ...]]:
        """Mention ids that share a band key (also `exact:` keys), for each key asked."""
        ...

    def signatures(self, ids: Sequence[str]) -> Mapping[str, Signature]: ...

    # --- privacy
    def erase(
        self, *, author: str = "", mention: str = "", before: datetime | None = None, dry_run: bool = False
    ) -> tuple[Receipt, tuple[str, ...]]:
        """Removes mentions and all that was made of them; returns the receipt and the ids for the index to delete.

        `author` is a digest. Exactly one selector is given. Kept receipts are `receipts()`.
        """
        ...

    def receipts(self) -> list[Receipt]: ...

    def save_receipt(self, receipt: Receipt) -> None:
        """Inserts or replaces by id."""
        ...

    def erasures_pending(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """After an erasure: ids that index and exports, and digests that the raw pages, may still hold."""
        ...

    def forget_pages(self, before: datetime) -> int:
        """Forgets on which raw pages mentions were last seen before that time; for when those pages are pruned."""
        ...

    def erasure_done(self, ids: Sequence[str], raws: Sequence[str]) -> None:
        """Says that index and exports no longer hold the ids, and the raw pages no longer the digests."""
        ...

    # --- coverage
    def add_health(self, rows: Sequence[SourceHealth]) -> None:
        """Adds counts to the row of the same source and hour."""
        ...

    def health(self, since: datetime | None = None, source: str = "") -> list[SourceHealth]:
        """By source, then hour."""
        ...

    # --- watching
    def save_incidents(self, incidents: Sequence[Incident]) -> None:
        """Inserts or replaces by id."""
        ...

    def incidents(self, status: str = "", since: datetime | None = None) -> list[Incident]:
        """Newest start first; incidents that erasure emptied keep their figures and lose their quotes."""
        ...

    def save_deliveries(self, deliveries: Sequence[Delivery]) -> None: ...

    def deliveries(self, message_id: str = "") -> list[Delivery]: ...

    # --- requests, leases, settings, audit
    def lease_name(self, name: str, owner: str, seconds: float) -> bool:
        """True when the owner now holds the name; a lease ends by itself."""
        ...

    def drop_lease(self, name: str, owner: str) -> None: ...

    def ask(self, request: Request) -> None: ...

    def requests(self, state: str = "") -> list[Request]: ...

    def set_request(self, id: str, state: str, detail: str = "") -> None: ...

    def setting(self, key: str) -> str:
        """A small value of the program's own (published digests, versions, watermarks); "" when never set."""
        ...

    def set_setting(self, key: str, value: str) -> None: ...

    def audit(self, actor: str, action: str, detail: str) -> None: ...

    def audits(self, n: int = 100) -> list[tuple[datetime, str, str, str]]: ...

    def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Hit:
    """A found document, with the sort key it stands at (the cursor to go on after it)."""

    document: SearchDocument
    cursor: str


@dataclass(frozen=True, slots=True)
class Hits:
    total: int
    hits: tuple[Hit, ...]
    next: str
    """The cursor of the next page; "" at the end."""


@dataclass(frozen=True, slots=True)
class Facet:
    key: str
    count: int


@dataclass(frozen=True, slots=True)
class Series:
    """Counts per bucket, without gaps from the first to the last bucket asked or found.

    `starts` are aware datetimes in the zone asked; `counts` has a row a group ("" without split).
    `undated` counts matching mentions that have no date.
    """

    interval: Interval
    timezone: str
    starts: tuple[datetime, ...]
    counts: Mapping[str, tuple[int, ...]]
    undated: int


@dataclass(frozen=True, slots=True)
class Table:
    """A cross table: `cells[row, column]`, absent where 0. Row and column keys by count descending, then key."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    cells: Mapping[tuple[str, str], int]


@dataclass(frozen=True, slots=True)
class Sums:
    """Exact sums over matching documents: n, and Σ of each numeric field with how many had a value."""

    n: int
    total: Mapping[str, float]
    present: Mapping[str, int]


class Index(Protocol):
    """Lists and counts of mentions. The same numbers on every implementation."""

    def put(self, documents: Sequence[SearchDocument], generation: int = 0) -> None:
        """Inserts or replaces by id, committed when it returns."""
        ...

    def delete(self, ids: Sequence[str]) -> None: ...

    def search(self, tree: Node, sort: Sort = "newest", after: str = "", n: int = 20) -> Hits: ...

    def get(self, ids: Sequence[str]) -> list[SearchDocument]:
        """In the order asked; unknown ids are left out."""
        ...

    def count(self, tree: Node) -> int: ...

    def facets(self, tree: Node, field: str, n: int = 20, prefix: str = "") -> tuple[Facet, ...]:
        """By count descending, then key by code point; exact. `prefix` keeps keys that begin with it."""
        ...

    def phrases(self, tree: Node, wanted: SameOpinion, n: int = 20) -> tuple[Facet, ...]:
        """Phrases of the opinions that satisfy `wanted`, with how many matching mentions carry each. As facets."""
        ...

    def distinct(self, tree: Node, field: str) -> int:
        """Exact number of different keys."""
        ...

    def series(
        self,
        tree: Node,
        interval: Interval,
        timezone: str,
        split: str | None = None,
        time: Literal["published", "collected"] = "published",
        until: datetime | None = None,
        prefix: str = "",
    ) -> Series:
        """Counts in time; `split` is a facet field, `prefix` as in facets. Undated mentions are only counted apart."""
        ...

    def table(self, tree: Node, rows: str, columns: str, n: int = 50) -> Table: ...

    def sums(self, tree: Node, fields: Sequence[str]) -> Sums:
        """Fields: rating, score, likes, replies, shares, engagement, views, author_followers, promotion."""
        ...

    def scroll(self, tree: Node, batch: int = 1000) -> Iterator[SearchDocument]:
        """Every match in order of id, streamed."""
        ...

    def generation(self) -> int:
        """The generation of the last `put` that this index holds."""
        ...

    def compact(self) -> None:
        """Leaves nothing on disk of what was deleted or replaced; an erasure is not done before."""

    def clear(self) -> None: ...

    def close(self) -> None: ...


class Reader(Protocol):
    """Turns mentions into readings. Pure: the same mentions give the same readings, whoever else is in the batch."""

    def read(self, mentions: Sequence[Mention]) -> list[Reading]: ...

    def versions(self) -> Mapping[str, str]:
        """Versions of model, lexicon and brands."""
        ...


class RawPages(Protocol):
    """Pages as they came, compressed; deleted when any mention on them is erased."""

    def put(self, body: bytes, url: str, at: datetime) -> str:
        """Stores a page and returns its digest."""
        ...

    def get(self, digest: str) -> bytes | None: ...

    def delete(self, digests: Iterable[str]) -> int: ...

    def prune(self, before: datetime) -> int: ...


class Notifier(Protocol):
    """Delivers a finished message on one channel."""

    def send(self, message: Message) -> Delivery: ...
