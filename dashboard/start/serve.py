"""The dashboard's server: `python serve.py PORT [ADDRESS]`, over the home that FENGPING_HOME names.

It opens its own door: on that of `streamlit run` small answers are held back for 40 ms each, because asyncio turns
Nagle's algorithm off only for sockets whose protocol is named. The first line says where; exit code TAKEN: the port is
taken.
"""

import socket
import sys
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
BACKLOG, TAKEN = 128, 75


def main(port: int, address: str = "127.0.0.1") -> None:
    """Serves until a signal ends it."""
    bootstrap.load_config_options({**SETTINGS, "server.port": port, "server.address": address})
    app = st.App(Path(__file__).with_name("app.py"), middleware=[Middleware(Assets)])
    config = uvicorn.Config(app, ws="websockets-sansio", ws_per_message_deflate=False, access_log=False)
    with door(address, port) as opened:
        sys.stdout.write(f"{address}:{port}\n")
        sys.stdout.flush()
        uvicorn.Server(config).run(sockets=[opened])


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
    main(int(sys.argv[1]), *sys.argv[2:3])
