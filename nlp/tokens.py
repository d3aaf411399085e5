"""Texts to token ids, in passages short enough for the encoder. Offsets are code points of the text as given."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tokenizers import Encoding, Tokenizer

from core.models import Span
from nlp.sentences import clauses
from nlp.thresholds import MAX_TOKENS

_WHOLE = 2_000
"""Texts up to this many code points are tokenised whole first; longer ones are cut before."""
_PLAIN = {"<": "＜", "\ufeff": " ", **dict.fromkeys("\n\r\t\v\f\x1c\x1d\x1e\x1f\x85\xa0\u2028\u2029\u3000", " ")}
_TABLE = str.maketrans(_PLAIN)
"""One for one, so that offsets hold. `<` written wide is the same piece, and `<s>` in a text is no token of ours."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of a text as the encoder sees it; `offsets[i]` are the code points of token i in the whole text."""

    start: int
    end: int
    ids: tuple[int, ...]
    offsets: tuple[tuple[int, int], ...]


class Tokens:
    """The tokenizer of a model."""

    def __init__(self, path: Path) -> None:
        self._tokenizer = Tokenizer.from_file(str(path))
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()

    def passages(self, texts: Sequence[str]) -> list[list[Passage]]:
        """Each text's passages, in order; at least one a text, none above MAX_TOKENS tokens."""
        plain = [readable(t) for t in texts]
        short = [k for k, t in enumerate(plain) if len(t) <= _WHOLE]
        encoded = dict(zip(short, self._tokenizer.encode_batch([plain[k] for k in short]), strict=True))
        return [self._fitting(plain[k], encoded.get(k)) for k in range(len(texts))]

    def _fitting(self, text: str, encoding: Encoding | None) -> list[Passage]:
        if encoding is not None and len(encoding.ids) <= MAX_TOKENS:
            return [_passage(encoding, 0, len(text))]
        if encoding is not None:
            return self._cut(text, Span(0, len(text)), encoding)
        blocks = list(_packed(clauses(text), len(text), lambda s: s.end - s.start, _WHOLE))
        found = self._tokenizer.encode_batch([text[b.start : b.end] for b in blocks])
        return [p for block, e in zip(blocks, found, strict=True) for p in self._cut(text, block, e)]

    def _cut(self, text: str, block: Span, encoding: Encoding) -> list[Passage]:
        """A block's passages: clauses packed together while their tokens fit."""
        if len(encoding.ids) <= MAX_TOKENS:
            return [_passage(encoding, block.start, block.end)]
        part = text[block.start : block.end]
        weight = [0] * (len(part) + 1)
        for start, end in encoding.offsets[1:-1]:
            weight[min(max(end - 1, start), len(part) - 1) + 1] += 1
        for k in range(len(part)):
            weight[k + 1] += weight[k]
        packed = _packed(clauses(part), len(part), lambda s: weight[s.end] - weight[s.start], MAX_TOKENS - 8)
        spans = [Span(block.start + s.start, block.start + s.end) for s in packed]
        if len(spans) == 1:
            middle = (spans[0].start + spans[0].end) // 2
            spans = [Span(spans[0].start, middle), Span(middle, spans[0].end)]
        found = self._tokenizer.encode_batch([text[s.start : s.end] for s in spans])
        return [p for span, e in zip(spans, found, strict=True) for p in self._short_enough(text, span, e)]

    def _short_enough(self, text: str, span: Span, encoding: Encoding) -> list[Passage]:
        """Cutting changes a piece or two at the rims; one code point may be many pieces, which are then cut off."""
        if len(encoding.ids) <= MAX_TOKENS:
            return [_passage(encoding, span.start, span.end)]
        if span.end - span.start > 1:
            return self._cut(text, span, encoding)
        last = MAX_TOKENS - 1
        ids = (*encoding.ids[:last], encoding.ids[-1])
        offsets = (*encoding.offsets[:last], encoding.offsets[-1])
        return [Passage(span.start, span.end, ids, _moved(offsets, span.start))]


def readable(text: str) -> str:
    """The text with what the tokenizer cannot take replaced, one code point for one."""
    if text.isascii() and "<" not in text and text.isprintable():
        return text
    plain = text.translate(_TABLE)
    try:
        plain.encode("utf-8")
    except UnicodeEncodeError:
        plain = "".join("\ufffd" if "\ud800" <= c <= "\udfff" else c for c in plain)
    return plain


def _passage(encoding: Encoding, start: int, end: int) -> Passage:
    return Passage(start, end, tuple(encoding.ids), _moved(encoding.offsets, start))


def _moved(offsets: Iterable[tuple[int, int]], by: int) -> tuple[tuple[int, int], ...]:
    return tuple(offsets) if by == 0 else tuple((a + by, b + by) for a, b in offsets)


def _packed(parts: Sequence[Span], length: int, weigh: Callable[[Span], int], most: int) -> Iterable[Span]:
    """Neighbouring parts joined while their weight stays within `most`; a part above it is cut into equal pieces."""
    start = 0
    ends = [p.end for p in parts[:-1]] + [length]
    previous = 0
    for end in ends:
        if weigh(Span(start, end)) > most and previous > start:
            yield Span(start, previous)
            start = previous
        if weigh(Span(start, end)) > most:
            pieces = -(-weigh(Span(start, end)) // most)
            step = -(-(end - start) // pieces)
            for at in range(start, end - step, step):
                yield Span(at, at + step)
                start = at + step
        previous = end
    if length > start:
        yield Span(start, length)
