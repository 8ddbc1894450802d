"""The command line: what it offers, and that asking costs little."""

import os
import resource
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from ledger.cli import COMMANDS, doctor, main
from ledger.cli.doctor import masked, verdict
from ledger.cli.processes import PROCESS_COMMANDS, argv_of
from ledger.stack.lock import FolderLock

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


def test_doctor_calls_a_place_in_use_what_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """While a stack runs on the data folder none can start there; beside a demonstration one needs its own port."""
    folders = {False: tmp_path / "ledger", True: tmp_path / "demo"}
    monkeypatch.setattr(doctor, "data_folder", lambda _env, *, demonstration=False: folders[demonstration])
    for folder in folders.values():
        folder.mkdir()
    with socket.create_server(("127.0.0.1", 0)) as taken:
        env = {"LEDGER_PORT": str(taken.getsockname()[1])}
        assert verdict({}) == "ledger up can start here"
        demonstration = FolderLock(folders[True])
        assert f"pid {os.getpid()}" in verdict(env)
        assert "another --port" in verdict(env)
        lock = FolderLock(folders[False])
        assert verdict(env) == f"ledger up runs here already (pid {os.getpid()}); a second one would not start"
    lock.release()
    demonstration.release()


def test_doctor_says_where_streams_cannot_be_reached(monkeypatch: pytest.MonkeyPatch) -> None:
    """A session's cookie goes to the pages' host alone; a stream is an open file; a wrong number is named."""
    pages = {"LEDGER_BASE_URL": "https://ledger.example"}
    assert doctor._live({**pages, "LEDGER_LIVE_URL": "https://ledger.example:8443", "LEDGER_LIVE_STREAMS": "1"}) == []
    [problem] = doctor._live({**pages, "LEDGER_LIVE_URL": "https://live.example", "LEDGER_LIVE_STREAMS": "1"})
    assert "another host" in problem
    monkeypatch.setattr(resource, "getrlimit", lambda _which: (1024, 1024))
    [problem] = doctor._live({"LEDGER_LIVE_STREAMS": "1000"})
    assert "1024 files" in problem
    [problem] = doctor._live({"LEDGER_LIVE_STREAMS": "many"})
    assert "LEDGER_LIVE_STREAMS" in problem
