"""Why a page did not come, in words for the health of its source."""

from __future__ import annotations

from typing import Literal

from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
)

from core.errors import FengpingError, NotAllowed

Outcome = Literal["refused", "failed"]

_REASONS: tuple[tuple[type[BaseException], str], ...] = (
    (DownloadTimeoutError, "did not answer in time"),
    (DownloadConnectionRefusedError, "refused the connection: nothing listens there"),
    (CannotResolveHostError, "has no address: its name is misspelt, or there is no connection"),
    (DownloadCancelledError, "sent more than a page may be long"),
    (ResponseDataLossError, "sent less than it promised"),
)
_LASTING = (DownloadCancelledError,)


class RobotsForbid(IgnoreRequest):
    """robots.txt does not let this program ask for the page."""


class NoBrowser(IgnoreRequest):
    """The page needs a browser, and there is none on this machine."""


def ending(error: BaseException, url: str) -> tuple[Outcome, str, bool]:
    """What became of a page: the outcome, a note, and whether asking again in the next run is in vain."""
    if isinstance(error, RobotsForbid):
        return "refused", "robots.txt forbids some pages", True
    if isinstance(error, NotAllowed):
        return "refused", str(error), True
    if isinstance(error, NoBrowser | FengpingError):
        return "failed", str(error), False
    if isinstance(error, IgnoreRequest):
        circle = "redirect" in str(error)
        return "failed", f"{url} {'redirects in a circle' if circle else 'was left'} ({error})", True
    return "failed", f"{url} {_reason(error)}", isinstance(error, _LASTING)


def _reason(error: BaseException) -> str:
    for kind, words in _REASONS:
        if isinstance(error, kind):
            return words
    first = (str(error).strip() or type(error).__name__).splitlines()[0]
    return f"failed: {first[:200]}"
