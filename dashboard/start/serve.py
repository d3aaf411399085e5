"""The dashboard's server: `python serve.py PORT [ADDRESS [PARENT]]`, over the home that FENGPING_HOME names.

It opens its own door: on that of `streamlit run` small answers are held back for 40 ms each, because asyncio turns
Nagle's algorithm off only for sockets whose protocol is named. The first line says who listens where; exit code TAKEN:
the port is taken. It ends when PARENT, the id of the process that started it, is gone.
"""

import os
import signal
import socket
import sys
import threading
import time
from pathlib import Path

import streamlit as st
import uvicorn
from starlette.middleware import Middleware
from streamlit.web import bootstrap

from dashboard.assets import Assets

SETTINGS = {
    "server.headless": True,
    "server.fileWatcherType": "none",
    "browser.gatherUsageStats": False,
    "client.toolbarMode": "minimal",
}
BACKLOG, TAKEN, PARENT_SECONDS = 128, 75, 0.5


def main(port: int, address: str = "127.0.0.1", parent: int = 0) -> None:
    """Serves until a signal ends it."""
    if parent:
        threading.Thread(target=leave_with, args=(parent,), daemon=True).start()
    bootstrap.load_config_options({**SETTINGS, "server.port": port, "server.address": address})
    app = st.App(Path(__file__).with_name("app.py"), middleware=[Middleware(Assets)])
    config = uvicorn.Config(app, ws="websockets-sansio", ws_per_message_deflate=False, access_log=False)
    with door(address, port) as opened:
        sys.stdout.write(f"{os.getpid()} listens on {address}:{port}\n")
        sys.stdout.flush()
        uvicorn.Server(config).run(sockets=[opened])


def leave_with(parent: int) -> None:
    """Ends this process once the one that started it is gone, however it went."""
    while os.getppid() == parent:
        time.sleep(PARENT_SECONDS)
    os.kill(os.getpid(), signal.SIGTERM)


def door(address: str, port: int) -> socket.socket:
    """A socket that listens on the port, its protocol named. Ends the program where another has it."""
    family, kind, protocol, _, place = socket.getaddrinfo(address, port, type=socket.SOCK_STREAM)[0]
    opened = socket.socket(family, kind, protocol)
    opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        opened.bind(place)
        opened.listen(BACKLOG)
    except OSError as error:
        sys.stderr.write(f"{address}:{port}: {error}\n")
        sys.exit(TAKEN)
    return opened


if __name__ == "__main__":
    asked = dict(zip(("port", "address", "parent"), sys.argv[1:], strict=False))
    main(int(asked["port"]), asked.get("address", "127.0.0.1"), int(asked.get("parent", 0)))
