"""Relations over a real store: any order, any batches, any crash, the same groups and figures."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core import identity
from core.models import Mention, Polarity, Reading, Relation, Versions
from nlp.relate.relator import RELATE_VERSION, Relator
from store.sqlite import SqliteStore

START = datetime(2026, 3, 1, tzinfo=UTC)
HOT = "这款手机用了两个星期,电池发热很严重,充电的时候烫手,客服一直不回复,太失望了"
PRAISE = "入手一个月来说说感受,屏幕清晰系统流畅,拍照效果惊艳,家里人都说好,强烈建议入手"


def mention(id: str, text: str, hours: float | None = 0, author: str = "", brand: str = "云雀") -> Mention:
    at = None if hours is None else START + timedelta(hours=hours)
    return Mention(
        id=id,
        source="论坛",
        platform="feed",
        kind="post",
        text=text,
        collected_at=START,
        author=author,
        published_at=at,
        published_precision="none" if at is None else "exact",
        brand=brand,
        revision=identity.revision("", text),
    )


def reading(mention: Mention) -> Reading:
    polarity: Polarity = "positive" if "好" in mention.text else "negative"
    return Reading(mention.id, mention.revision, Versions("m", "l", "b"), polarity, 0.5)


@contextmanager
def opened() -> Iterator[SqliteStore]:
    with tempfile.TemporaryDirectory() as folder, closing(SqliteStore(Path(folder) / "s.sqlite")) as store:
        yield store


def read_all(store: SqliteStore, mentions: Sequence[Mention]) -> None:
    store.add_mentions(mentions)
    while (batch := store.claim("read", 100, 60)).ids:
        store.save_readings(batch.token, [reading(m) for m in store.mentions(batch.ids)])


def relate_waiting(store: SqliteStore, size: int) -> None:
    relator = Relator(store)
    while (batch := store.claim("relate", size, 60)).ids:
        store.save_relations(batch.token, relator.relate(store.understood(batch.ids)))


def relations(store: SqliteStore) -> dict[str, Relation]:
    return {u.mention.id: u.relation for u in store.scan() if u.relation is not None}


def related(mentions: Sequence[Mention], size: int, cuts: Sequence[int] = ()) -> dict[str, Relation]:
    """Relations after the mentions arrived in this order, in portions cut at `cuts`."""
    bounds = [0, *sorted(cuts), len(mentions)]
    with opened() as store:
        for start, end in pairwise(bounds):
            read_all(store, mentions[start:end])
            relate_waiting(store, size)
        return relations(store)


WORLD = [
    mention("m0", HOT, 5, "甲"),
    mention("m1", HOT.replace(",", " ") + "😡", 3, "乙"),
    mention("m2", HOT.replace("两个星期", "三个星期"), 9, "丙"),
    mention("m3", HOT.replace("两个星期", "三个多星期").replace("太失望", "很失望"), None, "丁"),
    mention("m4", "好评", 1, "甲"),
    mention("m5", "好评!", 2, "甲"),
    mention("m6", "好评", 2, "乙"),
    *(mention(f"p{n}", PRAISE + "啊" * n, 20 + n * 30, f"水军{n % 4}") for n in range(6)),
    *(
        mention(f"s{n}", f"云雀的第{n}件也好,送给{who}先生一家", 40 + n, "勤快人")
        for n, who in enumerate("甲乙丙丁戊己庚")
    ),
    mention("x0", "物流太慢,等了十天才收到,包装还破了一个角,不会再来", 7, "戊"),
]


def test_copies_point_to_the_earliest_and_generic_texts_to_nobody_elses() -> None:
    found = related(WORLD, 100)
    assert {i: found[i].duplicate_of for i in ("m0", "m1", "m2", "m3")} == {
        "m0": "m1", "m1": "", "m2": "m1", "m3": "m1",
    }  # fmt: skip
    assert found["m0"].duplicate_kind == "exact" and found["m2"].duplicate_kind == "near"
    assert found["m5"].duplicate_of == "m4" and found["m6"].duplicate_of == ""
    assert found["x0"] == Relation("x0", RELATE_VERSION)


def test_company_makes_promotion() -> None:
    found = related(WORLD, 100)
    assert "copied_praise" in found["p2"].promotion_reasons
    assert all("praise_spree" in found[f"s{n}"].promotion_reasons for n in range(7))
    assert found["m0"].promotion == 0


@settings(max_examples=15, deadline=None)
@given(
    order=st.permutations(WORLD),
    size=st.sampled_from([1, 2, 5, 100]),
    cuts=st.lists(st.integers(0, len(WORLD)), max_size=3),
)
def test_order_and_batches_change_nothing(order: list[Mention], size: int, cuts: list[int]) -> None:
    assert related(order, size, cuts) == related(WORLD, 100)


def test_a_late_original_moves_the_group() -> None:
    early = mention("z9", HOT, -48, "最早")
    with opened() as store:
        read_all(store, WORLD)
        relate_waiting(store, 7)
        read_all(store, [early])
        batch = store.claim("relate", 10, 60)
        given_out = Relator(store).relate(store.understood(batch.ids))
        assert {r.mention_id for r in given_out} == {"z9", "m0", "m1", "m2", "m3"}
        assert {r.duplicate_of for r in given_out} == {"", "z9"}


@settings(max_examples=10, deadline=None)
@given(order=st.permutations(WORLD), lost=st.sets(st.integers(0, 12)))
def test_what_was_lost_in_a_crash_is_given_out_again(order: list[Mention], lost: set[int]) -> None:
    with opened() as store:
        read_all(store, order)
        relator, turn = Relator(store), 0
        while (batch := store.claim("relate", 3, 60)).ids:
            made = relator.relate(store.understood(batch.ids))
            if turn in lost:
                store.give_back(batch.token)
            else:
                store.save_relations(batch.token, made)
            turn += 1
        assert relations(store) == related(WORLD, 100)


@pytest.mark.parametrize("changed", ["m1", "m2", "p0", "s3", "m4"])
def test_a_changed_text_leaves_its_group(changed: str) -> None:
    text = "改一下,其实后来换了新的就正常了,不评价了"
    edited = [replace(m, text=text, revision="r2") if m.id == changed else m for m in WORLD]
    with opened() as store:
        read_all(store, WORLD)
        relate_waiting(store, 100)
        read_all(store, [m for m in edited if m.id == changed])
        relate_waiting(store, 100)
        assert relations(store) == related(edited, 100)


def test_erasing_the_original_gives_the_group_another() -> None:
    with opened() as store:
        read_all(store, WORLD)
        relate_waiting(store, 100)
        store.erase(mention="m1")
        relate_waiting(store, 100)
        assert relations(store) == related([m for m in WORLD if m.id != "m1"], 100)


def test_a_second_run_over_everything_changes_nothing() -> None:
    with opened() as store:
        read_all(store, WORLD)
        relate_waiting(store, 4)
        before = relations(store)
        store.stale("relate", "another")
        relate_waiting(store, 4)
        assert relations(store) == before


def test_broken_text_is_normal_input() -> None:
    odd = [mention("a", "\ud800" * 30), mention("b", ""), mention("c", "好" * 100_000), mention("d", "😀" * 40)]
    with opened() as store:
        read_all(store, odd)
        relate_waiting(store, 100)
        assert {r.duplicate_of for r in relations(store).values()} == {""}
