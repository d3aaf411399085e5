"""Homes of every schema that was released open, and answer as they did."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from fengping_kept import figures_of

from core.tree import Everything
from fengping import pipeline
from fengping.assembly import index_trouble, opened
from fengping.doctor import examine
from fengping.status import status_of
from store.schema import VERSION

HOMES = Path(__file__).resolve().parents[1] / "cases" / "homes"
KEPT = sorted(place.parent.name for place in HOMES.glob("*/expected.json"))


def test_the_present_schema_has_its_home() -> None:
    assert str(VERSION) in KEPT, "a new schema: run scripts/make_home_case once, and commit what it writes"


@pytest.mark.parametrize("version", KEPT)
def test_a_kept_home_opens_and_answers_as_it_did(version: str, tmp_path: Path) -> None:
    place = tmp_path / "home"
    shutil.copytree(HOMES / version, place)
    expected = json.loads((place / "expected.json").read_text(encoding="utf-8"))["figures"]
    with opened(place) as assembly:
        # Nothing is read again: the lexicons of today must not move the figures of then.
        pipeline.rebuild_if_lost(assembly)
        pipeline.index(assembly)
        assert figures_of(assembly, list(expected["found"])) == expected


@pytest.mark.parametrize("version", KEPT)
def test_a_kept_home_keeps_what_people_said(version: str, tmp_path: Path) -> None:
    place = tmp_path / "home"
    shutil.copytree(HOMES / version, place)
    expected = json.loads((place / "expected.json").read_text(encoding="utf-8")).get("labelled")
    with opened(place) as assembly:
        sample, labels = assembly.store.sample(), assembly.store.labels()
    assert {"sample": len(sample), "labels": len(labels)} == (expected or {"sample": 0, "labels": 0})
    assert all(label.complete and len(label.opinions) == 2 for label in labels)


@pytest.mark.parametrize("version", KEPT)
def test_a_kept_home_keeps_its_topics(version: str, tmp_path: Path) -> None:
    place = tmp_path / "home"
    shutil.copytree(HOMES / version, place)
    expected = json.loads((place / "expected.json").read_text(encoding="utf-8")).get("topics", {})
    with opened(place) as assembly:
        runs = assembly.store.topic_runs()
        members = [len(assembly.store.topic_members(r.id, t.id)) for r in runs for t in r.topics]
    assert {r.query: [t.label for t in r.topics] for r in runs} == expected
    assert members == ([5, 4] if expected else [])


def test_an_index_of_an_earlier_version_is_said_and_made_anew(tmp_path: Path) -> None:
    place = tmp_path / "home"
    shutil.copytree(HOMES / KEPT[-1], place)
    with opened(place) as assembly:
        pipeline.rebuild_if_lost(assembly)
        pipeline.index(assembly)
        before = status_of(assembly.store, index_trouble(assembly.home, assembly.project))
        state = next((place / "index").rglob("state.json"))
        state.write_text(json.dumps({**json.loads(state.read_text("utf-8")), "schema": 1}), "utf-8")
        assert "`fengping index` builds it anew" in index_trouble(assembly.home, assembly.project)
        assert [c.ok for c in examine(place) if c.name == "index"] == [False]
        pipeline.rebuild_if_lost(assembly)
        pipeline.index(assembly)
        after = status_of(assembly.store, index_trouble(assembly.home, assembly.project))
        assert before["index"] == after["index"] == "" and after["mentions"] == before["mentions"]
        with assembly.index() as found:
            assert found.count(Everything()) == after["mentions"]["indexed"] > 0


@pytest.mark.parametrize("version", KEPT)
def test_a_kept_home_is_read_anew_with_the_lexicons_of_today(version: str, tmp_path: Path) -> None:
    place = tmp_path / "home"
    shutil.copytree(HOMES / version, place)
    expected = json.loads((place / "expected.json").read_text(encoding="utf-8"))["figures"]
    with opened(place) as assembly:
        assembly.store.stale("lexicon", "of today")
        assert assembly.store.waiting("read") == expected["mentions"]["total"]
        pipeline.read(assembly)
        pipeline.relate(assembly)
        pipeline.rebuild_if_lost(assembly)
        pipeline.index(assembly)
        found = figures_of(assembly, ["*"])
    assert found["mentions"] == expected["mentions"]
    assert found["found"] == {"*": expected["found"]["*"]}


@pytest.mark.parametrize("version", KEPT)
def test_a_kept_home_is_small_and_holds_no_telephone_number(version: str) -> None:
    files = [file for file in (HOMES / version).rglob("*") if file.is_file()]
    assert sum(file.stat().st_size for file in files) < 400_000
    assert not any(b"13800138000" in file.read_bytes() for file in files)
