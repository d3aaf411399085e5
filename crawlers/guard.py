"""Keeps a crawl away from private networks: names are resolved first, and what they resolve to is judged."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from urllib.parse import urlsplit

from core.errors import NotAllowed, Unreachable
from crawlers.addresses import NEVER, RESERVED, block, refusal

Resolve = Callable[[str], Awaitable[tuple[str, ...]]]
"""Returns every address that a host name stands for; raises OSError when it stands for none."""


class Guard:
    """Judges hosts for one source. Of private blocks only those are allowed in which the `listed` hosts lie."""

    def __init__(self, resolve: Resolve, listed: Iterable[str] = ()) -> None:
        self._resolve = resolve
        self._listed = tuple(dict.fromkeys(host for url in listed if (host := _host(url))))
        self._allowed: set[str] | None = None
        self._addresses: dict[str, tuple[str, ...]] = {}
        self.last_refusal = ""

    def passed(self, host: str) -> bool:
        """Whether a host was judged before and may be asked: no waiting."""
        return host in self._addresses

    async def check(self, url: str) -> tuple[str, ...]:
        """The addresses of a URL's host, all of which may be asked. Raises NotAllowed or Unreachable."""
        scheme, host = urlsplit(url).scheme, _host(url)
        if scheme not in {"http", "https"} or not host:
            raise NotAllowed(f"{url} was not asked: only http and https addresses with a host are crawled.")
        return await self.addresses(host, url)

    async def addresses(self, host: str, what: str) -> tuple[str, ...]:
        """As `check`, for a bare host; `what` names the request in messages."""
        if host not in self._addresses:
            allowed = await self._allowances()
            found = await self._resolved(host)
            for address in found:
                self.judge(address, what, allowed)
            self._addresses[host] = found
        return self._addresses[host]

    def judge(self, address: str, what: str, allowed: set[str] | None = None) -> None:
        """Raises NotAllowed when an address lies where this source may not go."""
        reason = refusal(address, self._allowed or () if allowed is None else allowed)
        if reason:
            way = "" if reason in {NEVER, RESERVED} else " If it is your own, list it and set `allow_private = true`."
            self.last_refusal = f"{what} was not asked: it leads to {address}, in {reason}.{way}"
            raise NotAllowed(self.last_refusal)

    async def _allowances(self) -> set[str]:
        if self._allowed is None:
            allowed: set[str] = set()
            for host in self._listed:
                try:
                    allowed.update(filter(None, map(block, await self._resolved(host))))
                except Unreachable:
                    continue
            self._allowed = allowed
        return self._allowed

    async def _resolved(self, host: str) -> tuple[str, ...]:
        try:
            return await self._resolve(host)
        except OSError as error:
            raise Unreachable(
                f"{host} has no address ({error}): its name is misspelt, or there is no connection."
            ) from error


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""
