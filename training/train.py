"""Makes a model: `python -m training.train --shared ../shared --out FOLDER [--size s6] [--from WEIGHTS.npz] --steps N`.

Needs the environment of `make train-env`. FOLDER gets NAME.npz (weights), recipe.json (the settings) and, unless
--no-report, the files that are shipped and a report (docs/model-card.md says what was shipped and how right it is).
"""

from __future__ import annotations

import argparse
import random
import time
from dataclasses import replace
from pathlib import Path

import numpy as np

from training import packing
from training.alignment import Pieces
from training.learning import Say, learned
from training.marked import Marked
from training.mixture import Mixture
from training.original import pretrained
from training.pruning import pruned
from training.reading import ClauseReader
from training.recipe import SHARED, SIZES, Recipe
from training.report import asker, figures, written
from training.reviews import drawn, known_terms, labelled
from training.ship import embedding, shipped
from training.splits import NAMES, parts
from training.teacher import Teacher

NARROWED_ON, LONGEST = 4000, 128
"""Texts, and pieces of each, on which layers are cut narrower."""


def make(recipe: Recipe, shared: Path, folder: Path) -> str:
    """Trains, writes the weights and gives their digest."""
    folder.mkdir(parents=True, exist_ok=True)
    begun = time.monotonic()
    texts, _ = parts(shared, recipe.without)
    pieces = Pieces(shared)
    teacher = Teacher(shared, recipe.teacher, recipe.threads) if recipe.teacher else None
    reviews = _reviews(recipe, texts, teacher, pieces)
    print(
        f"{len(texts)} texts, {len(reviews)} reviews with pseudo-labels, {time.monotonic() - begun:.0f} s", flush=True
    )
    mixture = Mixture([*texts, *reviews], pieces, recipe.seed, recipe.tokens)
    start = _start(recipe, shared, texts, pieces)
    weights, course = learned(recipe, mixture, pretrained(shared), start, teacher, _say(folder / "log.txt"))
    digest = packing.write(folder / f"{recipe.size}.npz", weights)
    replace(recipe, course=tuple(course)).written(folder / "recipe.json")
    print(f"{len(course)} steps, {time.monotonic() - begun:.0f} s, weights {digest}", flush=True)
    return digest


def _start(recipe: Recipe, shared: Path, texts: list[Marked], pieces: Pieces) -> dict[str, np.ndarray] | None:
    """The weights to go on from, cut narrower where the recipe says so."""
    if not recipe.start:
        return None
    beside = shared / recipe.start
    weights = packing.unpacked(beside if beside.is_file() else Path(recipe.start))
    if not recipe.narrow:
        return weights
    drawn_texts = random.Random(recipe.seed).sample([t.text for t in texts], min(NARROWED_ON, len(texts)))
    vectors = pretrained(shared)["embeddings.word_embeddings.weight"]
    said = [vectors[ids[:LONGEST]][None] for ids, _ in pieces.encode(drawn_texts)]
    weights, lost = pruned(weights, embedding(shared)[1], said, recipe.narrow)
    print(f"cut to {recipe.narrow} channels; lost of each layer's output: {[round(x, 4) for x in lost]}", flush=True)
    return weights


def _reviews(recipe: Recipe, texts: list[Marked], teacher: Teacher | None, pieces: Pieces) -> list[Marked]:
    if teacher is None or not recipe.reviews:
        return []
    return labelled(drawn(texts, recipe.reviews, recipe.seed), ClauseReader(teacher, pieces), known_terms(texts))


def _say(log: Path) -> Say:
    def say(line: str) -> None:
        print(line, flush=True)
        with log.open("a", encoding="utf8") as file:
            file.write(line + "\n")

    return say


def recipe_of(arguments: list[str] | None = None) -> tuple[Recipe, argparse.Namespace]:
    usual = Recipe()
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--shared", type=Path, default=SHARED)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--size", choices=list(SIZES), default="s6")
    parser.add_argument("--from", dest="start", default="", help="weights to go on from; else the encoder")
    parser.add_argument(
        "--narrow", type=int, nargs="*", default=[], metavar="N", help="channels that each layer of --from is cut to"
    )
    parser.add_argument("--teacher", default="t12", help="a model in SHARED/model, or none")
    parser.add_argument("--steps", type=int, default=0)
    parser.add_argument("--seconds", type=float, default=0)
    parser.add_argument("--without", nargs="*", default=[], choices=NAMES, metavar="SET", help=", ".join(NAMES))
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--rate", type=float, default=usual.rate)
    parser.add_argument("--head-rate", type=float, default=usual.head_rate)
    parser.add_argument("--average", type=float, default=usual.average)
    parser.add_argument("--tokens", type=int, default=usual.tokens)
    parser.add_argument("--threads", type=int, default=usual.threads)
    parser.add_argument("--reviews", type=int, default=usual.reviews)
    parser.add_argument("--again", type=Path, help="recipe.json of a run to repeat; other settings are its own")
    parser.add_argument("--no-report", action="store_true", help="weights alone")
    o = parser.parse_args(arguments)
    if o.again:
        return Recipe.read(o.again), o
    if not o.steps and not o.seconds:
        parser.error("say how long: --steps N (can be repeated to the last bit) or --seconds S")
    if o.narrow and (not o.start or len(o.narrow) != SIZES[o.size]):
        parser.error(f"--narrow cuts the layers of --from: give both, and {SIZES[o.size]} widths for {o.size}")
    teacher = "" if o.teacher == "none" else o.teacher
    return Recipe(
        size=o.size, start=o.start, narrow=tuple(o.narrow), teacher=teacher, steps=o.steps, seconds=o.seconds,
        without=tuple(sorted(o.without)),
        seed=o.seed, rate=o.rate, head_rate=o.head_rate, average=o.average, tokens=o.tokens, threads=o.threads,
        reviews=o.reviews,
    ), o  # fmt: skip


def main() -> None:
    recipe, options = recipe_of()
    digest = make(recipe, options.shared, options.out)
    if options.no_report:
        return
    weights = options.out / f"{recipe.size}.npz"
    model = shipped(options.shared, recipe.size, weights, options.out / "model")
    found = list(figures(parts(options.shared, recipe.without)[1], asker(str(model))))
    print(written(found, options.out, {"model": recipe.size, "weights": digest}), end="")


if __name__ == "__main__":
    main()
