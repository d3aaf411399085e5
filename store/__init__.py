"""Documents and everything people do, behind core.interfaces.Store."""

from __future__ import annotations

from core.config import Project
from core.errors import ConfigError
from core.home import Home
from core.interfaces import Store
from store.sqlite import SqliteStore

__all__ = ["SqliteStore", "open_store"]


def open_store(home: Home, project: Project) -> Store:
    """The Store that fengping.toml names. Raises ConfigError for a scheme that none answers to."""
    scheme, place = home.resolve(project.store)
    if scheme != "sqlite":
        raise ConfigError(
            f"{home.config}: store = {project.store!r} names {scheme!r}, which no store answers to."
            ' What works is sqlite, as in store = "sqlite:///store.sqlite".'
        )
    return SqliteStore(place)
