"""Tiny runs in the environment of `make train-env`: the same settings give the same weights, and labels are learned."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from random import Random

import numpy as np
import pytest
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import Split
from tokenizers.processors import TemplateProcessing

from core.models import Span
from training.alignment import Pieces
from training.batches import collated
from training.marked import NEGATIVE, POSITIVE, Marked
from training.mixture import Mixture
from training.packing import digest, packed, unpacked
from training.recipe import Recipe
from training.sets import product_text, triplet_text

torch = pytest.importorskip("torch", reason="make train-check runs these")

from training.learning import learned  # noqa: E402
from training.network import LAYERS, begin  # noqa: E402
from training.original import pretrained  # noqa: E402
from training.teacher import Teacher  # noqa: E402
from training.tensors import answers, tensors  # noqa: E402
from training.train import recipe_of  # noqa: E402

SHARED = Path(__file__).resolve().parents[2].parent / "shared"
THINGS, GOOD, BAD = ("屏幕", "电池", "镜头", "键盘", "音质"), ("很亮", "很好", "不错"), ("太差", "很慢", "坏了")
VOCABULARY = 900
RECIPE = Recipe(size="s2", teacher="", steps=3, tokens=256, reviews=0)


def sentences() -> list[Marked]:
    texts = []
    for thing in THINGS:
        for word, side in [*((w, POSITIVE) for w in GOOD), *((w, NEGATIVE) for w in BAD)]:
            texts.append(product_text("phone", thing + word, [(Span(0, 2), side)]))
            texts.append(Marked("waimai", f"这{thing}{word}", polarity=side, two_sided=True))
            texts.append(triplet_text("aste", thing + word, [(Span(0, 2), Span(2, 4), side)]))
    texts.append(Marked("coqe_car", "油耗比青竹低", group="comparison", comparative=1, quintuples=(
        (None, Span(3, 5), Span(0, 2), Span(5, 6), 1),)))  # fmt: skip
    return texts


@pytest.fixture(scope="module")
def pieces(tmp_path_factory: pytest.TempPathFactory) -> Pieces:
    """A tokenizer of single characters, where the real one would lie."""
    place = tmp_path_factory.mktemp("shared")
    characters = sorted({c for t in sentences() for c in t.text})
    known = {"<s>": 0, "<pad>": 1, "</s>": 2, "<unk>": 3} | {c: 4 + k for k, c in enumerate(characters)}
    tokenizer = Tokenizer(WordLevel(known, unk_token="<unk>"))
    tokenizer.pre_tokenizer = Split("", "isolated")
    tokenizer.post_processor = TemplateProcessing(single="<s> $A </s>", special_tokens=[("<s>", 0), ("</s>", 2)])
    (place / "encoder").mkdir()
    tokenizer.save(str(place / "encoder" / "tokenizer.json"))
    return Pieces(place)


@pytest.fixture(scope="module")
def encoder() -> dict[str, np.ndarray]:
    """Twelve random layers by the names of the pretrained encoder."""
    draw = np.random.default_rng(0)

    def matrix(*shape: int) -> np.ndarray:
        return (draw.normal(size=shape) * 0.05).astype(np.float32)

    found = {
        "embeddings.word_embeddings.weight": matrix(VOCABULARY, 384) * 10,
        "embeddings.position_embeddings.weight": matrix(512, 384),
        "embeddings.token_type_embeddings.weight": matrix(2, 384),
    }
    shapes = {f"attention.self.{n}": (384, 384) for n in ("query", "key", "value")}
    shapes |= {"attention.output.dense": (384, 384), "intermediate.dense": (1536, 384), "output.dense": (384, 1536)}
    norms = [f"encoder.layer.{k}.{n}.LayerNorm" for k in range(12) for n in ("attention.output", "output")]
    for k in range(12):
        for name, shape in shapes.items():
            found[f"encoder.layer.{k}.{name}.weight"] = matrix(*shape)
            found[f"encoder.layer.{k}.{name}.bias"] = np.zeros(shape[0], np.float32)
    for name in (*norms, "embeddings.LayerNorm"):
        found |= {f"{name}.weight": np.ones(384, np.float32), f"{name}.bias": np.zeros(384, np.float32)}
    return found


def run(recipe: Recipe, pieces: Pieces, encoder: dict[str, np.ndarray], start: dict | None = None) -> dict:
    mixture = Mixture(sentences(), pieces, recipe.seed, recipe.tokens)
    return learned(recipe, mixture, encoder, start, None, lambda _: None)[0]


def test_the_same_settings_give_the_same_weights(pieces: Pieces, encoder: dict[str, np.ndarray]) -> None:
    first = digest(packed(run(RECIPE, pieces, encoder)))
    assert digest(packed(run(RECIPE, pieces, encoder))) == first
    assert digest(packed(run(replace(RECIPE, seed=1), pieces, encoder))) != first
    by_course = replace(RECIPE, steps=0, course=tuple(k / 3 for k in range(3)))
    assert digest(packed(run(by_course, pieces, encoder))) == first


def test_a_run_goes_on_from_weights(pieces: Pieces, encoder: dict[str, np.ndarray]) -> None:
    start = run(RECIPE, pieces, encoder)
    still = run(replace(RECIPE, rate=0.0, head_rate=0.0), pieces, encoder, start)
    assert all(np.allclose(still[k], v, rtol=0, atol=1e-7) for k, v in start.items())
    on = run(RECIPE, pieces, encoder, start)
    assert on.keys() == start.keys() and any(np.abs(on[k] - v).max() > 1e-6 for k, v in start.items())
    with pytest.raises(KeyError):
        run(RECIPE, pieces, encoder, {k: v for k, v in start.items() if k != "heads.pol2.bias"})


def test_layers_come_from_the_encoder(encoder: dict[str, np.ndarray]) -> None:
    state = begin(encoder, 3).state_dict()
    for place, layer in enumerate(LAYERS[3]):
        up = state[f"enc.layers.{place}.up.weight"].numpy()
        assert np.array_equal(up, encoder[f"encoder.layer.{layer}.intermediate.dense.weight"])
        query = state[f"enc.layers.{place}.qkv.weight"].numpy()[:384]
        assert np.array_equal(query, encoder[f"encoder.layer.{layer}.attention.self.query.weight"])


def test_sides_are_learned(pieces: Pieces, encoder: dict[str, np.ndarray]) -> None:
    recipe = replace(RECIPE, steps=60, rate=5e-4, head_rate=1e-3, average=0.9)
    network = begin(encoder, 2, run(recipe, pieces, encoder)).eval()
    texts = [t for t in sentences() if t.source == "waimai"]
    examples = pieces.examples(texts)
    batch = tensors(
        collated(examples, [e.ids for e in examples], [[]] * len(texts), Random(0)),
        torch.device("cpu"),
    )
    with torch.no_grad():
        sides = answers(network, batch)["polarity"][:, ::2].argmax(-1).mul(2).tolist()
    assert np.mean([a == t.polarity for a, t in zip(sides, texts, strict=True)]) > 0.9


def test_a_length_must_be_named(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        recipe_of(["--out", "x"])
    assert "--steps N (can be repeated to the last bit)" in capsys.readouterr().err
    recipe, _ = recipe_of(["--out", "x", "--steps", "5", "--teacher", "none", "--without", "weibo", "hair"])
    assert (recipe.steps, recipe.teacher, recipe.without) == (5, "", ("hair", "weibo"))


def test_a_recipe_is_read_as_it_was_written(tmp_path: Path) -> None:
    recipe = replace(RECIPE, without=("hair",), narrow=(768, 1024), course=(0.0, 0.25), seconds=1.5)
    recipe.written(tmp_path / "recipe.json")
    assert recipe_of(["--out", "x", "--again", str(tmp_path / "recipe.json")])[0] == recipe


@pytest.mark.shared
@pytest.mark.skipif(not (SHARED / "model").exists(), reason="../shared is not here")
def test_the_network_is_the_one_that_the_study_made() -> None:
    teacher = Teacher(SHARED, "s6", 1)
    network = begin(pretrained(SHARED), 6, unpacked(SHARED / "model" / "weights" / "s6.npz")).eval()
    text = product_text("phone", "屏幕很清晰，但是电池不如上一代耐用。", [(Span(0, 2), POSITIVE)])
    examples = Pieces(SHARED).examples([text])
    batch = collated(examples, [e.ids for e in examples], [[]], Random(0))
    seen = teacher.see(batch.ids, batch.mask)
    with torch.no_grad():
        found = {k: v.numpy() for k, v in answers(network, tensors(batch, torch.device("cpu"))).items()}
    inner = np.triu(np.ones(found["grid"].shape[-2:], bool))
    for name in ("polarity", "comparative", "attribute", "vector", "hidden"):
        ours, theirs = found[name].ravel(), getattr(seen, name).ravel()
        assert ours @ theirs / np.linalg.norm(ours) / np.linalg.norm(theirs) > 0.99, name
    assert np.corrcoef(found["grid"][..., inner].ravel(), seen.grid[..., inner].ravel())[0, 1] > 0.99
