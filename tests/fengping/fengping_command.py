"""Running a command in this process, as its entry point does: exit code, stdout, stderr."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from fengping.cli import main


@dataclass(frozen=True, slots=True)
class Answer:
    code: int
    out: str
    err: str

    def lines(self) -> list[Any]:
        return [json.loads(line) for line in self.out.splitlines()]


Command = Callable[..., Answer]


def command(monkeypatch: pytest.MonkeyPatch, captured: pytest.CaptureFixture[bytes]) -> Command:
    def ran(*words: object) -> Answer:
        captured.readouterr()
        monkeypatch.setattr(sys, "argv", ["fengping", *map(str, words)])
        try:
            main()
        except SystemExit as ended:
            code = ended.code if isinstance(ended.code, int) else 0
        else:
            code = 0
        out, err = captured.readouterr()
        return Answer(code, out.decode(), err.decode())

    return ran
