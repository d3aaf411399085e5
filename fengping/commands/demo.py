"""`demo`: the whole chain over a world of its own, crawled over HTTP like any other."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from core.errors import InputError
from core.home import Home
from fengping import pipeline
from fengping.assembly import HOME_VARIABLE, Assembly, now, opened
from fengping.commands.collect import crawl_line, run_crawl
from fengping.commands.up import stay_up
from fengping.demo.compare import compare
from fengping.demo.posting import note_sites, post
from fengping.demo.project import write_demo_home
from fengping.demo.sites import serving_file, serving_world
from fengping.demo.state import DemoState, prepare, prepare_file, remember_port
from fengping.demo.world import DAYS, PER_DAY, SEED, blueprint, generate
from fengping.demo.writing import write_world
from fengping.jsonform import line
from fengping.terminal import HomeOption, JsonOption, bars, put, say

DEFAULT_HOME = Path(".demo")


def register(app: typer.Typer) -> None:
    app.command()(demo)


def demo(
    home: HomeOption = None,
    port: Annotated[int, typer.Option(help="The dashboard's port.")] = 0,
    from_file: Annotated[Path | None, typer.Option("--from", help="Serve this table as shop pages.")] = None,
    map: Annotated[str, typer.Option(help="With --from: which column is what.")] = "",
    fresh: Annotated[bool, typer.Option("--fresh", help="Begin with an empty home.")] = False,
    json: JsonOption = False,
    check: Annotated[bool, typer.Option("--check", help="No dashboard: compare with what was planted.")] = False,
    out: Annotated[Path | None, typer.Option(help="Write a world to this file instead of serving one.")] = None,
    truth: Annotated[Path | None, typer.Option(help="With --out: where the planted truth goes.")] = None,
    seed: Annotated[int, typer.Option(help="The world's seed.")] = SEED,
    per_day: Annotated[float, typer.Option("--per-day", help="Mentions a day.", min=0.1)] = PER_DAY,
    days: Annotated[int, typer.Option(help="How many days.", min=1)] = DAYS,
    text: Annotated[str, typer.Option("--post", help="Post this on the running demo and end.")] = "",
    to: Annotated[str, typer.Option(help="With --post: shop, microblog or forum.")] = "microblog",
) -> None:
    """Start the demo world, crawl it, read it, watch it, and show the dashboard."""
    if out is not None:
        _write(out, truth, seed, per_day, days)
        return
    chosen = home or Path(os.environ.get(HOME_VARIABLE, DEFAULT_HOME))
    place = Home(chosen.expanduser().resolve())
    if text:
        put(post(place, text, to))
        return
    if from_file is not None:
        _from_file(place, from_file, map, port, fresh, check)
        return
    state = prepare(place, now(), fresh, seed, per_day, days)
    with serving_world(state.ends, state.seed, state.per_day, state.days, state.port) as sites:
        remember_port(place, state, sites)
        write_demo_home(place, sites)
        note_sites(place, sites)
        say(f"demo world: shop {sites.shop}  microblog {sites.microblog}  forum {sites.forum}")
        with opened(place.path) as assembly:
            _through(assembly)
            if not check:
                stay_up(assembly, port)
                return
            raise typer.Exit(0 if _checked(assembly, state, json) else 1)


def _write(out: Path, truth: Path | None, seed: int, per_day: float, days: int) -> None:
    if truth is None:
        raise InputError("--out writes the world; give --truth FILE too, for what was planted in it.")
    written = write_world(blueprint(seed, per_day, days, now(), "drawn"), out, truth)
    say(f"{out}: {written.rows} mentions; {truth}: {written.planted} planted")


def _from_file(home: Home, file: Path, map: str, port: int, fresh: bool, check: bool) -> None:
    """Serves the user's rows as shop pages, and takes them through the chain."""
    with serving_file(file, map) as sites:
        prepare_file(home, file, fresh)
        write_demo_home(home, sites)
        with opened(home.path) as assembly:
            _through(assembly)
            totals = assembly.store.totals()
            put(f"{totals.total} mentions came home, {totals.indexed} are indexed")
            if not check:
                stay_up(assembly, port)


def _through(assembly: Assembly) -> None:
    """Crawl, read, relate, index, watch, with a bar for each."""
    outcome = run_crawl(assembly, list(assembly.project.sources))
    for row in outcome.sources:
        say(crawl_line(row))
    with bars() as report:
        pipeline.chain(assembly, report)


def _checked(assembly: Assembly, state: DemoState, as_json: bool) -> bool:
    """Prints found, missed and false incidents; True when everything stored is indexed."""
    world = generate(state.seed, state.per_day, state.days, end=state.ends)
    compared, totals = compare(world.truth, assembly.store.incidents()), assembly.store.totals()
    if as_json:
        hours = [f.delay.total_seconds() / 3600 for f in compared.found]
        found = [
            {"planted": f.planted, "incidents": f.incidents, "delay_hours": h}
            for f, h in zip(compared.found, hours, strict=True)
        ]
        put(line({"found": found, "missed": compared.missed, "false": compared.false, "mentions": totals}))
    else:
        for told in compared.lines():
            put(told)
        put(f"{totals.total} mentions collected, {totals.indexed} indexed")
    return totals.total > 0 and totals.total == totals.indexed
