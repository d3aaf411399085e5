"""Which encoding a text file is in: a mark, zeros in every other byte, UTF-8, GB18030, Big5 or Windows-1252."""

from __future__ import annotations

import codecs

from core.errors import InputError

_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_BINARY = (
    (b"\xd0\xcf\x11\xe0", "an old Excel or password-protected file. Save it as .xlsx without a password, or as CSV"),
    (b"%PDF", "a PDF. Export the table itself as CSV or Excel"),
    (b"\x89PNG", "a picture. Export the table itself as CSV or Excel"),
    (b"\xff\xd8\xff", "a picture. Export the table itself as CSV or Excel"),
    (b"GIF8", "a picture. Export the table itself as CSV or Excel"),
    (b"\x1f\x8b", "compressed with gzip. Unpack it first"),
    (b"BZh", "compressed with bzip2. Unpack it first"),
    (b"\xfd7zXZ", "compressed with xz. Unpack it first"),
    (b"7z\xbc\xaf", "a 7-Zip archive. Unpack it first"),
    (b"Rar!", "a RAR archive. Unpack it first"),
    (b"PAR1", "a Parquet file. Export it as CSV or JSONL"),
    (b"SQLite format 3", "a SQLite database. Export the table as CSV"),
    (b"\x7fELF", "a program"),
    (b"MZ\x90", "a program"),
)
_CONTROL = bytes(code for code in range(32) if code not in b"\t\n\r\f\x1a\x1b")
_USUAL = 0.6
_BIG5_COMMON = "big5, first level"
_GOOD = 0.8
"""Share of lines beyond ASCII that have to decode for an encoding to be believed."""


def detect_encoding(sample: bytes, name: str) -> str:
    """The codec of a file by its first bytes; "ascii" when nothing in the sample decides. Raises InputError for binary.

    The sample may end in the middle of a line or a character.
    """
    for mark, codec in _MARKS:
        if sample.startswith(mark):
            return codec
    for magic, what in _BINARY:
        if sample.startswith(magic):
            raise InputError(f"{name} is {what}; fengping reads CSV, TSV, JSONL and .xlsx.")
    wide = _wide(sample)
    if wide:
        return wide
    _refuse_binary(sample, name)
    if sample.isascii():
        return "ascii"
    return _of_lines(sample, name)


def _wide(sample: bytes) -> str:
    """UTF-16 without a mark: most letters and separators of a table are ASCII, so every other byte is zero."""
    pairs = len(sample) // 2
    if pairs < 2 or b"\0" not in sample:
        return ""
    even, odd = sample[0 : 2 * pairs : 2].count(0), sample[1 : 2 * pairs : 2].count(0)
    if odd * 10 >= pairs and even * 20 <= odd:
        return "utf-16-le"
    return "utf-16-be" if even * 10 >= pairs and odd * 20 <= even else ""


def _refuse_binary(sample: bytes, name: str) -> None:
    controls = len(sample) - len(sample.translate(None, _CONTROL))
    if sample.count(0) * 1000 > len(sample) or controls * 100 > len(sample):
        raise InputError(
            f"{name} is a binary file, no table: it holds bytes no text has. fengping reads CSV, TSV, JSONL and .xlsx."
        )


def _of_lines(sample: bytes, name: str) -> str:
    """Judged line by line, so that one damaged line does not decide for all of them."""
    lines = [line for line in sample.split(b"\n") if not line.isascii()]
    if len(lines) > 1:
        lines = lines[:-1]
    shares = {codec: sum(_decodes(line, codec) for line in lines) / len(lines) for codec in ("utf-8", "gb18030")}
    # A single line may have been cut within a character: that is no sign against UTF-8.
    if shares["utf-8"] >= max(shares["gb18030"], 0.5) or _cut_utf8(lines):
        return "utf-8"
    text = b"\n".join(lines)[:20_000]
    usual = {codec: _usual(text, codec, within) for codec, within in (("gb18030", "gb2312"), ("big5", _BIG5_COMMON))}
    best = max(usual, key=lambda codec: usual[codec])
    if usual[best] >= _USUAL and sum(_decodes(line, best) for line in lines) >= _GOOD * len(lines):
        return best
    if _western(text):
        return "cp1252"
    if max(shares.values()) > 0:
        return max(shares, key=lambda codec: (shares[codec], codec))
    raise InputError(
        f"{name} is in no encoding that could be found: neither UTF-8, UTF-16 nor GB18030 reads it. Save it as UTF-8."
    )


def _decodes(line: bytes, codec: str) -> bool:
    try:
        line.decode(codec)
    except UnicodeDecodeError:
        return False
    return True


def _cut_utf8(lines: list[bytes]) -> bool:
    if len(lines) != 1:
        return False
    try:
        codecs.getincrementaldecoder("utf-8")().decode(lines[0])
    except UnicodeDecodeError:
        return False
    return True


def _usual(text: bytes, codec: str, within: str) -> float:
    """Share of characters that people use: text in another encoding decodes to rare ones instead."""
    decoded = [mark for mark in text.decode(codec, "ignore") if not mark.isascii()]
    if within == _BIG5_COMMON:
        kept = sum(b"\xa1" <= mark.encode("big5", "ignore")[:1] <= b"\xc6" for mark in decoded)
    else:
        kept = len("".join(decoded).encode(within, "ignore")) // 2
    return kept / len(decoded) if decoded else 0.0


def _western(text: bytes) -> bool:
    """Mostly ASCII, and beyond it only letters with accents and the signs of Western typography."""
    beyond = [mark for mark in text.decode("cp1252", "replace") if not mark.isascii()]
    return len(beyond) * 3 < len(text) and all(mark.isalpha() or mark in "€£©®°’‘“”–—…«»¿¡·´\xa0" for mark in beyond)
