"""Every page: its links lead somewhere, its commands and options exist, it names no place of a machine."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import click
import pytest
import typer
from docs_reading import ROOT, blocks, documents, links, table_rows

from core.tree import FACET_FIELDS
from crawlers.mapping import FIELDS as COLUMNS
from crawlers.recipe import FIELDS, parse_recipe_file
from fengping.cli import app, register
from tests.test_architecture import ALLOWED, ONE_MODULE

PAGES = documents()
IDS = [str(p.relative_to(ROOT)) for p in PAGES]
SHORT = ("README.md", "README.zh.md")
MACHINE = re.compile(r"(?<![\w.<>-])(?:/home/|/root/|/work/|/tmp/|/Users/|[A-Z]:\\)|\.\./shared|pypi\.org|localhost:\d")
COMMAND = re.compile(r"(?:^|`|\$ |\| |    )fengping ([a-z]+)\b([^`\n]*)", re.MULTILINE)
"""A command in backticks, in a block, or behind a pipe."""


@cache
def commands() -> dict[str, set[str]]:
    """Each command of the program with its options; of a group, those of its own commands."""
    register()
    group = typer.main.get_command(app)
    assert isinstance(group, click.Group) or hasattr(group, "commands")
    return {name: options(command) for name, command in group.commands.items()}


def options(command: click.Command) -> set[str]:
    own = {o for p in command.params for o in (*p.opts, *p.secondary_opts)}
    return own.union(*map(options, getattr(command, "commands", {}).values()))


@pytest.mark.parametrize("page", PAGES, ids=IDS)
def test_links_lead_to_files(page: Path) -> None:
    missing = [link for link in links(page) if not (page.parent / link).exists()]
    assert missing == []


@pytest.mark.parametrize("page", PAGES, ids=IDS)
def test_no_page_names_a_machine(page: Path) -> None:
    assert MACHINE.findall(page.read_text("utf-8")) == []


@pytest.mark.parametrize("page", PAGES, ids=IDS)
def test_commands_and_options_exist(page: Path) -> None:
    for name, rest in COMMAND.findall(page.read_text("utf-8")):
        assert name in commands(), name
        asked = set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", rest.split(" | ")[0]))
        assert asked <= commands()[name], (name, asked - commands()[name])


@pytest.mark.parametrize("name", SHORT)
def test_the_readme_is_short_and_links_to_its_twin(name: str) -> None:
    text = (ROOT / name).read_text("utf-8")
    assert text.count("\n") <= 150
    assert set(SHORT) - {name} <= set(links(ROOT / name))


@pytest.mark.parametrize("name", SHORT)
def test_make_knows_the_targets_that_the_readme_names(name: str) -> None:
    made = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    asked = set(re.findall(r"^    make ([a-z-]+)", (ROOT / name).read_text("utf-8"), re.MULTILINE))
    assert {"run", "test"} <= asked <= made


def test_the_rooms_of_the_architecture_are_those_that_are_held() -> None:
    rows = table_rows(ROOT / "docs" / "architecture.md", "## Rooms")
    said = {row[0].strip("`/"): {w.strip() for w in row[2].split(",")} for row in rows}
    for room, allowed in ALLOWED.items():
        may = allowed | {module for (importer, _), module in ONE_MODULE.items() if importer == room}
        words = {"core": {"nothing of ours"}, "fengping": {"everything"}}.get(room, may)
        assert said[room] == words, room
    assert set(said) == {*ALLOWED, "lexicons"}
    assert all((ROOT / room).is_dir() for room in said)


def test_the_recipe_shown_is_one_and_its_fields_are_listed() -> None:
    page = ROOT / "docs" / "adding-a-source.md"
    _, recipe = blocks(page, "toml")
    assert parse_recipe_file(recipe, "recipe").scroll is not None
    listed = page.read_text("utf-8").split("\nFields:")[1].split("\n\n")[0]
    assert set(re.findall(r"`(\w+)`", listed)) == set(FIELDS)


def test_the_columns_of_an_import_are_listed() -> None:
    text = (ROOT / "docs" / "adding-a-source.md").read_text("utf-8")
    listed = text.split("Fields of `--map`:")[1].split("\n\n")[0]
    assert re.findall(r"`(\w+)`", listed) == list(COLUMNS)


def test_facets_named_in_pages_exist() -> None:
    for page in PAGES:
        for field in re.findall(r"--facet ([a-z_]+)", page.read_text("utf-8")):
            assert field in FACET_FIELDS, (page, field)
