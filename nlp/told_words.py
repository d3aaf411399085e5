"""Which words a text must hold for another lexicon to map it otherwise."""

from __future__ import annotations

from collections.abc import Collection

from nlp.lexicon import OVERALL, Lexicon


def telling_words(before: Lexicon, after: Lexicon) -> tuple[str, ...] | None:
    """The words that mean something else in the one than in the other; None where more than words differ.

    Texts without any of them are mapped alike, but for terms that no list holds: those are asked of the neighbours,
    which every word may change (`Reading.unlisted` says which terms they were).
    """
    if before.things != after.things or not _joined_alike(before.paths, after.paths):
        return None
    told: set[str] = set()
    for mine, theirs in zip(before.meanings, after.meanings, strict=True):
        told |= {word for word in mine.keys() | theirs.keys() if mine.get(word) != theirs.get(word)}
    return tuple(sorted(told))


def _joined_alike(before: Collection[str], after: Collection[str]) -> bool:
    """Whether a named and an implied attribute come together to the same one: another path may not be such a joint."""
    differing = set(before) ^ set(after)
    if OVERALL in differing:
        return False
    leaves = {path.partition("/")[2] for path in {*before, *after} - differing}
    return not any(path.partition("/")[2] in leaves for path in differing if "/" in path)
