"""The layers of docs/architecture.md, held: each room imports only what its row of the table says."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import grimp
import pytest

ROOT = Path(__file__).resolve().parent.parent
ALLOWED: dict[str, set[str]] = {
    "core": set(),
    "crawlers": {"core", "store"},
    "store": {"core"},
    "nlp": {"core", "lexicons"},
    "index": {"core"},
    "alerts": {"core", "index"},
    "reports": {"core", "index", "alerts"},
    "dashboard": {"core", "store", "index", "alerts", "reports", "nlp"},
    "fengping": {"core", "crawlers", "store", "nlp", "index", "alerts", "reports", "dashboard", "lexicons"},
}
ONE_MODULE = {("index", "nlp"): "nlp.segment"}
"""A room that may import a single module of another."""
LIMIT_FILE, LIMIT_FUNCTION = 400, 60


@pytest.fixture(scope="module")
def graph() -> grimp.ImportGraph:
    return grimp.build_graph(*ALLOWED, include_external_packages=False, cache_dir=None)


@pytest.mark.parametrize("room", sorted(ALLOWED))
def test_a_room_imports_only_what_its_row_allows(graph: grimp.ImportGraph, room: str) -> None:
    wrong = []
    for importer in sorted(graph.modules):
        if importer.split(".")[0] != room:
            continue
        for imported in sorted(graph.find_modules_directly_imported_by(importer)):
            other = imported.split(".")[0]
            if other == room or other in ALLOWED[room] or other not in ALLOWED:
                continue
            if ONE_MODULE.get((room, other)) == imported:
                continue
            wrong.append(f"{importer} imports {imported}")
    assert wrong == []


@pytest.mark.parametrize("heavy", ["torch", "transformers", "bertopic", "umap", "hdbscan"])
def test_the_default_path_never_loads_a_heavy_library(heavy: str) -> None:
    code = f"import sys, fengping.cli, nlp.reader, index.embedded; sys.exit({heavy!r} in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


def _python_files() -> list[Path]:
    rooms = [*ALLOWED, "benchmarks", "training", "tests", "scripts"]
    return sorted(p for room in rooms for p in (ROOT / room).rglob("*.py"))


def test_no_file_and_no_function_outgrows_its_limit() -> None:
    long = []
    for path in _python_files():
        text = path.read_text(encoding="utf-8")
        if text.count("\n") > LIMIT_FILE:
            long.append(f"{path.relative_to(ROOT)}: {text.count(chr(10))} lines")
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                size = (node.end_lineno or node.lineno) - node.lineno + 1
                if size > LIMIT_FUNCTION:
                    long.append(f"{path.relative_to(ROOT)}:{node.lineno} {node.name}: {size} lines")
    assert long == []


def test_functions_are_short_in_the_median() -> None:
    sizes = sorted(
        (node.end_lineno or node.lineno) - node.lineno + 1
        for path in _python_files()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    )
    assert sizes[len(sizes) // 2] <= 10
