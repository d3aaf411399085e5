"""What is passed over when words or brands change is what mapping it again would leave as it was."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, reject, settings
from hypothesis import strategies as st

from core.config import Brand, Project
from core.errors import ConfigError
from core.home import Home
from core.models import Mention, Reading
from fengping.spared import remember, spared
from nlp.model import Model
from nlp.reader import MentionReader, ReaderSettings, versions
from store import open_store

CASES = Path(__file__).resolve().parents[1] / "cases" / "reading"
WORDS = {
    "battery": "words", "screen": "words", "price": "negative", "build": "negative", "battery/life": "positive",
    "performance": "positive", "sound": "words", "oddity": "words",
}  # fmt: skip
SAID = ("怪味", "电芯", "扎手", "半天", "拉胯", "一天一充", "漏音", "飞起", "掉渣")
TAUGHT = st.dictionaries(
    st.sampled_from(sorted(WORDS)), st.lists(st.sampled_from(SAID), min_size=1, max_size=2), max_size=3
)


@pytest.fixture(scope="module")
def mentions() -> list[Mention]:
    texts: list[str] = []
    for place in sorted(CASES.glob("*/electronics.toml")):
        texts += list(tomllib.loads(place.read_text(encoding="utf-8"))["sentences"])[:9]
    said = datetime(2026, 3, 1, tzinfo=UTC)
    return [
        Mention(str(k), "shop", "reviews", "review", text, said, brand="星禾", revision="r")
        for k, text in enumerate(texts)
    ]


@pytest.fixture(scope="module")
def model() -> Model:
    return Model()


@pytest.fixture(scope="module")
def readings(mentions: list[Mention], model: Model, tmp_path_factory: pytest.TempPathFactory) -> list[Reading]:
    return MentionReader(_settings(tmp_path_factory.mktemp("first")), lambda: model).read(mentions)


def _settings(home: Path, aliases: tuple[str, ...] = (), taught: dict[str, list[str]] | None = None) -> ReaderSettings:
    overlays = home / "lexicons"
    overlays.mkdir(exist_ok=True)
    entry = '["{0}"]\nzh = "{0}"\nen = "{0}"\n{1} = {2}\n'
    lines = [entry.format(path, WORDS[path], words) for path, words in (taught or {}).items()]
    (overlays / "electronics.toml").write_text("\n".join(lines), encoding="utf-8")
    brands = (Brand(name="星禾"), Brand(name="云岫", aliases=aliases))
    return ReaderSettings(Project(industry="electronics", brands=brands), overlays)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(taught=TAUGHT, aliases=st.sampled_from(((), ("隔壁",), ("竞品", "手机"))))
def test_a_spared_reading_is_what_mapping_it_again_gives(
    taught: dict[str, list[str]],
    aliases: tuple[str, ...],
    mentions: list[Mention],
    readings: list[Reading],
    model: Model,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    home = tmp_path_factory.mktemp("home")
    before, store = _settings(home), open_store(Home(home), Project())
    remember(store, before, versions(before.project, before.overlays))
    try:
        after = _settings(home, aliases, taught)
        now = versions(after.project, after.overlays)
    except ConfigError:  # a word that two attributes claim: such an overlay is refused before anything is mapped
        reject()
    remember(store, after, now)
    held, reader = spared(store, after), MentionReader(after, lambda: model)
    for mention, reading in zip(mentions, readings, strict=True):
        if held is not None and held.holds(mention, reading):
            assert reader.remap(mention, reading) == replace(reading, versions=now), mention.text


def test_most_are_spared_where_one_word_is_taught(
    mentions: list[Mention], readings: list[Reading], tmp_path: Path
) -> None:
    before, store = _settings(tmp_path), open_store(Home(tmp_path), Project())
    remember(store, before, versions(before.project, before.overlays))
    after = _settings(tmp_path, taught={"battery": ["电芯"]})
    remember(store, after, versions(after.project, after.overlays))
    held = spared(store, after)
    assert held is not None
    share = sum(held.holds(m, r) for m, r in zip(mentions, readings, strict=True)) / len(mentions)
    assert share > 0.8


def test_a_text_that_says_a_changed_word_is_mapped_again(readings: list[Reading], tmp_path: Path) -> None:
    before, store = _settings(tmp_path), open_store(Home(tmp_path), Project())
    remember(store, before, versions(before.project, before.overlays))
    after = _settings(tmp_path, ("隔壁",), {"battery": ["电芯"]})
    remember(store, after, versions(after.project, after.overlays))
    held = spared(store, after)
    assert held is not None
    told = Mention("1", "shop", "reviews", "review", "", datetime(2026, 3, 1, tzinfo=UTC), brand="星禾", revision="r")
    assert held.holds(replace(told, text="屏幕很亮"), replace(readings[0], unlisted=()))
    assert not held.holds(replace(told, text="电芯不行"), replace(readings[0], unlisted=()))
    assert not held.holds(replace(told, text="不如隔壁"), replace(readings[0], unlisted=()))
    assert not held.holds(replace(told, text="屏幕很亮"), replace(readings[0], unlisted=None))
