"""How right attributes are: `python -m benchmarks.attributes [--part tuning|held]`.

Attribute macro-F1 on clauses of JD and presence F1 on reviews of AIC, for the shipped reading, the lexicon alone and
the model alone (its jd_class and aic heads, which learned from the tuning part and never saw the held one); the share
of opinions without an attribute and of complaints without words on real texts of every industry. All names of
attributes go through lexicons/crosswalks.toml. Texts are read from ../shared and go nowhere.
"""

from __future__ import annotations

import argparse
import json
import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace

import numpy as np
import onnxruntime
from rich.console import Console
from rich.table import Table
from tokenizers import Tokenizer

from benchmarks.labelled_attributes import AIC, Labelled, splits
from benchmarks.lexicon_precision import texts as texts_of
from benchmarks.quality import RESULTS, SHARED, macro_f1, rows_of
from core.models import Opinion, Reading, Versions
from nlp.crosswalk import Crosswalk, crosswalk
from nlp.industry import guess_industry
from nlp.lexicon import OVERALL, Attribute, Lexicon, industries, load_lexicon
from nlp.mapping import Mapper
from nlp.model import Model
from nlp.nearness import NearestAttribute, shipped_vectors
from nlp.opinions import opinions, scene
from nlp.reader import bare_reading

BATCH = 256
REAL = 300
"""Texts drawn of each industry."""
LEFT_OUT = 150
"""Terms of each lexicon taken out one by one."""
SEED = 20261125
Paths = list[str]


@dataclass(frozen=True, slots=True)
class Score:
    """One system on one set. `micro` is accuracy for JD, F1 over all (text, attribute) pairs for AIC."""

    data: str
    system: str
    macro: float
    micro: float
    n: int


@dataclass(frozen=True, slots=True)
class Share:
    """Opinions of one industry's texts: how many have no attribute or only the whole, and complaints without words."""

    industry: str
    texts: int
    opinions: int
    without: float
    whole: float
    complaints: int
    wordless: int
    unquoted: int


def shipped(text: str, finds: Reading, mapper: Mapper) -> Paths:
    """Attributes that the reading names or gives an opinion of, in the order of the text; for none, by the clause."""
    place = scene(text, mapper, (), "")
    named = sorted((m.role != "aspect", m.span.start, m.path) for m in place.matches if m.path)
    judged = [o.attribute for o in opinions(finds, place, mapper)]
    terms = [mapper.attribute_of(a.span.of(text)) for a in finds.aspect_terms]
    found = [p for p in (*(path for *_, path in named), *judged, *terms) if p]
    return found if any(p != OVERALL for p in found) else [*filter(None, [mapper.of_clause(text, False)]), *found]


def lexicon_alone(text: str, _finds: Reading, mapper: Mapper) -> Paths:
    """Attributes whose words stand in a text, names before words that imply them."""
    found = sorted((m.role != "aspect", m.span.start, m.path) for m in mapper.match(text) if m.path)
    return [path for *_, path in found]


SYSTEMS: dict[str, Callable[[str, Reading, Mapper], Paths]] = {"shipped": shipped, "lexicon alone": lexicon_alone}


def scores(part: str, model: Model) -> list[Score]:
    """Every system on both sets."""
    jd, aic = (getattr(split, part) for split in splits())
    clauses, reviews = read(model, [r.text for r in jd]), read(model, [r.text for r in aic])
    heads = Heads()
    found = []
    for name, paths in SYSTEMS.items():
        table, mapper = crosswalk("jd"), Mapper(load_lexicon("electronics"))
        labels = [table.one_of(r.text, paths(r.text, f, mapper)) for r, f in zip(jd, clauses, strict=True)]
        found.append(_jd(name, jd, labels))
        found.append(_aic(name, aic, list(_present(aic, reviews, paths, crosswalk("aic")))))
    found.append(_jd("model alone", jd, [heads.jd(r.text) for r in jd]))
    found.append(_aic("model alone", aic, [heads.aic(r.text) for r in aic]))
    return sorted(found, key=lambda s: s.data)


def _present(
    rows: Sequence[Labelled],
    finds: Sequence[Reading],
    paths: Callable[[str, Reading, Mapper], Paths],
    table: Crosswalk,
) -> Iterator[frozenset[str]]:
    mapper = Mapper(load_lexicon("restaurant"))
    for row, reading in zip(rows, finds, strict=True):
        yield table.all_of(row.text, paths(row.text, reading, mapper))


def _jd(system: str, rows: Sequence[Labelled], found: Sequence[str]) -> Score:
    gold = [next(iter(r.attributes)) for r in rows]
    right = sum(g == f for g, f in zip(gold, found, strict=True))
    return Score("JD clauses", system, macro_f1(gold, found), right / len(rows), len(rows))


def _aic(system: str, rows: Sequence[Labelled], found: Sequence[frozenset[str]]) -> Score:
    hits: Counter[str] = Counter()
    wrong: Counter[str] = Counter()
    for row, labels in zip(rows, found, strict=True):
        hits.update(row.attributes & labels)
        wrong.update(row.attributes ^ labels)
    each = [2 * hits[a] / max(1, 2 * hits[a] + wrong[a]) for a in AIC]
    micro = 2 * hits.total() / (2 * hits.total() + wrong.total())
    return Score("AIC presence", system, sum(each) / len(each), micro, len(rows))


