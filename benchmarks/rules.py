"""Precision and recall of the rules on the written sentences of tests/cases/rules: `python -m benchmarks.rules`.

`--part held` (reported by default) are those that a hash of the sentence holds back, `--part tuned` those that the
rules were mended on (`--wrong` shows which of these are read wrongly), and `--part after` those that were written when
the rules were done: the hardest, since who wrote the rules had written the others before, and the only part on which
intents are told by vectors too, since these were learned from the others. Intervals are 95 % (Wilson).
All are synthetic: they say what the rules know, and not how often they are right among real mentions.
"""

from __future__ import annotations

import argparse
import json
import tomllib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from hashlib import blake2b
from pathlib import Path

from rich.console import Console
from rich.table import Table

from core.config import Brand
from core.models import PROMOTED
from index.intervals import wilson
from nlp.brands import BrandMatcher
from nlp.intent_head import head_for
from nlp.intents import intents
from nlp.model import Model
from nlp.relate.promotion import text_promotion
from nlp.relevance import relevance

FOLDER = Path(__file__).resolve().parent.parent / "tests" / "cases" / "rules"
AFTER = FOLDER / "after"
NONE = frozenset({"none", "relevant"})
"""Labels of sentences that show nothing."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """`labels` are what it shows; a name's sentences show the name where they mean the brand."""

    text: str
    labels: frozenset[str]

    @property
    def held_back(self) -> bool:
        return blake2b(self.text.encode(), digest_size=1).digest()[0] % 2 == 1


@dataclass(frozen=True, slots=True)
class Judged:
    """How often a label was told rightly, told wrongly, and left out."""

    file: str
    label: str
    right: int
    wrong: int
    missed: int

    @property
    def told(self) -> int:
        return self.right + self.wrong

    @property
    def there(self) -> int:
        return self.right + self.missed


def sentences(file: str, folder: Path = FOLDER) -> Iterator[Sentence]:
    """The sentences of one file: a key holds the labels of all that stand under it."""
    table: dict[str, list[str]] = tomllib.loads((folder / f"{file}.toml").read_text(encoding="utf-8"))
    for labels, texts in table.items():
        shown = frozenset(labels.split()) - NONE
        yield from (Sentence(text, shown) for text in texts)


def named() -> Iterator[tuple[str, Sentence]]:
    """Each name with the sentences it stands in; those that mean the brand are labelled "brand"."""
    table: dict[str, dict[str, list[str]]] = tomllib.loads((FOLDER / "names.toml").read_text(encoding="utf-8"))
    for name, meanings in table.items():
        for meaning, texts in meanings.items():
            labels = frozenset({"brand"} if meaning == "brand" else ())
            yield from ((name, Sentence(text, labels)) for text in texts)


def told_by_cues(text: str) -> frozenset[str]:
    """Without the head of vectors: it was learned from these sentences."""
    return frozenset(intents(text))


def told_intents(text: str) -> frozenset[str]:
    """As a reader tells them, by cues and by the vector."""
    return frozenset(intents(text, _model().see([text])[0].vector, head_for("s6")))


@cache
def _model() -> Model:
    return Model()


def told_reason(text: str) -> frozenset[str]:
    return frozenset({relevance(text).reason} - {""})


def told_promotion(text: str) -> frozenset[str]:
    return frozenset({"promotion"} if text_promotion(text).score >= PROMOTED else ())


READ: dict[str, Callable[[str], frozenset[str]]] = {
    "intents": told_by_cues,
    "safety": told_by_cues,
    "rumour": told_by_cues,
    "irony": told_by_cues,
    "relevance": told_reason,
    "promotion": told_promotion,
}
"""Which rule reads which file. A file is judged by the labels that stand in it."""


def answers(file: str, folder: Path = FOLDER) -> list[tuple[Sentence, frozenset[str]]]:
    """Every sentence of a file with what the rules say of it."""
    if file == "names":
        matchers = {name: BrandMatcher((Brand(name=name),)) for name, _ in named()}
        return [(s, frozenset({"brand"} if matchers[name].find(s.text) else ())) for name, s in named()]
    read = told_intents if folder == AFTER and READ[file] is told_by_cues else READ[file]
    return [(sentence, read(sentence.text)) for sentence in sentences(file, folder)]


def judged(file: str, found: Sequence[tuple[Sentence, frozenset[str]]]) -> list[Judged]:
    """One row a label, in the order of the file."""
    labels = dict.fromkeys(label for sentence, _ in found for label in sorted(sentence.labels))
    rows = []
    for label in labels:
        pairs = [(label in sentence.labels, label in told) for sentence, told in found]
        counts = [pairs.count(kind) for kind in ((True, True), (False, True), (True, False))]
        rows.append(Judged(file, label, *counts))
    return rows


def show(rows: Sequence[Judged]) -> None:
    table = Table("file", "label", "precision", "of told", "95 %", "recall", "of there", "95 %")
    for row in rows:
        right_of = [_share(row.right, n) for n in (row.told, row.there)]
        table.add_row(row.file, row.label, *right_of[0], *right_of[1])
    Console(width=110).print(table)


def _share(right: int, n: int) -> tuple[str, str, str]:
    if not n:
        return "–", "0", ""
    low, high = wilson(right, n)
    return f"{right / n:.3f}", str(n), f"{low:.2f}–{high:.2f}"


def show_wrong(file: str, found: Sequence[tuple[Sentence, frozenset[str]]]) -> None:
    known = {label for sentence, _ in found for label in sentence.labels}
    for sentence, told in found:
        if told & known != sentence.labels:
            signs = [f"-{label}" for label in sorted(sentence.labels - told)]
            signs += [f"+{label}" for label in sorted(told & known - sentence.labels)]
            print(f"{file}: {sentence.text}  {' '.join(signs)}")


def part_of(file: str, part: str) -> list[tuple[Sentence, frozenset[str]]]:
    """The sentences of a file that are tuned on, held back, or written after, with what the rules say of them."""
    if part == "after":
        return answers(file, AFTER) if file != "names" else []
    return [(sentence, told) for sentence, told in answers(file) if sentence.held_back == (part == "held")]


def main() -> None:
    options = argparse.ArgumentParser(prog="python -m benchmarks.rules", description=(__doc__ or "").split("\n")[0])
    options.add_argument("--part", choices=("held", "tuned", "after"), default="held")
    options.add_argument("--wrong", action="store_true", help="print the sentences of the tuned half read wrongly")
    options.add_argument("--json", type=Path)
    asked = options.parse_args()
    rows = [row for file in (*READ, "names") for row in judged(file, part_of(file, asked.part))]
    if asked.wrong:
        for file in (*READ, "names"):
            show_wrong(file, part_of(file, "tuned"))
    show(rows)
    if asked.json:
        asked.json.write_text(json.dumps([asdict(row) for row in rows], ensure_ascii=False, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
