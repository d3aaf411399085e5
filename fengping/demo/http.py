"""A small web server: sites are functions from a request to a reply, served by threads on loopback."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, unquote, urlsplit

LARGEST = 1_000_000
"""Bytes of the longest request body that is read."""
_IDLE_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Asked:
    """A request: decoded path, query, headers with lower-case names, body."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer. It is sent after `wait_seconds`."""

    body: bytes = b""
    status: int = 200
    content_type: str = "text/html; charset=utf-8"
    headers: tuple[tuple[str, str], ...] = ()
    wait_seconds: float = 0


Site = Callable[[Asked], Reply]


def text(body: str, status: int = 200, content_type: str = "text/html; charset=utf-8") -> Reply:
    """A reply of text; what UTF-8 cannot hold becomes a question mark."""
    return Reply(body.encode("utf-8", "replace"), status, content_type)


def redirect(to: str) -> Reply:
    return Reply(status=302, headers=(("Location", to),))


def page_number(asked: Asked) -> int:
    """The page that is asked for, from 1; anything senseless is the first."""
    written = asked.query.get("page", "1")
    return max(1, int(written)) if written.isascii() and written.isdigit() and len(written) < 9 else 1


class Server:
    """One site on one port of 127.0.0.1 (0: any free one)."""

    def __init__(self, site: Site, port: int = 0) -> None:
        self._stopping = threading.Event()
        self._server = _Threads(("127.0.0.1", port), _handler(site, self._stopping))
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True)

    @property
    def url(self) -> str:
        """The address of the site, without a slash at its end."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Ends at once, whatever is being waited for."""
        self._stopping.set()
        if self._thread.is_alive():
            self._server.shutdown()
            self._thread.join(timeout=5)
        self._server.server_close()


class _Threads(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def handle_error(self, request: object, client_address: object) -> None:
        """A visitor who hangs up is no news."""


def _handler(site: Site, stopping: threading.Event) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = _IDLE_SECONDS
        disable_nagle_algorithm = True
        wbufsize = -1

        def do_GET(self) -> None:
            self._answer(b"")

        def do_HEAD(self) -> None:
            self._answer(b"")

        def do_POST(self) -> None:
            length = self.headers.get("Content-Length", "0")
            size = int(length) if length.isdigit() else 0
            if size > LARGEST:
                self._send(text("the body is too long", 413))
                self.close_connection = True
                return
            self._answer(self.rfile.read(size))

        def log_message(self, format: str, *args: object) -> None:
            """Nothing is logged: the crawler does that."""

        def _answer(self, body: bytes) -> None:
            parts = urlsplit(self.path)
            query = dict(parse_qsl(parts.query, keep_blank_values=True))
            headers = {name.lower(): value for name, value in self.headers.items()}
            reply = site(Asked(self.command, unquote(parts.path), query, headers, body))
            if reply.wait_seconds and stopping.wait(reply.wait_seconds):
                self.close_connection = True
                return
            self._send(reply)

        def _send(self, reply: Reply) -> None:
            self.send_response(reply.status)
            self.send_header("Content-Type", reply.content_type)
            self.send_header("Content-Length", str(len(reply.body)))
            for name, value in reply.headers:
                self.send_header(name, value)
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(reply.body)

    return Handler
