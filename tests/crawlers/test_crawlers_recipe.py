"""A recipe is checked whole when it is loaded."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.errors import ConfigError
from crawlers.recipe import load_recipe, parse_recipe_file

GOOD = 'items = "li"\n[fields]\ntext = ".t"\n'


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ('items = "li"\n', "fields: Field required"),
        ('items = "li"\n[fields]\ntitle = "b"\n', "fields.text"),
        ('items = "li["\n[fields]\ntext = "b"\n', "items: 'li['"),
        ('items = "//li["\n[fields]\ntext = "b"\n', "no XPath"),
        (GOOD + 'colour = ".c"\n', "fields.colour: no field has this name"),
        (GOOD + 'date = { select = ".d", pattern = "(" }\n', "fields.date.pattern"),
        (GOOD + "date = { }\n", "`select` or `value`"),
        ("nxt = 'a'\n" + GOOD, "nxt: no setting has this name"),
        ("start = ['example.org']\n" + GOOD, "start: 'example.org' is no web address"),
        (GOOD.replace("[fields]", "scroll = {}\n[fields]"), "browser = true"),
        ("items = ", "not valid TOML"),
    ],
)
def test_what_is_wrong_is_said_with_file_and_key(written: str, said: str) -> None:
    with pytest.raises(ConfigError) as caught:
        parse_recipe_file(written, "shop.toml")
    assert str(caught.value).startswith("shop.toml") and said in str(caught.value)


def test_a_missing_or_unreadable_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="there is no recipe"):
        load_recipe(tmp_path / "none.toml")
    (tmp_path / "gbk.toml").write_bytes('items = "标题"'.encode("gbk"))
    with pytest.raises(ConfigError, match="not UTF-8"):
        load_recipe(tmp_path / "gbk.toml")
