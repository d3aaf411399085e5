"""Which stretches of a text a query is about, so that a page can mark them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from core.models import DocumentOpinion, SearchDocument, Span
from core.tree import And, Near, Node, Or, Phrase, SameOpinion, Word
from index.document import ancestors
from index.near import occurrences, pairs
from nlp.segment import Segmenter, normalise


def spans(text: str, tree: Node, segmenter: Segmenter | None = None) -> list[Span]:
    """Where the words, phrases and nearnesses of a tree stand in a text: in order, merged, never overlapping.

    What stands under NOT is not marked. Without a segmenter a word is marked wherever its letters stand.
    """
    normal = normalise(text)
    return merged(span for leaf in _leaves(tree) for span in _of_leaf(text, normal, leaf, segmenter))


def opinion_spans(document: SearchDocument, tree: Node) -> list[Span]:
    """The quotes of the opinions that satisfy an `opinion:( … )` of the tree."""
    asked = [leaf for leaf in _leaves(tree) if isinstance(leaf, SameOpinion)]
    return merged(o.quote for o in document.opinions if any(satisfies(o, leaf) for leaf in asked))


def satisfies(opinion: DocumentOpinion, asked: SameOpinion) -> bool:
    """Whether one opinion meets every condition."""
    return (
        asked.brand in {"", opinion.target}
        and (not asked.attribute or asked.attribute in ancestors(opinion.attribute))
        and asked.polarity in {"", opinion.polarity}
        and asked.phrase in {"", opinion.phrase}
    )


def merged(found: Iterable[Span]) -> list[Span]:
    """Overlapping and touching spans become one; empty ones are dropped."""
    done: list[Span] = []
    for span in sorted(s for s in found if s.end > s.start):
        if done and span.start <= done[-1].end:
            done[-1] = Span(done[-1].start, max(done[-1].end, span.end))
        else:
            done.append(Span(*span))
    return done


def _leaves(tree: Node) -> Iterator[Node]:
    if isinstance(tree, And | Or):
        for part in tree.parts:
            yield from _leaves(part)
    else:
        yield tree


def _of_leaf(text: str, normal: str, leaf: Node, segmenter: Segmenter | None) -> Iterator[Span]:
    if isinstance(leaf, Phrase) or (isinstance(leaf, Word) and segmenter is None):
        yield from (Span(*place) for place in occurrences(normal, leaf.text))
    elif isinstance(leaf, Word) and segmenter is not None:
        yield from _word(text, leaf.text, segmenter)
    elif isinstance(leaf, Near):
        for one, other in pairs(text, leaf):
            yield Span(one.start, one.end)
            yield Span(other.start, other.end)


def _word(text: str, word: str, segmenter: Segmenter) -> Iterator[Span]:
    wanted, tokens = segmenter.words(word), segmenter.tokens(text)
    for n in range(len(tokens) - len(wanted) + 1):
        run = tokens[n : n + len(wanted)]
        if wanted and [t.text for t in run] == wanted:
            yield Span(run[0].start, run[-1].end)
