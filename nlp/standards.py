"""Which names only serve as the measure of a comparison: 物流比小米快 says nothing of 小米 but that it lost."""

from __future__ import annotations

from nlp.brands import BrandHit
from nlp.contests import AGAINST, BESIDE, BETWEEN, EQUAL, MARK, MEASURED, PASSIVE, STANDARD
from nlp.scene import Scene
from nlp.segment import normalise
from nlp.sentences import within


def is_standard(hit: BrandHit, place: Scene) -> bool:
    """Whether a name stands as the object of a comparison in its clause: after 比, 不如, 没有, 跟…比 or 被…吊打."""
    clause = within(place.clauses, hit.span.start)
    if clause is None:
        return False
    normal = normalise(place.text)
    start, end = hit.span
    if any(
        mark.end() <= start and BETWEEN.fullmatch(normal, mark.end(), start) for mark in MARK.finditer(normal, *clause)
    ):
        return True
    if STANDARD.search(normal, clause.start, start):
        return True
    if AGAINST.search(normal, clause.start, start) and MEASURED.match(normal, end):
        return True
    if BESIDE.search(normal, clause.start, start) and EQUAL.search(normal, end, clause.end):
        return True
    beaten = PASSIVE.search(normal, *clause)
    return beaten is not None and beaten.start("other") <= start < beaten.end("other")
