"""rules/*.toml: the documented examples load, and what is wrong is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from alerts.rules import DEFAULTS, load_rules
from core.config import parse_project
from core.errors import ConfigError

DOCUMENT = Path(__file__).parents[2] / "docs" / "alerts.md"
EXAMPLES = [block.partition("```")[0] for block in DOCUMENT.read_text(encoding="utf-8").split("```toml\n")[1:]]
RULE = '[[rule]]\nname = "r"\nkind = "negative_spike"\n'


def written(folder: Path, text: str) -> Path:
    (folder / "watch.toml").write_text(text, encoding="utf-8")
    return folder


def test_the_documented_examples_load(tmp_path: Path) -> None:
    rules, channels = EXAMPLES
    project = parse_project(channels)
    loaded = load_rules(written(tmp_path, rules), tuple(project.watch.channels))
    assert [r.name for r in loaded] == ["recalls", "battery, early"]
    assert loaded[0].floor == 4 and loaded[1].channels == ("desk",)


def test_without_files_the_defaults_hold(tmp_path: Path) -> None:
    assert load_rules(tmp_path) == load_rules(tmp_path / "none") == DEFAULTS


def test_the_query_of_the_defaults_is_one(tmp_path: Path) -> None:
    query = next(r.query for r in DEFAULTS if r.query)
    assert load_rules(written(tmp_path, f"{RULE}query = '{query}'\n"))[0].query == query


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[[rule]", "not valid TOML"),
        ("[rule]\nname = 'r'", "[[rule]]"),
        (f"{RULE}flor = 3", "flor"),
        (f"{RULE}floor = 0", "floor"),
        (RULE.replace("negative_spike", "spike"), "kind"),
        (f"{RULE}query = '(召回'", "query"),
        (f"{RULE}{RULE}", "own name"),
        (f"{RULE}channels = ['desk']", "watch.channels"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(ConfigError, match="watch.toml") as caught:
        load_rules(written(tmp_path, text), ())
    assert told in str(caught.value)
