"""The layout of a home folder. Nothing is written anywhere else."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from core.config import Project, load_project
from core.errors import ConfigError, HomeError


@dataclass(frozen=True, slots=True)
class Home:
    """Paths of one project."""

    path: Path

    @property
    def config(self) -> Path:
        return self.path / "fengping.toml"

    @property
    def rules(self) -> Path:
        return self.path / "rules"

    @property
    def lexicons(self) -> Path:
        return self.path / "lexicons"

    @property
    def recipes(self) -> Path:
        return self.path / "recipes"

    @property
    def raw(self) -> Path:
        return self.path / "raw"

    @property
    def exports(self) -> Path:
        return self.path / "exports"

    @property
    def logs(self) -> Path:
        return self.path / "logs"

    def project(self) -> Project:
        if not self.path.is_dir():
            raise HomeError(f"{self.path} does not exist. `fengping init --home {self.path}` makes a home there.")
        return load_project(self.config)

    def secret(self) -> bytes:
        """The key under which authors are hashed; made at the first call, readable by its owner only."""
        place = self.path / "secret"
        try:
            handle = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return _checked_secret(place)
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(secrets.token_hex(32))
        return _checked_secret(place)

    def resolve(self, url: str) -> tuple[str, str]:
        """Splits a backend URL into scheme and place: `sqlite:///store.sqlite` is relative to the home."""
        scheme, mark, rest = url.partition("://")
        if not mark:
            raise ConfigError(f"{url!r} is no backend address; write it as sqlite:///store.sqlite or tantivy:///index.")
        if scheme in {"sqlite", "tantivy"}:
            return scheme, str(self.path / rest.removeprefix("/"))
        return scheme, url


def _checked_secret(place: Path) -> bytes:
    text = place.read_text(encoding="ascii").strip()
    if len(text) < 32:
        raise HomeError(f"{place} is empty or cut off, so authors cannot be told apart. Restore it from a backup.")
    return text.encode("ascii")
