"""What pages say without a page: the two catalogues agree, notes are put in words, answers are remembered."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest

from core.errors import ConfigError
from core.interfaces import Index
from core.models import KINDS, POLARITIES, SourceHealth
from core.scope import OPEN, Scope
from core.tree import Everything
from dashboard.notes import note_in_words
from dashboard.pages.sources import state_of
from dashboard.remembered import Answers, Remembered
from dashboard.words import words
from nlp.intents import INTENTS
from reports.charts import STATES


def test_catalogues_have_the_same_strings_and_places() -> None:
    zh, en = words("zh").strings, words("en").strings
    assert zh.keys() == en.keys()
    for key in zh:
        assert set(re.findall(r"{\w+}", zh[key])) == set(re.findall(r"{\w+}", en[key])), key


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_value_that_is_shown_has_words(language: str) -> None:
    found = words(language).strings
    for section, values in (("polarity", POLARITIES), ("kind", KINDS), ("intent", INTENTS), ("state", STATES)):
        assert not [v for v in values if f"{section}.{v}" not in found]


def test_missing_string_is_a_bug_that_says_so() -> None:
    with pytest.raises(ConfigError, match=r"zh\.toml.*'no\.such'"):
        words("zh")("no.such")


@pytest.mark.parametrize(
    ("note", "said"),
    [
        ("robots.txt forbids some pages", "robots.txt 禁止访问部分页面"),
        ("http://a/b did not answer in time", "http://a/b 响应超时"),
        ("http://a/b answered 503", "http://a/b 返回 503"),
        ("http://a/b redirects in a circle (max redirections reached)", "http://a/b 循环跳转"),
        ("something new", "something new"),
    ],
)
def test_notes_are_put_in_words(note: str, said: str) -> None:
    assert note_in_words(note, words("zh")) == said


@pytest.mark.parametrize(
    ("asked", "answered", "failed", "state"),
    [(0, 0, 0, "unasked"), (3, 3, 0, "ok"), (3, 1, 2, "partly"), (3, 0, 3, "failing")],
)
def test_state_of_an_hour(asked: int, answered: int, failed: int, state: str) -> None:
    row = SourceHealth("shop", datetime(2026, 1, 1, tzinfo=UTC), asked, answered, 0, failed)
    assert state_of(row) == state
    assert state_of(None) == "unasked"


class Asked:
    """An index that counts how often it is asked."""

    def __init__(self) -> None:
        self.times, self.at = 0, 1

    def generation(self) -> int:
        return self.at

    def count(self, tree: object) -> int:
        self.times += 1
        return self.times


def test_a_question_is_asked_once_a_generation_and_scope() -> None:
    asked, answers = Asked(), Answers()
    index: Index = asked  # type: ignore[assignment]
    one, same = Remembered(index, OPEN, answers), Remembered(index, OPEN, answers)
    assert one.count(Everything()) == same.count(Everything()) == 1
    other = Remembered(index, Scope(brands=("x",), sources=("*",), regions=("*",)), answers)
    assert other.count(Everything()) != 1
    asked.at, before = 2, asked.times
    assert one.count(Everything()) > before


def test_the_longest_unused_answer_goes_first() -> None:
    answers = Answers(most=2)
    for question in ("a", "b", "a", "c"):
        answers.get((question,), lambda: 0)
    calls: list[int] = []
    answers.get(("a",), lambda: calls.append(1))
    answers.get(("b",), lambda: calls.append(2))
    assert calls == [2]
