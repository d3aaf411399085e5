"""A world as files: the rows import as they are, and the truth reads back."""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

from core.errors import InputError
from crawlers.mapping import FIELDS, Mapping
from crawlers.parsers.table import read_table
from crawlers.parsers.table_rows import Row
from fengping.demo.truthfile import read_truth, write_truth
from fengping.demo.world import blueprint, generate
from fengping.demo.writing import write_world

END = datetime(2026, 5, 20, 7, 30, tzinfo=UTC)


def test_a_written_world_is_the_generated_one(tmp_path: Path) -> None:
    out, truth = tmp_path / "WORLD.jsonl", tmp_path / "T.json"
    plan = blueprint(4, 40, 60, END, "drawn")
    written = write_world(plan, out, truth)
    world = generate(4, 40, 60, end=END, scenario="drawn")
    rows = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    delivered = [p for p in world.posts if p.delivered]
    assert written.rows == len(rows) == len(delivered)
    for row, post in zip(rows, delivered, strict=True):
        assert (row["id"], row["source"], row["text"], row.get("title", "")) == (
            post.id,
            post.source,
            post.text,
            post.title,
        )
        assert datetime.fromisoformat(row["time"]) == post.time
        assert (row.get("rating"), row.get("followers"), row.get("views")) == (post.rating, post.followers, post.views)
        assert (row["brand"], row["product"], row["author"], row.get("parent", "")) == (
            post.brand, post.product, post.author, post.parent,
        )  # fmt: skip
    assert read_truth(truth) == world.truth
    assert written.planted == len(world.truth.planted)


def test_truth_of_a_world_in_memory_reads_back(tmp_path: Path) -> None:
    world = generate(4, 20, 95, end=END)
    write_truth(world.truth, tmp_path / "truth.json")
    assert read_truth(tmp_path / "truth.json") == world.truth


def test_the_rows_need_no_mapping(tmp_path: Path) -> None:
    out = tmp_path / "WORLD.jsonl"
    written = write_world(blueprint(4, 20, 30, END, "drawn"), out, tmp_path / "T.json")
    with out.open("rb") as stream:
        table = read_table(stream, out.name)
        rows = [r for r in table.rows if isinstance(r, Row)]
    assert len(rows) == written.rows
    mapping = Mapping.recognise(sorted({name for row in rows for name in row.cells}))
    assert {field: column for field, column in mapping.pairs} == {name: name for name in FIELDS}  # noqa: C416
    assert set(Counter(r.cells["kind"] for r in rows)) == {"review", "post"}


def test_paths_that_cannot_be_written_or_read_are_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be written"):
        write_world(blueprint(1, 5, 3, END), tmp_path / "none" / "W.jsonl", tmp_path / "T.json")
    with pytest.raises(InputError, match="cannot be read"):
        read_truth(tmp_path / "none.json")
    for wrong in ("", "[]", "{}", '{"mentions": {"a": 1}}'):
        (tmp_path / "wrong.json").write_text(wrong, encoding="utf-8")
        with pytest.raises(InputError, match="no truth"):
            read_truth(tmp_path / "wrong.json")
