"""Takes code blocks and links out of the project's Markdown."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_BLOCK = re.compile(r"^```(\w*)[^\n]*\n(.*?)^```\s*$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\]\(([^)\s]+)\)")


@dataclass(frozen=True)
class Step:
    """One command of a transcript and the lines that it is said to print."""

    command: str
    printed: tuple[str, ...]


def documents() -> list[Path]:
    """Every page written for people."""
    return [*sorted(ROOT.glob("README*.md")), ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]


def blocks(page: Path, language: str) -> list[str]:
    """The fenced blocks of a language."""
    return [body for name, body in _BLOCK.findall(page.read_text("utf-8")) if name == language]


def transcript(page: Path) -> list[Step]:
    """All commands of a page's console blocks, in order."""
    steps: list[Step] = []
    for block in blocks(page, "console"):
        for piece in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, *printed = piece.rstrip("\n").split("\n")
            steps.append(Step(command, tuple(printed)))
    return steps


def links(page: Path) -> list[str]:
    """Relative links of a page, without anchors."""
    prose = _BLOCK.sub("", page.read_text("utf-8"))
    found = [link.split("#")[0] for link in _LINK.findall(prose)]
    return [link for link in found if link and "://" not in link]


def table_rows(page: Path, heading: str) -> list[list[str]]:
    """The cells of every table row below a heading of a page, the title rows left out."""
    text = page.read_text("utf-8")
    part = text.split(f"\n{heading}\n", 1)[1]
    part = re.split(r"\n#{1,3} ", part)[0]
    lines = [line for line in part.split("\n") if line.startswith("|")]
    return [cells(line) for n, line in enumerate(lines) if n > 1 and not line.startswith("|-")]


def cells(line: str) -> list[str]:
    """One table row; `\\|` is a bar."""
    return [cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", line.strip())[1:-1]]
