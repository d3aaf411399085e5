"""A page that was asked for, with everything that came of it: what spiders hand to the pipeline."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Literal

from w3lib.url import canonicalize_url

from core.models import FrontierRequest
from crawlers.parsers.parsed import Parsed


@dataclass(frozen=True, slots=True)
class Trail:
    """Where a request comes from: the start address it goes back to, whether it walks past known ground, and how
    many runs have failed at it so far."""

    subject: str
    all: bool = False
    tries: int = 0

    def to_meta(self) -> str:
        return json.dumps({"subject": self.subject, "all": self.all, "tries": self.tries}, ensure_ascii=False)

    @classmethod
    def from_meta(cls, meta: str) -> Trail:
        written = json.loads(meta)
        return cls(written.get("subject", ""), bool(written.get("all")), int(written.get("tries", 0)))


NOTHING = Parsed()


@dataclass(frozen=True, slots=True)
class Visit:
    """One request's end. `lasting` means that a failure will not go away by asking again in the next run."""

    request: FrontierRequest
    outcome: Literal["answered", "refused", "failed"]
    parsed: Parsed = field(default=NOTHING, repr=False)
    found: tuple[FrontierRequest, ...] = ()
    body: bytes = field(default=b"", repr=False)
    url: str = ""
    note: str = ""
    lasting: bool = False


def fingerprint(url: str, callback: str = "") -> str:
    """What makes two requests of a crawl the same one."""
    return blake2b(f"{callback} {canonicalize_url(url)}".encode("utf-8", "replace"), digest_size=16).hexdigest()


def page_request(url: str, trail: Trail, callback: str = "", priority: int = 0) -> FrontierRequest:
    """A page to be asked for, on a trail."""
    return FrontierRequest(fingerprint(url, callback), url, callback, priority, trail.to_meta())
