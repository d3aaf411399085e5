"""Batches: padding, what is asked of pairs and comparisons, decks and shares."""

from __future__ import annotations

import random
from itertools import islice, pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.alignment import Example
from training.batches import (
    MOST_PAIRS,
    PAD,
    UNSTATED_DISTANCE,
    asked_pairs,
    asked_tuples,
    bucket,
    chosen_ids,
    collated,
    padded,
    pair_distance,
    tuple_distances,
)
from training.marked import UNKNOWN
from training.mixture import batched
from training.recipe import rate_at
from training.teacher import inner_spans, near_misses, span_grid


def text(length: int, **labels: object) -> Example:
    return Example("phone", tuple(range(length)), **labels)  # type: ignore[arg-type]


MEAL = text(12, group="restaurant", spans=((0, 1, 2), (1, 4, 5)), pairs=((1, 2, 4, 5, 2), (0, 0, 7, 7, 0)))
CAR = text(14, group="comparison", comparative=1, spans=((3, 1, 2),), tuples=((1, 2, 4, 4, 6, 7, 9, 9, 1),))


def test_shorter_texts_are_filled_up() -> None:
    ids, mask = padded([(5, 6, 7), (8,)])
    assert ids.tolist() == [[5, 6, 7], [8, PAD, PAD]] and mask.tolist() == [[1, 1, 1], [1, 0, 0]]


def test_a_batch_holds_every_label_and_marks_what_is_unknown() -> None:
    titled = text(4, polarity=2, two_sided=True)
    batch = collated([MEAL, titled, CAR], [e.ids for e in (MEAL, titled, CAR)], [[], [], []], random.Random(0))
    assert batch.polarity.tolist() == [UNKNOWN, 2, UNKNOWN] and batch.comparative.tolist() == [UNKNOWN, UNKNOWN, 1]
    assert batch.kinds.tolist() == [[1, 1, 0, 0, 0, 0, 0], [0] * 7, [0, 0, 0, 1, 1, 1, 1]]
    assert batch.states.shape == (3, 20) and (batch.states == UNKNOWN).all()
    assert batch.lists["span"].tolist() == [[0, 0, 1, 2], [0, 1, 4, 5], [2, 3, 1, 2]]
    assert set(batch.lists["pair"][:, 0]) == {0} and set(batch.lists["tuple"][:, 0]) == {2}


def test_posts_are_read_without_emoticons_half_the_time() -> None:
    post = Example("weibo", (0, 1, 2), alternative=(0, 2))
    drawn = [chosen_ids([post], random.Random(k))[0] for k in range(200)]
    assert 60 < drawn.count((0, 2)) < 140


@given(st.integers(0, 500))
def test_every_right_pair_is_asked_once_and_others_are_none(seed: int) -> None:
    rows = list(asked_pairs(MEAL, [(0, 8, 9), (1, 10, 10)], random.Random(seed)))
    classes = {row[:4]: row[5] for row in rows}
    assert len(classes) == len(rows) <= MOST_PAIRS
    assert classes.pop((1, 2, 4, 5)) == 3 and classes.pop((0, 0, 7, 7)) == 1
    assert set(classes.values()) == {0} and (8, 9, 4, 5) in classes


@given(st.integers(0, 500))
def test_comparisons_ask_missing_parts_too(seed: int) -> None:
    rows = list(asked_tuples(CAR, [(4, 11, 12)], random.Random(seed)))
    classes = {row[:8]: row[11] for row in rows}
    assert classes.pop((1, 2, 4, 4, 6, 7, 9, 9)) == 3
    assert set(classes.values()) == {0}
    assert any(row[2:4] == (11, 12) for row in rows) and any(row[0:2] == (0, 0) for row in rows)
    assert all(row[6] != 0 for row in rows)


def test_distances_fall_into_growing_buckets_on_either_side() -> None:
    right = [0, 1, 2, 3, 3, 4, 4, 4, 4, *[5] * 8, *[6] * 20]
    assert [bucket(d) for d in range(len(right))] == right
    assert [bucket(-d) for d in range(1, len(right))] == [b + 6 for b in right[1:]]
    assert pair_distance(0, 5) == UNSTATED_DISTANCE
    assert tuple_distances((0, 0, 4, 4, 6, 7, 9, 9)) == (13, 14 + bucket(5), 28 + bucket(3))


def test_batches_stay_within_their_tokens() -> None:
    draw = random.Random(3)
    examples = [text(draw.randrange(3, 120)) for _ in range(400)]
    groups = batched(examples, 600)
    assert sorted(len(e.ids) for g in groups for e in g) == sorted(len(e.ids) for e in examples)
    assert all(len(g) == 1 or max(len(e.ids) for e in g) * len(g) <= 600 for g in groups)


def test_the_rate_rises_and_falls() -> None:
    rates = [rate_at(k / 500, k) for k in range(500)]
    assert all(a < b for a, b in pairwise(islice(rates, 70)))
    assert all(a >= b for a, b in pairwise(rates[90:])) and rates[-1] == pytest.approx(0.02)


def test_the_teacher_s_grid_and_its_near_misses() -> None:
    draw = np.random.default_rng(0)
    q, k = draw.normal(size=(2, 1, 6, 3, 64)).astype(np.float32)
    bias = draw.normal(size=(1, 6, 14)).astype(np.float32)
    grid = span_grid(q, k, bias)
    assert grid[0, 4, 2, 3] == pytest.approx(q[0, 2, 2] @ k[0, 3, 2] / 8 + bias[0, 2, 4] + bias[0, 3, 11], rel=1e-5)
    mask = np.array([[1, 1, 1, 1, 1, 0]])
    assert inner_spans(mask)[0].nonzero()[0].tolist() == [1, 1, 1, 2, 2, 3]
    low = np.full((1, 7, 6, 6), -9, np.float32)
    low[0, 2, 1, 3], low[0, 2, 0, 1], low[0, 5, 3, 2] = 1, 1, 1
    assert near_misses(low, mask) == [[(2, 1, 3)]]
