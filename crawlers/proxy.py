"""The only way out for the browser: a proxy on loopback that judges every address it is asked for.

Chromium follows redirects and loads what a page names without asking anybody; through here each of these
connections is resolved, judged, and made to the very address that was judged.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import socket
from urllib.parse import urlsplit

from core.errors import NotAllowed, Unreachable
from crawlers.guard import Guard

REFUSED_HEADER = "X-Fengping-Refused"
_HEAD_LIMIT = 65_536
_CHUNK = 65_536
_CONNECT_SECONDS = 15
_HOP = frozenset(("proxy-connection", "connection", "keep-alive", "proxy-authorization"))
_PROXY_ERRORS = (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, ValueError, TimeoutError)

log = logging.getLogger(__name__)


class GuardedProxy:
    """An HTTP proxy for one source's browser. Listens from the start, serves once `serve` was awaited."""

    def __init__(self, guard: Guard, most_bytes: int) -> None:
        self._guard = guard
        self._most = most_bytes
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._server: asyncio.Server | None = None
        self._clients: set[asyncio.Task[None]] = set()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._socket.getsockname()[1]}"

    async def serve(self) -> None:
        self._server = await asyncio.start_server(self._client, sock=self._socket, limit=_HEAD_LIMIT)

    async def close(self) -> None:
        if self._server is not None:
            self._server.close()
        for client in self._clients:
            client.cancel()
        await asyncio.gather(*self._clients, return_exceptions=True)
        self._socket.close()

    async def _client(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._clients.add(task)
        task.add_done_callback(self._clients.discard)
        try:
            await self._served(reader, writer)
        except _PROXY_ERRORS as error:
            log.debug("a connection of the browser ended: %s", error)
        finally:
            writer.close()

    async def _served(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        first, _, rest = head.partition("\r\n")
        method, target, _ = first.split(" ", 2)
        tunnel = method == "CONNECT"
        parts = urlsplit(f"//{target}" if tunnel else target)
        host, port = parts.hostname or "", parts.port or (443 if tunnel else 80)
        try:
            upstream = await self._connected(host, port, target)
        except NotAllowed as error:
            _answer(writer, "403 Forbidden", str(error))
            return
        except (Unreachable, OSError, TimeoutError) as error:
            _answer(writer, "502 Bad Gateway", str(error))
            return
        if tunnel:
            writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        else:
            path = parts._replace(scheme="", netloc="").geturl() or "/"
            upstream[1].write(_forwarded(method, path, rest).encode("latin-1"))
        await self._relayed((reader, writer), upstream)

    async def _connected(self, host: str, port: int, what: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        addresses = await self._guard.addresses(host, what)
        async with asyncio.timeout(_CONNECT_SECONDS):
            return await asyncio.open_connection(addresses[0], port)

    async def _relayed(
        self,
        client: tuple[asyncio.StreamReader, asyncio.StreamWriter],
        upstream: tuple[asyncio.StreamReader, asyncio.StreamWriter],
    ) -> None:
        up = asyncio.create_task(self._copied(client[0], upstream[1]))
        try:
            await self._copied(upstream[0], client[1])
        finally:
            up.cancel()
            with contextlib.suppress(asyncio.CancelledError, OSError):
                await up
            upstream[1].close()

    async def _copied(self, source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        left = self._most
        while left > 0 and (chunk := await source.read(_CHUNK)):
            target.write(chunk)
            await target.drain()
            left -= len(chunk)


def _forwarded(method: str, path: str, rest: str) -> str:
    """The request as its server wants it. Closing after each answer keeps every request in front of the guard."""
    lines = [line for line in rest.split("\r\n") if line and line.partition(":")[0].strip().lower() not in _HOP]
    return "\r\n".join((f"{method} {path} HTTP/1.1", *lines, "Connection: close", "", ""))


def _answer(writer: asyncio.StreamWriter, status: str, why: str) -> None:
    said = why.replace("\r", " ").replace("\n", " ").encode("utf-8")
    header = b"" if not status.startswith("403") else REFUSED_HEADER.encode() + b": " + said + b"\r\n"
    writer.write(
        b"HTTP/1.1 " + status.encode() + b"\r\nContent-Type: text/plain; charset=utf-8\r\n" + header
        + b"Content-Length: " + str(len(said)).encode() + b"\r\nConnection: close\r\n\r\n" + said
    )  # fmt: skip