class Heads:
    """The attribute heads of the study's s6, which the shipped graph leaves out."""

    def __init__(self) -> None:
        place = SHARED / "model" / "s6_int8.onnx"
        self._session = onnxruntime.InferenceSession(str(place), providers=["CPUExecutionProvider"])
        self._tokenizer = Tokenizer.from_file(str(SHARED / "encoder" / "tokenizer.json"))
        self._tokenizer.enable_truncation(320)
        labels = json.loads((SHARED / "model" / "config.json").read_text("utf-8"))
        self._jd: list[str] = labels["jd_classes"]
        self._aic: list[str] = labels["aic_attributes"]

    def _logits(self, text: str, output: str) -> np.ndarray:
        ids = np.array([self._tokenizer.encode(text).ids], np.int64)
        [logits] = self._session.run([output], {"input_ids": ids, "attention_mask": np.ones_like(ids)})
        return np.asarray(logits[0])

    def jd(self, text: str) -> str:
        return self._jd[int(self._logits(text, "jd_class").argmax())]

    def aic(self, text: str) -> frozenset[str]:
        states = self._logits(text, "aic").reshape(len(self._aic), -1).argmax(-1)
        return frozenset(a for a, state in zip(self._aic, states, strict=True) if state != 0)


def read(model: Model, texts: Sequence[str]) -> list[Reading]:
    """What the shipped model alone finds in each text."""
    out = []
    for start in range(0, len(texts), BATCH):
        some = texts[start : start + BATCH]
        out += [bare_reading("", "", t, s, Versions()) for t, s in zip(some, model.see(some), strict=True)]
    return out


def real_texts() -> dict[str, list[str]]:
    """Texts of every industry, of JD's unlabelled-by-attribute clauses and of Weibo; half of each is for tuning."""
    found = {industry: texts_of(industry) for industry in industries()}
    lines = (SHARED / "data/jd/manually_labeled_data_sentiment.txt").read_text("utf-8").splitlines()
    found["jd"] = sorted({line.partition("\t")[2].strip() for line in lines} - {""})
    found["weibo"] = sorted({row[2] for row in rows_of("sentiment/weibo")})
    return found


def shares(part: str, model: Model) -> list[Share]:
    """The share of opinions without an attribute in each industry's texts."""
    out = []
    for name, texts in real_texts().items():
        draw = random.Random(SEED)
        drawn = draw.sample(texts, min(len(texts), 2 * REAL))
        out.append(_share(name, drawn[:REAL] if part == "tuning" else drawn[REAL:], model))
    return out


def _share(name: str, texts: Sequence[str], model: Model) -> Share:
    mappers = {industry: Mapper(load_lexicon(industry)) for industry in industries()}
    found: list[Opinion] = []
    unquoted = 0
    for text, finds in zip(texts, read(model, texts), strict=True):
        industry = {"jd": "electronics", "weibo": guess_industry(text)}.get(name, name)
        said = opinions(finds, scene(text, mappers[industry], (), ""), mappers[industry])
        unquoted += finds.polarity == "negative" and not any(o.polarity == "negative" for o in said)
        found += said
    complaints = [o for o in found if o.polarity == "negative"]
    n = max(1, len(found))
    return Share(
        name,
        len(texts),
        len(found),
        sum(not o.attribute for o in found) / n,
        sum(o.attribute == OVERALL for o in found) / n,
        len(complaints),
        sum(o.opinion is None for o in complaints),
        unquoted,
    )


def left_out(industry: str, n: int) -> tuple[float, float, float]:
    """Terms of a lexicon taken out one by one: the share that finds neighbours, and of those whose top level is right
    and whose whole path is."""
    lexicon = load_lexicon(industry)
    terms = [(a.path, w) for a in lexicon.attributes if a.path != OVERALL for w in a.synonyms if not w.isascii()]
    drawn = random.Random(SEED).sample(terms, min(n, len(terms)))
    named = [(path, found) for path, word in drawn if (found := _neighbour(lexicon, path, word))]
    tops = sum(path.partition("/")[0] == found.partition("/")[0] for path, found in named)
    return len(named) / len(drawn), tops / len(named), sum(path == found for path, found in named) / len(named)


def _neighbour(lexicon: Lexicon, path: str, word: str) -> str:
    """What the other terms say of a term."""
    kept = [
        replace(a, synonyms=tuple(w for w in a.synonyms if w != word)) if a.path == path else a
        for a in lexicon.attributes
    ]
    return NearestAttribute(_Bare(tuple(kept), lexicon.unbound, lexicon.whole), shipped_vectors()).path(word)


@dataclass(frozen=True, slots=True)
class _Bare:
    attributes: tuple[Attribute, ...]
    unbound: tuple[str, ...]
    whole: tuple[str, ...]


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--part", choices=("tuning", "held"), default="held")
    part = parser.parse_args().part
    model = Model("s6")
    scored, shared = scores(part, model), shares(part, model)
    table = Table("set", "system", "macro-F1", "accuracy or micro-F1", "n", title=f"attributes, {part} part")
    for s in scored:
        table.add_row(s.data, s.system, f"{s.macro:.3f}", f"{s.micro:.3f}", str(s.n))
    Console(width=110).print(table)
    columns = ("texts of", "texts", "opinions", "no attribute", "the whole", "complaints", "wordless", "negative, none")
    real = Table(*columns, title="real texts")
    for r in shared:
        counts = (str(r.complaints), str(r.wordless), str(r.unquoted))
        real.add_row(r.industry, str(r.texts), str(r.opinions), f"{r.without:.1%}", f"{r.whole:.1%}", *counts)
    Console(width=110).print(real)
    hidden = Table("industry", "finds neighbours", "top level right", "path right", title="lexicon terms left out")
    for industry in industries():
        hidden.add_row(industry, *(f"{share:.2f}" for share in left_out(industry, LEFT_OUT)))
    Console(width=110).print(hidden)
    RESULTS.mkdir(exist_ok=True)
    written = {"scores": [asdict(s) for s in scored], "shares": [asdict(r) for r in shared]}
    (RESULTS / f"attributes_{part}.json").write_text(json.dumps(written, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
