"""A user's own sentiment classifier in the model's place: which of its classes are which side.

`model = "hf:FOLDER"` names a folder with a checkpoint of Hugging Face's transformers. It gives the polarity of a
text; aspects, opinions and comparisons are still read by the shipped model, which no such classifier replaces.
"""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

import numpy as np

from core.errors import ConfigError
from nlp.arithmetic import softmax
from nlp.model_files import Floats, find_model

PREFIX = "hf:"
SHIPPED = "s6"
_SIDES = (
    re.compile(r"neg|消极|负|差评|贬", re.IGNORECASE),
    re.compile(r"neu|中性|中立|客观", re.IGNORECASE),
    re.compile(r"pos|积极|正|好评|褒", re.IGNORECASE),
)
_STARS = re.compile(r"^\s*([1-5])\s*(?:stars?|星)\s*$", re.IGNORECASE)
_OF_STARS = (0, 0, 1, 2, 2)


def folder_of(name: str) -> Path | None:
    """The checkpoint's folder of a model's name, None for a model of our own form. Raises ConfigError: not there."""
    if not name.startswith(PREFIX):
        return None
    folder = Path(name.removeprefix(PREFIX)).expanduser()
    if not (folder / "config.json").is_file():
        raise ConfigError(f"model {name!r}: {folder} holds no config.json, so it is no checkpoint. Name its folder.")
    return folder


def version_of(name: str) -> str:
    """The version of the model that a name stands for; of a checkpoint both its own files and the shipped model's.

    Raises ConfigError when files are missing.
    """
    folder = folder_of(name)
    if folder is None:
        return find_model(name).version
    digest = hashlib.sha256(find_model(SHIPPED).version.encode())
    for place in sorted(p for p in folder.iterdir() if p.is_file()):
        digest.update(place.name.encode())
        with place.open("rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()[:12]


def labels_of(folder: Path) -> list[str]:
    """The names of its classes in order. Raises ConfigError where the configuration does not say them."""
    try:
        found = json.loads((folder / "config.json").read_text(encoding="utf-8"))["id2label"]
        return [str(found[str(k)]) for k in range(len(found))]
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise ConfigError(
            f"{folder}/config.json names no classes (id2label: {error!r}); it is no classifier."
        ) from error


def sides(labels: list[str]) -> list[int]:
    """The side of each class: 0 negative, 1 neutral, 2 positive. Two classes without names are negative, positive.

    Raises ConfigError for names that say no side, or where a side is missing.
    """
    if labels in (["LABEL_0", "LABEL_1"], ["0", "1"]):
        return [0, 2]
    found = [_side(label) for label in labels]
    unknown = [label for label, side in zip(labels, found, strict=True) if side is None]
    given = [side for side in found if side is not None]
    if unknown or not {0, 2} <= set(given):
        raise ConfigError(
            f"classes {labels} are no sentiment: each needs negative, neutral, positive or a number of stars in its "
            "name, and both ends must be there. Rename them under id2label in the checkpoint's config.json."
        )
    return given


def _side(label: str) -> int | None:
    stars = _STARS.match(label)
    if stars:
        return _OF_STARS[int(stars[1]) - 1]
    said = [k for k, name in enumerate(_SIDES) if name.search(label)]
    return said[0] if len(said) == 1 else None


def probabilities(logits: Floats, of: list[int]) -> Floats:
    """[texts, classes] to [texts, 3]: the classes of a side together."""
    chances = softmax(logits)
    return np.stack([chances[:, [k for k, side in enumerate(of) if side == s]].sum(1) for s in range(3)], axis=1)
