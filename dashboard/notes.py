"""What a crawl noted of its pages, in the reader's language; a note that no pattern knows stays as it was written."""

from __future__ import annotations

import re

from dashboard.words import Words

_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (key, re.compile(pattern))
    for key, pattern in (
        ("robots", r"robots\.txt forbids some pages"),
        ("circle", r"(?P<url>\S+) redirects in a circle.*"),
        ("late", r"(?P<url>\S+) did not answer in time"),
        ("closed", r"(?P<url>\S+) refused the connection.*"),
        ("unknown_host", r"(?P<url>\S+) has no address.*"),
        ("long", r"(?P<url>\S+) sent more than a page may be long"),
        ("short", r"(?P<url>\S+) sent less than it promised"),
        ("given_up", r"(?P<url>\S+) failed in three runs.*"),
        ("status", r"(?P<url>\S+) answered (?P<status>\d+)"),
        ("empty", r"(?P<url>\S+) is empty.*"),
        ("binary", r"(?P<url>\S+) is no (?:text|feed): its first bytes.*"),
        ("no_feed", r"(?P<url>\S+) is no feed: neither.*"),
        ("unread", r"(?P<url>\S+): the \S+ spider could not read it.*"),
        ("dropped", r"(?P<url>\S+) was dropped on its way"),
    )
)


def note_in_words(note: str, say: Words) -> str:
    """A note in the reader's language."""
    for key, pattern in _PATTERNS:
        found = pattern.fullmatch(note)
        if found:
            return say(f"note.{key}", **found.groupdict())
    return note
