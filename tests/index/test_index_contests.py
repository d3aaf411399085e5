"""Written comparisons come out in the keys that head-to-head is counted from: wins, losses and ties."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from core.config import Brand, Project
from core.models import Mention, Relation, SearchDocument
from index.document import SEPARATOR, comparison_keys, document, tie_keys
from nlp.model import Model
from nlp.reader import MentionReader, ReaderSettings

PROJECT = Project(industry="electronics", brands=(Brand(name="青禾", own=True), Brand(name="云岫"), Brand(name="北辰")))
READER = MentionReader(ReaderSettings(PROJECT), Model)


def indexed(text: str) -> SearchDocument:
    at = datetime(2026, 1, 1, tzinfo=UTC)
    mention = Mention("m", "shop", "reviews", "review", text, at, brand="青禾", revision="r")
    return document(mention, READER.read([mention])[0], Relation("m", "1"))


@pytest.mark.parametrize(
    ("text", "won", "lost"),
    [
        ("屏幕比云岫亮，电池没云岫耐用", ["screen"], ["battery"]),
        ("续航不如云岫", [], ["battery/life"]),
        ("屏幕比北辰亮", [], []),
    ],
)
def test_each_comparison_of_two_brands_is_won_or_lost_by_one(text: str, won: list[str], lost: list[str]) -> None:
    keys = [key.split(SEPARATOR) for key in comparison_keys(indexed(text))]
    assert [path for winner, loser, path in keys if (winner, loser) == ("青禾", "云岫")] == won
    assert [path for winner, loser, path in keys if (winner, loser) == ("云岫", "青禾")] == lost


def test_a_tie_is_counted_apart_for_both_brands() -> None:
    found = indexed("拍照跟云岫差不多")
    assert comparison_keys(found) == ()
    assert [key.split(SEPARATOR)[:2] for key in tie_keys(found)] == [sorted(("云岫", "青禾"))]
