"""How a mention gets its id and its revision: digests, so that the same thing collected twice is one."""

from __future__ import annotations

import hashlib


def _digest(*parts: str) -> str:
    joined = "\x1f".join(f"{len(p)}:{p}" for p in parts)
    return hashlib.sha256(joined.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def native(source: str, native_id: str) -> str:
    """Id of something that its source numbers itself."""
    return _digest("native", source, native_id)


def crawled(source: str, product_url: str, author: str, date_as_written: str, rating: str, text: str) -> str:
    """Id of something on a page that numbers nothing; `product_url` is without paging."""
    return _digest("crawled", source, product_url, author, date_as_written, rating, text)


def row(source: str, columns: tuple[str, ...], occurrence: int) -> str:
    """Id of a row of a file: all its columns as written, and which of the equal rows of that file it is (from 0)."""
    return _digest("row", source, str(occurrence), *columns)


def revision(title: str, text: str) -> str:
    """Digest of what is read: another text is another revision."""
    return _digest("revision", title, text)[:16]
