"""Mail and everything else that apprise knows by an address (mailto://, tgram://, slack:// and more)."""

from __future__ import annotations

import logging
from dataclasses import dataclass

import apprise

from core.errors import ConfigError, Unreachable
from core.interfaces import Clock
from core.models import Delivery, Message

# Its log shows addresses, and those hold passwords.
logging.getLogger("apprise").setLevel(logging.CRITICAL + 1)


@dataclass(frozen=True, slots=True)
class Service:
    """One address of apprise. Its library tells success from failure, but not why it failed."""

    channel: str
    target: apprise.Apprise
    clock: Clock

    def send(self, message: Message) -> Delivery:
        """Raises Unreachable when the service did not take it."""
        body = "\n".join(part for part in (message.body, message.url) if part)
        if not self.target.notify(body=body, title=message.title):
            raise Unreachable(f"channel {self.channel}: the service did not take the message; tried again later.")
        return Delivery(message.id, self.channel, self.clock(), ok=True)


def open_channel(channel: str, address: str, clock: Clock) -> Service:
    """Raises ConfigError for an address that apprise does not know."""
    target = apprise.Apprise()
    if not target.add(address):
        scheme = address.partition("://")[0]
        raise ConfigError(f"[watch.channels] {channel}: no service is reached by {scheme}://, or its address is wrong.")
    return Service(channel, target, clock)
