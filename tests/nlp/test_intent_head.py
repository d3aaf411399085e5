"""Intents by vectors: for the shipped encoder only, and for short texts."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from nlp.intent_head import LONGEST, IntentHead, head_for
from nlp.intents import INTENTS, intents
from nlp.model import Model


def test_the_shipped_head_belongs_to_the_shipped_encoder() -> None:
    head = head_for("s6")
    assert head is not None, "another encoder is shipped: learn the head anew with `python -m training.intents`"
    assert head.names == INTENTS


def test_harm_said_in_other_words_is_told() -> None:
    text = "锅铲的柄一热就化，手心粘下来一层皮"
    vector = Model().see([text])[0].vector
    assert "safety" not in intents(text)
    assert "safety" in intents(text, vector, head_for("s6"))


def test_long_texts_and_foreign_vectors_are_left_to_the_cues() -> None:
    ones = np.ones(4, "<f2").tobytes()
    head = IntentHead(["safety"], np.ones((1, 4), np.float32), np.zeros(1, np.float32), np.zeros(1, np.float32))
    assert head.told(ones, "短") == ("safety",)
    assert head.told(ones, "长" * (LONGEST + 1)) == ()
    assert head.told(ones[:4], "短") == () and head.told(b"", "短") == ()


def test_another_encoder_has_no_head(tmp_path: Path) -> None:
    for ending in (".onnx", "_words.npz", "_heads.npz", ".json"):
        (tmp_path / f"mine{ending}").write_bytes(b"other")
    (tmp_path / "tokenizer.json").write_bytes(b"{}")
    assert head_for(str(tmp_path / "mine")) is None
