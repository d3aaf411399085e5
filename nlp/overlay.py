"""Teaching a home's lexicon a term: one edit of its overlay file, checked before it is kept."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Literal

import tomlkit
from tomlkit.exceptions import TOMLKitError

from core.errors import ConfigError, InputError
from nlp.lexicon import Attribute, Lexicon, load_lexicon
from nlp.lexicon_file import FLAGS, LISTS, NAMES, OVERLAY_KEYS, read_toml
from nlp.segment import normalise

LONGEST = 80
_PATH = re.compile(r"[a-z0-9]+(?:_[a-z0-9]+)*(?:/[a-z0-9]+(?:_[a-z0-9]+)*)?")
_KEYS = frozenset((*NAMES, *LISTS, *FLAGS, *OVERLAY_KEYS, "ignore"))
Key = Literal["words", "english", "within"]


@dataclass(frozen=True, slots=True)
class Addition:
    """A term for an attribute. `zh` and `en` name an attribute that is to be made; else both are ""."""

    term: str
    path: str
    zh: str = ""
    en: str = ""


@dataclass(frozen=True, slots=True)
class Accepted:
    """What became of an addition: the file, the key under which the term stands now, its attribute.

    `former` is the attribute that took the term before, for a word in it, "" where none did; `key` is "" when the
    term stood there already and nothing was changed.
    """

    place: Path
    key: Key | Literal[""]
    attribute: Attribute
    former: str


def accept(addition: Addition, industry: str, place: Path) -> Accepted:
    """Adds a term to the overlay at `place`, which is made when missing; comments and order are kept.

    Raises InputError for a term or path that cannot be taken, ConfigError for an overlay that is wrong; the file is
    then as it was.
    """
    term = _line("the term", addition.term)
    lexicon = load_lexicon(industry, place)
    attribute = _attribute(lexicon, addition, place)
    if _stands_there(lexicon, term, addition.path, place):
        return Accepted(place, "", attribute, addition.path)
    key = _key(term)
    names = {"zh": attribute.zh, "en": attribute.en} if addition.zh else {}
    table: dict[str, Any] = {**names, key: [term]}
    _replace(place, _edited(place, addition.path, table), industry, term, addition.path)
    return Accepted(place, key, attribute, lexicon.attribute_of(term))


def _edited(place: Path, path: str, table: dict[str, Any]) -> str:
    """The text of an overlay after names are set and words added in an attribute's table. Raises ConfigError."""
    before = read_toml(place) if place.exists() else {}
    wanted = _merged(before, path.split("/"), table)
    text = place.read_bytes().decode("utf-8-sig") if place.exists() else ""
    for candidate in _edits(text, path.split("/"), table, is_new=_at(before, path.split("/")) is None):
        with contextlib.suppress(tomllib.TOMLDecodeError):
            if tomllib.loads(candidate) == wanted:
                return candidate
    raise ConfigError(f"{place}: {path}: written in a form that cannot be edited here; add {table} by hand.")


def _edits(text: str, levels: list[str], table: dict[str, Any], is_new: bool) -> Iterator[str]:
    """Ways to edit, best first: a new table goes to the end, where it parts no comment from what it is about."""
    if is_new:
        end = "\r\n" if "\r\n" in text else "\n"
        block = tomlkit.dumps(_nested(levels, table)).replace("\n", end)
        yield f"{text.rstrip()}{end}{end}{block}" if text.strip() else block
    with contextlib.suppress(TOMLKitError, ValueError, TypeError, AttributeError):
        document = tomlkit.parse(text)
        target: Any = document
        for level in levels:
            target = target[level] if level in target else target.setdefault(level, tomlkit.table())
        for key, value in table.items():
            if isinstance(value, list) and key in target:
                target[key].extend(value)
            else:
                target[key] = value
        yield tomlkit.dumps(document)


def _nested(levels: list[str], table: dict[str, Any]) -> dict[str, Any]:
    return _nested(levels[:-1], {levels[-1]: table}) if levels else table


def _at(table: dict[str, Any], levels: list[str]) -> dict[str, Any] | None:
    for level in levels:
        if level not in table:
            return None
        table = table[level]
    return table


def _merged(base: dict[str, Any], levels: list[str], table: dict[str, Any]) -> dict[str, Any]:
    if levels:
        return {**base, levels[0]: _merged(base.get(levels[0], {}), levels[1:], table)}
    lists = {key: base.get(key, []) + value for key, value in table.items() if isinstance(value, list)}
    return {**base, **table, **lists}


