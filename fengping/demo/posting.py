"""Posting something on the demo sites while they are served, to see how soon it is understood."""

from __future__ import annotations

import json
import os
from dataclasses import asdict
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

from core.errors import InputError, Unreachable
from core.home import Home
from fengping.demo.serve import ADMIN_PATH, SITES
from fengping.demo.sites import Sites

SITES_FILE = "demo-sites.json"
_SECONDS = 10.0


def note_sites(home: Home, sites: Sites) -> None:
    """Leaves the addresses and the token in the home, readable by its owner alone."""
    place = home.path / SITES_FILE
    place.unlink(missing_ok=True)
    with os.fdopen(os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        json.dump(asdict(sites), file)


def post(home: Home, text: str, site: str) -> str:
    """Posts a text on a site of the demo that serves this home; returns its address.

    Raises InputError for an unknown site or what the site refuses, Unreachable where no demo runs.
    """
    if site not in SITES:
        raise InputError(f"the demo has no site {site!r}; there are {', '.join(SITES)}.")
    try:
        sites = Sites(**json.loads((home.path / SITES_FILE).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError) as error:
        raise Unreachable(f"no demo serves {home.path}; start one with `fengping demo --home {home.path}`.") from error
    url = getattr(sites, site)
    asked = Request(  # noqa: S310 - the address that the demo itself wrote down
        f"{url}{ADMIN_PATH}",
        json.dumps({"text": text}).encode(),
        {"Authorization": f"Bearer {sites.token}", "Content-Type": "application/json"},
    )
    try:
        with urlopen(asked, timeout=_SECONDS) as answer:  # noqa: S310
            return f"{url}{json.load(answer)['url']}"
    except HTTPError as error:
        raise InputError(f"{url} did not take the post: {error.read(300).decode('utf-8', 'replace')}") from error
    except (URLError, OSError) as error:
        raise Unreachable(f"{url} does not answer; the demo of {home.path} may have ended.") from error
