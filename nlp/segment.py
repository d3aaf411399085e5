"""Cutting text into words and characters. Everything here works on one code point for one, so offsets never move."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import version as package_version
from importlib.resources import files

import rjieba

TABLE_VERSION = "1"
"""Raised when `normalise` or the splitting rules give another answer for the same text."""
SPACE = "\ue000"
"""Stands for a space where tokens are joined by spaces; `normalise` keeps it out of texts."""
FIELD_BREAK = "\ue001"
"""Stands between title and text, so that no phrase runs across; `normalise` keeps it out of texts."""
LONGEST_TOKEN = 255

_LAST_CASED = 0x20000
_RESERVED = (SPACE, FIELD_BREAK)
_CUT_AFTER = re.compile(r"[。！？!?；;…\n\r]+|\.(?=\s)")
_CJK = (
    "\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3040-\u30ff\u31f0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
)
_PIECE = re.compile(rf"[0-9]+|[^\W\d_{_CJK}]+|.", re.DOTALL)
_RUN = re.compile(rf"[0-9]+|[^\W\d_{_CJK}]+")


@dataclass(frozen=True, slots=True)
class Token:
    """A stretch of text: `text` is normalised, offsets are code points of the text given, `sentence` counts from 0."""

    text: str
    start: int
    end: int
    sentence: int


@lru_cache(maxsize=256)
def normalise(text: str) -> str:
    """The form in which texts are compared: half width, Simplified, lower case; always of the same length.

    The last few are remembered: each rule that looks at a text asks for this form of it.
    """
    return text.translate(_table())


def sentences(text: str) -> list[tuple[int, int]]:
    """Half-open offsets of the sentences that make up the whole text; a closing mark belongs to its sentence."""
    found, start = [], 0
    for mark in _CUT_AFTER.finditer(text):
        found.append((start, mark.end()))
        start = mark.end()
    if start < len(text):
        found.append((start, len(text)))
    return found


def pieces(normal: str) -> list[str]:
    """Cuts a normalised text so that joining gives it back: Latin words and numbers whole, all else one by one."""
    return _PIECE.findall(normal)


def is_run(piece: str) -> bool:
    """Whether a piece is a Latin word or a number, which a longer one may contain."""
    return _RUN.fullmatch(piece) is not None


def characters(text: str) -> list[Token]:
    """Single Chinese characters, Latin words and numbers whole, marks one by one; spaces are left out."""
    return _placed(text, pieces(normalise(text)))


class Segmenter:
    """Jieba's words, with the project's own added. Equal user words give equal cuts, in any order."""

    def __init__(self, user_words: Iterable[str] = ()) -> None:
        words = {normalise(w).strip() for w in user_words}
        self.user_words: tuple[str, ...] = tuple(sorted(w for w in words if w and not any(c.isspace() for c in w)))
        self._jieba = rjieba.Jieba()
        for word in self.user_words:
            self._jieba.add_word(word, None, None)
        self.version = _version(self.user_words)

    def words(self, text: str) -> list[str]:
        """The normalised words in order; spaces are left out, marks kept."""
        return self.cut(normalise(text))

    def cut(self, normal: str) -> list[str]:
        """The words of a text that is normalised already."""
        return [w for w in self._jieba.cut(normal) if not w.isspace()]

    def tokens(self, text: str) -> list[Token]:
        """The words with their offsets and sentences; spaces are left out, marks kept."""
        return _placed(text, self._jieba.cut(normalise(text)))


def _placed(text: str, parts: Iterable[str]) -> list[Token]:
    """Offsets and sentence of each part; together the parts are the whole text. A part belongs where it begins."""
    found: list[Token] = []
    ends = [end for _, end in sentences(text)]
    place = sentence = 0
    for part in parts:
        while place >= ends[sentence]:
            sentence += 1
        if not part.isspace():
            found.append(Token(part, place, place + len(part), sentence))
        place += len(part)
    return found


def _version(user_words: Sequence[str]) -> str:
    words = hashlib.sha256("\n".join(user_words).encode("utf-8")).hexdigest()[:8]
    return f"rjieba-{package_version('rjieba')}-t{TABLE_VERSION}-{words}"


@lru_cache(maxsize=1)
def _table() -> dict[int, int]:
    """Code point to code point: spaces, width, case, then Traditional to Simplified."""
    table = {c: folded for c in range(_LAST_CASED) if (folded := _folded(c)) != c}
    simple = _simplified()
    for code, folded in list(table.items()):
        table[code] = simple.get(folded, folded)
    return {**simple, **table}


def _folded(code: int) -> int:
    char = chr(code)
    if 0xD800 <= code <= 0xDFFF or char in _RESERVED or code == 0:
        return 0xFFFD
    if char.isspace():
        return 0x20
    if 0xFF01 <= code <= 0xFF5E:
        code = code - 0xFEE0
    lower = chr(code).lower()
    return ord(lower) if len(lower) == 1 else code


def _simplified() -> dict[int, int]:
    """OpenCC's characters; where it offers several Simplified ones the first, as it does itself."""
    lines = files("opencc").joinpath("dictionary", "TSCharacters.txt").read_text("utf-8").splitlines()
    pairs = (line.split("\t") for line in lines if "\t" in line)
    found = ((source, target.split(" ")[0]) for source, target in pairs)
    return {ord(s): ord(t) for s, t in found if len(s) == 1 and len(t) == 1}
