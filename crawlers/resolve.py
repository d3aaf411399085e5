"""Host names to addresses, with the cache that connections use too: what was judged is what is connected to."""

from __future__ import annotations

from ipaddress import ip_address

from scrapy.utils.defer import maybe_deferred_to_future
from twisted.internet.error import DNSLookupError


async def resolve(host: str) -> tuple[str, ...]:
    """The address that Scrapy's resolver gives, and goes on giving, for a host. Raises OSError when there is none."""
    from twisted.internet import reactor  # the worker chooses the reactor before anything may import it

    literal = _literal(host)
    if literal:
        return (literal,)
    try:
        return (await maybe_deferred_to_future(reactor.resolve(host)),)  # type: ignore[arg-type]
    except DNSLookupError as error:
        raise OSError(str(error) or "no such name") from error


def _literal(host: str) -> str:
    try:
        return str(ip_address(host))
    except ValueError:
        return ""
