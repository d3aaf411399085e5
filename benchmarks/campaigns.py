"""Promotion on generated campaigns (synthetic): copied praise and sprees among ordinary praise, by seed.

python -m benchmarks.campaigns [SEED]
"""

from __future__ import annotations

import random
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from core import identity
from core.models import PROMOTED, Mention, Reading, Versions
from index.intervals import wilson
from nlp.relate.relator import Relator
from store.sqlite import SqliteStore

ORDINARY, CAMPAIGNS, SPREES = 2_000, 20, 20
_START = datetime(2026, 1, 1, tzinfo=UTC)
_LETTERS = [chr(c) for c in range(0x4E00, 0x4E00 + 1500)]


def ordinary(rng: random.Random) -> Iterator[tuple[str, str, datetime]]:
    """Text, author and time of praise that nobody paid for; some people praise twice, none five times in a day."""
    for number in range(ORDINARY):
        yield _text(rng), f"buyer {number % (ORDINARY * 3 // 4)}", _START + timedelta(minutes=rng.randrange(90 * 1_440))


def copied(rng: random.Random) -> Iterator[tuple[str, str, datetime]]:
    """Campaigns of 4 to 15 authors who post one text, up to three letters changed, within two days."""
    for campaign in range(CAMPAIGNS):
        text, start = _text(rng), _START + timedelta(days=rng.randrange(85))
        for author in range(rng.randint(4, 15)):
            letters = list(text)
            for _ in range(rng.randint(0, 3)):
                letters[rng.randrange(len(letters))] = rng.choice(_LETTERS)
            yield "".join(letters), f"poster {campaign}-{author}", start + timedelta(minutes=rng.randrange(2_880))


def sprees(rng: random.Random) -> Iterator[tuple[str, str, datetime]]:
    """Authors who praise one brand 5 to 9 times within a day, each time in other words."""
    for author in range(SPREES):
        start = _START + timedelta(days=rng.randrange(85))
        for _ in range(rng.randint(5, 9)):
            yield _text(rng), f"spree {author}", start + timedelta(minutes=rng.randrange(1_440))


def main(seed: int = 7) -> None:
    """Prints recall of each kind of campaign and how much ordinary praise is told as promotion."""
    rng = random.Random(seed)
    kinds = {"copied praise": list(copied(rng)), "sprees": list(sprees(rng)), "ordinary praise": list(ordinary(rng))}
    mentions = {_mention(kind, k, *told): kind for kind, posts in kinds.items() for k, told in enumerate(posts)}
    order = rng.sample(sorted(mentions, key=lambda m: m.id), len(mentions))
    found = promoted(order)
    for kind in kinds:
        ids = [m.id for m, of in mentions.items() if of == kind]
        hits = sum(id in found for id in ids)
        low, high = wilson(hits, len(ids))
        print(f"{kind}: {hits} of {len(ids)} told as promotion ({hits / len(ids):.3f}, {low:.3f}–{high:.3f})")


def promoted(mentions: list[Mention]) -> set[str]:
    """The ids over the promotion threshold, after all have been related in batches."""
    with tempfile.TemporaryDirectory() as folder, closing(SqliteStore(Path(folder) / "s.sqlite")) as store:
        store.add_mentions(mentions)
        while (batch := store.claim("read", 500, 600)).ids:
            store.save_readings(batch.token, [_praise(m) for m in store.mentions(batch.ids)])
        relator = Relator(store)
        while (batch := store.claim("relate", 500, 600)).ids:
            store.save_relations(batch.token, relator.relate(store.understood(batch.ids)))
        return {u.mention.id for u in store.scan(n=len(mentions)) if u.relation and u.relation.promotion >= PROMOTED}


def _text(rng: random.Random) -> str:
    return "".join(rng.choices(_LETTERS, k=rng.randint(25, 80)))


def _mention(kind: str, number: int, text: str, author: str, at: datetime) -> Mention:
    return Mention(
        id=identity.native("bench", f"{kind} {number}"),
        source="bench",
        platform="bench",
        kind="review",
        text=text,
        collected_at=_START,
        author=author,
        published_at=at,
        published_precision="exact",
        brand="云雀",
        revision=identity.revision("", text),
    )


def _praise(mention: Mention) -> Reading:
    return Reading(mention.id, mention.revision, Versions("m", "l", "b"), "positive", 0.9)


if __name__ == "__main__":
    main(*(int(a) for a in sys.argv[1:]))
