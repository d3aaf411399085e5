"""What a network is taught: labels where a set has them, a teacher's answers where there is one."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

from training.marked import UNKNOWN
from training.tensors import ASKED, Answers

WEIGHTS = {
    "polarity": 1.0, "span": 0.7, "cut": 0.1, "aspect": 1.0, "pair": 1.0, "comparative": 0.5, "tuple": 1.0,
    "attribute": 0.5, "states": 0.5, "vector": 4.0,
}  # fmt: skip
"""The study's."""
FOLLOWED = {
    "polarity": 1.0, "comparative": 0.5, "attribute": 0.25, "states": 0.1, "aspect": 1.0, "pair": 1.0, "tuple": 1.0,
    "grid": 0.3, "hidden": 1.0,
}  # fmt: skip
TEMPERATURE = 2.0
_SMOOTHED = 0.02
_ASPECT_CLASSES = (1.2, 1.5, 0.8)
"""Positive aspects are the most by far; the other sides weigh more."""
_PRODUCT = 2


def label_losses(found: Answers, batch: Answers, vector: Tensor) -> Answers:
    """One loss per head that the batch has labels for; `vector` [b, 384] is the sentence vector to come near to."""
    losses = {"span": _spans(found["grid"], batch), "vector": _vectors(found["vector"], vector)}
    if (batch["polarity"] != UNKNOWN).any():
        losses["polarity"] = _polarity(found["polarity"].float(), batch)
    for name in ("comparative", "attribute"):
        if count := int((batch[name] != UNKNOWN).sum()):
            logits = found[name].float()
            total = functional.cross_entropy(logits, batch[name], ignore_index=UNKNOWN, reduction="sum")
            losses[name] = total / max(8, count)
    if count := int((batch["states"][:, 0] != UNKNOWN).sum()):
        logits, states = found["states"].float().flatten(0, 1), batch["states"].flatten()
        total = functional.cross_entropy(logits, states, ignore_index=UNKNOWN, reduction="sum")
        losses["states"] = total / (20 * max(8, count))
    if "cut" in found:
        losses["cut"] = _cuts(found["cut"].float(), batch["cut"])
    for name in (n for n in ASKED if n in found):
        weight = found[name].new_tensor(_ASPECT_CLASSES).float() if name == "aspect" else None
        losses[name] = functional.cross_entropy(found[name].float(), batch[name][:, -1], weight=weight)
    return losses


def _polarity(logits: Tensor, batch: Answers) -> Tensor:
    """Sets without a neutral compare negative with positive; only a little of their loss is three-way."""
    known = batch["polarity"] != UNKNOWN
    side = batch["polarity"].clamp(min=0)
    three = functional.cross_entropy(logits, side, reduction="none", label_smoothing=_SMOOTHED)
    ends = functional.cross_entropy(logits[:, 0::2], (side > 0).long(), reduction="none", label_smoothing=_SMOOTHED)
    neutral = 1 + 0.5 * (side == 1).float()
    two = batch["two_sided"]
    loss = two * (0.85 * ends + 0.15 * three) + (1 - two) * neutral * three
    return (known * loss).sum() / known.sum()


def _spans(grid: Tensor, batch: Answers) -> Tensor:
    """Cross-entropy over all spans of a kind with the threshold at 0 (Su et al. 2022), per text and marked kind."""
    gold = torch.zeros_like(grid, dtype=torch.bool)
    possible = batch["inner"][:, None].expand(grid.shape).clone()
    if len(rows := batch["ignored"]):
        possible[tuple(rows.T)] = False
    if len(rows := batch["span"]):
        gold[tuple(rows.T)] = True
    scores = grid.float()
    wrong = scores.masked_fill(gold | ~possible, -1e4).flatten(2)
    right = (-scores).masked_fill(~gold, -1e4).flatten(2)
    zero = torch.zeros_like(wrong[..., :1])
    loss = torch.logsumexp(torch.cat([wrong, zero], -1), -1) + torch.logsumexp(torch.cat([right, zero], -1), -1)
    marked = batch["kinds"].any(1).sum().clamp(min=1)
    return (loss * batch["kinds"]).sum() / marked


def _cuts(logits: Tensor, rows: Tensor) -> Tensor:
    chosen = torch.where((rows[:, 2] == 0)[:, None], logits[:, :4], logits[:, 4:])
    return functional.cross_entropy(chosen, rows[:, 3])


def _vectors(found: Tensor, wanted: Tensor) -> Tensor:
    apart = (1 - (found * wanted).sum(-1)).mean()
    return apart + 5.0 * ((found @ found.T - wanted @ wanted.T) ** 2).mean()


def teacher_losses(found: Answers, seen: Answers, batch: Answers) -> Answers:
    """Towards the teacher: texts' heads everywhere, spans and token vectors where it was taught such texts.

    `seen` also holds the teacher's logits for the batch's aspects, pairs and tuples (Hinton et al. 2015).
    """
    own = (~batch["joined"]).float()
    losses = {
        "polarity": _apart(found["polarity"], seen["polarity"], batch["led"]),
        "comparative": _apart(found["comparative"], seen["comparative"], own),
        "attribute": _apart(found["attribute"], seen["attribute"]),
        "states": _apart(found["states"].flatten(0, 1), seen["states"].flatten(0, 1)),
        "grid": _grids(found["grid"], seen["grid"], batch, own),
        "hidden": _hidden(found["hidden"].float(), seen["hidden"], batch["mask"] * own[:, None]),
    }
    for name in (n for n in ASKED if n in found):
        losses[name] = _apart(found[name], seen[name], own[batch[name][:, 0]])
    return losses


def _apart(found: Tensor, seen: Tensor, weight: Tensor | None = None) -> Tensor:
    logs = functional.log_softmax(found.float() / TEMPERATURE, -1)
    wanted = functional.softmax(seen.float() / TEMPERATURE, -1)
    each = functional.kl_div(logs, wanted, reduction="none").sum(-1) * TEMPERATURE**2
    return each.mean() if weight is None else (each * weight).sum() / weight.sum().clamp(min=1)


def _grids(found: Tensor, seen: Tensor, batch: Answers, own: Tensor) -> Tensor:
    """Squared distance of span scores, weighed by how near to a finding either of the two is.

    In reviews the teacher misses product aspects of all clauses but one, so it is followed there for other kinds.
    """
    mine, wanted = found.float().clamp(-10, 10), seen.clamp(-10, 10)
    weight = (torch.sigmoid(wanted + 4) + torch.sigmoid(mine.detach() + 4) + 0.02) * batch["inner"][:, None].float()
    kinds = torch.ones_like(batch["kinds"])
    kinds[:, _PRODUCT] = batch["kinds"][:, _PRODUCT]
    weight = weight * (kinds * own[:, None])[..., None, None]
    return (weight * (mine - wanted) ** 2).sum() / weight.sum().clamp(min=1)


def _hidden(found: Tensor, seen: Tensor, mask: Tensor) -> Tensor:
    there = mask[..., None]
    return (((found - seen) ** 2) * there).sum() / ((seen**2) * there).sum().clamp(min=1)


def total(labels: Answers, followed: Answers) -> Tensor:
    losses = [WEIGHTS[name] * value for name, value in labels.items()]
    losses += [FOLLOWED[name] * value for name, value in followed.items()]
    return torch.stack(losses).sum()
