"""Reviews' pseudo-labels, weights' files, figures and their intervals, splits."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from core.models import Span
from nlp.answers import Asked
from training.card import BEGIN, END, filled
from training.marked import NEGATIVE, POSITIVE, UNKNOWN, Marked
from training.packing import digest, layers_of, packed, unpacked, write
from training.report import Answer, figures, written
from training.reviews import Found, apart, drawn, known_terms, labelled
from training.scoring import exact_f1, macro_f1, share
from training.sets import product_text
from training.splits import NAMES, parts

SHARED = Path(__file__).resolve().parents[2].parent / "shared"
REVIEW = "屏幕很亮，电池不行，很满意，发货还行。"


def review(text: str, source: str = "shop10") -> Marked:
    return Marked(source, text, polarity=POSITIVE, two_sided=True)


def reader(clauses: Sequence[str]) -> list[list[Found]]:
    """Finds screens, batteries and deliveries, the last without being sure; takes a clause of praise for a term."""
    known = {"屏幕": (3.0, POSITIVE), "电池": (2.0, NEGATIVE), "发货": (-1.0, UNKNOWN), "很满意": (4.0, POSITIVE)}
    out = []
    for clause in clauses:
        hits = [(clause.index(w), w) for w in known if w in clause]
        out.append([Found(Span(at, at + len(w)), *known[w]) for at, w in hits])
    return out


def test_terms_of_clauses_stand_where_they_were_in_the_review() -> None:
    (found,) = labelled([review(REVIEW)], reader, frozenset({"屏幕", "电池", "很满意"}))
    assert [REVIEW[s.start : s.end] for s in found.terms] == ["屏幕", "电池"]
    assert [(REVIEW[s.start : s.end], side) for s, side in found.aspects] == [("屏幕", POSITIVE), ("电池", NEGATIVE)]
    assert [REVIEW[s.start : s.end] for s in found.unsure] == ["很满意", "发货"]
    assert found.polarity == POSITIVE and found.two_sided and found.joined and found.group == "product"


def test_a_term_that_nobody_marked_is_not_sure() -> None:
    assert labelled([review(REVIEW)], reader, frozenset({"音质"})) == []


def test_known_terms_were_marked_twice() -> None:
    texts = [product_text("phone", f"屏幕{word}", [(Span(0, 2), POSITIVE)]) for word in ("亮", "大")]
    texts.append(product_text("phone", "电池小", [(Span(0, 2), NEGATIVE)]))
    assert known_terms(texts) == {"屏幕"}


def test_reviews_are_drawn_by_seed_and_only_of_goods_in_several_clauses() -> None:
    good = [review(f"第{k}次买，屏幕很亮，电池也耐用，推荐") for k in range(20)]
    bad = [review("酒店很好，早餐丰富，房间也大，推荐"), review("很好"), review(good[0].text + "呀", "weibo")]
    assert drawn(good + bad, 5, 1) == drawn(good + bad, 5, 1) != drawn(good + bad, 5, 2)
    assert set(drawn(good + bad, 100, 0)) == set(good)


def test_spans_apart_takes_the_best_of_overlapping_ones() -> None:
    scores = np.full((5, 5), -9.0)
    scores[0, 2], scores[1, 1], scores[3, 4], scores[4, 4] = 2, 3, 1, 0.5
    assert list(apart(scores, -1)) == [(1, 1, 3.0), (3, 4, 1.0)]


def test_packed_weights_come_back_within_half_a_step(tmp_path: Path) -> None:
    draw = np.random.default_rng(0)
    weights = {
        "enc.layers.0.up.weight": draw.normal(size=(8, 64)).astype(np.float32),
        "enc.layers.1.up.bias": draw.normal(size=8).astype(np.float32),
        "heads.zero.weight": np.zeros((2, 32), np.float32),
    }
    first = write(tmp_path / "a.npz", weights)
    back = unpacked(tmp_path / "a.npz")
    assert back.keys() == weights.keys() and layers_of(back) == 2
    step = np.abs(weights["enc.layers.0.up.weight"]).max() / 127
    assert np.abs(back["enc.layers.0.up.weight"] - weights["enc.layers.0.up.weight"]).max() < step * 0.51
    assert (back["heads.zero.weight"] == 0).all()
    assert write(tmp_path / "b.npz", dict(reversed(weights.items()))) == first == digest(packed(weights))
    weights["heads.zero.weight"] += 1
    assert write(tmp_path / "c.npz", weights) != first


def test_a_share_has_wilson_s_interval() -> None:
    figure = share("right", [True] * 45 + [False] * 5)
    assert (figure.value, figure.n, figure.interval) == (0.9, 50, ".786–.957")


def test_f1_counts_exact_findings_and_its_interval_holds_it() -> None:
    texts = [({1, 2}, {1}), ({3}, {3, 4}), (set(), {5})] * 40
    figure = exact_f1("found", texts)
    assert figure.value == pytest.approx(2 * 2 / (3 + 4)) and figure.n == 120
    assert figure.low < figure.value < figure.high
    assert exact_f1("found", texts) == figure
    assert exact_f1("found", texts[:12]).high - exact_f1("found", texts[:12]).low > figure.high - figure.low


def test_macro_f1_is_the_mean_over_classes() -> None:
    pairs = [[(0, 0)], [(0, 2)], [(2, 2), (2, 2)]]
    figure = macro_f1("sides", pairs, (0, 2))
    assert figure.value == pytest.approx((2 / 3 + 4 / 5) / 2) and figure.n == 4


def test_a_report_asks_the_pipeline_and_is_written_twice(tmp_path: Path) -> None:
    tuning = [review("菜很好", "waimai"), Marked("waimai", "难吃", polarity=NEGATIVE, two_sided=True)]
    tuning += [product_text("phone", t, [(Span(0, 2), POSITIVE)]) for t in ("屏幕亮", "电池大", "音质好")]

    def ask(asked: Sequence[Asked]) -> list[Answer]:
        return [_answer(a) for a in asked]

    found = {f.name: f for f in figures(tuning, ask)}
    assert found["food delivery: macro-F1 of the score's sign"].value == 1
    assert found["aspect terms found, four product domains: exact F1"].value == pytest.approx(2 * 2 / (3 + 3))
    assert found["aspect terms, 2 clauses joined: exact F1"].value < 1
    assert not any("cars" in name or "triplets" in name for name in found)
    text = written(list(found.values()), tmp_path, {"model": "none"})
    assert text == (tmp_path / "report.txt").read_text("utf8")
    kept = json.loads((tmp_path / "report.json").read_text("utf8"))
    assert [f["name"] for f in kept["figures"]] == list(found)


def _answer(asked: Asked) -> Answer:
    """Finds screens and batteries, takes sound for a term of one character, and likes all but what is 难吃."""
    score = -0.9 if "难吃" in asked.text else 0.9
    spans = [[at, at + 2] for w in ("屏幕", "电池") if (at := asked.text.find(w)) >= 0]
    spans += [[at, at + 1] for at in [asked.text.find("音质")] if at >= 0]
    return {
        "polarity": "negative" if score < 0 else "positive",
        "score": score,
        "comparative": False,
        "aspects": [{"polarity": "positive"} for _ in asked.aspects],
        "aspect_terms": [{"span": s} for s in spans],
        "opinions": [],
        "comparisons": [],
    }


def test_a_set_that_does_not_exist_is_named() -> None:
    with pytest.raises(ValueError, match="no such set: hotels. The sets are waimai"):
        parts(SHARED, ["hotels"])


@pytest.mark.shared
@pytest.mark.skipif(not (SHARED / "data").exists(), reason="../shared is not here")
def test_the_split_is_the_benchmark_s_and_stays_when_sets_are_left_out() -> None:
    from benchmarks.quality import tuning_split

    training, tuning = parts(SHARED)
    documents, aspects = tuning_split()
    for name, rows in documents.items():
        assert [(t.text, t.polarity // 2) for t in tuning if t.source == name] == rows
    for domain, texts in aspects.items():
        assert [t.text for t in tuning if t.source == domain] == [text for text, _ in texts]
    assert {t.text for t in training}.isdisjoint(t.text for t in tuning)
    assert {t.source for t in training} == {t.source for t in tuning} == set(NAMES)
    less, kept = parts(SHARED, ["hotel", "camera"])
    assert not any(t.source in ("hotel", "camera") for t in [*less, *kept])
    assert [t for t in kept if t.source == "weibo"] == [t for t in tuning if t.source == "weibo"]
    assert sum(t.source == "shop10" for t in less) < sum(t.source == "shop10" for t in training)


def test_the_card_s_table_is_made_anew_between_its_marks() -> None:
    found = [share("compares or not, cars: accuracy", [True] * 3 + [False]), exact_f1("terms", [({1}, {1})])]
    page = filled(f"# Card\n{BEGIN}\nold\n{END}\nafter\n", found, date(2026, 3, 4))
    assert page == filled(page, found, date(2026, 3, 4))
    assert "| compares or not, cars: accuracy | .750 | 4 | .301–.954 |" in page
    assert "| terms | 1.000 | 1 | 1.000–1.000 |" in page and "2026-03-04" in page
    assert page.startswith("# Card\n") and page.endswith("\nafter\n") and "old" not in page
    with pytest.raises(ValueError, match="the page has 0 tables"):
        filled("# Card", found, date(2026, 3, 4))
