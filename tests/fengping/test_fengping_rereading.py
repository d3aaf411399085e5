"""A new model reads in the background: first what people looked at last, while the dashboard goes on answering."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from threading import Thread
from urllib.request import urlopen

import pytest
from fengping_models import END, another_model, change, mentions

from core.errors import InputError
from core.interfaces import Understood
from core.tree import And, Everything, Near, Node, Not, Or, Phrase, Range, SameOpinion, Term, Word
from core.tree_json import tree_from_json, tree_to_json
from fengping import pipeline
from fengping.assembly import Assembly, opened
from fengping.initialise import Wanted, initialise
from fengping.loop import Loop, publish
from fengping.pipeline import Resident
from fengping.reading import BATCH
from fengping.rereading import note_view
from fengping.serving import dashboard_running
from nlp.reader import build_reader, versions

N = 380
"""Fewer than what is read by several processes: here each batch is looked at before the next is claimed."""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    place = initialise(tmp_path / "home", Wanted("w", ("星禾",), ("云帆",), "electronics", "Asia/Shanghai"))
    with opened(place.path) as assembly:
        assembly.store.add_mentions(mentions(place, 0, N))
        pipeline.chain(assembly)
    return place.path


@pytest.fixture
def assembly(home: Path) -> Iterator[Assembly]:
    with opened(home) as assembly:
        yield assembly


def with_another_model(assembly: Assembly, folder: Path) -> Assembly:
    name = another_model(folder)
    change(assembly.home, model=name)
    return replace(assembly, project=assembly.home.project())


def read_by(assembly: Assembly) -> list[Understood]:
    """What the present model has read."""
    model = versions(assembly.project, assembly.home.lexicons).model
    return [u for u in assembly.store.scan(n=10_000) if u.reading and u.reading.versions.model == model]


def turns(n: int):
    """Says after n batches that the turn is over."""
    asked = iter(range(n + 2))  # once before the first batch and once for what is mapped again
    return lambda: next(asked, None) is None


def test_what_was_looked_at_last_is_read_first(assembly: Assembly, tmp_path: Path) -> None:
    with assembly.index() as index:
        note_view(assembly, assembly.parse("*", index))
        note_view(assembly, assembly.parse("brand:云帆", index))
        rivals = index.count(assembly.parse("brand:云帆", index))
        before = index.count(assembly.parse("polarity:negative", index))
    changed = with_another_model(assembly, tmp_path)
    assert pipeline.refresh_versions(changed) == N and read_by(changed) == []
    assert 0 < rivals < BATCH
    pipeline.read(changed, ended=turns(1))
    done = read_by(changed)
    assert len(done) == BATCH < N
    assert sum("云帆" in (u.mention.brand, *u.reading.brands) for u in done if u.reading) >= rivals
    with changed.index() as index:  # nothing is missing meanwhile: the index holds the former readings
        assert index.count(Everything()) == N
        assert index.count(changed.parse("polarity:negative", index)) == before
    pipeline.read(changed)
    assert len(read_by(changed)) == N


def test_other_brands_map_again_what_they_touch_and_leave_the_rest(assembly: Assembly) -> None:
    change(assembly.home, brands=[{"name": "星禾", "own": True, "aliases": ["小禾"]}, {"name": "云帆"}])
    changed = replace(assembly, project=assembly.home.project())
    assert pipeline.refresh_versions(changed) == N and pipeline.read(changed) == N
    reader = build_reader(changed.project, changed.home.lexicons)
    known = changed.store.scan(n=N)
    assert [reader.remap(u.mention, u.reading) for u in known if u.reading] == [u.reading for u in known]
    assert 0 < changed.store.waiting("relate") < N  # only what came out otherwise


def test_a_mention_that_came_just_now_is_read_before_all(assembly: Assembly, tmp_path: Path) -> None:
    with assembly.index() as index:
        note_view(assembly, assembly.parse("brand:云帆", index))
    changed = with_another_model(assembly, tmp_path)
    pipeline.refresh_versions(changed)
    newcomers = list(mentions(changed.home, N, N + 10))
    changed.store.add_mentions(newcomers)
    pipeline.read(changed, ended=turns(1))
    assert {m.id for m in newcomers} < {u.mention.id for u in read_by(changed)}


def test_the_dashboard_answers_while_everything_is_read_again(assembly: Assembly, home: Path, tmp_path: Path) -> None:
    changed = with_another_model(assembly, tmp_path)
    pipeline.refresh_versions(changed)

    def read() -> None:
        with opened(home) as own:
            pipeline.chain(own)

    with dashboard_running(changed.home) as (url, process):
        reading = Thread(target=read)
        reading.start()
        answers, while_reading = [], 0
        while reading.is_alive():
            with urlopen(f"{url}/_stcore/health", timeout=30) as health, urlopen(url, timeout=30) as page:
                answers.append((health.status, page.status))
            while_reading += reading.is_alive()
        assert set(answers) == {(200, 200)} and while_reading > 0 and process.poll() is None
    assert len(read_by(changed)) == N


def test_a_program_that_stays_up_goes_by_the_file_as_it_is_changed(assembly: Assembly, tmp_path: Path) -> None:
    publish(assembly)
    troubles: list[str] = []
    resident = Resident()
    loop = Loop(assembly, lambda _: None, troubles.append, resident.chain)
    try:
        loop.tick()
        before = assembly.home.config.read_text("utf-8")
        assembly.home.config.write_text(before + "\nmodle = 1\n", "utf-8")
        loop.tick()
        loop.tick()
        assert len([t for t in troubles if "modle" in t]) == 1 and loop.assembly.project == assembly.project
        assembly.home.config.write_text(before, "utf-8")
        change(assembly.home, model=another_model(tmp_path))
        (assembly.home.lexicons / "electronics.toml").write_text('[battery]\nwords = ["电芯"]\n', "utf-8")
        loop.tick()
        while assembly.store.waiting("read"):  # a turn ends after a while
            loop.tick()
    finally:
        resident.close()
    assert loop.assembly.project.model.endswith("other")
    made_by = versions(loop.assembly.project, assembly.home.lexicons)
    assert {u.reading.versions for u in assembly.store.scan(n=N) if u.reading} == {made_by}
    assert len(read_by(loop.assembly)) == N


@pytest.mark.parametrize(
    "tree",
    [
        Everything(), Word("电池"), Phrase("充电 慢"), Near(("a", "b"), ("c",), 3), Term("brand", "星禾"),
        Range("date", None, END), Range("rating", 0.25, None),
        SameOpinion(attribute="battery"), And((Word("a"), Or((Word("b"), Not(Word("c")))))),
    ],
)  # fmt: skip
def test_a_tree_is_the_same_after_it_was_stored(tree: Node) -> None:
    assert tree_from_json(tree_to_json(tree)) == tree


@pytest.mark.parametrize("text", ["", "[]", "3", '{"is":"Nothing"}', '{"is":"Word"}', '{"is":"Word","txt":"a"}'])
def test_what_is_no_tree_is_an_error(text: str) -> None:
    with pytest.raises(InputError, match="no query as it was stored"):
        tree_from_json(text)
