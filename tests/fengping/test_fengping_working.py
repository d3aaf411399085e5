"""What a dead process had claimed is free for its heir, and what a living one has claimed is not."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

import fengping
from core.interfaces import Understood
from core.models import Mention
from fengping import pipeline, reading
from fengping.assembly import Assembly, opened
from fengping.initialise import Wanted, initialise
from fengping.working import working

AT = datetime(2026, 11, 1, tzinfo=UTC)
TEXTS = ("屏幕很清晰，但是充电慢死了", "电池不耐用，一天三充", "拍照好看，家里人都喜欢")


def _mention(number: int, text: str) -> Mention:
    return Mention(
        f"{number:032x}", "shop", "import", "review", text, AT, published_at=AT, published_precision="day",
        brand="星禾", revision="r",
    )  # fmt: skip


@pytest.fixture
def assembly(tmp_path: Path) -> Iterator[Assembly]:
    home = initialise(tmp_path / "home", Wanted("w", ("星禾",), (), "electronics", "Asia/Shanghai"))
    with opened(home.path) as assembly:
        assembly.store.add_mentions(_mention(n, text) for n, text in enumerate(TEXTS))
        yield assembly


def test_the_claims_of_the_dead_are_free_at_once(assembly: Assembly) -> None:
    assert len(assembly.store.claim("read", 9, 3600).ids) == 3
    assert assembly.store.lease_name("relate", "dead", 3600)
    assert pipeline.read(assembly) == 3
    assert pipeline.relate(assembly) == 3


def test_the_claims_of_the_living_stay_theirs(assembly: Assembly) -> None:
    with working(assembly):
        mine = assembly.store.claim("read", 2, 3600)
        assert pipeline.read(assembly) == 1
        assert assembly.store.waiting("read") == len(mine.ids) == 2


def test_long_texts_are_read_in_pieces_and_none_is_left_out(assembly: Assembly) -> None:
    lengths = (5, 99_999, 100_000, 30_000, 30_000, 50_000, 1)
    batch = [Understood(_mention(n, "长" * length), None, None) for n, length in enumerate(lengths)]
    cut = list(reading.pieces(batch))
    assert [item for piece in cut for item in piece] == batch
    assert [[len(item.mention.text) for item in piece] for piece in cut] == [
        [5], [99_999], [100_000], [30_000, 30_000], [50_000, 1],
    ]  # fmt: skip
    assert list(reading.pieces([])) == []


def test_a_notebook_gets_answers_as_frames(assembly: Assembly) -> None:
    pipeline.chain(assembly)
    book = fengping.open(assembly.home.path)
    try:
        assert set(book.query("*")["text"]) == set(TEXTS)
        assert book.query("nothing").empty
        assert book.count("attribute:battery polarity:negative") >= 1
        assert dict(book.facets("*", "brand").itertuples(index=False))["星禾"] == 3
        assert book.series("*")["".join(book.series("*").columns[:1])].sum() == 3
        complaints = book.complaints("星禾")
        assert complaints.loc[complaints["attribute"] == "battery", "negative"].item() == 2
    finally:
        book.close()
