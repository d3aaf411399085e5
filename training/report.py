"""How right a model is on the tuning parts: `python -m training.report --model FOLDER/NAME --out FOLDER`.

Read by the whole pipeline as it is shipped (nlp.answers), one figure a row with its interval, into report.json and
report.txt. The model was not trained on these texts, but thresholds were chosen on them.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TypedDict

from core.models import Span
from nlp.answers import Answerer, Asked
from training.marked import NEGATIVE, POSITIVE, Marked
from training.recipe import SHARED
from training.scoring import Figure, Scored, exact_f1, macro_f1, places, share
from training.sets import DEVICES, SENTIMENT
from training.splits import parts

SIDES = ("negative", "neutral", "positive")
PREFERENCE = {-1: "worse", 0: "equal", 1: "better", 2: "different"}
JOINED_TEXTS = 600
RIM = "。，！？；、,.!?;~ "
AT_ONCE = 512
Place = list[int] | None


class Answer(TypedDict):
    """What is used of the answer to a line of `fengping analyze`."""

    polarity: str
    score: float
    comparative: bool
    aspects: list[dict[str, str]]
    aspect_terms: list[dict[str, Place]]
    opinions: list[dict[str, Place | str]]
    comparisons: list[dict[str, Place | str]]


Ask = Callable[[Sequence[Asked]], list[Answer]]
NAMES = {"waimai": "food delivery", "hotel": "hotels", "shop10": "shops, ten categories", "weibo": "microblog"}


def figures(tuning: Sequence[Marked], ask: Ask) -> Iterator[Figure]:
    """Every figure whose set is in `tuning`."""
    for name in SENTIMENT:
        yield from _documents(NAMES[name], [t for t in tuning if t.source == name], ask)
    devices = {d: [t for t in tuning if t.source == d] for d in DEVICES}
    yield from _aspects([t for texts in devices.values() for t in texts], ask)
    for count in (2, 3):
        yield from _joined(devices, count, ask)
    yield from _triplets([t for t in tuning if t.source == "aste"], ask)
    for source, name in (("coqe_car", "cars"), ("coqe_ele", "electronics")):
        yield from _comparisons(name, [t for t in tuning if t.source == source], ask)


def _documents(name: str, texts: Sequence[Marked], ask: Ask) -> Iterator[Figure]:
    if not texts:
        return
    answers = ask([Asked(t.text) for t in texts])
    signs = [[(t.polarity, POSITIVE if a["score"] > 0 else NEGATIVE)] for t, a in zip(texts, answers, strict=True)]
    yield macro_f1(f"{name}: macro-F1 of the score's sign", signs, (NEGATIVE, POSITIVE))
    named = [(SIDES[t.polarity], a["polarity"]) for t, a in zip(texts, answers, strict=True)]
    sided = [(right, found) for right, found in named if found in (SIDES[NEGATIVE], SIDES[POSITIVE])]
    yield share(
        f"{name}: share of texts with a named side", [f in (SIDES[NEGATIVE], SIDES[POSITIVE]) for _, f in named]
    )
    yield share(f"{name}: share of named sides that are right", [right == found for right, found in sided])


def _aspects(texts: Sequence[Marked], ask: Ask) -> Iterator[Figure]:
    if not texts:
        return
    answers = ask([Asked(t.text, aspects=tuple(span for span, _ in t.aspects)) for t in texts])
    sides = [
        [(s, SIDES.index(a["polarity"])) for (_, s), a in zip(t.aspects, answer["aspects"], strict=True)]
        for t, answer in zip(texts, answers, strict=True)
    ]
    marked = sorted({right for pairs in sides for right, _ in pairs})
    yield macro_f1("polarity of given aspects, four product domains: macro-F1", sides, marked)
    yield exact_f1("aspect terms found, four product domains: exact F1", _terms(texts, answers))


def _terms(texts: Sequence[Marked], answers: Sequence[Answer]) -> list[Scored]:
    found = [{_span(term["span"]) for term in answer["aspect_terms"]} for answer in answers]
    return [(set(t.terms), f) for t, f in zip(texts, found, strict=True)]


def _joined(devices: dict[str, list[Marked]], count: int, ask: Ask) -> Iterator[Figure]:
    """Clauses of one domain joined by commas, as the study's stress test made them."""
    there = [d for d in DEVICES if len(devices[d]) >= count]
    if not there:
        return
    draw = random.Random(count)
    made = [_commas(draw.sample(devices[draw.choice(there)], count)) for _ in range(JOINED_TEXTS)]
    answers = ask([Asked(t.text) for t in made])
    yield exact_f1(f"aspect terms, {count} clauses joined: exact F1", _terms(made, answers))


