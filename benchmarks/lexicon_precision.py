"""How right the lexicons are: a seeded sample of matches, judged by reading, and the share of labelled terms mapped.

    python -m benchmarks.lexicon_precision sample hotel --seed 7 --n 120   # prints windows; stores nothing
    python -m benchmarks.lexicon_precision coverage                        # table, and JSON with --json FILE

Reads the labelled collections in ../shared/data; docs/lexicons.md has the judged counts.
"""

from __future__ import annotations

import argparse
import ast
import csv
import json
import random
from collections.abc import Iterator
from pathlib import Path

from nlp.lexicon import Lexicon, industries, load_lexicon

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"
SHOP = {
    "electronics": ("平板", "手机", "计算机"),
    "cosmetics": ("洗发水",),
    "clothing": ("衣服",),
    "general": ("书籍", "水果", "蒙牛", "热水器"),
}
ABSA = {"electronics": ("phone", "notebook", "camera"), "car": ("car",), "cosmetics": ("hair",)}
COQE = {"electronics": "ele", "car": "car"}
WINDOW = 22


def texts(industry: str) -> list[str]:
    """The distinct texts of the collections that belong to an industry, in a fixed order."""
    found = [text for category, text in _rows("sentiment/shop10.tsv") if category in SHOP.get(industry, ())]
    if industry == "restaurant":
        found += [text for _, text in _rows("sentiment/waimai.tsv")] + ["".join(t) for t, _ in _triplets()]
    if industry == "hotel":
        found += [text for _, text in _rows("sentiment/hotel.tsv")]
    for name in ABSA.get(industry, ()):
        found += [row["text"] for row in _table(f"absa/{name}.tsv")]
    if industry in COQE:
        lines = (SHARED / f"coqe/{COQE[industry]}_train.txt").read_text("utf-8").splitlines()
        found += [line.partition("\t")[0] for line in lines if not line.startswith("[[")]
    return sorted(set(found))


def labelled_terms(industry: str) -> list[str]:
    """Aspect terms that annotators marked in an industry's collections, repeated as often as marked."""
    found = [row["aspect"] for name in ABSA.get(industry, ()) for row in _table(f"absa/{name}.tsv")]
    if industry == "restaurant":
        found += ["".join(tokens[a[0] : a[1] + 1]) for tokens, spans in _triplets() for a in spans if a[0] >= 0]
    return found


def sample(lexicon: Lexicon, seed: int, n: int) -> list[tuple[str, str, str]]:
    """n matches that name or imply an attribute: path, term, and the text around it with the term in brackets."""
    matches = [(match, text) for text in texts(lexicon.industry) for match in lexicon.match(text) if match.path]
    chosen = random.Random(seed).sample(matches, n)
    return [(match.path, match.span.of(text), _window(text, *match.span)) for match, text in chosen]


def coverage(lexicon: Lexicon) -> tuple[int, int, int, int]:
    """Labelled terms with a path, all of them, distinct ones with a path, all distinct ones."""
    terms = labelled_terms(lexicon.industry)
    distinct = {term: bool(lexicon.attribute_of(term)) for term in set(terms)}
    return sum(distinct[t] for t in terms), len(terms), sum(distinct.values()), len(distinct)


def _window(text: str, start: int, end: int) -> str:
    before, after = text[max(0, start - WINDOW) : start], text[end : end + WINDOW]
    return f"{before}[{text[start:end]}]{after}".replace("\n", " ")


def _rows(name: str) -> Iterator[tuple[str, str]]:
    for line in (SHARED / name).read_text("utf-8").splitlines()[1:]:
        _, category, text = line.split("\t", 2)
        yield category, text


def _table(name: str) -> list[dict[str, str]]:
    with (SHARED / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def _triplets() -> Iterator[tuple[list[str], list[tuple[int, int]]]]:
    with (SHARED / "aste/restaurant_train.tsv").open(encoding="utf-8", newline="") as file:
        for tokens, triplets in list(csv.reader(file, delimiter="\t"))[1:]:
            yield json.loads(tokens), [aspect for aspect, _, _ in ast.literal_eval(triplets)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    draw = commands.add_parser("sample")
    draw.add_argument("industry", choices=industries())
    draw.add_argument("--seed", type=int, required=True)
    draw.add_argument("--n", type=int, default=120)
    measure = commands.add_parser("coverage")
    measure.add_argument("--json", type=Path)
    asked = parser.parse_args()
    if asked.command == "sample":
        for number, (path, term, window) in enumerate(sample(load_lexicon(asked.industry), asked.seed, asked.n), 1):
            print(f"{number:3} {path:26} {term}  {window}")
        return
    figures = {name: coverage(load_lexicon(name)) for name in industries() if name in ABSA or name == "restaurant"}
    print(f"{'industry':12} {'terms mapped':>22} {'distinct terms mapped':>24}")
    for name, (hit, total, kinds, all_kinds) in figures.items():
        print(f"{name:12} {hit:7}/{total:6} {hit / total:7.1%} {kinds:8}/{all_kinds:6} {kinds / all_kinds:7.1%}")
    if asked.json:
        asked.json.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
