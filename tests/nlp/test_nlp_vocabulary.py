"""What attributes and brands may be called in a query."""

from __future__ import annotations

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from core.config import Brand, Project
from core.errors import ConfigError, QueryError
from core.tree import Node, SameOpinion, Term
from index.query import parse
from nlp.reader import versions
from nlp.vocabulary import project_lexicons, vocabulary

PROJECT = Project(
    name="p", industry="electronics", brands=(Brand(name="星禾", aliases=("Xinghe", "星禾手机")), Brand(name="云岫"))
)
WORDS = vocabulary(PROJECT, project_lexicons(PROJECT), {"brand": ["路过牌"], "attribute": ["old/path"]})


def asked(query: str) -> Node:
    return parse(query, ZoneInfo("Asia/Shanghai"), known=WORDS.known, names=WORDS.names)


@pytest.mark.parametrize("written", ["battery", "Battery", "电池", "BATTERY"])
def test_an_attribute_has_three_names(written: str) -> None:
    assert asked(f"attribute:{written}") == Term("attribute", "battery")
    assert asked(f"opinion:(attribute:{written} polarity:负面)") == SameOpinion(
        attribute="battery", polarity="negative"
    )


@pytest.mark.parametrize("written", ["星禾", "xinghe", "星禾手机"])
def test_a_brand_is_known_by_its_aliases(written: str) -> None:
    assert asked(f"brand:{written}") == Term("brand", "星禾")


def test_what_mentions_carry_can_be_asked_for_though_nothing_configures_it() -> None:
    assert asked("brand:路过牌") == Term("brand", "路过牌")
    assert asked("attribute:old/path") == Term("attribute", "old/path")


@pytest.mark.parametrize(("query", "meant"), [("attribute:batery", "battery"), ("brand:星禾牌", "星禾")])
def test_a_wrong_name_is_no_silent_nought(query: str, meant: str) -> None:
    with pytest.raises(QueryError) as told:
        asked(query)
    assert told.value.suggestion == meant and told.value.position == query.index(":") + 1


def test_an_overlay_of_no_industry_is_said(tmp_path: Path) -> None:
    (tmp_path / "elektronics.toml").write_text("", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"elektronics\.toml belongs to no industry.*Did you mean electronics\.toml"):
        versions(PROJECT, tmp_path)
