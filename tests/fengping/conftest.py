"""What the tests of commands share."""

from __future__ import annotations

import pytest
from fengping_command import Command, command


@pytest.fixture
def fengping(monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]) -> Command:
    """Runs a command in this process, with no home but the one that is named."""
    monkeypatch.delenv("FENGPING_HOME", raising=False)
    return command(monkeypatch, capsysbinary)
