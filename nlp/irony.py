"""Praise that is meant otherwise: nothing but praise under one star, or with a curse after it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from core.models import Opinion

LOW = 0.25
"""Two stars of five and fewer."""
_ANGRY = re.compile(
    r"[😡🤬💢🙄💔😤😠👎🖕😒]|\[(?:怒|怒骂|吐|衰|鄙视|失望|黑线|抓狂|哼|弱|生病|打脸|摊手|费解|白眼|骂|呸)\]"
    r"|(?<!不)无语|呵呵|气死|笑死|醉了|(?<!不)失望|(?<!不)服了|😑|🤮|🤡"
)


def meant(opinions: Sequence[Opinion], text: str, rating: float | None) -> tuple[Opinion, ...]:
    """Opinions as they are meant: where all praise and the writer is plainly displeased, each is a complaint.

    One complaint among them, and the praise may be honest: then nothing is turned.
    """
    if not opinions or any(o.polarity != "positive" for o in opinions):
        return tuple(opinions)
    if not _displeased(text, rating):
        return tuple(opinions)
    return tuple(replace(o, polarity="negative", confidence=round(o.confidence * 0.5, 4)) for o in opinions)


def _displeased(text: str, rating: float | None) -> bool:
    if rating is not None:
        return rating <= LOW
    return _ANGRY.search(text) is not None
