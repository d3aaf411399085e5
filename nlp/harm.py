"""Opinions whose words name harm: 孩子吃了拉肚子 praises nothing, however calmly it is said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from core.models import Opinion, Span
from nlp.intents import told_at
from nlp.scene import Scene, touches
from nlp.segment import normalise


def of_harm(opinions: Sequence[Opinion], place: Scene) -> tuple[Opinion, ...]:
    """Opinions with praise turned to complaint where its words are a cue of `safety` and no word of it praises."""
    praising = [m.span for m in place.matches if m.role == "opinion" and m.polarity == "positive"]
    doubtful = [o for o in opinions if o.polarity == "positive" and not _touch(o, praising)]
    harms = [Span(*at) for at in told_at("safety", normalise(place.text))] if doubtful else []
    return tuple(replace(o, polarity="negative") if o in doubtful and _touch(o, harms) else o for o in opinions)


def _touch(opinion: Opinion, spans: Sequence[Span]) -> bool:
    return any(touches(words, spans) for words in (opinion.aspect, opinion.opinion) if words)
