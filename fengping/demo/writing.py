"""A world as files: WORLD.jsonl in the column names that `fengping import` knows, and the truth beside it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from json.encoder import encode_basestring as quoted
from pathlib import Path
from typing import TextIO

from core.errors import InputError
from fengping.demo.realise import Posted
from fengping.demo.records import WorldPost
from fengping.demo.truthfile import mention_line, truth_head
from fengping.demo.world import Blueprint, Native

HOSTS = {
    "shop": "https://shop.example",
    "microblog": "https://weibo.example",
    "forum": "https://forum.example",
    "outlet": "https://shop.example",
}
_BATCH = 2_000


@dataclass(frozen=True, slots=True)
class Written:
    """How many rows went into a file, how many posts a silent site kept back, and what was planted."""

    rows: int
    kept_back: int
    planted: int


def write_world(plan: Blueprint, out: Path, truth: Path) -> Written:
    """Streams the delivered posts to `out` (JSONL) and the truth to `truth` (JSON). Raises InputError on a bad path."""
    native = Native(plan.grown)
    posts, rows, kept_back = plan.posts(), 0, 0
    with _opened(out) as lines, _opened(truth) as told:
        told.write('{"mentions":{\n')
        mark = ""
        while batch := list(islice(posts, _BATCH)):
            delivered = [post for post, _ in batch if post.delivered]
            rows += len(delivered)
            kept_back += len(batch) - len(delivered)
            lines.write("".join(map(row, delivered)))
            told.write(mark + ",\n".join(_noted(batch, native)))
            mark = ",\n"
        planted = native.planted()
        told.write("\n}," + truth_head(plan, planted)[1:] + "\n")
    return Written(rows, kept_back, len(planted))


def row(post: WorldPost) -> str:
    """One line of WORLD.jsonl: what a site gives of a post, empty columns left out."""
    parts = [
        f'{{"id":"{post.id}","source":"{post.source}","kind":"{post.kind}","text":{quoted(post.text)}',
        f'"brand":"{post.brand}","product":"{post.product}","author":{quoted(post.author)}',
        f'"time":"{post.time.isoformat()}","likes":{post.likes},"replies":{post.replies},"shares":{post.shares}',
        f'"url":"{HOSTS[post.source]}{post.url}"',
    ]
    if post.title:
        parts.append(f'"title":{quoted(post.title)}')
    if post.rating is not None:
        parts.append(f'"rating":{post.rating},"scale":"1-5"')
    if post.followers is not None:
        parts.append(f'"followers":{post.followers}')
    if post.views is not None:
        parts.append(f'"views":{post.views}')
    if post.region:
        parts.append(f'"region":"{post.region}"')
    if post.parent:
        parts.append(f'"parent":"{post.parent}"')
    return ",".join(parts) + "}\n"


def _noted(batch: list[Posted], native: Native) -> Iterator[str]:
    for post, truth in batch:
        native.note(post, truth)
        yield f"{json.dumps(truth.id)}:{mention_line(truth, post.delivered)}"


def _opened(path: Path) -> TextIO:
    try:
        return path.open("w", encoding="utf-8", newline="\n")
    except OSError as error:
        raise InputError(f"{path} cannot be written: {error.strerror}. Choose another place with --out.") from error
