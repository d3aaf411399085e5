"""`init`, `status`, `doctor`: the home itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

import typer

from fengping import doctor as examination
from fengping.assembly import index_trouble, opened
from fengping.initialise import Wanted, initialise
from fengping.jsonform import line
from fengping.status import status_of
from fengping.terminal import HomeOption, JsonOption, figures, put, say


def register(app: typer.Typer) -> None:
    app.command()(init)
    app.command()(status)
    app.command()(doctor)


def init(
    home: HomeOption = None,
    name: Annotated[str, typer.Option(help="The project's name.")] = "fengping",
    brand: Annotated[list[str] | None, typer.Option(help="A brand of yours; may be given several times.")] = None,
    rival: Annotated[list[str] | None, typer.Option(help="A rival's brand; may be given several times.")] = None,
    industry: Annotated[
        str, typer.Option(help="electronics restaurant hotel car cosmetics clothing general")
    ] = "general",
    timezone: Annotated[str, typer.Option(help="The project's time zone.")] = "Asia/Shanghai",
    new_industry: Annotated[
        bool, typer.Option("--new-industry", help="The industry is one of your own: make its lexicon file.")
    ] = False,
) -> None:
    """Make a home: a folder with a commented fengping.toml. Asks nothing."""
    made = initialise(home, Wanted(name, tuple(brand or ()), tuple(rival or ()), industry, timezone, new_industry))
    say(f"made {made.config}")
    say("next: `fengping import FILE` or `fengping crawl reviews URL`, then `fengping up`")


def status(home: HomeOption = None, json: JsonOption = False) -> None:
    """How many mentions are stored, read and indexed; the health of each source; incidents."""
    with opened(home) as assembly:
        found = status_of(assembly.store, index_trouble(assembly.home, assembly.project))
    rows: list[tuple[str, object]] = [(k, v) for k, v in found["mentions"].items()]
    rows += [(f"source {name}", _health_line(health)) for name, health in found["sources"].items()]
    rows += [("incidents", found["incidents"]), ("generation", found["generation"])]
    rows += [("index", found["index"])] if found["index"] else []
    figures(found, rows, json)


def _health_line(health: Mapping[str, object]) -> str:
    return (
        f"{health['mentions']} mentions; pages asked {health['asked']}, answered {health['answered']}, "
        f"refused {health['refused']}, failed {health['failed']}; newest {health['newest'] or 'none'}"
    )


def doctor(home: HomeOption = None, json: JsonOption = False) -> None:
    """Check this machine and home: libraries, browser, weights, configuration. Exits 1 when something is wrong."""
    checks = examination.examine(home)
    if json:
        put(line({"ok": all(c.ok for c in checks), "checks": checks}))
    else:
        for check in checks:
            put(
                f"{'ok ' if check.ok else 'BAD'}  {check.name:<12} {check.found}"
                + (f"\n     → {check.remedy}" if check.remedy else "")
            )
    raise typer.Exit(0 if all(c.ok or not c.needed for c in checks) else 1)
