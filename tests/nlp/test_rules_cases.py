"""The written sentences of tests/cases/rules: enough of each, in two halves, and the tuned half read as it was."""

from __future__ import annotations

import pytest

from benchmarks.rules import READ, answers, judged, named, sentences


@pytest.mark.parametrize("file", READ)
def test_there_are_a_hundred_of_each_and_half_are_held_back(file: str) -> None:
    found = list(sentences(file))
    held = sum(s.held_back for s in found)
    assert len(found) >= 100 and len({s.text for s in found}) == len(found)
    assert 0.35 <= held / len(found) <= 0.65
    assert sum(not s.labels for s in found) or file == "relevance"


def test_twenty_names_have_both_meanings() -> None:
    names: dict[str, set[bool]] = {}
    for name, sentence in named():
        names.setdefault(name, set()).add(bool(sentence.labels))
        assert name.lower() in sentence.text.lower()
    assert len(names) >= 20 and all(meanings == {True, False} for meanings in names.values())


@pytest.mark.parametrize("file", [*READ, "names"])
def test_what_the_rules_were_tuned_on_stays_right(file: str) -> None:
    tuned = [(s, told) for s, told in answers(file) if not s.held_back]
    for row in judged(file, tuned):
        assert row.right >= 0.85 * row.told and row.right >= 0.85 * row.there, row
