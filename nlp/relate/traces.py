"""What is remembered of a mention between batches, and how it is written into a Signature of the Store."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b

import numpy as np

from core.interfaces import Signature, Understood
from nlp.relate.duplicates import SCHEME, precedence, words
from nlp.relate.minhash import HASHES, Minhash
from nlp.relate.promotion import Praise

_GROUP, _PRAISE, _NEAR = "group:", "praise:", f"near{SCHEME}:"
_LETTERS = HASHES * 2


@dataclass(frozen=True, slots=True)
class Trace:
    """`label` names its group of duplicates ("" alone), `spree` the praise of one brand by one author ("" none)."""

    id: str
    author: str
    published_at: datetime | None
    exact: str
    bands: tuple[str, ...]
    minhash: Minhash | None
    positive: bool
    spree: str
    label: str = ""

    @property
    def rank(self) -> tuple[datetime, str]:
        return precedence(self.published_at, self.id)

    def praise(self) -> Praise | None:
        """None for what is no praise, or has no date."""
        if not self.positive or self.published_at is None:
            return None
        return Praise(self.id, self.author, self.published_at)


def trace(understood: Understood) -> Trace:
    """Of a mention that has been read."""
    mention, reading = understood.mention, understood.reading
    brand = mention.brand or (reading.brands[0] if reading and reading.brands else "")
    found = words(full_text(understood), mention.author, f"{brand}\x1f{mention.product}")
    positive = reading is not None and reading.polarity == "positive"
    spree = _PRAISE + _digest(f"{mention.author}\x1f{brand}") if positive and mention.author and brand else ""
    return Trace(
        mention.id, mention.author, mention.published_at, found.exact, found.bands, found.minhash, positive, spree
    )


def full_text(understood: Understood) -> str:
    mention = understood.mention
    return f"{mention.title}\n{mention.text}" if mention.title else mention.text


def signature(trace: Trace) -> Signature:
    marks = tuple(mark for mark in (trace.label, trace.spree) if mark)
    head = b"\x01" if trace.positive else b"\x00"
    body = b"" if trace.minhash is None else trace.minhash.astype("<u2").tobytes()
    return Signature(trace.id, trace.author, trace.published_at, trace.exact, trace.bands + marks, head + body)


def remembered(signature: Signature) -> Trace | None:
    """The trace in a signature; None where another scheme wrote it (that mention is still to be related again)."""
    near = tuple(band for band in signature.bands if band.startswith(_NEAR))
    foreign = signature.exact and signature.exact[3:4] != SCHEME
    if foreign or len(signature.minhash) not in {1, 1 + _LETTERS}:
        return None
    mins = np.frombuffer(signature.minhash, dtype="<u2", offset=1) if near else None
    return Trace(
        signature.mention_id,
        signature.author,
        signature.published_at,
        signature.exact,
        near,
        mins,
        signature.minhash[:1] == b"\x01",
        _marked(signature, _PRAISE),
        _marked(signature, _GROUP),
    )


def group_label(id: str) -> str:
    return _GROUP + id


def _marked(signature: Signature, kind: str) -> str:
    return next((band for band in signature.bands if band.startswith(kind)), "")


def _digest(text: str) -> str:
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=10).hexdigest()
