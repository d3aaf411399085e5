"""One run of training: batches in, averaged weights out."""

from __future__ import annotations

import random
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import count

import numpy as np
import torch
from torch import Tensor

from training.alignment import Example
from training.batches import chosen_ids, collated, padded
from training.losses import label_losses, teacher_losses, total
from training.mixture import Mixture
from training.network import Network, begin, trained
from training.network_heads import Heads
from training.original import Original
from training.recipe import Recipe, rate_at
from training.teacher import Seen, Teacher, near_misses
from training.tensors import Answers, answers, asked_answers, seen_tensors, tensors

SPOKEN = 50
"""Steps between two lines of what is said about the run."""
Say = Callable[[str], None]


def settle(recipe: Recipe) -> torch.device:
    """Seeds, threads and the device; the sums of a step come in a fixed order."""
    torch.manual_seed(recipe.seed)
    torch.set_num_threads(recipe.threads)
    torch.use_deterministic_algorithms(True, warn_only=torch.cuda.is_available())
    torch.utils.deterministic.fill_uninitialized_memory = False  # type: ignore[attr-defined]
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


class Lesson:
    """Turns examples into a batch with what the teacher, or the original encoder, says of it."""

    def __init__(self, teacher: Teacher | None, original: Original | None, device: torch.device, seed: int) -> None:
        self._teacher, self._original, self._device = teacher, original, device
        self._draw = random.Random(seed + 1)
        self._heads: Heads | None = None
        if teacher:
            self._heads = Heads().to(device).eval().requires_grad_(False)
            state = {k.removeprefix("heads."): torch.from_numpy(v) for k, v in teacher.weights.items() if "heads." in k}
            self._heads.load_state_dict(state)

    def batch(self, examples: Sequence[Example]) -> tuple[Answers, Answers, Tensor]:
        """(batch, what the teacher saw or nothing, sentence vectors to come near to)."""
        ids = chosen_ids(examples, self._draw)
        seen: Seen | None = self._teacher.see(*padded(ids)) if self._teacher else None
        near = near_misses(seen.grid, padded(ids)[1]) if seen else [[] for _ in ids]
        batch = tensors(collated(examples, ids, near, self._draw), self._device)
        if seen is None or self._heads is None:
            assert self._original is not None
            return batch, {}, self._original.vectors(batch["ids"], batch["mask"])
        found = seen_tensors(seen, self._device)
        with torch.no_grad():
            found |= asked_answers(self._heads, found["hidden"], batch)
        return batch, found, found["vector"]


class Average:
    """A running mean of the parameters: what is kept of a run, steadier than its last step."""

    def __init__(self, network: Network, decay: float) -> None:
        self._live = [p for p in network.parameters() if p.requires_grad]
        self._mean = [p.detach().clone() for p in self._live]
        self._decay = decay

    def add(self, step: int) -> None:
        """The first steps weigh more, so that the beginning is soon forgotten."""
        live = [p.detach() for p in self._live]
        torch._foreach_lerp_(self._mean, live, 1 - min(self._decay, (step + 1) / (step + 10)))

    def take(self) -> None:
        with torch.no_grad():
            for live, mean in zip(self._live, self._mean, strict=True):
                live.copy_(mean)


def learned(
    recipe: Recipe,
    mixture: Mixture,
    encoder: Mapping[str, np.ndarray],
    start: Mapping[str, np.ndarray] | None,
    teacher: Teacher | None,
    say: Say,
) -> tuple[dict[str, np.ndarray], list[float]]:
    """(trained float32 parameters, the course: what part of the run was over at each step).

    `start` are weights to go on from.
    """
    device = settle(recipe)
    network = begin(encoder, recipe.layers, start, teacher.weights if teacher else None).to(device)
    original = None if teacher else Original(encoder, device)
    lesson = Lesson(teacher, original, device, recipe.seed)
    body, heads = list(network.enc.layers.parameters()), list(network.heads.parameters())
    groups = [{"params": body, "lr": recipe.rate}, {"params": heads, "lr": recipe.head_rate}]
    optimiser = torch.optim.AdamW(groups, weight_decay=0.01, betas=(0.9, 0.98), fused=True)
    average = Average(network, recipe.average)
    network.train()
    said = _Said(say)
    course: list[float] = []
    for step, part, examples in _steps(recipe, mixture):
        for group, rate in zip(optimiser.param_groups, (recipe.rate, recipe.head_rate), strict=True):
            group["lr"] = rate * rate_at(part, step)
        said.add(step, part, len(examples), _step(network, lesson.batch(examples), device, (*body, *heads)))
        optimiser.step()
        optimiser.zero_grad(set_to_none=True)
        average.add(step)
        course.append(part)
    average.take()
    return trained(network.eval()), course


def _steps(recipe: Recipe, mixture: Mixture) -> Iterator[tuple[int, float, list[Example]]]:
    """(step, part of the run that is over, examples) until the course, the steps or the seconds are over."""
    begun = time.monotonic()
    for step, examples in zip(count(), mixture.batches(), strict=False):
        if recipe.course:
            part = recipe.course[step] if step < len(recipe.course) else 1.0
        elif recipe.steps:
            part = step / recipe.steps
        else:
            part = (time.monotonic() - begun) / recipe.seconds
        if part >= 1:
            return
        yield step, part, examples


def _step(
    network: Network, lesson: tuple[Answers, Answers, Tensor], device: torch.device, parameters: Sequence[Tensor]
) -> dict[str, float]:
    batch, seen, vector = lesson
    with torch.autocast(device.type, dtype=torch.bfloat16):
        found = answers(network, batch)
        labels = label_losses(found, batch, vector)
        followed = teacher_losses(found, seen, batch) if seen else {}
        loss = total(labels, followed)
    loss.backward()  # type: ignore[no-untyped-call]
    torch.nn.utils.clip_grad_norm_(parameters, 1.0)
    return {k: float(v.detach()) for k, v in labels.items()} | {
        f"as {k}": float(v.detach()) for k, v in followed.items()
    }


class _Said:
    """Mean losses and speed, every SPOKEN steps."""

    def __init__(self, say: Say) -> None:
        self._say = say
        self._begun = time.monotonic()
        self._texts = 0
        self._losses: dict[str, list[float]] = defaultdict(list)

    def add(self, step: int, part: float, texts: int, losses: Mapping[str, float]) -> None:
        self._texts += texts
        for name, value in losses.items():
            self._losses[name].append(value)
        if (step + 1) % SPOKEN and step != 9:
            return
        speed = self._texts / (time.monotonic() - self._begun)
        means = "  ".join(f"{name} {np.mean(values):.3f}" for name, values in self._losses.items())
        self._say(f"step {step + 1}  {part:.0%}  {speed:.0f} texts/s  {means}")
        self._losses.clear()
