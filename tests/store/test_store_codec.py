"""Rows that were written stay readable while records grow."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import UTC, datetime

import pytest

from core.errors import InputError
from core.labels import Judged, LabelledOpinion
from core.models import AspectTerm, Comparison, Opinion, Reading, Span, Triplet, Versions
from store.codec import decode, encode, from_ticks, loads, storable, to_ticks

RELEASED = {
    AspectTerm: ("span", "polarity", "score"),
    Opinion: ("target", "attribute", "aspect", "opinion", "polarity", "confidence", "quote"),
    Comparison: (
        "subject", "object", "aspect", "predicate", "preference", "confidence", "attribute", "winner", "loser",
    ),
    Triplet: ("aspect", "opinion", "polarity", "confidence"),
    Versions: ("model", "lexicon", "brands"),
    LabelledOpinion: ("target", "attribute", "polarity"),
    Judged: ("opinion", "right"),
}  # fmt: skip
"""Records that rows hold as lists: in this order for ever. New fields go to the end and need a default."""


@pytest.mark.parametrize("kind", RELEASED)
def test_records_within_records_grow_at_their_end_only(kind: type):
    names = tuple(f.name for f in fields(kind))
    assert names[: len(RELEASED[kind])] == RELEASED[kind]


@dataclass(frozen=True)
class Inner:
    a: str
    b: Span | None


@dataclass(frozen=True)
class Outer:
    one: Inner
    many: tuple[Inner, ...] = ()
    count: int = 0


@dataclass(frozen=True)
class LaterInner:
    a: str
    b: Span | None
    c: str = "new"


@dataclass(frozen=True)
class LaterOuter:
    added: float = 0.5
    one: LaterInner = LaterInner("", None)
    many: tuple[LaterInner, ...] = ()


def test_an_older_row_is_read_by_a_later_record():
    old = encode(Outer(Inner("x", Span(1, 2)), (Inner("y", None),), 3))
    assert decode(LaterOuter, old) == LaterOuter(0.5, LaterInner("x", Span(1, 2)), (LaterInner("y", None),))


def test_a_later_row_is_read_by_an_older_record():
    new = encode(LaterOuter(0.7, LaterInner("x", Span(1, 2), "z"), (LaterInner("y", None),)))
    assert decode(Outer, new) == Outer(Inner("x", Span(1, 2)), (Inner("y", None),), 0)


def test_a_released_row_reads_the_same_for_ever():
    row = (
        '{"mention_id":"a","revision":"r","versions":["m","l","b"],"polarity":"negative","score":-0.5,'
        '"aspect_terms":[[[0,2],"negative",-0.8]],"triplets":[[[0,2],null,"negative",0.9]],'
        '"opinions":[["星河","battery",[0,2],null,"negative",0.9,[0,9]]],'
        '"comparisons":[[[0,2],null,null,[3,5],"better",0.7,"battery","星河","远山"]]}'
    )
    assert decode(Reading, loads(row)) == Reading(
        "a", "r", Versions("m", "l", "b"), "negative", -0.5, (AspectTerm(Span(0, 2), "negative", -0.8),),
        (Triplet(Span(0, 2), None, "negative", 0.9),),
        (Opinion("星河", "battery", Span(0, 2), None, "negative", 0.9, Span(0, 9)),),
        (Comparison(Span(0, 2), None, None, Span(3, 5), "better", 0.7, "battery", "星河", "远山"),),
    )  # fmt: skip


def test_times_keep_every_microsecond():
    for moment in (
        datetime.min.replace(tzinfo=UTC),
        datetime.max.replace(tzinfo=UTC),
        datetime(1970, 1, 1, tzinfo=UTC),
    ):
        assert from_ticks(to_ticks(moment)) == moment
    with pytest.raises(InputError, match="no zone"):
        to_ticks(datetime(2026, 1, 1))


def test_surrogates_are_replaced_one_for_one():
    assert storable("a\ud83d\ude00b") == "a\ufffd\ufffdb"
    assert storable("😀") == "😀"
