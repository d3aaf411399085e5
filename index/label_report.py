"""How right the reader is on mentions that people labelled: accuracy, macro-F1, attributes, confusions, calibration.

Every figure is weighted by the sampling design. Where several people labelled one mention, each counts in part. Rates
carry Wilson's interval at the effective number of labels (variance by linearisation, clustered by mention); macro-F1
the percentile bootstrap over mentions within their strata.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from core.interfaces import Understood
from core.labels import Label, LabelledOpinion, Sampled
from core.models import Polarity
from index.figures import FEWEST
from index.intervals import wilson
from index.labelled import by_mention

SIDES: tuple[Polarity, ...] = ("positive", "neutral", "negative")
READ: tuple[Polarity, ...] = (*SIDES, "unsure")
BINS = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
RESAMPLES, SEED = 1000, 20
_EXAMPLES = 3

Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Read:
    """A labelled member of the sample as it is read now. `labels` are those that say something of it."""

    mention_id: str
    text: str
    stratum: str
    weight: float
    predicted: Polarity
    score: float
    found: frozenset[LabelledOpinion]
    labels: tuple[Label, ...]


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure with its 95 % interval; None where there is nothing to tell it from. `n`: mentions behind it."""

    value: float | None
    low: float | None
    high: float | None
    n: int


