"""Lines of a file one at a time, however long: memory never holds more than a block and a row."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from crawlers.parsers.table_encoding import detect_encoding
from crawlers.parsers.table_rows import ROW_LIMIT, SHOWN, BadRow

_BLOCK = 256 * 1024
_SAMPLE = 1024 * 1024
_LOOK_ON = 64
"""Blocks to look through for the first byte beyond ASCII before the encoding is left to the lines themselves."""


@dataclass(frozen=True, slots=True)
class Line:
    """`text` without its end; `number` from 1."""

    number: int
    text: str


class Lines:
    """Iterates over Line and BadRow (a line that is too long, or cannot be decoded). `encoding` is known at once."""

    def __init__(self, stream: BinaryIO, name: str, limit: int = ROW_LIMIT) -> None:
        self._stream, self._limit = stream, limit
        self._head = stream.read(_SAMPLE)
        self.encoding = detect_encoding(self._head, name)
        if self.encoding == "ascii":
            self.encoding = self._look_on(name)
        self.sample = self._head
        self._mac = b"\r" in self._head and b"\n" not in self._head and not self.encoding.startswith("utf-16")
        self.done = 0

    def _look_on(self, name: str) -> str:
        """ASCII so far: the first block that is not decides. The stream has to be rewound where it can be."""
        if not self._stream.seekable():
            return "utf-8"
        place, found = self._stream.tell(), "utf-8"
        for _ in range(_LOOK_ON):
            block = self._stream.read(_BLOCK)
            if not block:
                break
            if not block.isascii():
                codec = detect_encoding(block + self._stream.readline(self._limit), name)
                found = "gb18030" if codec == "gb18030" else "utf-8"
                break
        self._stream.seek(place)
        return found

    def __iter__(self) -> Iterator[Line | BadRow]:
        wide = self.encoding.startswith("utf-16")
        blocks = self._narrowed() if wide else self._blocks()
        codec = "utf-8" if wide else self.encoding
        number, kept, length = 0, b"", 0
        for block in blocks:
            parts = block.split(b"\n")
            for part in parts[:-1]:
                number += 1
                yield self._line(number, kept + part, length + len(part), codec)
                kept, length = b"", 0
            length += len(parts[-1])
            kept = (kept + parts[-1])[: self._limit] if len(kept) < self._limit else kept
        if length:
            yield self._line(number + 1, kept, length, codec)

    def _line(self, number: int, raw: bytes, length: int, codec: str) -> Line | BadRow:
        if length > self._limit:
            shown = raw[:SHOWN].decode(codec, "replace")
            return BadRow(number, f"the line is {length:,} bytes long; the longest read is {self._limit:,}", shown)
        try:
            return Line(number, raw.removesuffix(b"\r").decode(codec))
        except UnicodeDecodeError as error:
            shown = raw[:SHOWN].decode(codec, "replace")
            return BadRow(number, f"byte {error.start + 1} of the line is not {self.encoding}", shown)

    def _blocks(self) -> Iterator[bytes]:
        block = self._head.removeprefix(codecs.BOM_UTF8) if self.encoding == "utf-8-sig" else self._head
        while block:
            self.done = self._stream.tell() if self._stream.seekable() else 0
            yield block.replace(b"\r", b"\n") if self._mac else block
            block = self._stream.read(_BLOCK)

    def _narrowed(self) -> Iterator[bytes]:
        """UTF-16 as UTF-8: a half pair stays one, so that its line turns out bad instead of being mended unseen."""
        decoder = codecs.getincrementaldecoder(self.encoding)("surrogatepass")
        first = True
        for block in self._blocks():
            text = _decoded(decoder, block)
            yield (text.removeprefix("﻿") if first else text).encode("utf-8", "surrogatepass")
            first = False
        yield _decoded(decoder, b"", final=True).encode("utf-8", "surrogatepass")


def _decoded(decoder: codecs.IncrementalDecoder, block: bytes, final: bool = False) -> str:
    try:
        return decoder.decode(block, final)
    except UnicodeDecodeError:
        # Half a character at the very end of the file.
        return "�"
