"""What `analyze` keeps of earlier lines: answers to equal questions, and who said the same words first."""

from __future__ import annotations

from collections import OrderedDict

from nlp.answers import Asked
from nlp.relate.duplicates import DuplicateFinder


class Answers:
    """Answers to texts met before; the least recently met are forgotten beyond `most` characters."""

    def __init__(self, most: int) -> None:
        self._answers: OrderedDict[Asked, str] = OrderedDict()
        self._most, self._held = most, 0

    def get(self, asked: Asked) -> str | None:
        found = self._answers.get(asked)
        if found is not None:
            self._answers.move_to_end(asked)
        return found

    def put(self, asked: Asked, answer: str) -> None:
        if asked in self._answers:
            return
        self._answers[asked] = answer
        self._held += len(asked.text) + len(answer)
        while self._held > self._most:
            old, forgotten = self._answers.popitem(last=False)
            self._held -= len(old.text) + len(forgotten)


class Earlier:
    """Finds the earlier line that says the same. Starts anew after `most` lines, so that memory stays bounded."""

    def __init__(self, most: int) -> None:
        self._most, self._count = most, 0
        self._finder = DuplicateFinder()

    def first(self, id: str, text: str) -> str:
        """The id of the line of which this is a duplicate; "" when there is none."""
        if self._count == self._most:
            self._finder, self._count = DuplicateFinder(), 0
        self._count += 1
        return self._finder.add(id, text)
