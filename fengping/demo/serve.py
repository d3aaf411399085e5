"""The demo sites as a process of their own: `python -m fengping.demo.serve`. It ends when its parent does.

The first line on stdout is JSON: the address of each site. Everything else is silent.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path

from core.errors import FengpingError, InputError
from fengping.demo.admin import Admin
from fengping.demo.board import Board
from fengping.demo.forum_site import Forum
from fengping.demo.from_file import FileShop, read_file
from fengping.demo.http import Asked, Reply, Server, Site
from fengping.demo.microblog_site import Microblog
from fengping.demo.outlet_site import SLOW_SECONDS, Outlet
from fengping.demo.records import WorldPost
from fengping.demo.shop_site import Shop
from fengping.demo.world import DAYS, PER_DAY, SEED, generate

SITES = ("shop", "microblog", "forum")
TOKEN_VARIABLE = "FENGPING_DEMO_TOKEN"  # noqa: S105 - the name of the variable, not a token
ADMIN_PATH = "/_new"
FIRST_PORT, PORTS_TRIED = 8710, 300


def world_servers(
    posts: Iterable[WorldPost], end: datetime, token: str, slow_seconds: float = SLOW_SECONDS, port: int = 0
) -> dict[str, Server]:
    """A server for each site of a world, bound and not yet started; posts of a silent site stay out of it.

    The sites stand on neighbouring ports: those from `port` on, or the first free ones from FIRST_PORT on.
    Binding is the choice: two demos that start at one moment never think the same ports free.
    Raises InputError where they are taken.
    """
    by_source: dict[str, list[WorldPost]] = {}
    for post in posts:
        if post.delivered:
            by_source.setdefault(post.source, []).append(post)
    boards = {source: Board(by_source.get(source, ())) for source in (*SITES, "outlet")}
    forum = Forum(boards["forum"])
    sites: dict[str, Site] = {
        "shop": Shop(boards["shop"], Outlet(boards["outlet"], end, slow_seconds)),
        "microblog": Microblog(boards["microblog"]),
        "forum": forum,
    }
    served = {name: _with_admin(site, Admin(name, boards[name], token, _now)) for name, site in sites.items()}
    servers = _on_ports(served, port)
    forum.absolute = servers["forum"].url
    return servers


def file_servers(path: Path, mapping: str, port: int) -> dict[str, Server]:
    """A server for the rows of a file."""
    return {"shop": Server(FileShop(read_file(path, mapping)), port)}


def _on_ports(sites: Mapping[str, Site], port: int) -> dict[str, Server]:
    first, last = (port, port) if port else (FIRST_PORT, FIRST_PORT + PORTS_TRIED)
    for start in range(first, last + 1, len(sites)):
        servers: dict[str, Server] = {}
        try:
            for number, (name, site) in enumerate(sites.items(), start):
                servers[name] = Server(site, number)
            return servers
        except OSError:
            for server in servers.values():
                server.stop()
    raise InputError(
        f"the demo sites need {len(sites)} neighbouring ports on 127.0.0.1, and those from {first} on are taken by "
        "other programs; end those, or give the demo another --home."
    )


def main(arguments: list[str] | None = None) -> int:
    """Serves until standard input ends; 1 with a message on stderr when there is nothing to serve."""
    options = _parser().parse_args(arguments)
    try:
        servers = _servers(options)
    except (FengpingError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    for server in servers.values():
        server.start()
    sys.stdout.write(json.dumps({name: server.url for name, server in servers.items()}) + "\n")
    sys.stdout.flush()
    try:
        sys.stdin.buffer.read()
    except KeyboardInterrupt:
        return 0
    finally:
        for server in servers.values():
            server.stop()
    return 0


def _servers(options: argparse.Namespace) -> dict[str, Server]:
    if options.file is not None:
        return file_servers(options.file, options.map, options.port)
    end = datetime.fromisoformat(options.end) if options.end else _now()
    world = generate(options.seed, options.per_day, options.days, end=end)
    token = os.environ.get(TOKEN_VARIABLE, "")
    return world_servers(world.posts, end, token, options.slow_seconds, options.port)


def _with_admin(site: Site, admin: Admin) -> Site:
    def answer(asked: Asked) -> Reply:
        return admin(asked) if asked.path == ADMIN_PATH else site(asked)

    return answer


def _now() -> datetime:
    return datetime.now(UTC)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m fengping.demo.serve")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--per-day", type=float, default=PER_DAY)
    parser.add_argument("--days", type=int, default=DAYS)
    parser.add_argument("--end", default="", help="ISO time with offset; now when left out")
    parser.add_argument("--port", type=int, default=0, help="of the shop; the others follow; 0 finds free ones")
    parser.add_argument("--slow-seconds", type=float, default=SLOW_SECONDS)
    parser.add_argument("--file", type=Path, help="serve the rows of this table instead")
    parser.add_argument("--map", default="")
    return parser


if __name__ == "__main__":
    sys.exit(main())
