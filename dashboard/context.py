"""What every page is handed: the opened home within the viewer's scope, the choice of filters, the words."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from core.config import Project
from core.home import Home
from core.interfaces import Clock, Store, Understood
from core.labels import Draw, Label, Sampled
from core.models import Incident, Request, Totals
from core.privacy import author_digest
from core.scope import OPEN
from core.tree import Node
from dashboard.filters import Filters
from dashboard.hours import Hours
from dashboard.remembered import Answers, Remembered
from dashboard.words import Words
from index.embedded import TantivyIndex
from index.label_turns import labelled_of
from index.labelled import NOTHING_LABELLED, Labelled
from index.query import parse
from nlp.lexicon import Lexicon, load_lexicon
from nlp.vocabulary import industries_of, seen, vocabulary
from store import open_store
from store.scoped import Scoped as ScopedStore

HOME_VARIABLE = "FENGPING_HOME"


class Desk(Protocol):
    """The few things a page may write, which are what people do; how much waits; and what a sample is drawn from."""

    def totals(self) -> Totals: ...

    def scan(self, after: str = "", n: int = 1000) -> list[Understood]: ...

    def understood(self, ids: Sequence[str]) -> list[Understood]: ...

    def draws(self) -> list[Draw]: ...

    def sample(self) -> list[Sampled]: ...

    def labels(self, by: str = "") -> list[Label]: ...

    def add_draw(self, draw: Draw, sample: Sequence[Sampled], former: int | None = None) -> int: ...

    def save_label(self, label: Label) -> bool: ...

    def drop_label(self, mention_id: str, by: str) -> bool: ...

    def ask(self, request: Request) -> None: ...

    def save_incidents(self, incidents: Sequence[Incident]) -> None: ...

    def audit(self, actor: str, action: str, detail: str) -> None: ...

    def note_view(self, query: str) -> None: ...


@dataclass(frozen=True, slots=True)
class Context:
    """Passed to each page; pages never open anything themselves."""

    home: Home
    project: Project
    index: Remembered
    store: ScopedStore
    words: Words
    filters: Filters
    clock: Clock
    desk: Desk
    pages: Mapping[str, StreamlitPage]
    hours: Hours

    def lexicon(self) -> Lexicon:
        brand = self.project.brand(self.filters.brand)
        return lexicon_of((brand.industry if brand else "") or self.project.industry, self.home)

    def parse(self, typed: str) -> Node:
        """A query as typed; brands and attributes by any of their names. Raises QueryError."""
        secret = self.home.secret()
        lexicons = [lexicon_of(industry, self.home) for industry in industries_of(self.project)]
        words = vocabulary(self.project, lexicons, seen(self.index))
        zone = self.project.zone()
        return parse(typed, zone, lambda name: author_digest(name, secret), words.known, words.names, self.clock)

    def labelled(self) -> Labelled:
        """The labels that put rates right: of this generation, gone through once. A part of the labels would mislead,
        so whoever sees a part of the home gets none."""
        if not self.store.scope.is_open:
            return NOTHING_LABELLED
        return self.index.once(("labelled", self.store.labels_version()), lambda: labelled_of(self.index, self.store))

    def page(self, name: str) -> StreamlitPage:
        return self.pages[name]

    def attribute(self, path: str) -> str:
        """A taxonomy path in the reader's language."""
        return self.lexicon().name(path, self.words.language) or path

    def attribute_in_full(self, path: str) -> str:
        """The same below its first level: names of the second repeat under several of the first."""
        parent, _, child = path.partition("/")
        return f"{self.attribute(parent)} › {self.attribute(path)}" if child else self.attribute(path)


def present() -> datetime:
    return datetime.now(UTC)


def the_home() -> Home:
    """The home that the dashboard was started for."""
    return Home(Path(os.environ.get(HOME_VARIABLE, ".")).resolve())


@st.cache_data(ttl=5, show_spinner=False)
def project_of(config: Path, changed: float) -> Project:
    """fengping.toml, read again when the file changed."""
    del changed
    return Home(config.parent).project()


@st.cache_resource(show_spinner=False)
def index_of(place: str) -> TantivyIndex:
    """One reading index a process, shared by all viewers; it sees new commits by itself."""
    return TantivyIndex(Path(place), write=False)


@st.cache_resource(show_spinner=False)
def answers_of(place: str) -> Answers:
    """What the index of a place has answered already, in this process."""
    del place
    return Answers()


@st.cache_resource(show_spinner=False)
def hours_of(place: str, file: int) -> Hours:
    """What the sources of a home did in the hours past, in this process; another store file is another home."""
    del place, file
    return Hours()


@st.cache_resource(show_spinner=False)
def _store_of(path: Path, _project: Project) -> Store:
    return open_store(Home(path), _project)


@st.cache_resource(show_spinner=False)
def _lexicon(industry: str, overlay: str, changed: float) -> Lexicon:
    del changed
    return load_lexicon(industry, Path(overlay) if overlay else None)


def _file_of(home: Home, project: Project) -> int:
    """What tells a store's file from one that took its place; 0 where the store is no file."""
    scheme, place = home.resolve(project.store)
    return Path(place).stat().st_ino if scheme == "sqlite" and Path(place).exists() else 0


def lexicon_of(industry: str, home: Home) -> Lexicon:
    """The industry's lexicon with the home's overlay."""
    overlay = home.lexicons / f"{industry}.toml"
    there = overlay.is_file()
    return _lexicon(industry, str(overlay) if there else "", overlay.stat().st_mtime if there else 0.0)


def open_context(
    home: Home, project: Project, words: Words, filters: Filters, pages: Mapping[str, StreamlitPage]
) -> Context:
    """Opens index and store within the scope of somebody who owns the home."""
    _, place = home.resolve(project.index)
    index = Remembered(index_of(place), OPEN, answers_of(place))
    store = _store_of(home.path, project)
    scoped, hours = ScopedStore(store, OPEN), hours_of(str(home.path), _file_of(home, project))
    return Context(home, project, index, scoped, words, filters, present, store, pages, hours)
