"""Whether a post names a brand only in passing: as a tag it borrows for reach, or by saying so itself."""

from __future__ import annotations

import re
from collections.abc import Sequence

from core.models import Mention, Polarity, Span
from nlp.opinions import Scene
from nlp.segment import normalise
from nlp.terms import TermFinder

_TAG = re.compile(r"#[^#\n]{1,40}#")
_SAID_SO = TermFinder(
    (
        "打酱油", "借用一下", "借个话题", "借话题", "蹭话题", "蹭个话题", "蹭热度", "蹭个热度",
        "蹭热搜", "带个话题", "带话题", "无关话题", "与话题无关",
    )
)  # fmt: skip
"""What people write who use a tag that is not their subject."""


def in_passing(mention: Mention, place: Scene, polarity: Polarity) -> bool:
    """Whether a post (never a review: that stands on its product's page) speaks of something else.

    It does when it says so, or when no brand is named outside tags and it takes no side; and in either case only
    while it names no attribute of what is watched.
    """
    if mention.kind != "post":
        return False
    tags = [Span(*m.span()) for m in _TAG.finditer(place.text)]
    if any(m.role == "aspect" and m.path and not _in(m.span, tags) for m in place.matches):
        return False
    if _SAID_SO.find(normalise(place.text)):
        return True
    return polarity in ("neutral", "unsure") and all(_in(hit.span, tags) for hit in place.hits)


def _in(span: Span, others: Sequence[Span]) -> bool:
    return any(o.start <= span.start and span.end <= o.end for o in others)
