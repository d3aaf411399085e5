"""Labelled texts joined into longer ones, so that several aspects, or several comparisons, stand side by side."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from core.models import Span
from training.marked import Marked, Quintuple, Side, Triplet, bare, moved
from training.sets import DEVICES, product_text, triplet_text

SEPARATORS = "，，，，，。；！ "
"""Drawn evenly: mostly a comma, as people write."""
LONGEST = {"product": 48, "comparison": 50, "restaurant": 30}
"""Characters of a part; longer ones are several clauses already."""
_INNER = re.compile("[，。！,.!?；~ ]")


@dataclass(frozen=True)
class Parts:
    """What may be joined, drawn from the training texts alone."""

    devices: dict[str, list[Marked]]
    sided: list[Marked]
    """Clauses with a side and no marked term."""
    comparing: list[Marked]
    compared: list[Marked]
    """Sentences of the comparison sets, comparing or not; `comparing` are those with a quintuple."""
    restaurants: list[Marked]

    @property
    def all_devices(self) -> list[Marked]:
        return [t for texts in self.devices.values() for t in texts]


def parts_of(texts: Sequence[Marked]) -> Parts:
    devices = {d: [t for t in texts if t.source == d and len(t.text) <= LONGEST["product"]] for d in DEVICES}
    compared = [t for t in texts if t.group == "comparison" and len(t.text) <= LONGEST["comparison"]]
    return Parts(
        devices={d: found for d, found in devices.items() if found},
        sided=[t for t in texts if _sided_clause(t)],
        comparing=[t for t in compared if t.quintuples],
        compared=compared,
        restaurants=[t for t in texts if t.source == "aste" and len(t.text) <= LONGEST["restaurant"] and t.triplets],
    )


def _sided_clause(text: Marked) -> bool:
    if text.source == "jd_sentiment":
        return 3 <= len(text.text) <= 20
    return text.source == "waimai" and 4 <= len(text.text) <= 18 and not _INNER.search(bare(text.text))


def clauses_of_devices(parts: Parts, draw: random.Random) -> Marked:
    """Two to four clauses with their terms, mostly of one domain."""
    some = parts.devices[draw.choice(sorted(parts.devices))]
    pool = some if draw.random() < 0.6 and len(some) > 1 else parts.all_devices
    count = min(draw.choice((2, 2, 2, 3, 3, 3, 4)), len(pool))
    return join_products("joined_devices", draw.sample(pool, count), draw)


def clauses_with_sides(parts: Parts, draw: random.Random) -> Marked:
    """Clauses whose side is known and whose terms are not, beside some of devices: only sides are learned."""
    texts = [_guessed(draw.choice(parts.sided), draw) for _ in range(draw.choice((1, 1, 2, 3)))]
    if parts.devices:
        texts += [draw.choice(parts.all_devices) for _ in range(draw.choice((0, 1, 1, 2)))]
    draw.shuffle(texts)
    return replace(join_products("joined_sides", texts, draw), group="", terms=())


def _guessed(text: Marked, draw: random.Random) -> Marked:
    """In a short clause every stretch shares the clause's side."""
    limit = len(bare(text.text))
    start = 0 if draw.random() < 0.6 else draw.randrange(limit)
    return replace(text, aspects=((Span(start, min(limit, start + draw.randrange(2, 5))), text.polarity),))


def several_comparisons(parts: Parts, draw: random.Random) -> Marked:
    """Two or three sentences of the comparison sets, at least one of them comparing."""
    texts = [draw.choice(parts.comparing), draw.choice(parts.compared)]
    if draw.random() < 0.25:
        texts.append(draw.choice(parts.comparing))
    draw.shuffle(texts)
    starts, text = _strung(texts, draw)
    found: list[Quintuple] = []
    for start, part in zip(starts, texts, strict=True):
        limit = len(bare(part.text))
        for a, b, c, d, preference in part.quintuples:
            found.append((*(moved(s, start, limit) for s in (a, b, c, d)), preference))  # type: ignore[arg-type]
    source = "joined_comparisons"
    return Marked(source, text, group="comparison", comparative=1, quintuples=tuple(found), joined=True)


def restaurant_sentences(parts: Parts, draw: random.Random) -> Marked:
    texts = draw.sample(parts.restaurants, 2)
    starts, text = _strung(texts, draw)
    found: list[Triplet] = []
    for start, part in zip(starts, texts, strict=True):
        limit = len(bare(part.text))
        found += [(moved(a, start, limit), moved(o, start, limit), side) for a, o, side in part.triplets]
    return triplet_text("joined_restaurants", text, found, joined=True)


def join_products(source: str, texts: Sequence[Marked], draw: random.Random) -> Marked:
    """The texts' terms and sides in one text, half the time with one and the same separator."""
    one = "，" if draw.random() < 0.5 else ""
    starts, text = _strung(texts, draw, one)
    found: list[Side] = []
    for start, part in zip(starts, texts, strict=True):
        limit = len(bare(part.text))
        found += [(Span(s.start + start, s.end + start), side) for s, side in part.aspects if s.end <= limit]
    return product_text(source, text + draw.choice(("", "", "。", "！")), found, joined=True)


def _strung(texts: Sequence[Marked], draw: random.Random, separator: str = "") -> tuple[list[int], str]:
    """Where each part starts, and the whole."""
    starts, whole = [], ""
    for part in texts:
        if whole:
            whole += separator or draw.choice(SEPARATORS)
        starts.append(len(whole))
        whole += bare(part.text)
    return starts, whole


KINDS: dict[str, Callable[[Parts, random.Random], Marked]] = {
    "joined_devices": clauses_of_devices,
    "joined_sides": clauses_with_sides,
    "joined_comparisons": several_comparisons,
    "joined_restaurants": restaurant_sentences,
}


def kinds_for(parts: Parts) -> dict[str, Callable[[Parts, random.Random], Marked]]:
    """The kinds whose parts are there (sets may be left out)."""
    there = {
        "joined_devices": bool(parts.devices),
        "joined_sides": bool(parts.sided),
        "joined_comparisons": bool(parts.comparing),
        "joined_restaurants": len(parts.restaurants) > 1,
    }
    return {name: make for name, make in KINDS.items() if there[name]}
