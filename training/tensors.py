"""A batch and a teacher's answers as tensors, and the network's answers to exactly what the batch asks."""

from __future__ import annotations

from dataclasses import fields

import torch
from torch import Tensor

from training.batches import Batch
from training.network import Network
from training.network_heads import Heads, running_sums
from training.teacher import Seen, inner_spans

Answers = dict[str, Tensor]
ASKED = ("aspect", "pair", "tuple")
"""Lists of a batch that heads outside the graph answer."""


def tensors(batch: Batch, device: torch.device) -> Answers:
    """Every array of the batch, its lists by name, and `inner` [b, n, n] of the spans that may be one."""
    plain = {f.name: getattr(batch, f.name) for f in fields(batch) if f.name != "lists"}
    found = {name: torch.from_numpy(value) for name, value in (plain | batch.lists).items()}
    found["inner"] = torch.from_numpy(inner_spans(batch.mask))
    return {name: value.to(device) for name, value in found.items()}


def seen_tensors(seen: Seen, device: torch.device) -> Answers:
    return {f.name: torch.from_numpy(getattr(seen, f.name)).to(device) for f in fields(seen)}


def answers(network: Network, batch: Answers) -> Answers:
    """Logits of everything the batch asks; `hidden` of the last layer, `grid` of every text."""
    states = network.enc(batch["ids"], batch["mask"])
    found: Answers = network.heads.documents(states, batch["mask"])
    found["hidden"] = states[-1]
    found["grid"] = network.heads.grid(states[-1])
    if len(cut := batch["cut"]):
        found["cut"] = network.heads.bound(states[-1][cut[:, 0], cut[:, 1]])
    return found | asked_answers(network.heads, states[-1], batch)


def asked_answers(heads: Heads, hidden: Tensor, batch: Answers) -> Answers:
    """Logits for the batch's aspects, pairs and tuples by these heads on these token vectors."""
    found: Answers = {}
    if not any(len(batch[name]) for name in ASKED):
        return found
    sums = running_sums(hidden)
    if len(rows := batch["aspect"]):
        found["aspect"] = heads.aspects(hidden, sums, batch["mask"], rows[:, :3])
    if len(rows := batch["pair"]):
        found["pair"] = heads.pairs(hidden, sums, rows[:, :6])
    if len(rows := batch["tuple"]):
        found["tuple"] = heads.tuples(hidden, sums, rows[:, :12])
    return found
