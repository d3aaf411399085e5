"""A plain webhook: the message as a JSON object, posted to an address.

Options stand behind a `#` and are never sent: `https://hooks.example/fengping#timeout=5` (seconds).
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from http.client import HTTPException
from urllib.error import HTTPError, URLError
from urllib.parse import parse_qs, urldefrag, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from core.errors import ConfigError, Unreachable
from core.interfaces import Clock
from core.models import Delivery, Message

TIMEOUT_SECONDS = 10.0
_LATER = frozenset({408, 425, 429})
"""Answers below 500 after which the same message may be taken."""


@dataclass(frozen=True, slots=True)
class Webhook:
    """Posts to `url`. What the address hides (keys in its path) is in no error and no Delivery."""

    channel: str
    url: str
    timeout: float
    clock: Clock

    def send(self, message: Message) -> Delivery:
        """Raises Unreachable where a later try may succeed, ConfigError where it will not."""
        status = self._post(json.dumps(asdict(message), ensure_ascii=False).encode())
        return Delivery(message.id, self.channel, self.clock(), ok=True, detail=f"HTTP {status}")

    def _post(self, body: bytes) -> int:
        headers = {"Content-Type": "application/json; charset=utf-8", "User-Agent": "fengping"}
        request = Request(self.url, body, headers, method="POST")  # noqa: S310 - http and https only, checked
        try:
            with build_opener(_Unmoved()).open(request, timeout=self.timeout) as answer:
                return int(answer.status)
        except HTTPError as error:
            error.close()
            raise self._refused(error.code) from error
        except (URLError, TimeoutError, HTTPException, OSError) as error:
            reason = getattr(error, "reason", error)
            raise Unreachable(f"channel {self.channel}: {self._host()} did not answer ({reason}).") from error

    def _refused(self, status: int) -> Unreachable | ConfigError:
        if status >= 500 or status in _LATER:
            return Unreachable(f"channel {self.channel}: {self._host()} answered {status}; tried again later.")
        return ConfigError(f"channel {self.channel}: {self._host()} answered {status}. Is its address still right?")

    def _host(self) -> str:
        return urlsplit(self.url).hostname or ""


class _Unmoved(HTTPRedirectHandler):
    """A webhook that has moved is an error: following it would turn the POST into a GET."""

    def redirect_request(self, *_: object, **__: object) -> None:
        return None


def open_channel(channel: str, address: str, clock: Clock) -> Webhook:
    """Raises ConfigError for an address without a host, or options that make no sense."""
    url, options = urldefrag(address)
    given = parse_qs(options, keep_blank_values=True)
    unknown = sorted(set(given) - {"timeout"})
    try:
        timeout = float(given["timeout"][-1]) if "timeout" in given else TIMEOUT_SECONDS
        host, _ = urlsplit(url).hostname, urlsplit(url).port
    except ValueError as error:
        raise ConfigError(f"[watch.channels] {channel}: {error}.") from error
    if unknown or not host or not 0 < timeout <= 120:
        trouble = f"no option is called {unknown[0]!r}" if unknown else "a host and a timeout of 0–120 s are needed"
        raise ConfigError(f"[watch.channels] {channel}: {trouble}; e.g. https://hooks.example/fengping#timeout=5.")
    return Webhook(channel, url, timeout, clock)
