"""The folder of the embedded index: one writer, many readers, killed at any moment, built anew when words change."""

from __future__ import annotations

import json
import multiprocessing
import os
import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest

from core.errors import Busy, HomeError
from core.tree import Everything, Phrase, Term, Word
from index.embedded import TantivyIndex
from tests.conformance.brute import Brute
from tests.conformance.putting import DOCUMENTS, putting

KILLS = 20


@contextmanager
def writer(folder: Path) -> Iterator[tuple[BaseProcess, Connection]]:
    """A process of its own that puts and puts; forked from a clean server, so that it begins at once."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.conformance.putting"])
    heard, said = context.Pipe(duplex=False)
    process = context.Process(target=putting, args=(str(folder), said))
    process.start()
    said.close()
    try:
        yield process, heard
    finally:
        process.kill()
        process.join()
        heard.close()


def test_a_second_writer_is_told_who_holds_the_lock(tmp_path: Path) -> None:
    first = TantivyIndex(tmp_path, write=True)
    with pytest.raises(Busy, match=rf"process {os.getpid()} since 20\d\d-"):
        TantivyIndex(tmp_path, write=True, wait_seconds=0.05)
    first.close()
    TantivyIndex(tmp_path, write=True).close()


def test_a_reader_cannot_write(tmp_path: Path) -> None:
    with pytest.raises(HomeError, match="write=True"):
        TantivyIndex(tmp_path).put(DOCUMENTS[:1])


def test_readers_elsewhere_see_each_commit(tmp_path: Path) -> None:
    reader = TantivyIndex(tmp_path)
    seen = []
    with writer(tmp_path) as (_, heard):
        for _ in range(12):
            assert heard.recv() <= reader.generation()
            seen.append(reader.count(Everything()))
            assert reader.count(Phrase("")) >= seen[-1]
    assert seen == sorted(seen) and seen[0] >= 40


def test_kill_9_at_any_moment_loses_and_doubles_nothing(tmp_path: Path) -> None:
    rnd = random.Random(5)
    for _ in range(KILLS):
        with writer(tmp_path) as (process, heard):
            last = heard.recv()
            process.join(rnd.random() * 0.15)
            process.kill()
            last = _last(heard, last)
        index = TantivyIndex(tmp_path, write=True)
        held = {d.id for d in index.scroll(Everything())}
        there = Brute([d for d in DOCUMENTS if d.id in held])
        assert index.generation() >= last
        assert index.count(Everything()) == len(held) >= 40
        for tree in (Phrase("慢"), Term("brand", "雷鸟")):
            assert [d.id for d in index.scroll(tree)] == sorted(there.ids(tree))
        index.close()
    index = TantivyIndex(tmp_path, write=True)
    index.put(DOCUMENTS, 1)
    assert index.facets(Everything(), "opinion", 99) == Brute(DOCUMENTS).facets(Everything(), "opinion", 99)
    index.close()


def _last(heard: Connection, known: int) -> int:
    """The last generation that was said before the kill."""
    try:
        while heard.poll():
            known = heard.recv()
    except (EOFError, OSError):
        return known
    return known


def test_other_user_words_cut_everything_anew(tmp_path: Path) -> None:
    index = TantivyIndex(tmp_path, write=True)
    index.put(DOCUMENTS, 9)
    index.delete([DOCUMENTS[0].id])
    index.close()
    named = TantivyIndex(tmp_path, write=True, user_words=["手机充电"])
    assert named.generation() == 9
    assert named.count(Everything()) == len(DOCUMENTS) - 1
    texts = [d.text for d in DOCUMENTS[1:]] + [d.title for d in DOCUMENTS[1:]]
    assert any("手机充电" in t for t in texts)
    assert TantivyIndex(tmp_path).count(Word("手机充电")) == named.count(Word("手机充电")) > 0
    named.close()
    assert [p.name for p in tmp_path.glob("v*")] == ["v2"]


def test_compaction_leaves_nothing_deleted_on_disk(tmp_path: Path) -> None:
    index = TantivyIndex(tmp_path, write=True)
    secret = "nobodyshallfindthis"
    index.put([*DOCUMENTS[:50], replace(DOCUMENTS[60], author=secret)], 2)
    index.delete([DOCUMENTS[60].id])
    index.compact()
    assert index.count(Everything()) == 50 and index.generation() == 2
    assert not [p for p in tmp_path.rglob("*") if p.is_file() and secret.encode() in p.read_bytes()]
    index.put(DOCUMENTS[50:60], 3)
    assert index.count(Everything()) == 60
    index.close()


def test_a_failed_put_changes_nothing(tmp_path: Path) -> None:
    index = TantivyIndex(tmp_path, write=True)
    index.put(DOCUMENTS[:20], 1)
    broken = replace(DOCUMENTS[30], likes="many")  # type: ignore[arg-type]
    with pytest.raises((TypeError, ValueError)):
        index.put([DOCUMENTS[21], broken], 2)
    assert (index.count(Everything()), index.generation()) == (20, 1)
    index.put(DOCUMENTS[:40], 3)
    assert index.facets(Everything(), "brand") == Brute(DOCUMENTS[:40]).facets(Everything(), "brand")
    index.close()


def test_damage_is_named(tmp_path: Path) -> None:
    index = TantivyIndex(tmp_path, write=True)
    index.put(DOCUMENTS[:20], 1)
    index.close()
    state = tmp_path / "v1" / "state.json"
    whole = state.read_text()
    state.write_text("{")
    with pytest.raises(HomeError, match=r"state\.json is damaged"):
        TantivyIndex(tmp_path).count(Everything())
    state.write_text(whole)
    with (tmp_path / "v1" / "single.source").open("r+b") as file:
        file.truncate(4)
    with pytest.raises(HomeError, match="index again"):
        TantivyIndex(tmp_path, write=True)
    state.write_text(json.dumps({**json.loads(whole), "schema": 0}))
    with pytest.raises(HomeError, match="schema 0"):
        TantivyIndex(tmp_path).count(Everything())
    anew = TantivyIndex(tmp_path, write=True)
    assert (anew.count(Everything()), anew.generation()) == (0, 0)
    anew.close()
