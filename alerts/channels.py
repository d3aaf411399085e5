"""From an address in [watch.channels] to the notifier that delivers there."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from core.errors import ConfigError
from core.interfaces import Clock, Notifier
from core.plugins import load, names

PACKAGE = "alerts.notifiers"
Opener = Callable[[str, str, Clock], Notifier]
"""Each module in alerts/notifiers has one named `open_channel`: channel, address, clock. It raises ConfigError."""


def open_channel(channel: str, address: str, clock: Clock) -> Notifier:
    """The notifier for an address: `KIND+ADDRESS` names its module; plain http and https are webhooks.

    All other schemes go to apprise (mailto, and a hundred more). Raises ConfigError.
    """
    kind, rest = _kind(channel, address)
    return cast("Opener", load(PACKAGE, kind, "open_channel"))(channel, rest, clock)


def _kind(channel: str, address: str) -> tuple[str, str]:
    scheme, colon, rest = address.partition("://")
    if not colon or not scheme:
        raise ConfigError(
            f"[watch.channels] {channel}: this is no address; write https://… for a webhook or mailto://… for mail."
        )
    named, plus, plain = scheme.partition("+")
    if plus and named in names(PACKAGE):
        return named, f"{plain}://{rest}"
    return ("webhook", address) if scheme in {"http", "https"} else ("apprise", address)
