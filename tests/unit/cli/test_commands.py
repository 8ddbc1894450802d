"""The command line: what it offers, and that asking costs little."""

import subprocess
import sys

import pytest
from click.testing import CliRunner

from ledger.cli import COMMANDS, main
from ledger.cli.doctor import masked
from ledger.cli.processes import PROCESS_COMMANDS, argv_of

HEAVY = ("sqlalchemy", "flask", "celery", "gunicorn", "redis", "psycopg", "marshmallow", "alembic", "structlog")


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself(name: str) -> None:
    """Each name that help lists leads to a command with help of its own."""
    result = CliRunner().invoke(main, [name, "--help"])
    assert (result.exit_code, "Usage: " in result.output) == (0, True), result.output


@pytest.mark.parametrize("module", ["ledger.cli", "ledger.cli.up"])
def test_the_supervisor_imports_nothing_heavy(module: str) -> None:
    """It stays resident beside what it starts, and help is asked for by people."""
    code = f"import sys, {module}; print([name for name in {HEAVY!r} if name in sys.modules])"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert loaded.strip() == "[]"


def test_help_lists_no_command_that_only_others_use() -> None:
    """`prepare` is for `up`."""
    listed = CliRunner().invoke(main, ["--help"]).output
    assert "  prepare" not in listed
    assert "  web " in listed


def test_an_unknown_command_is_refused_without_being_repeated() -> None:
    """A mistyped line may hold anything."""
    result = CliRunner().invoke(main, ["Zebedee"])
    assert result.exit_code == 2
    assert "Zebedee" not in result.output


@pytest.mark.parametrize("name", PROCESS_COMMANDS)
def test_process_commands_are_commands(name: str) -> None:
    """The strings that a deployment starts are this command line's own."""
    assert PROCESS_COMMANDS[name].split()[0] == "ledger"
    assert PROCESS_COMMANDS[name].split()[1] in COMMANDS
    assert argv_of(PROCESS_COMMANDS[name])[:3] == [sys.executable, "-m", "ledger"]


def test_fresh_is_for_the_demonstration_only() -> None:
    """No flag of this command deletes a real ledger."""
    result = CliRunner().invoke(main, ["up", "--fresh"])
    assert result.exit_code == 2
    assert "--demo" in result.output
    result = CliRunner().invoke(main, ["up", "--fresh", "--demo"], env={"DATABASE_URL": "postgresql://u@h/d"})
    assert result.exit_code == 2


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("postgresql://me:secret@db:5432/ledger", "postgresql://me:***@db:5432/ledger"),
        ("postgresql://me@/ledger?host=/run/x&password=secret", "postgresql://me@/ledger?host=/run/x&password=***"),
        ("redis://:secret@cache/0", "redis://:***@cache/0"),
        ("unix:///run/v.sock?db=1", "unix:///run/v.sock?db=1"),
    ],
)
def test_passwords_are_masked(url: str, shown: str) -> None:
    """What doctor prints gets pasted into tickets."""
    assert masked(url) == shown
