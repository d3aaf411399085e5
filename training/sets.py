"""The labelled sets of ../shared/data as Marked texts, one reader a format. Sentences stay in memory."""

from __future__ import annotations

import ast
import csv
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from core.models import Span
from training.marked import NEGATIVE, NEUTRAL, POSITIVE, Marked, Place, Quintuple, Triplet, agreed

SENTIMENT = ("waimai", "hotel", "shop10", "weibo")
DEVICES = ("camera", "car", "notebook", "phone")
DOMAINS = (*DEVICES, "hair")
COMPARED = ("car", "ele")
HOTELS = "酒店"
EMOTICON = re.compile(r"\[[^\[\]]{1,8}\]")
_JD_SIDE = {"0": NEUTRAL, "1": POSITIVE, "2": NEGATIVE}
"""The codes are undocumented; this is what their clauses say."""


def side(name: str) -> int:
    return {"neg": NEGATIVE, "pos": POSITIVE}.get(name[:3].lower(), NEUTRAL)


def one_line(text: str) -> str:
    return " ".join(text.replace("\ufeff", "").split())


def table(path: Path) -> list[list[str]]:
    with path.open(encoding="utf8", newline="") as file:
        return list(csv.reader(file, delimiter="\t"))[1:]


def sentiment(folder: Path, name: str) -> Iterator[tuple[str, Marked]]:
    """(category, text) of a set whose texts are positive or negative as a whole."""
    for label, category, text in table(folder / "sentiment" / f"{name}.tsv"):
        plain = one_line(EMOTICON.sub("", text)) or "。"
        yield (
            category,
            Marked(
                name,
                one_line(text),
                polarity=POSITIVE if label == "1" else NEGATIVE,
                two_sided=True,
                alternative=plain if name == "weibo" else "",
            ),
        )


def aspects(folder: Path, domain: str) -> Iterator[Marked]:
    """Texts of a product domain with their aspect terms and the side of each."""
    marked: dict[str, list[tuple[Span, int]]] = {}
    for text, term, start, label in table(folder / "absa" / f"{domain}.tsv"):
        marked.setdefault(text, []).append((Span(int(start), int(start) + len(term)), side(label)))
    for text, found in marked.items():
        yield product_text(domain, text, found)


def product_text(source: str, text: str, found: Sequence[tuple[Span, int]], joined: bool = False) -> Marked:
    return Marked(
        source,
        text,
        group="product",
        polarity=agreed([s for _, s in found]),
        aspects=tuple(found),
        terms=tuple(span for span, _ in found),
        joined=joined,
    )


def triplets(folder: Path, part: str) -> Iterator[Marked]:
    """Restaurant sentences with (aspect, opinion, side); `part` is train or dev."""
    for written, labels in table(folder / "aste" / f"restaurant_{part}.tsv"):
        tokens = json.loads(written)
        starts = [0]
        for token in tokens:
            starts.append(starts[-1] + len(token))
        marked = [(_place(a, starts), _place(o, starts), side(p)) for a, o, p in ast.literal_eval(labels)]
        yield triplet_text("aste", "".join(tokens), marked)


def triplet_text(source: str, text: str, marked: Sequence[Triplet], joined: bool = False) -> Marked:
    return Marked(
        source,
        text,
        group="restaurant",
        polarity=agreed([s for *_, s in marked]),
        aspects=_agreed_aspects(marked),
        triplets=tuple(marked),
        joined=joined,
    )


def _agreed_aspects(marked: Sequence[Triplet]) -> tuple[tuple[Span, int], ...]:
    sides: dict[Span, list[int]] = {}
    for aspect, _, found in marked:
        if aspect:
            sides.setdefault(aspect, []).append(found)
    return tuple((span, found[0]) for span, found in sides.items() if len(set(found)) == 1)


def _place(span: tuple[int, int], starts: Sequence[int]) -> Place:
    return None if span[0] < 0 else Span(starts[span[0]], starts[span[1] + 1])


def comparisons(folder: Path, domain: str, part: str) -> Iterator[Marked]:
    """Sentences that compare or not, with their quintuples; a predicate in two parts is one stretch."""
    sentences: list[tuple[str, int, list[Quintuple]]] = []
    for line in (folder / "coqe" / f"{domain}_{part}.txt").read_text(encoding="utf8").split("\n"):
        if "\t" in line:
            text, label = line.rsplit("\t", 1)
            sentences.append((text, int(label), []))
        elif line.startswith("[[") and (found := _quintuple(line)) and found not in sentences[-1][2]:
            sentences[-1][2].append(found)
    for sentence, compares, quintuples in sentences:
        yield Marked(f"coqe_{domain}", sentence, group="comparison", comparative=compares, quintuples=tuple(quintuples))


def _quintuple(line: str) -> Quintuple | None:
    parts = line.strip()[2:-2].split("];[")
    if len(parts) != 5 or not parts[4].strip():
        return None
    a, b, c, d = (_stretch([int(k) for k in re.findall(r"(?:^| )(\d+)&", p)]) for p in parts[:4])
    return a, b, c, d, int(parts[4])


def _stretch(places: Sequence[int]) -> Place:
    return Span(min(places), max(places) + 1) if places else None


def clauses(folder: Path, name: str) -> Iterator[Marked]:
    """Clauses about computers: `class2` with an attribute, `sentiment` with a side."""
    classes = (folder / "jd" / "class2_labels.txt").read_text(encoding="utf8").split()
    for line in (folder / "jd" / f"manually_labeled_data_{name}.txt").read_text(encoding="utf8").split("\n"):
        label, tab, text = line.partition("\t")
        if tab and text.strip():
            clause = Marked(f"jd_{name}", one_line(text))
            if name == "class2":
                yield replace(clause, attribute=classes.index(label))
            else:
                yield replace(clause, polarity=_JD_SIDE[label])


def restaurants(folder: Path) -> Iterator[Marked]:
    """Long reviews with the state of twenty attributes (0 not mentioned, then negative, neutral, positive)."""
    for line in (folder / "aic2018" / "train_1000.tsv").read_text(encoding="utf8").split("\n"):
        labels, tab, text = line.partition("\t")
        if tab:
            states = tuple(int(p.rsplit("_", 1)[1]) + 2 for p in labels.split(","))
            overall = states[18] - 1 if states[18] else -1
            yield Marked("aic", one_line(text), polarity=overall, states=states)


def titles(folder: Path) -> list[Marked]:
    """News titles without labels, in the file's order: only their sentence vector is learned."""
    lines = (folder / "topics" / "thucnews_titles_dev.txt").read_text(encoding="utf8").split("\n")
    return [Marked("topics", one_line(line.rpartition("\t")[0])) for line in lines if "\t" in line]
