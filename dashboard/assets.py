"""Streamlit's own scripts and fonts from memory, and named to the browser at once.

Streamlit reads each of a page's 130 files anew for every reader, some eight milliseconds each, and the browser learns
of the second half only when the first has run. Held in memory and named in the page they come while it still waits.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterable, Mapping, MutableMapping
from pathlib import Path
from typing import Any

from streamlit import file_util

EVERYWHERE = ("ButtonGroup", "Selectbox", "Multiselect", "Checkbox", "Html")
"""Streamlit's names of the elements that each page has: sidebar and texts."""
ELEMENTS: Mapping[str, tuple[str, ...]] = {
    "overview": ("Metric", "ArrowVegaLiteChart", "PageLink"),
    "complaints": ("ArrowVegaLiteChart", "Button"),
    "topics": ("ArrowVegaLiteChart", "Button", "StreamlitSyntaxHighlighter"),
    "compare": ("ArrowVegaLiteChart",),
    "alerts": ("ArrowVegaLiteChart", "PageLink", "Button"),
    "search": ("TextInput", "Button", "StreamlitSyntaxHighlighter"),
    "sources": ("ArrowVegaLiteChart", "Button"),
    "labels": ("Button", "TextInput", "Progress", "StreamlitSyntaxHighlighter"),
}
FIRST = "overview"
"""The page at the address without a name."""
TITLE = "风评 fengping"
_TYPES = {".js": "text/javascript", ".css": "text/css", ".woff2": "font/woff2"}
_YEAR = b"public, immutable, max-age=31536000"
_IMPORTED = re.compile(r"""(?:\bfrom|\bimport)\s*["']\./([\w.-]+\.js)["']""")
_NAMED = re.compile(r'href="\./static/js/([^"]+)"|src="\./static/js/([^"]+)"')

Headers = list[tuple[bytes, bytes]]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Message, Receive, Send], Awaitable[None]]


class Assets:
    """ASGI middleware that answers for pages and static files, and hands everything else on."""

    def __init__(self, app: Application, folder: Path | None = None) -> None:
        self._app = app
        self._folder = folder or Path(file_util.get_static_dir())
        self._known = {f"/{p.relative_to(self._folder).as_posix()}": p for p in _static(self._folder)}
        self._held: dict[str, bytes] = {}
        shell = (self._folder / "index.html").read_text("utf-8")
        self._pages = {name: page_of(shell, self._folder / "static" / "js", name).encode() for name in ELEMENTS}

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        found = self._answer(scope) if scope["type"] == "http" and scope["method"] in ("GET", "HEAD") else None
        if found is None:
            await self._app(scope, receive, send)
            return
        status, body, headers = found
        headers += [(b"content-length", b"%d" % len(body)), (b"x-content-type-options", b"nosniff")]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})

    def _answer(self, scope: Message) -> tuple[int, bytes, Headers] | None:
        path = scope["path"]
        if path == f"/{FIRST}":  # Streamlit knows its first page at / alone, and says of this one that it is not there
            query = b"?" + asked if (asked := scope.get("query_string", b"")) else b""
            return 307, b"", [(b"location", b"./" + query)]
        if (page := self._pages.get(path.strip("/") or FIRST)) is not None and path.count("/") == 1:
            return 200, page, [(b"content-type", b"text/html; charset=utf-8"), (b"cache-control", b"no-cache")]
        if (place := self._known.get(path)) is None:
            return None
        if path not in self._held:
            self._held[path] = place.read_bytes()
        return 200, self._held[path], [(b"content-type", _TYPES[place.suffix].encode()), (b"cache-control", _YEAR)]


def page_of(shell: str, scripts: Path, name: str) -> str:
    """Streamlit's page with our title, naming every script that the elements of a page of ours need.

    An element that Streamlit no longer knows by its name is left out: the browser finds its script later, by itself.
    """
    there = {m[1] or m[2] for m in _NAMED.finditer(shell)}
    wanted = [p.name for element in (*EVERYWHERE, *ELEMENTS[name]) for p in sorted(scripts.glob(f"{element}.*.js"))]
    missing = [script for script in _closure(wanted, scripts) if script not in there]
    links = "".join(f'<link rel="modulepreload" crossorigin href="./static/js/{script}">' for script in missing)
    return shell.replace("</head>", f"{links}</head>", 1).replace("<title>Streamlit</title>", f"<title>{TITLE}</title>")


def _closure(first: Iterable[str], scripts: Path) -> list[str]:
    """These scripts and all that they import, in the order of need."""
    found: dict[str, None] = {}
    waiting = list(first)
    while waiting:
        script = waiting.pop(0)
        if script not in found and (scripts / script).is_file():
            found[script] = None
            waiting += _IMPORTED.findall((scripts / script).read_text("utf-8"))
    return list(found)


def _static(folder: Path) -> Iterable[Path]:
    return (p for p in (folder / "static").rglob("*") if p.suffix in _TYPES and p.is_file())
