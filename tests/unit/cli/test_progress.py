"""How far a long command is: only where somebody watches."""

import io
import sys

import pytest

from ledger.cli import progress
from ledger.cli.progress import watched


class Terminal(io.StringIO):
    """What is written to somebody who watches."""

    def isatty(self) -> bool:
        return True


def test_nothing_is_said_where_nobody_watches(monkeypatch: pytest.MonkeyPatch) -> None:
    """Into a file or another program go results alone."""
    monkeypatch.setattr(sys, "stderr", quiet := io.StringIO())
    assert list(watched(range(3), 3, "records")) == [0, 1, 2]
    assert quiet.getvalue() == ""


def test_a_terminal_sees_how_many_are_done_and_then_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """One line that is written over, and wiped at the end."""
    monkeypatch.setattr(progress, "_EVERY_S", 0.0)
    monkeypatch.setattr(sys, "stderr", terminal := Terminal())
    assert list(watched(range(3), 3, "records")) == [0, 1, 2]
    assert "\r2 of 3 records" in terminal.getvalue()
    assert terminal.getvalue().endswith("\r")
