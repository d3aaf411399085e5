"""A user's classifier in the model's place: which class is which side, and what is said when it cannot be."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import ConfigError
from nlp.checkpoint import folder_of, labels_of, probabilities, sides, version_of
from nlp.model import Model


@pytest.mark.parametrize(
    ("labels", "expected"),
    [
        (["negative", "neutral", "positive"], [0, 1, 2]),
        (["Positive", "Negative"], [2, 0]),
        (["LABEL_0", "LABEL_1"], [0, 2]),
        (["消极", "积极", "中性"], [0, 2, 1]),
        (["1 star", "2 stars", "3 stars", "4 stars", "5 stars"], [0, 0, 1, 2, 2]),
    ],
)
def test_classes_are_known_by_their_names(labels: list[str], expected: list[int]) -> None:
    assert sides(labels) == expected


@pytest.mark.parametrize("labels", [["joy", "anger"], ["negative", "neutral"], ["LABEL_0", "LABEL_1", "LABEL_2"], []])
def test_classes_that_say_no_side_are_refused(labels: list[str]) -> None:
    with pytest.raises(ConfigError, match="id2label"):
        sides(labels)


@given(st.lists(st.floats(-30, 30), min_size=5, max_size=5))
def test_the_classes_of_a_side_are_summed(row: list[float]) -> None:
    found = probabilities(np.array([row], np.float32), [0, 0, 1, 2, 2])
    assert found.shape == (1, 3)
    assert found.sum() == pytest.approx(1, abs=1e-5)
    assert found[0, 1] <= 1


def test_a_folder_without_a_checkpoint_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no config.json"):
        folder_of(f"hf:{tmp_path}")


@pytest.mark.parametrize("written", ["{}", "not json", '{"id2label": ["a"]}'])
def test_a_configuration_without_classes_is_no_classifier(tmp_path: Path, written: str) -> None:
    (tmp_path / "config.json").write_text(written, encoding="utf-8")
    with pytest.raises(ConfigError, match="no classifier"):
        labels_of(tmp_path)


def test_another_file_is_another_version(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text(json.dumps({"id2label": {"0": "negative", "1": "positive"}}))
    (tmp_path / "weights.bin").write_bytes(b"1")
    first = version_of(f"hf:{tmp_path}")
    (tmp_path / "weights.bin").write_bytes(b"2")
    assert len({first, version_of(f"hf:{tmp_path}"), version_of("s6")}) == 3


def test_a_broken_checkpoint_is_a_mistake_of_the_configuration(tmp_path: Path) -> None:
    """Whether PyTorch is missing or the weights are: the folder is named, and what to do."""
    (tmp_path / "config.json").write_text(json.dumps({"id2label": {"0": "negative", "1": "positive"}}))
    with pytest.raises(ConfigError, match=str(tmp_path)):
        Model(f"hf:{tmp_path}")
