"""A layer cut narrower says nearly what it said: exactly where channels repeat others, at least cost elsewhere."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from training.narrowing import narrowed


def layer(seed: int, channels: int, repeated: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(inputs [tokens, channels], weight [8, channels], bias [8]); the last `repeated` channels are mixtures."""
    draw = np.random.default_rng(seed)
    own = draw.normal(size=(400, channels - repeated))
    mixed = own @ draw.normal(size=(channels - repeated, repeated)) + draw.normal(size=repeated)
    return np.concatenate([own, mixed], axis=1), draw.normal(size=(8, channels)), draw.normal(size=8)


def gram(inputs: np.ndarray) -> np.ndarray:
    with_one = np.concatenate([inputs, np.ones((len(inputs), 1))], axis=1)
    return with_one.T @ with_one / len(inputs)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 1000), st.integers(1, 20))
def test_channels_that_repeat_others_are_not_missed(seed: int, repeated: int) -> None:
    inputs, weight, bias = layer(seed, 60, repeated)
    found = narrowed(gram(inputs), weight, bias, 60 - repeated)
    said, before = inputs[:, found.channels] @ found.weight.T + found.bias, inputs @ weight.T + bias
    assert len(found.channels) == 60 - repeated
    assert ((said - before) ** 2).sum() < 5e-3 * (before**2).sum()
    assert found.lost < 5e-3


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 1000))
def test_the_rest_is_fitted_best(seed: int) -> None:
    inputs, weight, bias = layer(seed, 40, 0)
    before = inputs @ weight.T + bias
    found = narrowed(gram(inputs), weight, bias, 24)
    said = inputs[:, found.channels] @ found.weight.T + found.bias
    kept = np.concatenate([inputs[:, found.channels], np.ones((len(inputs), 1))], axis=1)
    best = kept @ np.linalg.lstsq(kept, before, rcond=None)[0]
    assert ((said - before) ** 2).sum() == pytest.approx(((best - before) ** 2).sum(), rel=1e-2)
    assert found.lost == pytest.approx(((said - before) ** 2).sum() / (before**2).sum(), rel=0.02)


def test_nothing_is_cut_where_all_may_stay() -> None:
    inputs, weight, bias = layer(1, 20, 0)
    found = narrowed(gram(inputs), weight, bias, 20)
    np.testing.assert_allclose(found.weight, weight, rtol=1e-6)
    assert found.lost == 0