def _replace(place: Path, text: str, industry: str, term: str, path: str) -> None:
    """Writes the file at once, or not at all when the lexicon would then be wrong."""
    target = place.resolve()
    draft = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        draft.write_bytes(text.encode())
        _check(draft, place, industry, term, path)
        if target.exists():
            shutil.copymode(target, draft)
        draft.replace(target)
    except OSError as error:
        raise ConfigError(f"{place} cannot be written: {error.strerror}.") from error
    finally:
        with contextlib.suppress(OSError):
            draft.unlink(missing_ok=True)


def _check(draft: Path, place: Path, industry: str, term: str, path: str) -> None:
    try:
        meaning = load_lexicon(industry, draft).listed(term)
    except ConfigError as error:
        raise ConfigError(f"{place} is as it was, for with this change it would be wrong: {error}") from error
    if meaning is None or meaning.path != path:
        raise ConfigError(f"{place} is as it was: [{path.replace('/', '.')}] is dropped there. Take out `drop = true`.")


def _key(term: str) -> Key:
    """One Chinese character is believed only inside an aspect that the model found: in running text it is anything."""
    if term.isascii():
        return "english"
    return "within" if len(term) == 1 else "words"


def _line(what: str, text: str) -> str:
    """Raises InputError unless the text is one printable line with a letter in it."""
    line = text.replace("\u3000", " ").strip()
    if not line or not any(c.isalpha() for c in line):
        raise InputError(f"{what} {text!r} has no letter in it; give a word such as 充电头.")
    if not all(c.isprintable() for c in line):
        raise InputError(f"{what} {text!r} holds a line break or an invisible character; give it as one line.")
    if len(line) > LONGEST:
        raise InputError(f"{what} {line[:20]!r}… has {len(line)} characters; {LONGEST} are the most.")
    return line


def _attribute(lexicon: Lexicon, addition: Addition, place: Path) -> Attribute:
    """The attribute that is known, or is to be made by both its names. Raises InputError."""
    known = {a.path: a for a in lexicon.attributes}
    path = addition.path
    if not addition.zh and not addition.en:
        if path not in known:
            raise InputError(_unknown(lexicon, path))
        return known[path]
    if path in known:
        raise InputError(f"{path} is there already as {known[path].zh}, {known[path].en}; leave out --zh and --en.")
    if not addition.zh or not addition.en:
        raise InputError(f"a new attribute needs both its names: --zh NAME --en NAME ({path}).")
    if not _PATH.fullmatch(path) or not _KEYS.isdisjoint(path.split("/")):
        raise InputError(f"{path!r} cannot be an attribute's path; write one or two words as in battery/charging.")
    parent = path.partition("/")[0]
    if parent not in known and parent != path:
        raise InputError(f"there is no {parent} under which {path} could stand; make {parent} first, in {place}.")
    return Attribute(path, _line("--zh", addition.zh), _line("--en", addition.en), (), ())


def _unknown(lexicon: Lexicon, path: str) -> str:
    names = {normalise(name): a.path for a in lexicon.attributes for name in (a.en, a.zh, a.path)}
    near = get_close_matches(normalise(path), names, n=1)
    hint = f" Did you mean {names[near[0]]}?" if near else ""
    return (
        f"no attribute of {lexicon.industry} is called {path!r}.{hint} "
        "`fengping lexicon accept TERM PATH --zh NAME --en NAME` makes a new one."
    )


def _stands_there(lexicon: Lexicon, term: str, path: str, place: Path) -> bool:
    """Whether the attribute has the term already. Raises InputError where another meaning has it."""
    meaning = lexicon.listed(term)
    if meaning is None or (meaning.role == "opinion" and not meaning.path):
        return False
    if meaning.path == path and meaning.role == "aspect":
        return True
    if meaning.role == "ignored":
        raise InputError(f"{term!r} is a word that {lexicon.industry} ignores, so it can name no attribute.")
    how = "" if meaning.role == "aspect" else " as a word that judges"
    raise InputError(
        f"{term!r} stands under {meaning.path} already{how}; a word has one meaning in an industry. To move it, write "
        f"remove = [{tomlkit.item(term).as_string()}] under [{meaning.path.replace('/', '.')}] in {place} first."
    )
