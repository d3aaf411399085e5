"""A checkpoint of transformers reads whole texts in the shipped model's place; run by `make train-check`."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="make train-check runs these")
transformers = pytest.importorskip("transformers", reason="make train-check runs these")

from nlp.encoder import Classifier  # noqa: E402
from nlp.model import Model  # noqa: E402

TEXTS = ["屏幕很亮。", "快递太慢，等了一个星期才到。", "", "好" * 400]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A very small classifier of three classes with weights drawn from a seed."""
    place = tmp_path_factory.mktemp("checkpoint")
    pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *sorted(set("".join(TEXTS)))]
    (place / "vocab.txt").write_text("\n".join(pieces), encoding="utf-8")
    transformers.BertTokenizerFast(vocab_file=str(place / "vocab.txt"), model_max_length=64).save_pretrained(place)
    torch.manual_seed(3)
    config = transformers.BertConfig(
        vocab_size=len(pieces), hidden_size=32, num_hidden_layers=1, num_attention_heads=2, intermediate_size=32,
        max_position_embeddings=66, id2label={0: "positive", 1: "negative", 2: "neutral"},
        label2id={"positive": 0, "negative": 1, "neutral": 2}, initializer_range=0.5,
    )  # fmt: skip
    transformers.BertForSequenceClassification(config).save_pretrained(place)
    return place


def test_its_classes_give_the_polarity_and_the_shipped_model_the_rest(folder: Path) -> None:
    ours, theirs = Model().see(TEXTS), Model(f"hf:{folder}").see(TEXTS)
    logits = Classifier(folder).logits([TEXTS[k] for k in (0, 1, 3)])
    chances = np.exp(logits) / np.exp(logits).sum(1, keepdims=True)
    for seen, (positive, negative, neutral) in zip([theirs[k] for k in (0, 1, 3)], chances, strict=True):
        assert seen.probabilities == pytest.approx((negative, neutral, positive), abs=1e-4)
    assert [(s.aspects, s.triplets, s.vector) for s in ours] == [(s.aspects, s.triplets, s.vector) for s in theirs]
    assert theirs[2].probabilities == ours[2].probabilities
