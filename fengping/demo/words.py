"""The word lists beside this file, read and compiled once."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from fengping.demo.grammar import Grammar, Part


@dataclass(frozen=True, slots=True)
class Attribute:
    """What can be said of one attribute, in Chinese and (perhaps) in English."""

    path: str
    weight: float
    categories: frozenset[str]
    terms: tuple[str, ...]
    said: Mapping[str, list[Part]]
    english: Mapping[str, list[Part]]


@dataclass(frozen=True, slots=True)
class Frame:
    """How a genre of post is put together: named parts, each a list of templates."""

    parts: Mapping[str, list[Part]]

    def __getitem__(self, name: str) -> list[Part]:
        return self.parts[name]


@dataclass(frozen=True, slots=True)
class Words:
    """Everything a post can be made of."""

    attributes: tuple[Attribute, ...]
    by_path: Mapping[str, Attribute]
    frames: Mapping[str, Frame]
    sarcasm: Mapping[str, list[Part]]
    causes: Mapping[str, list[Part]]
    other_meaning: Mapping[str, list[Part]]
    fillers: tuple[str, ...]
    typos: tuple[tuple[str, str], ...]
    names: tuple[str, ...]
    regions: tuple[str, ...]


def read(name: str) -> dict[str, Any]:
    """One of the TOML files in `words/`."""
    return tomllib.loads(files("fengping.demo").joinpath("words", name).read_text(encoding="utf-8"))


@cache
def words() -> Words:
    """All the words, compiled."""
    frames, english, special = read("frames.toml"), read("english.toml"), read("special.toml")
    noise, stories = read("noise.toml"), read("stories.toml")
    lists = {**frames["lists"], **english["lists"], "hit": stories["recall"]["hit"]}
    grammar = Grammar(lists)
    attributes = _attributes(grammar, english["clauses"])
    sections = {
        **{name: frames[name] for name in ("review", "post", "thread", "neutral")},
        **{name: special[name] for name in ("comparison", "followup", "praise")},
        **{
            name: noise[name]
            for name in ("other_meaning_frame", "lottery", "default_review", "advertisement", "off_topic", "empty")
        },
        **{name: stories[name] for name in ("recall", "rumour", "campaign")},
        "english": english["frame"],
    }
    return Words(
        attributes=attributes,
        by_path={a.path: a for a in attributes},
        frames={
            name: Frame({k: grammar.templates(v) for k, v in section.items()}) for name, section in sections.items()
        },
        sarcasm={path: grammar.templates(v) for path, v in special["sarcasm"].items()},
        causes={path: grammar.templates(v) for path, v in stories["causes"].items()},
        other_meaning={brand: grammar.templates(v) for brand, v in noise["other_meaning"].items()},
        fillers=tuple(frames["spoken"]["fillers"]),
        typos=tuple((a, b) for a, b in frames["spoken"]["typos"]),
        names=tuple(a + b for a in frames["lists"]["nickname"] for b in frames["lists"]["nickroot"]),
        regions=tuple(frames["lists"]["region"]),
    )


def _attributes(grammar: Grammar, english: Mapping[str, Any]) -> tuple[Attribute, ...]:
    found = []
    for name in ("clauses_device.toml", "clauses_body.toml", "clauses_buying.toml"):
        for path, entry in read(name).items():
            found.append(
                Attribute(
                    path=path,
                    weight=float(entry["weight"]),
                    categories=frozenset(entry["on"]),
                    terms=tuple(entry["term"]),
                    said={side: grammar.templates(entry[side]) for side in ("positive", "negative", "neutral")},
                    english={side: grammar.templates(said) for side, said in english.get(path, {}).items()},
                )
            )
    return tuple(found)
