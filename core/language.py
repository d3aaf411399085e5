"""A cheap guess at the language of a text: script, common words, and py3langid only where these leave it open."""

from __future__ import annotations

import re

_HAN = re.compile(r"[一-鿿㐀-䶿]")
_KANA = re.compile(r"[぀-ヿ]")
_HANGUL = re.compile(r"[가-힯]")
_LATIN = re.compile(r"[A-Za-zÀ-ɏ]")
_ACCENTED = re.compile(r"[À-ɏ]")
_OTHER = re.compile(r"[Ѐ-ӿ؀-ۿ֐-׿ऀ-ॿ฀-๿Ͱ-Ͽ]")
_ENGLISH = re.compile(
    r"\b(?:the|and|is|are|was|it|its|it's|this|that|of|to|for|with|very|good|bad|not|but|my|i|you|great|love|after|"
    r"works?|product|quality|phone|battery|nice|best|worst|ok|okay)\b",
    re.I,
)
_ENOUGH = 400
"""A language shows in the first few hundred code points; longer texts are not read to the end for it."""


def guess_language(text: str) -> str:
    """An ISO 639-1 code; "" when the text holds no letters (only digits, signs or emoji)."""
    text = text[:_ENOUGH]
    if text.isascii():
        return _latin(text)
    han = len(_HAN.findall(text))
    if _KANA.search(text) and len(_KANA.findall(text)) * 5 >= han:
        return "ja"
    if len(_HANGUL.findall(text)) > han:
        return "ko"
    if han:
        # A Han character says about as much as two letters and a half.
        latin = len(_LATIN.findall(text))
        return "zh" if han * 2.5 >= latin * 0.5 else _latin(text)
    return _classify(text) if _OTHER.search(text) else _latin(text)


def _latin(text: str) -> str:
    letters = len(_LATIN.findall(text))
    if not letters:
        return ""
    if not _ACCENTED.search(text) and (letters < 12 or len(_ENGLISH.findall(text)) * 30 >= letters):
        return "en"
    return _classify(text)


def _classify(text: str) -> str:
    """py3langid takes a second to load, so it is loaded by the first text that needs it."""
    import py3langid

    return str(py3langid.classify(text)[0])
