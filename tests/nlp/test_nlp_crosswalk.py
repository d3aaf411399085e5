"""The taxonomy in other people's labels."""

from __future__ import annotations

import pytest

from core.errors import ConfigError
from nlp.crosswalk import TABLE, crosswalk
from nlp.lexicon import load_lexicon
from nlp.lexicon_file import read_toml

JD, AIC = crosswalk("jd"), crosswalk("aic")


@pytest.mark.parametrize(("name", "industry", "labels"), [("jd", "electronics", 34), ("aic", "restaurant", 20)])
def test_every_path_of_a_table_is_one_of_its_industry(name: str, industry: str, labels: int):
    known = {a.path for a in load_lexicon(industry).attributes}
    table = {k: v for k, v in read_toml(TABLE)[name].items() if isinstance(v, dict)}
    assert not {p for entry in table.values() for p in entry.get("paths", ())} - known
    assert len(crosswalk(name).labels) == labels


@pytest.mark.parametrize("industry", ["electronics"])
def test_every_attribute_of_electronics_has_a_label_of_jd(industry: str):
    assert not [a.path for a in load_lexicon(industry).attributes if JD.one_of("", [a.path]) == JD.rest]


@pytest.mark.parametrize(
    ("text", "paths", "label"),
    [
        ("充电有点慢", ["battery/charging"], "电源电池"),
        ("充电的时候烫手", ["battery/heat"], "散热"),
        ("ＣＰＵ很强", ["performance"], "CPU"),
        ("这台真不错", ["overall"], "整机"),
        ("这台真好用", ["overall"], "使用体验"),
        ("等了半年", [], "其他"),
        ("终于买到了", ["overall"], "购买意向"),
    ],
)
def test_a_clause_has_one_label(text: str, paths: list[str], label: str):
    assert JD.one_of(text, paths) == label


def test_a_review_has_all_its_labels():
    found = AIC.all_of("地铁口出来就到，味道好，下次再来", ["taste", "service/attitude", "dishes/meat"])
    assert found == {
        "location_traffic_convenience", "dish_taste", "service_waiters_attitude",
        "others_overall_experience", "others_willing_to_consume_again",
    }  # fmt: skip
    assert AIC.all_of("", []) == {"others_overall_experience"}


def test_a_set_that_is_not_there_is_named():
    with pytest.raises(ConfigError, match="no set called 'jdd'; there are: jd, aic"):
        crosswalk("jdd")
