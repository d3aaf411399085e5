"""Our vectorised decoding against the study's own, on the same encoder outputs and the same answers of the heads; and
the heads, which run in int8 here, against the study's floats."""

from __future__ import annotations

import csv
import sys
from itertools import product
from pathlib import Path

import numpy as np
import pytest

from nlp.arithmetic import softmax
from nlp.encoder import Encoder, head_graphs
from nlp.heads import Bag, Heads, Row
from nlp.model_files import find_model
from nlp.pairing import pairs
from nlp.quintuples import _without_variants, quintuples
from nlp.spans import OPINION, apart, candidates, characters, cuts_of
from nlp.tokens import Tokens

SHARED = Path(__file__).resolve().parents[2].parent / "shared"
pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not (SHARED / "model" / "span_heads.py").exists(), reason="the study is not on this machine"),
]
OWN = [
    "屏幕很清晰，但是电池不如上一代耐用。",
    "送餐太慢，菜都凉了，不过味道还可以",
    "The room was clean but the staff were rude.",
    "华为比小米流畅，比苹果便宜",
    "和A7相比，B9的油耗更低，空间也更大",
    "好",
    "😀",
]


@pytest.fixture(scope="module")
def parts():
    files = find_model("s6")
    sys.path.insert(0, str(SHARED / "model"))
    import load_model
    import span_heads

    heads = Heads(head_graphs(files), files.weights())
    weights = {k.removeprefix("heads."): v for k, v in load_model.weights("s6").items() if k.startswith("heads.")}

    class Decoding(span_heads.SpanHeads):
        """The study's decoding over our heads' logits."""

        def pairs(self, hidden, aspects, opinions):
            which = np.array([(a, o) for a in range(len(aspects)) for o in range(len(opinions))], np.intp)
            bag = Bag([hidden[None]])
            rows = ([Row(0, *a) for a in aspects], [Row(0, *o) for o in opinions])
            return heads.pairs(bag, *rows, which).reshape(len(aspects), len(opinions), 4)

        def tuples(self, hidden, cand):
            which = np.array(list(product(*(range(len(c)) for c in cand))), np.intp)
            logits = heads.tuples(Bag([hidden[None]]), [[Row(0, *s) for s in c] for c in cand], which)
            return [(sum((cand[k][w[k]] for k in range(4)), ()), z) for w, z in zip(which, logits, strict=True)]

    return (
        files.thresholds(),
        Tokens(files.tokenizer),
        Encoder(files),
        heads,
        Decoding({}),
        span_heads.SpanHeads(weights),
    )


def texts() -> list[str]:
    found = list(OWN)
    for name, column, n in (("sentiment/waimai", 2, 40), ("absa/phone", 0, 40), ("sentiment/weibo", 2, 20)):
        with (SHARED / "data" / f"{name}.tsv").open(encoding="utf8", newline="") as file:
            rows = list(csv.reader(file, delimiter="\t"))[1:]
        found += [row[column] for row in rows[7 :: len(rows) // n][:n]]
    lines = (SHARED / "data/coqe/car_dev.txt").read_text(encoding="utf8").split("\n")
    return found + [line.rsplit("\t", 1)[0] for line in lines if "\t" in line][3:200:5]


def test_decoding_equals_the_study(parts) -> None:
    limits, tokens, encoder, heads, study, _ = parts
    all_texts = texts()
    passages = [p[0] for p in tokens.passages(all_texts)]
    compared = joined = 0
    for run in encoder.encode(passages):
        spans = candidates(run, (0, 2, 1), limits.triplet[0], 24)
        bag, cuts = Bag([run.hidden]), cuts_of(run)
        paired = pairs(bag, heads, spans, *limits.triplet[1:])
        for row, member in enumerate(run.members):
            text, passage = all_texts[member], passages[member]
            out = {"H": run.hidden[row], "gq": run.span_q[row], "gk": run.span_k[row], "gb": run.span_bias[row],
                   "bd": run.boundary[row]}  # fmt: skip
            expected = study.flat([(0, a, b, s) for _, a, b, s in study.spans(out, (0, 2), limits.aspect)])
            ours = apart([c for c in spans[row] if c.kind != OPINION])
            assert [c.span for c in ours] == [x[1:3] for x in expected], text
            for candidate in ours:
                theirs = study.chars(out, *candidate.span, passage.offsets)
                found = characters(cuts[row], passage, candidate.span, text)
                assert found is None or (found.end == theirs[1] and found.start >= theirs[0])
            triplets = study.triplets(out, *limits.triplet, aspects=(0, 2))
            assert [(p.aspect, p.opinion, p.side) for p in paired[row]] == triplets, text
            joined += len(triplets)
            if softmax(run.comparative)[row, 1] > 0.5:
                found_parts = candidates(run, (3, 4, 5, 6), limits.comparison[0], 6, [row])[0]
                theirs = study.quintuples(out, *limits.comparison[:2], 6)
                ours_q = quintuples(bag, heads, {row: found_parts}, limits.comparison[1], limits.comparison[1])[row]
                flat = {tuple(i for p in q.parts for i in p) for q in ours_q}
                assert flat <= {tuple(t) for t, _ in theirs}, text
                assert len(theirs) < 2 or ours_q == _without_variants(ours_q)
                compared += len(theirs)
    assert joined > 40 and compared > 10


def test_heads_in_int8_say_what_the_studys_floats_say(parts) -> None:
    _, tokens, encoder, heads, _, study = parts
    passages = [p[0] for p in tokens.passages(texts())]
    sides, joins = [], []
    for run in encoder.encode(passages):
        spans = candidates(run, (0, 2, 1), 0.0, 6)
        bag = Bag([run.hidden])
        for row, found in enumerate(spans):
            named = [c.span for c in found if c.kind != OPINION]
            words = [c.span for c in found if c.kind == OPINION]
            if named:
                ours = heads.aspect_polarity(bag, [Row(row, *s) for s in named])
                sides.append((ours, study.apc(run.hidden[row], named)))
            if named and words:
                rows = ([Row(row, *s) for s in named], [Row(row, *s) for s in words])
                which = np.array(list(product(range(len(named)), range(len(words)))), np.intp)
                joins.append(
                    (heads.pairs(bag, *rows, which), study.pairs(run.hidden[row], named, words).reshape(-1, 4))
                )
    for found in (sides, joins):
        ours, floats = (np.concatenate(x) for x in zip(*found, strict=True))
        assert len(ours) > 100
        assert (ours.argmax(-1) == floats.argmax(-1)).mean() > 0.97
        assert np.abs(softmax(ours) - softmax(floats)).mean() < 0.02