def _commas(texts: Sequence[Marked]) -> Marked:
    whole, terms = "", []
    for t in texts:
        whole += "，" if whole else ""
        terms += [Span(s.start + len(whole), s.end + len(whole)) for s in t.terms]
        whole += t.text.rstrip(RIM)
    return Marked("joined", whole, terms=tuple(terms))


def _triplets(texts: Sequence[Marked], ask: Ask) -> Iterator[Figure]:
    if not texts:
        return
    answers = ask([Asked(t.text) for t in texts])
    found = [{(_span(o["aspect"]), _span(o["opinion"]), o["polarity"]) for o in a["opinions"]} for a in answers]
    right = [{(a, o, SIDES[s]) for a, o, s in t.triplets} for t in texts]
    yield exact_f1("restaurant triplets (aspect, opinion, polarity): exact F1", list(zip(right, found, strict=True)))


def _comparisons(name: str, texts: Sequence[Marked], ask: Ask) -> Iterator[Figure]:
    if not texts:
        return
    answers = ask([Asked(t.text) for t in texts])
    agreed = [a["comparative"] == bool(t.comparative) for t, a in zip(texts, answers, strict=True)]
    yield share(f"compares or not, {name}: accuracy", agreed)
    keys = ("subject", "object", "aspect", "predicate")
    found = [{(*(_span(c[k]) for k in keys), c["preference"]) for c in a["comparisons"]} for a in answers]
    right = [{(*q[:4], PREFERENCE[q[4]]) for q in t.quintuples} for t in texts]
    scored = list(zip(right, found, strict=True))
    yield exact_f1(f"quintuples (subject, object, aspect, predicate, preference), {name}: exact F1", scored)


def _span(value: Place | str) -> Span | None:
    return Span(*value) if isinstance(value, list) else None


def asker(model: str) -> Ask:
    """The shipped pipeline over a model's files."""
    answerer = Answerer(model, threads=1)

    def ask(asked: Sequence[Asked]) -> list[Answer]:
        starts = range(0, len(asked), AT_ONCE)
        lines = [line for start in starts for line in answerer.answer(asked[start : start + AT_ONCE])]
        return [json.loads("{" + line + "}") for line in lines]

    return ask


def written(found: Sequence[Figure], folder: Path, about: dict[str, object]) -> str:
    """report.json and report.txt in the folder; the text is given back."""
    folder.mkdir(parents=True, exist_ok=True)
    record = {"about": about, "figures": [asdict(f) for f in found]}
    (folder / "report.json").write_text(json.dumps(record, ensure_ascii=False, indent=1) + "\n", encoding="utf8")
    lines = [f"{places(f.value)}  {f.interval:>11}  {f.n:>6}  {f.name}" for f in found]
    text = "\n".join([" value      95 %           n  figure", *lines]) + "\n"
    (folder / "report.txt").write_text(text, encoding="utf8")
    return text


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--model", required=True, help="s6 (the shipped one), or a path without ending")
    parser.add_argument("--shared", type=Path, default=SHARED)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    found = list(figures(parts(options.shared)[1], asker(options.model)))
    print(written(found, options.out, {"model": options.model}), end="")


if __name__ == "__main__":
    main()
