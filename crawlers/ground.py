"""Known ground: where a crawl may stop, and what it must go back to because it failed there before."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field

from core.interfaces import Store
from core.models import FrontierRequest, Mention
from crawlers.visit import Trail, Visit, page_request

MOST_TRIES = 3
MOST_FAILED = 500


@dataclass(slots=True)
class State:
    """What is remembered of a subject between runs: whether it was ever walked to its end, and pages that failed.

    `forgot` says that more failed than are remembered: then it was not walked to its end, whatever happened before.
    """

    complete: bool = False
    newest: str = ""
    failed: dict[str, int] = field(default_factory=dict)
    forgot: bool = False


class Subjects:
    """The start addresses of a source, each with its cursor in the Store."""

    def __init__(self, store: Store, source: str, full: bool) -> None:
        self._store = store
        self._source = source
        self._full = full
        self._states: dict[str, State] = {}
        self._moved: set[str] = set()

    def first_requests(self, starts: Sequence[str]) -> list[FrontierRequest]:
        """What a new crawl begins with: the start addresses, and pages that failed in one of the last runs."""
        again = [
            page_request(url, Trail(start, True, tries), priority=5)
            for start in starts
            for url, tries in self._state(start).failed.items()
            if url != start
        ]
        return [*again, *self.start_requests(starts)]

    def start_requests(self, starts: Sequence[str]) -> list[FrontierRequest]:
        """The start addresses. What was never walked to its end is walked past known ground."""
        return [
            page_request(start, Trail(start, self._full or not self._state(start).complete), priority=10)
            for start in starts
        ]

    def remember(self, visits: Sequence[Visit], mentions: Sequence[Sequence[Mention]]) -> list[str]:
        """Writes down failed pages before they count as done, and strikes out those that went well at last.

        Returns the addresses that failed so often that they are given up.
        """
        touched, given_up = set(), []
        for visit, found in zip(visits, mentions, strict=True):
            trail = Trail.from_meta(visit.request.meta)
            state, url = self._state(trail.subject), visit.request.url
            newest = max((m.published_at for m in found if m.published_at is not None), default=None)
            if newest is not None and newest.isoformat() > state.newest:
                state.newest = newest.isoformat()
                self._moved.add(trail.subject)
            failed = visit.outcome == "failed" and not visit.lasting
            if failed and trail.tries + 1 >= MOST_TRIES:
                given_up.append(url)
            if failed and trail.tries + 1 < MOST_TRIES:
                if url in state.failed or len(state.failed) < MOST_FAILED:
                    state.failed[url] = trail.tries + 1
                    touched.add(trail.subject)
                elif not state.forgot:
                    state.complete, state.forgot = False, True
                    touched.add(trail.subject)
            elif state.failed.pop(url, None) is not None:
                touched.add(trail.subject)
        for subject in touched:
            self._write(subject)
        return given_up

    def complete(self, starts: Sequence[str]) -> None:
        """Marks subjects as walked to their end: from now on they may stop at known ground.

        Those of which failed pages were forgotten are walked past it once more.
        """
        for start in starts:
            state = self._state(start)
            if state.forgot or not state.complete or start in self._moved:
                state.complete, state.forgot = not state.forgot, False
                self._write(start)
        self._moved.clear()

    def _state(self, subject: str) -> State:
        if subject not in self._states:
            written = self._store.cursor(self._key(subject))
            self._states[subject] = State(**json.loads(written)) if written else State()
        return self._states[subject]

    def _write(self, subject: str) -> None:
        self._store.set_cursor(self._key(subject), json.dumps(asdict(self._states[subject]), ensure_ascii=False))

    def _key(self, subject: str) -> str:
        return f"{self._source} {subject}"


def at_known_ground(store: Store, visits: Sequence[Visit], mentions: Sequence[Sequence[Mention]]) -> set[int]:
    """Places of the visits behind which nothing new can be: all they brought is stored already, newest first."""
    asked = {
        i: [m.id for m in found]
        for i, (visit, found) in enumerate(zip(visits, mentions, strict=True))
        if visit.found and found and not Trail.from_meta(visit.request.meta).all and not _oldest_first(found)
    }
    if not asked:
        return set()
    known = store.known([id for ids in asked.values() for id in ids])
    return {i for i, ids in asked.items() if known.issuperset(ids)}


def _oldest_first(mentions: Sequence[Mention]) -> bool:
    """A list that begins with its oldest has its news at the other end."""
    dates = [m.published_at for m in mentions if m.published_at is not None]
    return len(dates) > 1 and dates[0] < dates[-1] and dates == sorted(dates)
