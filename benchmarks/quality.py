"""How right the shipped reading is on the tuning splits of ../shared/data: `python -m benchmarks.quality [--rows N]`.

The splits are those the model's thresholds were tuned on and never trained on (the study's own draw, repeated here).
Beside each figure stands the study's on its held-out sets, which are not here: a regression shows as a drop against
the stored run, not as a difference between the two columns. Texts are read from ../shared and go nowhere.
"""

from __future__ import annotations

import argparse
import ast
import csv
import json
import random
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from core.models import Span
from nlp.answers import Answerer, Asked

SHARED = Path(__file__).resolve().parents[1].parent / "shared"
RESULTS = Path(__file__).resolve().parent / "results"
DOMAINS = ("camera", "car", "notebook", "phone", "hair")
BARE = "。，！？；、,.!?;~ "
SIDES = {"neg": "negative", "neu": "neutral", "pos": "positive"}
Ask = Callable[[Sequence[Asked]], list[dict]]


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table; `study` is s6 as the study's README has it, on held-out sets."""

    name: str
    value: float
    n: int
    study: float | None = None


def rows_of(name: str) -> list[list[str]]:
    with (SHARED / "data" / f"{name}.tsv").open(encoding="utf8", newline="") as file:
        return list(csv.reader(file, delimiter="\t"))[1:]


def tuning_split() -> tuple[dict[str, list[tuple[str, int]]], dict[str, list[tuple[str, list[tuple[Span, str]]]]]]:
    """The study's draw: (sentiment rows by set, aspect texts by domain), in the order its one generator went."""
    draw = random.Random(1)
    documents: dict[str, list[tuple[str, int]]] = {}
    for name in ("waimai", "hotel", "shop10", "weibo"):
        share = 0.01 if name == "shop10" else 0.05
        kept = [row for row in rows_of(f"sentiment/{name}") if draw.random() < share]
        documents[name] = [(" ".join(row[2].replace("\ufeff", "").split()), int(row[0])) for row in kept]
    aspects: dict[str, list[tuple[str, list[tuple[Span, str]]]]] = {}
    for domain in DOMAINS:
        texts: dict[str, list[tuple[Span, str]]] = {}
        for text, aspect, start, side in rows_of(f"absa/{domain}"):
            span = Span(int(start), int(start) + len(aspect))
            texts.setdefault(text, []).append((span, SIDES.get(side[:3].lower(), "neutral")))
        aspects[domain] = [item for item in texts.items() if draw.random() < 0.1]
    return documents, aspects


def triplets() -> list[tuple[str, set[tuple[Span | None, Span | None, str]]]]:
    out = []
    for written, labels in rows_of("aste/restaurant_dev"):
        tokens = json.loads(written)
        starts = [0]
        for token in tokens:
            starts.append(starts[-1] + len(token))

        def place(span: tuple[int, int], at: list[int] = starts) -> Span | None:
            return None if span[0] < 0 else Span(at[span[0]], at[span[1] + 1])

        gold = {(place(a), place(o), SIDES[p[:3].lower()]) for a, o, p in ast.literal_eval(labels)}
        out.append(("".join(tokens), gold))
    return out


def comparisons(domain: str) -> list[tuple[str, bool, set[tuple]]]:
    names = {-1: "worse", 0: "equal", 1: "better", 2: "different"}
    out: list[tuple[str, bool, set[tuple]]] = []
    for line in (SHARED / f"data/coqe/{domain}_dev.txt").read_text(encoding="utf8").split("\n"):
        if "\t" in line:
            text, label = line.rsplit("\t", 1)
            out.append((text, label == "1", set()))
        elif line.startswith("[["):
            parts = line.strip()[2:-2].split("];[")
            if len(parts) == 5 and parts[4].strip():
                spans = [[int(k) for k in re.findall(r"(?:^| )(\d+)&", p)] for p in parts[:4]]
                quintuple = (*(Span(min(s), max(s) + 1) if s else None for s in spans), names[int(parts[4])])
                out[-1][2].add(quintuple)
    return out


def macro_f1(gold: Sequence[object], found: Sequence[object]) -> float:
    scores = []
    for label in sorted(set(gold), key=str):
        hit = sum(g == label == f for g, f in zip(gold, found, strict=True))
        scores.append(2 * hit / max(1, sum(g == label for g in gold) + sum(f == label for f in found)))
    return sum(scores) / len(scores)


def exact_f1(pairs: Iterable[tuple[set, set]]) -> float:
    hit = gold = found = 0
    for g, f in pairs:
        hit, gold, found = hit + len(g & f), gold + len(g), found + len(f)
    return 2 * hit / max(1, gold + found)


def span(value: Sequence[int] | None) -> Span | None:
    return None if value is None else Span(*value)


def document_figures(ask: Ask, documents: dict[str, list[tuple[str, int]]], most: int) -> list[Figure]:
    study = {"waimai": 0.877, "hotel": 0.893, "shop10": 0.931, "weibo": 0.876}
    out = []
    for name, all_rows in documents.items():
        rows = all_rows[:most]
        answers = ask([Asked(text) for text, _ in rows])
        signs = [int(a["score"] > 0) for a in answers]
        out.append(Figure(f"{name}: macro-F1 of sign", macro_f1([y for _, y in rows], signs), len(rows), study[name]))
        named = [(y, a["polarity"]) for (_, y), a in zip(rows, answers, strict=True)]
        sure = [(y, p == "positive") for y, p in named if p in ("positive", "negative")]
        out.append(Figure(f"{name}: share with a side", len(sure) / len(rows), len(rows)))
        out.append(Figure(f"{name}: accuracy of those", sum(y == p for y, p in sure) / max(1, len(sure)), len(sure)))
    return out


