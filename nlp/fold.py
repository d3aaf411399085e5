"""Writes text one way before words are looked up in it, one code point to one, so that spans keep their places."""

from __future__ import annotations

import unicodedata
from functools import cache
from importlib.resources import files

REPLACEMENT = "\ufffd"


def fold(text: str) -> str:
    """Lower case, half width, Simplified; a lone surrogate becomes U+FFFD. The length never changes."""
    return text.translate(_FOLDED)


class _Folded(dict[int, str]):
    """Filled as code points are met: there are too many to write down beforehand."""

    def __missing__(self, point: int) -> str:
        self[point] = folded = _fold_one(chr(point))
        return folded


_FOLDED = _Folded()


def _fold_one(char: str) -> str:
    if "\ud800" <= char <= "\udfff":
        return REPLACEMENT
    plain = unicodedata.normalize("NFKC", char)
    plain = plain if len(plain) == 1 else char
    plain = _simplified().get(plain, plain)
    lower = plain.lower()
    return lower if len(lower) == 1 else plain


@cache
def _simplified() -> dict[str, str]:
    """OpenCC's table of single characters; where it offers several, the first is the usual one."""
    lines = files("opencc").joinpath("dictionary", "TSCharacters.txt").read_text(encoding="utf-8").splitlines()
    pairs = (line.split("\t") for line in lines if "\t" in line)
    return {traditional: choices.split()[0] for traditional, choices in pairs if len(choices.split()[0]) == 1}
