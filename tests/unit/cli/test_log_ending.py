"""The end of a log."""

from pathlib import Path

from ledger.cli.log_ending import ending_of, told


def test_an_exception_is_shown_by_what_explains_it() -> None:
    """Kind, subject and the innermost place; the rest is in the log."""
    line = (
        '{"event": "uncaught exception", "exception": "builtins.ImportError", "frames": ["a.py:1 f", "b.py:2 g"], '
        '"reason": "ledger.x", "timestamp": "2026-01-01T00:00:00Z"}'
    )
    assert told(line) == "uncaught exception, builtins.ImportError, ledger.x, at b.py:2 g"


def test_other_lines_are_shown_as_they_are(tmp_path: Path) -> None:
    """Servers write plain text, and a number alone is JSON but no event; blank lines say nothing."""
    log = tmp_path / "part.log"
    log.write_text("".join(f"{line}\n\n" for line in ("1", "FATAL: no", "[3]", "four", "five", "six")))
    assert ending_of(log) == ["FATAL: no", "[3]", "four", "five", "six"]


def test_a_part_that_never_wrote_has_no_end(tmp_path: Path) -> None:
    """It may have died before its first line."""
    assert ending_of(tmp_path / "none.log") == []
