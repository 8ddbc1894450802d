"""The supervisor's lines."""

import errno
import io

from ledger.stack.report import Report


class ClosedTerminal(io.StringIO):
    encoding = "utf-8"

    def write(self, _text: str) -> int:
        raise OSError(errno.EIO, "the terminal is gone")


def test_a_terminal_that_is_gone_stops_nothing() -> None:
    """Printing to a closed terminal raises EIO, and the shut-down must not die of it."""
    Report(ClosedTerminal()).line("stopping")


def test_a_terminal_that_cannot_show_a_letter_gets_another() -> None:
    """A name with an accent is printed in a C locale, not refused."""
    written = io.BytesIO()
    terminal = io.TextIOWrapper(written, encoding="ascii")
    Report(terminal).line("Zoë")
    assert written.getvalue() == b"Zo?\n"
