"""Every sentence of tests/cases/reading by its name; what is known to be read wrongly must stay so or be struck off."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache

import pytest

from core.models import Mention, Reading
from nlp.model import Model
from nlp.reader import MentionReader, ReaderSettings
from tests.nlp.reading_cases import PAGE, Case, cases, failures, project

CASES = cases()


@cache
def model() -> Model:
    return Model()


@cache
def readings(industry: str) -> dict[str, Reading]:
    """Of all sentences of an industry, read together."""
    reader = MentionReader(ReaderSettings(project(industry)), model)
    mentions = [_mention(case) for case in CASES if case.industry == industry]
    return {m.text: r for m, r in zip(mentions, reader.read(mentions), strict=True)}


def _mention(case: Case) -> Mention:
    at = datetime(2026, 1, 1, tzinfo=UTC)
    return Mention(case.text, "shop", "reviews", "review", case.text, at, brand=PAGE, revision="r")


def _marked(case: Case) -> object:
    marks = [pytest.mark.xfail(reason=case.known_wrong, strict=True)] if case.known_wrong else []
    return pytest.param(case, id=case.name, marks=marks)


@pytest.mark.parametrize("case", [_marked(case) for case in CASES])
def test_a_sentence_is_read_as_a_person_reads_it(case: Case) -> None:
    reading = readings(case.industry)[case.text]
    missed = failures(case, reading)
    assert not missed, f"{case.text}\n  expected {'; '.join(missed)}\n{_seen(case.text, reading)}"


def _seen(text: str, reading: Reading) -> str:
    lines = [f"  read as {reading.polarity} {reading.score:+.2f}, intents {', '.join(reading.intents) or 'none'}"]
    for o in reading.opinions:
        words = " ".join(s.of(text) for s in (o.aspect, o.opinion) if s)
        lines.append(f"  {o.target}: {o.attribute or '(no attribute)'} {o.polarity}: {words}")
    for c in reading.comparisons:
        lines.append(f"  {c.winner or '?'} {c.preference} than {c.loser or '?'} {c.attribute}")
    return "\n".join(lines)


def test_there_are_enough_sentences_of_each_phenomenon() -> None:
    assert len(CASES) >= 300
    assert len({(case.industry, case.text) for case in CASES}) == len(CASES)
    for phenomenon in {case.phenomenon for case in CASES}:
        assert sum(case.phenomenon == phenomenon for case in CASES) >= 20, phenomenon