@dataclass(frozen=True, slots=True)
class Confusion:
    """Mentions that people call one thing and the reader another: their share of all, and some of them."""

    people: str
    reader: str
    share: float
    labels: float
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AttributeErrors:
    """How often an attribute was found rightly, wrongly, and missed: labels, unweighted."""

    attribute: str
    right: float
    wrong: float
    missed: float
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Bin:
    """Mentions whose |score| lies from `low` to `high`: how often people see the side that the score leans to."""

    low: float
    high: float
    score: float
    right: Estimate


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that labels say of the reader.

    `named`: mentions of which the reader says more than "unsure"; `accuracy`: of those in which people name a side,
    "unsure" being wrong; `right_when_named`: the same without the reader's unsure ones. Attributes count whatever
    their side, opinions with it.
    """

    mentions: int
    labels: int
    unsure: int
    skipped: int
    named: Estimate
    accuracy: Estimate
    right_when_named: Estimate
    macro_f1: Estimate
    attribute_precision: Estimate
    attribute_recall: Estimate
    opinion_precision: Estimate
    opinion_recall: Estimate
    confusions: tuple[Confusion, ...]
    attributes: tuple[AttributeErrors, ...]
    reliability: tuple[Bin, ...]


def read(known: Iterable[Understood], sample: Sequence[Sampled], labels: Sequence[Label]) -> list[Read]:
    """Puts sample, labels and present readings together; opinions without an attribute are none that people judge."""
    members, given = {s.mention_id: s for s in sample}, by_mention(labels)
    found = []
    for u in known:
        mention, reading = u.mention, u.reading
        member = members.get(mention.id)
        said = tuple(x for x in given.get(mention.id, ()) if x.revision == mention.revision)
        if member is None or reading is None or reading.revision != mention.revision or not said:
            continue
        opinions = frozenset(
            LabelledOpinion(o.target, o.attribute, o.polarity) for o in reading.opinions if o.attribute
        )
        words = mention.text if mention.text.strip() else mention.title
        who = (mention.id, words, member.stratum, member.weight)
        found.append(Read(*who, reading.polarity, reading.score, opinions, said))
    return found


def report(reads: Sequence[Read], labels: Sequence[Label]) -> Report:
    """All figures of the labelled sample; `labels` are all there are, skipped ones too."""
    sided = [r for r in reads if _sides(r)]
    judged = [r for r in reads if any(x.complete for x in r.labels)]
    named = [r for r in sided if r.predicted != "unsure"]
    return Report(
        mentions=len(reads),
        labels=sum(len(r.labels) for r in reads),
        unsure=sum(x.polarity == "unsure" for r in reads for x in r.labels),
        skipped=sum(x.polarity == "skipped" for x in labels),
        named=rate(reads, lambda r: float(r.predicted != "unsure"), lambda _: 1.0),
        accuracy=rate(sided, _agreed, lambda _: 1.0),
        right_when_named=rate(named, _agreed, lambda _: 1.0),
        macro_f1=macro_f1(sided),
        attribute_precision=_precision(judged, _attributes),
        attribute_recall=_recall(judged, _attributes),
        opinion_precision=_precision(judged, _opinions),
        opinion_recall=_recall(judged, _opinions),
        confusions=confusions(sided),
        attributes=attribute_errors(judged),
        reliability=reliability(sided),
    )


def rate(reads: Sequence[Read], part: Callable[[Read], float], whole: Callable[[Read], float]) -> Estimate:
    """Σ weight × part / Σ weight × whole; part lies between 0 and whole for each mention."""
    weight = np.array([r.weight for r in reads])
    parts, wholes = np.array([part(r) for r in reads]), np.array([whole(r) for r in reads])
    n = int(np.count_nonzero(wholes))
    base = float(weight @ wholes) if n else 0.0
    if not base:
        return Estimate(None, None, None, n)
    value = float(weight @ parts) / base
    low, high = wilson(value * (m := _effective(value, parts - value * wholes, weight, wholes, base)), m)
    return Estimate(value, min(low, value), max(high, value), n)


def _effective(value: float, residuals: Numbers, weight: Numbers, wholes: Numbers, base: float) -> float:
    """How many labels of a simple random sample would be as sure."""
    held = weight * wholes
    most = float(held.sum() ** 2 / (held**2).sum())
    m = len(residuals)
    if m < 2 or not 0 < value < 1:
        return max(most, 1.0)
    variance = float(((weight * residuals) ** 2).sum()) * m / (m - 1) / base**2
    return max(value * (1 - value) / variance, 1.0) if variance > 0 else max(most, 1.0)


def macro_f1(reads: Sequence[Read]) -> Estimate:
    """Mean F1 of positive, neutral and negative, those that people name; the reader's "unsure" is right for none."""
    if not reads:
        return Estimate(None, None, None, 0)
    cells = np.array([_cells(r) * r.weight for r in reads])
    value = _macro(cells.sum(0))
    strata: dict[str, list[int]] = {}
    for k, r in enumerate(reads):
        strata.setdefault(r.stratum, []).append(k)
    rng = np.random.default_rng(SEED)
    drawn = np.zeros((RESAMPLES, *cells.shape[1:]))
    for places in strata.values():
        drawn += cells[rng.choice(np.array(places), (RESAMPLES, len(places)))].sum(1)
    if len(reads) < FEWEST:  # too few to draw from again
        return Estimate(value, None, None, len(reads))
    low, high = np.quantile([_macro(cell) for cell in drawn], [0.025, 0.975])
    return Estimate(value, float(low), float(high), len(reads))


def _cells(r: Read) -> Numbers:
    """[3 of people, 4 of the reader]: where one mention stands; its people share it."""
    found = np.zeros((len(SIDES), len(READ)))
    people = _sides(r)
    for side in people:
        found[SIDES.index(side), READ.index(r.predicted)] += 1 / len(people)
    return found


def _macro(cells: Numbers) -> float:
    right = np.diag(cells)
    both = cells.sum(1) + cells[:, : len(SIDES)].sum(0)
    there = cells.sum(1) > 0
    return float((2 * right[there] / both[there]).mean()) if there.any() else 0.0


