"""The texts in tantivy: which rows contain a word or phrase, and the stored documents by row."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import tantivy

from core.models import SearchDocument
from index.stored import to_bytes
from index.tokens import held, tokens_of
from nlp.segment import FIELD_BREAK, LONGEST_TOKEN, Segmenter, is_run, normalise

Rows = npt.NDArray[np.int64]
_TOKENIZER = "tokens"
_ALL = 2_000_000_000


def schema() -> tantivy.Schema:
    """Row and id, the text as words and as characters, and the document itself."""
    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("row", indexed=True, fast=True)
    builder.add_text_field("id", tokenizer_name="raw", index_option="basic")
    builder.add_text_field("words", tokenizer_name=_TOKENIZER)
    builder.add_text_field("characters", tokenizer_name=_TOKENIZER)
    builder.add_bytes_field("document", stored=True)
    return builder.build()


def open_index(folder: Path) -> tantivy.Index:
    """Opens the tantivy index of a folder, making it where there is none."""
    folder.mkdir(parents=True, exist_ok=True)
    index = tantivy.Index(schema(), path=str(folder))
    analyzer = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
    index.register_tokenizer(_TOKENIZER, analyzer)
    return index


def tantivy_document(
    row: int, document: SearchDocument, segmenter: Segmenter
) -> tuple[tantivy.Document, bool, list[str]]:
    """What tantivy holds of a document, whether a word in it is too long to be held whole, and its tokens in order."""
    text = normalise(document.text)
    words, tokens = segmenter.cut(text), tokens_of(document.text, text)
    chars = _unbroken(tokens)
    if document.title:
        title = normalise(document.title)
        before = tokens_of(document.title, title)
        words = [*segmenter.cut(title), FIELD_BREAK, *words]
        chars = [*_unbroken(before), FIELD_BREAK, *chars]
        tokens = [*before, FIELD_BREAK, *tokens]
    tokens.append(FIELD_BREAK)
    long = max(map(len, chars), default=0) > LONGEST_TOKEN
    made = tantivy.Document()
    made.add_unsigned("row", row)
    made.add_text("id", _written(document.id))
    if long or max(map(len, words), default=0) > LONGEST_TOKEN:
        words, chars = ([token[:LONGEST_TOKEN] for token in some] for some in (words, chars))
    made.add_text("words", " ".join(words))
    made.add_text("characters", " ".join(chars))
    made.add_bytes("document", to_bytes(document))
    return made, long, tokens


def rows_from(index: tantivy.Index, first: int) -> tantivy.Query:
    """The rows from one on."""
    kind = tantivy.FieldType.Unsigned
    return tantivy.Query.range_query(index.schema, "row", kind, first, None)


def contains(phrase: str, title: str, text: str) -> bool:
    """The meaning of a quoted phrase: the normalised title or text contains the normalised phrase."""
    wanted = normalise(phrase)
    return wanted in normalise(text) or wanted in normalise(title)


class FullText:
    """Reads one tantivy index at one commit."""

    def __init__(self, index: tantivy.Index) -> None:
        self._schema = index.schema
        self._searcher = index.searcher()

    def word(self, text: str, segmenter: Segmenter) -> tantivy.Query | None:
        """All segments of a word, adjacent; None where there is nothing to find."""
        words = [w[:LONGEST_TOKEN] for w in segmenter.words(text)]
        if not words:
            return None
        if len(words) == 1:
            return tantivy.Query.term_query(self._schema, "words", words[0])
        return tantivy.Query.phrase_query(self._schema, "words", list(words))

    def phrase(self, text: str) -> tantivy.Query:
        """Texts that contain a string, exact wherever no word of the text is longer than LONGEST_TOKEN."""
        parts = held(normalise(text))
        if len(parts) == 1:
            return self._one_piece(parts[0])
        if not is_run(parts[0]) and not is_run(parts[-1]):
            return tantivy.Query.phrase_query(self._schema, "characters", list(parts))
        patterns = [re.escape(part) for part in parts]
        if is_run(parts[0]):
            patterns[0] = f".*{patterns[0]}"
        if is_run(parts[-1]):
            patterns[-1] = f"{patterns[-1]}.*"
        return tantivy.Query.regex_phrase_query(self._schema, "characters", list(patterns))

    def close(self, left: str, right: str, slop: int) -> tantivy.Query | None:
        """Texts in which one phrase follows the other with so many pieces between.

        None where there are no pieces, or some may be parts of words or are not held whole.
        """
        one, other = held(normalise(left)), held(normalise(right))
        if not one or not other or any(map(is_run, (one[0], one[-1], other[0], other[-1]))):
            return None
        if max(map(len, one + other)) > LONGEST_TOKEN:
            return None
        orders = ([*one, *other], [*other, *one])
        return either([tantivy.Query.phrase_query(self._schema, "characters", list(o), slop=slop) for o in orders])

    def _one_piece(self, piece: str) -> tantivy.Query:
        if is_run(piece):
            return tantivy.Query.regex_query(self._schema, "characters", f".*{piece}.*")
        return tantivy.Query.term_query(self._schema, "characters", piece)

    def ids(self, ids: Sequence[str]) -> tantivy.Query:
        return tantivy.Query.term_set_query(self._schema, "id", [_written(i) for i in ids])

    def rows(self, query: tantivy.Query) -> Rows:
        """The rows that match, ascending; replaced versions may be among them."""
        limit = max(int(self._searcher.num_docs), 1)
        found = self._searcher.search(query, limit=limit, count=False, order_by_field="row", order=tantivy.Order.Asc)
        hits = found.hits  # made anew at every access
        return np.fromiter((row for row, _ in hits), dtype=np.int64, count=len(hits))

    def scored(self, query: tantivy.Query, limit: int) -> list[tuple[float, int]]:
        """The best matches as (score, row)."""
        hits = self._searcher.search(query, limit=max(limit, 1), count=False).hits
        rows = self._searcher.fast_field_values("row", [address for _, address in hits])
        return [(float(score), int(row or 0)) for (score, _), row in zip(hits, rows, strict=True)]

    def stored(self, rows: Iterable[int]) -> Mapping[int, bytes]:
        """The stored documents of rows."""
        wanted = [int(row) for row in rows]
        if not wanted:
            return {}
        query = tantivy.Query.term_set_query(self._schema, "row", wanted)
        found = self._searcher.search(
            query, limit=len(wanted), count=False, order_by_field="row", order=tantivy.Order.Asc
        )
        return {int(row): _bytes(self._searcher.doc(address)) for row, address in found.hits}


def either(queries: Sequence[tantivy.Query]) -> tantivy.Query:
    """Matches any of the queries; scores add up."""
    return tantivy.Query.boolean_query([(tantivy.Occur.Should, query) for query in queries])


def _bytes(document: Any) -> bytes:
    return bytes(document.get_first("document"))


def _written(identity: str) -> str:
    """An id as tantivy can hold it."""
    return identity.encode("utf-8", "replace").decode("utf-8")


def _unbroken(tokens: list[str]) -> list[str]:
    return [t for t in tokens if t != FIELD_BREAK] if FIELD_BREAK in tokens else tokens.copy()
