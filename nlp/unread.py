"""Which texts are surely in a language that is not read. Chinese and English are; what is in doubt is read."""

from __future__ import annotations

import re

from nlp.thresholds import FEWEST_FUNCTION_WORDS, FEWEST_LETTERS, FUNCTION_SHARE, HIRAGANA_SHARE, SCRIPT_SHARE

READ = frozenset(("", "zh", "yue", "en"))
"""Languages of mentions that are read; "" is a text without letters."""
_HIRAGANA = re.compile(r"[ぁ-ゖ]")
_EAST = re.compile(r"[一-鿿㐀-䶿ぁ-ゖァ-ヺ]")
_HANGUL = re.compile(r"[가-힯]")
_OTHER = re.compile(
    r"[\u0370-\u03ff\u0400-\u052f\u0531-\u058f\u05d0-\u05ea\u0620-\u06ff\u0900-\u109f\u10a0-\u10ff\u1200-\u137f\u1780-\u17ff]"
)
"""Greek, Cyrillic, Armenian, Hebrew, Arabic; of India, Thai, Lao, Tibetan, Burmese; Georgian, Ethiopic, Khmer."""
_LETTER = re.compile(r"[^\W\d_]")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_ENOUGH = 400
"""A language shows in the first few hundred code points."""

_ENGLISH_WORDS = (
    "the and is are was it this that of to for with not but my i you in on a an so no be have has very they at"
)
_ENGLISH = frozenset(_ENGLISH_WORDS.split())
_FUNCTION_WORDS: tuple[frozenset[str], ...] = tuple(
    frozenset(words.split())
    for words in (
        "les des est et je pas une un du que qui pour avec très ce cette mais sur dans au il elle nous mon suis ne",
        "der das und ist nicht ich ein eine aber sehr mit für auf den dem von es auch nach wie bei hält hat sich",
        "el los las es que muy un una pero con para por se esta este del y más está son todo como al mi",
        "il che non un una per con molto ma sono questo questa è ho più anche della del dopo ottimo gli",
        "os que não um uma muito mas com para por é está meu minha mais dos das na no em ao foi chegou e",
        "het een en niet van ik maar zeer voor deze dat op te met zijn erg heeft bij naar ook wel",
        "nie jest się na bardzo ale to że jak po już tylko oraz dla od przez był była ten",
        "och är inte det en jag men med mycket för som på av den har till efter bra",
        "bir ve çok bu için ama değil da ile olarak gibi daha ürün kadar en hiç sonra",
        "và là rất không của này nhưng có được cho với tôi mình thì đã sản phẩm hơi máy",
        "yang dan ini tidak sangat dengan untuk saya sudah juga tapi di itu dari bisa ada sekali",
    )
)
"""The commonest little words of French, German, Spanish, Italian, Portuguese, Dutch, Polish, Swedish, Turkish,
Vietnamese and Indonesian. Names of brands hold none of them."""


def unread(text: str, language: str) -> bool:
    """Whether a text, guessed to be in `language`, is surely one that is not read."""
    if language in READ:
        return False
    text = text[:_ENOUGH]
    letters = len(_LETTER.findall(text))
    if letters < FEWEST_LETTERS:
        return False
    hiragana, east = len(_HIRAGANA.findall(text)), len(_EAST.findall(text))
    if hiragana * 2 >= FEWEST_LETTERS and hiragana >= HIRAGANA_SHARE * east:
        return True
    script = max(len(_HANGUL.findall(text)), len(_OTHER.findall(text)))
    if script >= FEWEST_LETTERS and script >= SCRIPT_SHARE * letters:
        return True
    return not east and _latin(text)


def _latin(text: str) -> bool:
    words = [w.lower() for w in _WORD.findall(text)]
    common = max((frozenset(words) & known for known in _FUNCTION_WORDS), key=len)
    said = sum(w in common for w in words)
    english = sum(w in _ENGLISH and w not in common for w in words)
    return len(common) >= FEWEST_FUNCTION_WORDS and said >= FUNCTION_SHARE * len(words) and said > 2 * english
