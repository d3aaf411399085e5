"""The browser's only way out, spoken to as browsers speak to it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from crawlers.guard import Guard
from crawlers.proxy import REFUSED_HEADER, GuardedProxy

NAMES = {"listed.lan": ("127.0.0.1",), "inside.lan": ("10.0.0.1",)}
Answer = Callable[[int], bytes]


async def resolve(host: str) -> tuple[str, ...]:
    if host not in NAMES:
        raise OSError("no such name")
    return NAMES[host]


async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Sends the head of a request back as the body of its answer."""
    head = await reader.readuntil(b"\r\n\r\n")
    writer.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + head)
    writer.close()


async def said(request: Answer, most: int = 2**20) -> bytes:
    """What the proxy answers to a request, made for the port of a server that echoes."""
    server = await asyncio.start_server(echo, "127.0.0.1", 0)
    proxy = GuardedProxy(Guard(resolve, ["http://listed.lan/"]), most)
    await proxy.serve()
    reader, writer = await asyncio.open_connection("127.0.0.1", int(proxy.address.rpartition(":")[2]))
    writer.write(request(server.sockets[0].getsockname()[1]))
    answer = await asyncio.wait_for(reader.read(), 10)
    writer.close()
    await proxy.close()
    server.close()
    return answer


def asked(request: Answer, most: int = 2**20) -> str:
    waiting: Awaitable[bytes] = said(request, most)
    return asyncio.run(waiting).decode()  # type: ignore[arg-type]


def test_a_page_is_fetched_in_the_form_that_servers_know() -> None:
    answer = asked(
        lambda port: f"GET http://listed.lan:{port}/a?b=c HTTP/1.1\r\nHost: x\r\nProxy-Connection: k\r\n\r\n".encode()
    )
    assert answer.startswith("HTTP/1.1 200 OK")
    assert "GET /a?b=c HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" in answer and "Proxy" not in answer


def test_a_tunnel_leads_to_the_address_that_was_judged() -> None:
    answer = asked(lambda port: f"CONNECT listed.lan:{port} HTTP/1.1\r\n\r\nGET /t HTTP/1.1\r\n\r\n".encode())
    assert answer.startswith("HTTP/1.1 200 Connection established") and "GET /t" in answer


@pytest.mark.parametrize("request_line", ["GET http://inside.lan/ HTTP/1.1", "CONNECT inside.lan:443 HTTP/1.1"])
def test_private_networks_are_refused_with_the_reason(request_line: str) -> None:
    answer = asked(lambda _: f"{request_line}\r\nHost: inside.lan\r\n\r\n".encode())
    assert answer.startswith("HTTP/1.1 403") and f"{REFUSED_HEADER}: " in answer and "10.0.0.1" in answer


def test_what_cannot_be_reached_is_said() -> None:
    assert asked(lambda _: b"GET http://nowhere.lan/ HTTP/1.1\r\n\r\n").startswith("HTTP/1.1 502")


@pytest.mark.parametrize("line", [b"\r\n\r\n", b"GET\r\n\r\n", b"GET http://[ HTTP/1.1\r\n\r\n", b"x" * 100_000])
def test_nonsense_ends_the_connection_and_nothing_else(line: bytes) -> None:
    assert asked(lambda _: line) == ""


def test_an_answer_without_end_is_cut_off() -> None:
    long = "y" * 5000
    answer = asked(lambda port: f"GET http://listed.lan:{port}/{long} HTTP/1.1\r\n\r\n".encode(), most=1000)
    assert len(answer) < 6000
