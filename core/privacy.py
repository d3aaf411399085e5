"""Personal data out of text: found by recognisers, replaced one code point for one, so that every span holds."""

from __future__ import annotations

import hmac
import re
import unicodedata
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from core.recognisers import RECOGNISERS, SUSPECT

PLACEHOLDER = "█"
"""One stands for each code point taken out."""

_OTHER_DIGIT = re.compile(r"(?![0-9])\d")
_WIDE = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)} | {0x3000: " ", 0xA0: " "}
_WIDE |= {ord(mark): "-" for mark in "‐‑‒–—−"}


@dataclass(frozen=True, slots=True)
class Masked:
    """`text` has as many code points as the original; `counts` says how many of which kind were taken out."""

    text: str
    counts: Mapping[str, int]


def mask(text: str) -> Masked:
    """Replaces personal data by PLACEHOLDER, code point for code point, and alters nothing else. Idempotent."""
    if not SUSPECT.search(text):
        return Masked(text, {})
    flat = _flatten(text)
    counts: Counter[str] = Counter()
    while found := _pass(flat, counts):
        flat = found
    return Masked(_carry(text, flat) if counts else text, dict(counts))


def author_digest(name: str, secret: bytes) -> str:
    """HMAC-SHA256 of an author's name under the home's secret, in hex; "" stays ""."""
    name = name.strip()
    return hmac.digest(secret, name.encode("utf-8", "surrogatepass"), "sha256").hex() if name else ""


def _flatten(text: str) -> str:
    """Full-width letters, other scripts' digits and odd dashes as ASCII, one for one."""
    if text.isascii():
        return text
    return _OTHER_DIGIT.sub(lambda digit: str(unicodedata.decimal(digit[0])), text.translate(_WIDE))


def _pass(flat: str, counts: Counter[str]) -> str:
    """One round of every recogniser; "" when none found anything."""
    changed = False
    for kind, find in RECOGNISERS:
        for start, end in find(flat):
            hidden = PLACEHOLDER * (end - start)
            if flat[start:end] != hidden:
                flat = flat[:start] + hidden + flat[end:]
                counts[kind] += 1
                changed = True
    return flat if changed else ""


def _carry(text: str, flat: str) -> str:
    """The original with the placeholders of its flattened form."""
    return "".join(PLACEHOLDER if hidden == PLACEHOLDER else kept for kept, hidden in zip(text, flat, strict=True))
