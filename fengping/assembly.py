"""Opening a home: the one place where contracts meet the implementations that the configuration names."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from core.config import Project
from core.errors import ConfigError, HomeError
from core.home import Home
from core.interfaces import Clock, Index, Store
from core.privacy import author_digest
from core.tree import Node
from index.embedded import TantivyIndex
from index.query import parse
from nlp.vocabulary import project_lexicons, seen, vocabulary
from store import open_store

HOME_VARIABLE = "FENGPING_HOME"


def now() -> datetime:
    return datetime.now(UTC)


def find_home(given: Path | None) -> Home:
    """`--home`, else FENGPING_HOME, else this folder when it holds a fengping.toml. Raises HomeError."""
    if given is not None:
        return Home(given.expanduser().resolve())
    named = os.environ.get(HOME_VARIABLE)
    if named:
        return Home(Path(named).expanduser().resolve())
    if Path("fengping.toml").is_file():
        return Home(Path.cwd())
    raise HomeError(
        f"no home was named: give --home DIR, set {HOME_VARIABLE}, or start in a folder with a fengping.toml. "
        "`fengping init --home DIR` makes one."
    )


@dataclass(frozen=True, slots=True)
class Assembly:
    """An opened home."""

    home: Home
    project: Project
    store: Store
    clock: Clock = now

    @contextmanager
    def index(self, write: bool = False) -> Iterator[Index]:
        """The home's index; a second writer gets Busy, naming the first."""
        index = open_index(self.home, self.project, write)
        try:
            yield index
        finally:
            index.close()

    def parse(self, query: str, index: Index) -> Node:
        """A query as a tree, dates in the project's zone, authors hashed. Raises QueryError.

        A brand or an attribute that is neither configured nor in the index is an error with a suggestion.
        """
        secret = self.home.secret()
        words = vocabulary(self.project, project_lexicons(self.project, self.home.lexicons), seen(index))
        zone = self.project.zone()
        return parse(query, zone, lambda name: author_digest(name, secret), words.known, words.names, self.clock)


def open_index(home: Home, project: Project, write: bool) -> Index:
    """The index that the configuration names. Raises ConfigError, Busy."""
    scheme, place = home.resolve(project.index)
    if scheme != "tantivy":
        raise ConfigError(f"{home.config}: index = {project.index!r}: only tantivy:///FOLDER works in this version.")
    return TantivyIndex(Path(place), write=write)


def index_trouble(home: Home, project: Project) -> str:
    """Why the home's index cannot be asked, and what to do; "" where it can. Raises ConfigError."""
    index = open_index(home, project, write=False)
    try:
        index.generation()
    except HomeError as error:
        return str(error)
    finally:
        index.close()
    return ""


@contextmanager
def opened(given: Path | None) -> Iterator[Assembly]:
    """Opens a home for the length of a command."""
    home = find_home(given)
    project = home.project()
    store = open_store(home, project)
    try:
        yield Assembly(home, project, store)
    finally:
        store.close()
