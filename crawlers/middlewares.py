"""Politeness and safety on the way out: private networks, robots.txt, and browsers that are not there."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import Any
from urllib.parse import urlsplit

from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.retry import RetryMiddleware
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.robotstxt import RobotParser

from core.errors import NotAllowed
from crawlers.endings import NoBrowser, RobotsForbid
from crawlers.guard import Guard
from crawlers.proxy import REFUSED_HEADER

PATIENCE_SECONDS, MOST_PATIENCE_SECONDS = 0.5, 60.0
_FORBID_ALL = b"User-agent: *\nDisallow: /\n"


class GuardMiddleware:
    """Judges the address of every request, redirects and robots.txt included, before a connection is made."""

    def __init__(self, guard: Guard) -> None:
        self._guard = guard
        self._judged: set[object] = set()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> GuardMiddleware:
        return cls(crawler.spider.guard)  # type: ignore[union-attr]

    def process_request(self, request: Request) -> Awaitable[None] | None:
        if "no_browser" in request.meta:
            raise NoBrowser(request.meta["no_browser"])
        parts = urlsplit(request.url)
        if parts.hostname and parts.scheme in {"http", "https"} and self._guard.passed(parts.hostname):
            return None
        return self._check(request)

    def process_response(self, request: Request, response: Response) -> Response:
        """The peer that answered must be one that was judged; a name may mean something else by now."""
        refused = response.headers.get(REFUSED_HEADER)
        if refused and "playwright" in response.flags:
            raise NotAllowed(refused.decode("utf-8", "replace"))
        peer = response.ip_address
        if peer is not None and peer not in self._judged and not request.meta.get("proxy") and not response.flags:
            self._guard.judge(str(peer), request.url)
            self._judged.add(peer)
        return response

    def process_exception(self, request: Request, exception: Exception) -> None:
        """A browser says of a tunnel that the proxy refused only that it failed."""
        refused = request.meta.get("playwright") and "ERR_TUNNEL_CONNECTION_FAILED" in str(exception)
        if refused and self._guard.last_refusal:
            raise NotAllowed(self._guard.last_refusal) from exception

    async def _check(self, request: Request) -> None:
        await self._guard.check(request.url)


class PatientRetryMiddleware(RetryMiddleware):
    """Waits before it asks again: as long as the server says, else twice as long each time."""

    def process_response(self, request: Request, response: Response, spider: Spider | None = None) -> Any:  # noqa: ARG002
        result: Request | Response = super().process_response(request, response)
        return result if result is response else self._later(result, pause(request, response))

    async def _later(self, result: Request | Response, seconds: float) -> Request | Response:
        await asyncio.sleep(seconds)
        return result


def pause(request: Request, response: Response) -> float:
    """Seconds to wait before a page that was refused for now is asked for again."""
    written = (response.headers.get(b"Retry-After") or b"").strip()
    if written.isdigit():
        return min(float(written[:6]), MOST_PATIENCE_SECONDS)
    times: int = request.meta.get("retry_times", 0)
    return min(PATIENCE_SECONDS * 2.0**times, MOST_PATIENCE_SECONDS)


class RobotsMiddleware(RobotsTxtMiddleware):
    """robots.txt as RFC 9309 has it: a server that fails to serve it forbids everything."""

    def process_request_2(self, rp: RobotParser | None, request: Request) -> None:
        try:
            super().process_request_2(rp, request)
        except IgnoreRequest as error:
            raise RobotsForbid(f"robots.txt forbids {request.url}") from error

    async def _parse_robots(self, response: Response, netloc: str, request: Request) -> None:
        if response.status >= 500:
            response = response.replace(body=_FORBID_ALL)
        elif response.status >= 400:
            response = response.replace(body=b"")
        await super()._parse_robots(response, netloc, request)
