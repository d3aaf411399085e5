"""How many mentions a second `relate` takes, over a real store, with a campaign among them.

python -m benchmarks.relate [MENTIONS]
"""

from __future__ import annotations

import json
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from core import identity
from core.models import Mention, Reading, Versions
from nlp.relate.relator import Relator
from store.sqlite import SqliteStore

_LETTERS = [chr(c) for c in range(0x4E00, 0x4E00 + 1500)]
_START = datetime(2026, 1, 1, tzinfo=UTC)
_BATCH = 1000


def main(n: int = 10_000) -> None:
    """Prints mentions/s of relating and of relating with saving, for plain and for campaign text, as JSON."""
    for campaign in (0.05, 0.5):
        print(json.dumps({"campaign_share": campaign, "mentions": n} | _measured(n, campaign)))


def _measured(n: int, campaign: float) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder, closing(SqliteStore(Path(folder) / "s.sqlite")) as store:
        store.add_mentions(_mentions(n, campaign))
        while (batch := store.claim("read", _BATCH, 600)).ids:
            store.save_readings(batch.token, [_reading(m) for m in store.mentions(batch.ids)])
        relator, relating, saving, copies = Relator(store), 0.0, 0.0, 0
        while (batch := store.claim("relate", _BATCH, 600)).ids:
            understood = store.understood(batch.ids)
            start = time.perf_counter()
            relations = relator.relate(understood)
            middle = time.perf_counter()
            store.save_relations(batch.token, relations)
            relating, saving = relating + middle - start, saving + time.perf_counter() - middle
            copies += sum(bool(r.duplicate_of) for r in relations[: len(understood)])
    return {"relate_per_s": round(n / relating), "with_saving_per_s": round(n / (relating + saving)), "copies": copies}


def _mentions(n: int, campaign: float) -> Iterator[Mention]:
    rng = random.Random(7)
    slogan = rng.choices(_LETTERS, k=50)
    for number in range(n):
        letters = list(slogan) if rng.random() < campaign else rng.choices(_LETTERS, k=rng.randint(12, 90))
        for _ in range(2):
            letters[rng.randrange(len(letters))] = rng.choice(_LETTERS)
        text = "".join(letters)
        yield Mention(
            id=identity.native("bench", str(number)),
            source="bench",
            platform="bench",
            kind="review",
            text=text,
            collected_at=_START,
            author=f"author {rng.randrange(n // 3)}",
            published_at=_START + timedelta(seconds=rng.randrange(90 * 86_400)),
            published_precision="exact",
            brand=f"brand {rng.randrange(3)}",
            revision=identity.revision("", text),
        )


def _reading(mention: Mention) -> Reading:
    positive = int(mention.id[:2], 16) % 3 > 0
    return Reading(mention.id, mention.revision, Versions("m", "l", "b"), "positive" if positive else "negative", 0.5)


if __name__ == "__main__":
    main(*(int(a) for a in sys.argv[1:]))