def confusions(reads: Sequence[Read]) -> tuple[Confusion, ...]:
    """What people and reader call differently, by its share of all mentions; with the mentions to look at."""
    if not reads:
        return ()
    total = sum(r.weight for r in reads)
    shares, counts = (np.zeros((len(SIDES), len(READ))) for _ in range(2))
    examples: dict[tuple[int, int], list[str]] = {}
    for r in sorted(reads, key=lambda r: (-abs(r.score), r.mention_id)):
        cells = _cells(r)
        shares, counts = shares + cells * r.weight / total, counts + cells
        for i, j in np.argwhere(cells > 0).tolist():
            examples.setdefault((i, j), []).append(r.mention_id)
    found = [
        Confusion(side, READ[j], float(shares[i, j]), float(counts[i, j]), tuple(examples[i, j][:_EXAMPLES]))
        for i, side in enumerate(SIDES)
        for j in range(len(READ))
        if counts[i, j] > 0 and READ[j] != side
    ]
    return tuple(sorted(found, key=lambda c: (-c.share, c.people, c.reader)))


def attribute_errors(reads: Sequence[Read]) -> tuple[AttributeErrors, ...]:
    """Attributes by how often they are wrong or missed, a label at a time."""
    tally: dict[str, list[float]] = {}
    examples: dict[str, list[str]] = {}
    for r in reads:
        for label in (x for x in r.labels if x.complete):
            said, found = _attributes(label.opinions), _attributes(r.found)
            for place, keys in enumerate((found & said, found - said, said - found)):
                for _, attribute in sorted(keys):
                    tally.setdefault(attribute, [0.0, 0.0, 0.0])[place] += 1
                    if place and r.mention_id not in examples.setdefault(attribute, []):
                        examples[attribute].append(r.mention_id)
    found_all = [AttributeErrors(a, t[0], t[1], t[2], tuple(examples.get(a, [])[:_EXAMPLES])) for a, t in tally.items()]
    return tuple(sorted(found_all, key=lambda e: (-(e.wrong + e.missed), e.attribute)))


def reliability(reads: Sequence[Read]) -> tuple[Bin, ...]:
    """By |score|: a score is calibrated where people see its side as often as it says."""
    found = []
    for low, high in pairwise(BINS):
        inside = [r for r in reads if low <= abs(r.score) and (abs(r.score) < high or high == BINS[-1])]
        if inside:
            total = sum(r.weight for r in inside)
            mean = sum(abs(r.score) * r.weight for r in inside) / total
            found.append(Bin(low, high, mean, rate(inside, _leant, lambda _: 1.0)))
    return tuple(found)


def _sides(r: Read) -> list[Polarity]:
    """The sides that people name; who is unsure names none."""
    return [side for x in r.labels for side in SIDES if x.polarity == side]


def _agreed(r: Read) -> float:
    people = _sides(r)
    return people.count(r.predicted) / len(people)


def _leant(r: Read) -> float:
    people = _sides(r)
    return people.count("positive" if r.score > 0 else "negative") / len(people)


Keys = frozenset[tuple[str, ...]]


def _attributes(opinions: Iterable[LabelledOpinion]) -> Keys:
    return frozenset((o.target, o.attribute) for o in opinions)


def _opinions(opinions: Iterable[LabelledOpinion]) -> Keys:
    return frozenset((o.target, o.attribute, o.polarity) for o in opinions)


def _precision(reads: Sequence[Read], keys: Callable[[Iterable[LabelledOpinion]], Keys]) -> Estimate:
    return rate(reads, lambda r: _shared(r, keys), lambda r: float(len(keys(r.found))))


def _recall(reads: Sequence[Read], keys: Callable[[Iterable[LabelledOpinion]], Keys]) -> Estimate:
    def said(r: Read) -> float:
        people = [x for x in r.labels if x.complete]
        return sum(len(keys(x.opinions)) for x in people) / len(people)

    return rate(reads, lambda r: _shared(r, keys), said)


def _shared(r: Read, keys: Callable[[Iterable[LabelledOpinion]], Keys]) -> float:
    """Opinions that both name, per person."""
    people = [x for x in r.labels if x.complete]
    return sum(len(keys(r.found) & keys(x.opinions)) for x in people) / len(people)