def aspect_figures(ask: Ask, aspects: dict[str, list], most: int) -> list[Figure]:
    four = [item for domain in DOMAINS[:4] for item in aspects[domain]][:most]
    answers = ask([Asked(text, aspects=tuple(s for s, _ in gold)) for text, gold in four])
    sides = [(side, a["polarity"]) for (_, g), x in zip(four, answers, strict=True)
             for (_, side), a in zip(g, x["aspects"], strict=True)]  # fmt: skip
    out = [Figure("aspect polarity, four domains: macro-F1", macro_f1(*zip(*sides, strict=True)), len(sides), 0.945)]
    terms = [
        ({s for s, _ in g}, {span(t["span"]) for t in x["aspect_terms"]})
        for (_, g), x in zip(four, answers, strict=True)
    ]
    out.append(Figure("aspect terms, exact F1", exact_f1(terms), len(terms), 0.797))
    with_words = [o for x in answers for o in x["opinions"] if o["polarity"] == "negative"]
    quoted = sum(o["opinion"] is not None for o in with_words)
    out.append(Figure("complaints with words", quoted / max(1, len(with_words)), len(with_words)))
    for count, study in ((2, 0.79), (3, 0.78)):
        out.append(joined_figure(ask, aspects, count, study, most))
    return out


def joined_figure(ask: Ask, aspects: dict[str, list], count: int, study: float, most: int) -> Figure:
    """Clauses of the same domain joined by commas, as the study's stress test made them."""
    draw = random.Random(count)
    made = []
    for _ in range(min(most, 600)):
        text, gold = "", set()
        for part, spans in draw.sample(aspects[draw.choice(DOMAINS[:4])], count):
            text += "，" if text else ""
            gold |= {Span(s.start + len(text), s.end + len(text)) for s, _ in spans}
            text += part.rstrip(BARE)
        made.append((text, gold))
    answers = ask([Asked(text) for text, _ in made])
    terms = [(g, {span(t["span"]) for t in a["aspect_terms"]}) for (_, g), a in zip(made, answers, strict=True)]
    return Figure(f"aspect terms, {count} clauses joined", exact_f1(terms), len(made), study)


def triplet_figures(ask: Ask, most: int) -> list[Figure]:
    rows = triplets()[:most]
    answers = ask([Asked(text) for text, _ in rows])
    found = [{(span(o["aspect"]), span(o["opinion"]), o["polarity"]) for o in a["opinions"]} for a in answers]
    scored = [(gold, f) for (_, gold), f in zip(rows, found, strict=True)]
    return [Figure("restaurant triplets, exact F1", exact_f1(scored), len(rows), 0.433)]


def comparison_figures(ask: Ask, most: int) -> list[Figure]:
    out = []
    for domain, accuracy, study in (("car", 0.973, 0.280), ("ele", 0.988, 0.327)):
        rows = comparisons(domain)[:most]
        answers = ask([Asked(text) for text, _, _ in rows])
        right = sum(a["comparative"] == y for (_, y, _), a in zip(rows, answers, strict=True))
        out.append(Figure(f"comparative or not, {domain}: accuracy", right / len(rows), len(rows), accuracy))
        keys = ("subject", "object", "aspect", "predicate")
        found = [{(*(span(c[k]) for k in keys), c["preference"]) for c in a["comparisons"]} for a in answers]
        scored = [(gold, f) for (_, _, gold), f in zip(rows, found, strict=True)]
        out.append(Figure(f"quintuples, {domain}: exact F1", exact_f1(scored), len(rows), study))
    return out


def figures(ask: Ask, most: int) -> list[Figure]:
    documents, aspects = tuning_split()
    return [
        *document_figures(ask, documents, most),
        *aspect_figures(ask, aspects, most),
        *triplet_figures(ask, most),
        *comparison_figures(ask, most),
    ]


def asker(model: str) -> Ask:
    answerer = Answerer(model, threads=1)

    def ask(asked: Sequence[Asked]) -> list[dict]:
        out = []
        for start in range(0, len(asked), 512):
            out += [json.loads("{" + members + "}") for members in answerer.answer(asked[start : start + 512])]
        return out

    return ask


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--rows", type=int, default=600, help="rows a set at most")
    parser.add_argument("--model", default="s6")
    options = parser.parse_args()
    found = figures(asker(options.model), options.rows)
    table = Table("figure", "here", "n", "study, held out", title=f"quality of {options.model} on the tuning splits")
    for f in found:
        table.add_row(f.name, f"{f.value:.3f}", str(f.n), "" if f.study is None else f"{f.study:.3f}")
    Console(width=100).print(table)
    RESULTS.mkdir(exist_ok=True)
    written = [{"name": f.name, "value": round(f.value, 4), "n": f.n, "study": f.study} for f in found]
    (RESULTS / "quality.json").write_text(json.dumps(written, indent=1) + "\n", encoding="utf8")


if __name__ == "__main__":
    main()
