"""Phrases that could name a topic: stretches of a text, whole words, that do not begin or end with a word of form."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from itertools import pairwise

from core.errors import ConfigError
from core.models import Span
from nlp.lexicon import SHIPPED
from nlp.lexicon_file import read_toml
from nlp.segment import Token, is_run
from nlp.topics.thresholds import LONGEST_CHARACTERS, LONGEST_LATIN, LONGEST_WORDS

TABLE = SHIPPED / "topics.toml"
_KEYS = ("edges", "begins", "ends", "alone", "units")
_MOST_TOKENS = 200
"""The words of a long text after these are not looked at."""


def phrases(text: str, tokens: Sequence[Token]) -> Iterator[tuple[str, Span]]:
    """Every stretch that may be a name, as it is counted (its words joined), with its place in the text."""
    tokens = tokens[:_MOST_TOKENS]
    for first, token in enumerate(tokens):
        if not _may_begin(token.text) or _follows_number(tokens, first):
            continue
        for last in range(first, min(first + LONGEST_WORDS, len(tokens))):
            if last > first and not _adjoin(text, tokens[last - 1], tokens[last]):
                break
            words = [t.text for t in tokens[first : last + 1]]
            if _may_end(words[-1]) and _is_name(words):
                yield joined(words), Span(token.start, tokens[last].end)


def _follows_number(tokens: Sequence[Token], first: int) -> bool:
    """楼没电梯 of 6楼没电梯 is a torn piece."""
    return first > 0 and tokens[first - 1].end == tokens[first].start and tokens[first - 1].text[-1].isnumeric()


def joined(words: Sequence[str]) -> str:
    """Words as one phrase: Latin ones and numbers with a space between."""
    out = words[0]
    for before, word in pairwise(words):
        out += f" {word}" if is_run(before) and is_run(word) else word
    return out


def _adjoin(text: str, left: Token, right: Token) -> bool:
    """Nothing between but a space between Latin words; no mark ever joins."""
    if left.sentence != right.sentence or not any(c.isalnum() for c in right.text):
        return False
    gap = text[left.end : right.start]
    return not gap or (gap == " " and is_run(left.text) and is_run(right.text))


def _is_name(words: Sequence[str]) -> bool:
    whole = joined(words)
    latin = whole.isascii()
    if len(whole) > (LONGEST_LATIN if latin else LONGEST_CHARACTERS) or all(w.isnumeric() for w in words):
        return False
    return len(whole) > 1 + latin and whole not in _table()["alone"]


def _may_begin(word: str) -> bool:
    return _may_stand_outside(word) and word not in _table()["begins"]


def _may_end(word: str) -> bool:
    return _may_stand_outside(word) and word not in _table()["ends"]


def _may_stand_outside(word: str) -> bool:
    return any(c.isalnum() for c in word) and word not in _table()["edges"] and not _is_amount(word)


def _is_amount(word: str) -> bool:
    """一台, 两三天: a number, with a unit or without."""
    rest = word.lstrip("0123456789.,%一二两三四五六七八九十百千万亿几半多")
    return rest != word and (not rest or rest in _table()["units"])


@cache
def _table() -> dict[str, frozenset[str]]:
    table = read_toml(TABLE)
    if set(table) != set(_KEYS) or not all(isinstance(w, str) for words in table.values() for w in words):
        raise ConfigError(f"{TABLE} must hold the lists {', '.join(_KEYS)} of words and nothing else.")
    return {key: frozenset(words) for key, words in table.items()}
