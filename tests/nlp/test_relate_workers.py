"""One, two or four workers, who read side by side and relate in turns, end in the same groups."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from core import identity
from core.models import Mention, Reading, Relation, Versions
from nlp.relate.relator import Relator
from store.sqlite import SqliteStore

START = datetime(2026, 3, 1, tzinfo=UTC)
HELD = "relate"


def _mentions(rng: random.Random, n: int) -> list[Mention]:
    """Six campaigns of like texts among texts of their own, all of one brand."""
    letters = [chr(c) for c in range(0x4E00, 0x4E00 + 900)]
    slogans = ["".join(rng.choices(letters, k=50)) for _ in range(6)]
    return [_mention(rng, k, rng.choice(slogans) if rng.random() < 0.5 else "", letters) for k in range(n)]


def _mention(rng: random.Random, number: int, slogan: str, letters: Sequence[str]) -> Mention:
    text = list(slogan) or rng.choices(letters, k=40)
    text[rng.randrange(len(text))] = rng.choice(letters)
    said = "".join(text)
    at = START + timedelta(hours=rng.randrange(500))
    made = Mention(identity.native("w", str(number)), "论坛", "feed", "post", said, START, author=f"甲{number % 40}")
    return replace(
        made, published_at=at, published_precision="exact", brand="云雀", revision=identity.revision("", said)
    )


def _work(place: Path, name: str) -> None:
    with closing(SqliteStore(place)) as store:
        while True:
            batch = store.claim("read", 7, 600)
            if batch.ids:
                readings = [
                    Reading(m.id, m.revision, Versions("m", "l", "b"), "positive", 0.5)
                    for m in store.mentions(batch.ids)
                ]
                store.save_readings(batch.token, readings)
            elif store.lease_name(HELD, name, 600):
                waiting = store.claim("relate", 11, 600)
                if waiting.ids:
                    store.save_relations(waiting.token, Relator(store).relate(store.understood(waiting.ids)))
                store.drop_lease(HELD, name)
                if not waiting.ids:
                    return


def _related(mentions: Sequence[Mention], workers: int) -> dict[str, Relation]:
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "s.sqlite"
        with closing(SqliteStore(place)) as store:
            store.add_mentions(mentions)
            with ThreadPoolExecutor(workers) as pool:
                for done in [pool.submit(_work, place, f"w{k}") for k in range(workers)]:
                    done.result()
            return {u.mention.id: u.relation for u in store.scan() if u.relation is not None}


@pytest.mark.parametrize("workers", [2, 4])
def test_the_number_of_workers_and_the_order_change_no_group(workers: int) -> None:
    mentions = _mentions(random.Random(11), 160)
    alone = _related(mentions, 1)
    assert len(alone) == 160 and len({r.duplicate_of for r in alone.values()}) == 7
    shuffled = random.Random(workers).sample(mentions, len(mentions))
    assert _related(shuffled, workers) == alone
