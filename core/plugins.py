"""Importing by name: how a configured spider or channel becomes code."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from pkgutil import iter_modules

from core.errors import ConfigError


def names(package: str) -> tuple[str, ...]:
    """The modules of a package whose names do not begin with an underscore, sorted."""
    folder = import_module(package)
    return tuple(sorted(m.name for m in iter_modules(folder.__path__) if not m.name.startswith("_")))


def load(package: str, name: str, attribute: str) -> object:
    """Imports `package.name` and returns its `attribute`. Raises ConfigError with the names there are."""
    if not name.isidentifier() or find_spec(f"{package}.{name}") is None:
        raise ConfigError(
            f"there is no {package.rsplit('.', 1)[-1]} called {name!r}; there are: {', '.join(names(package))}."
        )
    return getattr(import_module(f"{package}.{name}"), attribute)
