"""The configuration's page and the model of fengping.toml have the same keys, defaults and errors."""

from __future__ import annotations

import tomllib

import pytest
from docs_reading import ROOT, blocks, table_rows

from core.config import Brand, Privacy, Product, Project, ReadingRules, Source, Strict, Watch, parse_project
from core.errors import ConfigError

PAGE = ROOT / "docs" / "configuration.md"
SECTIONS: dict[str, type[Strict]] = {
    "## The project": Project,
    "## A brand: `[[brands]]`": Brand,
    "## A product: `[[brands.products]]`": Product,
    "## A source: `[[sources]]`": Source,
    "## Privacy: `[privacy]`": Privacy,
    "## Watching: `[watch]`": Watch,
    "## Reading: `[reading]`": ReadingRules,
}


@pytest.mark.parametrize("heading", list(SECTIONS))
def test_the_keys_are_those_of_the_model(heading: str) -> None:
    fields = SECTIONS[heading].model_fields.items()
    assert [row[0].strip("`") for row in table_rows(PAGE, heading)] == [f.alias or name for name, f in fields]


@pytest.mark.parametrize("heading", list(SECTIONS))
def test_the_defaults_are_those_of_the_model(heading: str) -> None:
    fields = {f.alias or name: f for name, f in SECTIONS[heading].model_fields.items()}
    for key, meaning, default in table_rows(PAGE, heading):
        assert meaning
        field = fields[key.strip("`")]
        if default.startswith("`"):
            written = tomllib.loads(f"x = {default.strip('`')}")["x"]
            found = field.get_default(call_default_factory=True)
            assert written == (list(found) if isinstance(found, tuple) else found), key
        elif not default:
            assert field.is_required() or isinstance(field.default, Strict), key
        else:
            assert not field.get_default(), key


def test_the_example_is_a_project() -> None:
    (example,) = blocks(PAGE, "toml")
    project = parse_project(example)
    assert project.own_brands == ("星禾",)
    assert project.sources[0].every_minutes == 30


def test_a_misspelt_key_is_told_as_the_page_says() -> None:
    with pytest.raises(ConfigError) as caught:
        parse_project('timezon = "UTC"', "shop/fengping.toml")
    assert f"    fengping: {caught.value}\n" in PAGE.read_text("utf-8")
