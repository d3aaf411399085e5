"""Names for topics: of the phrases people wrote, those that this topic has and the others lack."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from math import log

from core.models import Span
from nlp.segment import Segmenter
from nlp.topics.phrases import phrases
from nlp.topics.thresholds import FEWEST_SAYING, NAMED_FROM

PHRASES = 6
"""Phrases shown of a topic, its name among them."""
_MANY = 40
"""So many of a topic's best phrases are looked at more closely."""
_WORTH = (0.0, 1.0, 1.5, 1.6, 1.6)
"""What a phrase of so many words is worth beside a single word: 充电慢 says more than 充电, and is said less often."""
_NESTED = 0.6
"""A phrase that stands in a longer one in this share of its mentions is told by the longer one."""


@dataclass(frozen=True, slots=True)
class Name:
    """The phrases of a topic, best first, as most people write them; `saying` counts mentions of the first."""

    phrases: tuple[str, ...]
    keys: tuple[str, ...]
    """The same as they are counted: normalised."""


@dataclass(slots=True)
class _Counted:
    """In how many mentions a topic's phrases stand, and of how many words they are."""

    size: int
    spread: Counter[str]


def names(
    texts: Sequence[str],
    placed: Sequence[int],
    topics: int,
    segmenter: Segmenter,
    never: frozenset[str] = frozenset(),
) -> list[Name]:
    """A name for each topic; texts of -1 count as the others'. No two topics are called alike.

    `never` are normalised phrases that name none, such as the brand that all of it is about.
    """
    step = max(1, -(-len(texts) // NAMED_FROM))
    sample = [(text, where) for text, where in zip(texts[::step], placed[::step], strict=True)]
    counted = [_Counted(0, Counter()) for _ in range(topics)]
    everywhere: Counter[str] = Counter()
    words: dict[str, int] = {}
    for text, where in sample:
        said = _said(text, segmenter, words)
        everywhere.update(said)
        if where >= 0:
            counted[where].size += 1
            counted[where].spread.update(said)
    ranked = [_ranked(topic, everywhere, len(sample), words, never) for topic in counted]
    chosen = _apart(ranked)
    written = _written(sample, chosen, segmenter)
    return [Name(tuple(written.get((k, key), key) for key in keys), tuple(keys)) for k, keys in enumerate(chosen)]


def _said(text: str, segmenter: Segmenter, words: dict[str, int]) -> set[str]:
    """The different phrases of a text; how many words each has is noted."""
    found = set()
    tokens = segmenter.tokens(text)
    starts = {t.start: k for k, t in enumerate(tokens)}
    ends = {t.end: k for k, t in enumerate(tokens)}
    for phrase, span in phrases(text, tokens):
        found.add(phrase)
        words.setdefault(phrase, ends[span.end] - starts[span.start] + 1)
    return found


def _ranked(
    topic: _Counted, everywhere: Counter[str], n: int, words: dict[str, int], never: frozenset[str]
) -> list[str]:
    """Phrases by how much they tell the topic from the rest: mentions × log of how many times as often they stand in
    it (the topic's part of the divergence between the two, Kullback and Leibler 1951) × worth."""
    rest = max(n - topic.size, 1)
    scores = {}
    for phrase, count in topic.spread.items():
        if count < FEWEST_SAYING or phrase in never:
            continue
        lift = (count / topic.size) / ((everywhere[phrase] - count + 0.5) / rest)
        if lift > 1:
            scores[phrase] = count * log(lift) * _WORTH[min(words[phrase], len(_WORTH) - 1)]
    best = sorted(scores, key=lambda p: (-scores[p], p))[:_MANY]
    return [p for p in best if not _told_by_longer(p, best, topic.spread)]


def _told_by_longer(phrase: str, others: Sequence[str], spread: Counter[str]) -> bool:
    return any(phrase != o and phrase in o and spread[o] >= _NESTED * spread[phrase] for o in others)


def _apart(ranked: Sequence[Sequence[str]]) -> list[list[str]]:
    """Each topic's phrases; the first, its name, is given to one topic only, and none repeats a part of another."""
    taken: set[str] = set()
    out = []
    for phrases_of in ranked:
        first = next((p for p in phrases_of if p not in taken), "")
        taken.add(first)
        kept = [first] if first else []
        for phrase in phrases_of:
            if len(kept) < PHRASES and not any(phrase in k or k in phrase for k in kept):
                kept.append(phrase)
        out.append(kept)
    return out


def _written(
    sample: Sequence[tuple[str, int]], chosen: Sequence[Sequence[str]], segmenter: Segmenter
) -> dict[tuple[int, str], str]:
    """How most mentions of a topic write each of its phrases."""
    wanted = [set(keys) for keys in chosen]
    found: defaultdict[tuple[int, str], Counter[str]] = defaultdict(Counter)
    for text, where in sample:
        if where >= 0 and wanted[where]:
            for phrase, span in phrases(text, segmenter.tokens(text)):
                if phrase in wanted[where]:
                    found[where, phrase][span.of(text)] += 1
    return {place: min(ways, key=lambda w: (-ways[w], w)) for place, ways in found.items()}


def first_place(text: str, key: str, segmenter: Segmenter) -> Span | None:
    """Where a phrase first stands in a text."""
    return next((span for phrase, span in phrases(text, segmenter.tokens(text)) if phrase == key), None)
