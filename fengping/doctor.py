"""What this machine and this home have, and what to do about what is missing."""

from __future__ import annotations

import platform
import shutil
import sys
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path

from core.config import Project
from core.errors import ConfigError, FengpingError
from core.home import Home
from crawlers.browser import find_browser
from fengping.assembly import find_home, index_trouble
from nlp.checkpoint import SHIPPED, folder_of, labels_of, sides, version_of
from nlp.lexicon import check_overlays
from nlp.model_files import find_model
from nlp.vocabulary import industries_of, project_lexicons

LIBRARIES = ("scrapy", "scrapy-playwright", "tantivy", "onnxruntime", "tokenizers", "rjieba", "streamlit", "altair")
CLASSIFIER_LIBRARIES = ("torch", "transformers")
"""What a classifier of one's own runs on."""
LEAST_FREE = 2 * 1024**3
"""Bytes of disk below which a crawl of any size is at risk."""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at. `needed` ones that are not ok make `doctor` exit with 1."""

    name: str
    ok: bool
    found: str
    remedy: str = ""
    needed: bool = True


def examine(home: Path | None) -> list[Check]:
    """Looks at Python, libraries, browser, weights and, of a home, its lexicons, index and disk."""
    return [_python(), *_libraries(), _browser(), *_home(home)]


def _python() -> Check:
    ok = sys.version_info >= (3, 11)
    return Check("python", ok, platform.python_version(), "" if ok else "fengping needs Python 3.11 or 3.12")


def _libraries() -> list[Check]:
    missing = [name for name in LIBRARIES if not _installed(name)]
    found = ", ".join(f"{n} {_installed(n)}" for n in LIBRARIES if n not in missing)
    return [
        Check("libraries", not missing, found, f"missing {', '.join(missing)}: run `make setup`" if missing else "")
    ]


def _installed(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


def _browser() -> Check:
    found = find_browser()
    remedy = (
        "" if found else "pages that need JavaScript are not collected; install Chromium (Debian: apt install chromium)"
    )
    return Check("browser", found is not None, str(found or "none"), remedy, needed=False)


def _weights(name: str) -> Check:
    try:
        own = folder_of(name)
        found = find_model(SHIPPED if own else name)
        if own:
            sides(labels_of(own))
            _check_classifier_runs(name)
        version = version_of(name)
    except FengpingError as error:
        return Check("weights", False, "none", str(error))
    terms = found.graph.with_name("LICENSE")
    said = f"; terms: {terms}" if terms.is_file() else "; no LICENSE lies beside them"
    return Check("weights", True, f"{name}, version {version}, {found.graph}{said}")


def _check_classifier_runs(name: str) -> None:
    """Without importing them, which takes seconds. Raises ConfigError."""
    missing = [library for library in CLASSIFIER_LIBRARIES if find_spec(library) is None]
    if missing:
        raise ConfigError(f"model {name!r} needs {' and '.join(missing)}. Install the extra `train`.")


def _lexicons(home: Home, project: Project) -> Check:
    """The lexicons that the project reads with, and what its own files change in them."""
    try:
        check_overlays(home.lexicons, industries_of(project))
        found = project_lexicons(project, home.lexicons)
    except FengpingError as error:
        return Check("lexicons", False, "cannot be read", str(error))
    own = [i for i in industries_of(project) if (home.lexicons / f"{i}.toml").is_file()]
    said = f"; with {', '.join(f'lexicons/{i}.toml' for i in own)}" if own else ""
    return Check("lexicons", True, ", ".join(f"{one.industry} {one.version}" for one in found) + said)


def _index(home: Home, project: Project) -> Check:
    try:
        trouble = index_trouble(home, project)
    except FengpingError as error:
        trouble = str(error)
    return Check("index", not trouble, "cannot be asked" if trouble else project.index, trouble)


def _home(given: Path | None) -> list[Check]:
    try:
        home = find_home(given)
        project = home.project()
    except FengpingError as error:
        return [_weights(Project().model), Check("home", given is None, "none", str(error), needed=given is not None)]
    free = shutil.disk_usage(home.path).free
    return [
        _weights(project.model),
        _lexicons(home, project),
        _index(home, project),
        Check("home", True, f"{home.path}: {len(project.brands)} brands, {len(project.sources)} sources"),
        Check("disk", free > LEAST_FREE, f"{free / 1024**3:.1f} GB free", "" if free > LEAST_FREE else "make room"),
    ]
