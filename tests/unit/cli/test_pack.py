"""`ledger pack`, and what refuses to start with a pack that has a fault."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from ledger.cli.pack import pack

NOTE = "pack: x\nversion: 1\nattributes:\n  note: {about: anyone, type: text, meaning: A note.}\n"
LAMP = """\
pack: x
version: 1
attributes:
  lamp:
    about: child
    type: state
    meaning: Whether the lamp is lit.
    states: [lit, dark]
    values: {lit: [lit], dark: [dark]}
    source: A guide
    examples:
      - shows: lit and dark
        finds: contradiction
        claims:
          - {agency: a, observed: 2024-01-01, value: lit, basis: seen}
          - {agency: b, observed: 2024-01-01, value: dark, basis: seen}
      - shows: lit
        finds: nothing
        claims: [{agency: a, observed: 2024-01-01, value: lit, basis: seen}]
"""


def folder_with(tmp_path: Path, text: str) -> Path:
    (tmp_path / "pack.yaml").write_text(text)
    return tmp_path


def run(arguments: list[str], folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """A command with this pack, and a database and a Redis that nobody serves."""
    nowhere = {"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none", "REDIS_URL": "redis://127.0.0.1:1/0"}
    return subprocess.run(
        [sys.executable, "-m", "ledger", *arguments],
        env={**nowhere, "LEDGER_PACK": str(folder), "LEDGER_PORT": "0", **environment},
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).resolve().parents[3],
    )


def test_check_says_what_it_checked(tmp_path: Path) -> None:
    """Exit 0 with the pack's name, version, counts and digest."""
    fine = CliRunner().invoke(pack, ["check", str(folder_with(tmp_path, LAMP))])
    assert fine.exit_code == 0
    assert fine.output.startswith(
        "x 1: 1 attributes, 1 compared, 0 topics, 4 rules, 2 examples, 0 of them wrong; digest "
    )


def test_check_fails_on_a_fault_with_its_place(tmp_path: Path) -> None:
    """Exit 1, with file and line."""
    wrong = CliRunner().invoke(pack, ["check", str(folder_with(tmp_path, NOTE.replace("text", "sound")))])
    assert (wrong.exit_code, "/pack.yaml:4: this must be one of" in wrong.output) == (1, True)


def test_check_fails_on_an_example_with_its_place(tmp_path: Path) -> None:
    """An example that finds something else than it says is named with file, line and what it finds."""
    text = LAMP.replace("value: dark, basis", "value: lit, basis")
    wrong = CliRunner().invoke(pack, ["check", str(folder_with(tmp_path, text))])
    assert wrong.exit_code == 1
    assert "/pack.yaml:12: lamp, example 1 (lit and dark): says that it finds contradiction, and finds nothing" in (
        wrong.output
    )


def test_the_reference_is_printed(tmp_path: Path) -> None:
    """Every attribute of the pack has its section."""
    printed = CliRunner().invoke(pack, ["reference", str(folder_with(tmp_path, LAMP))])
    assert (printed.exit_code, "\n### lamp\n" in printed.output) == (0, True)


@pytest.mark.parametrize("command", ["web", "worker", "prepare"])
def test_nothing_starts_with_a_pack_that_has_a_fault(command: str, tmp_path: Path) -> None:
    """Each process ends with exit code 1 and the words of `ledger pack check`, before it asks for a database."""
    folder = folder_with(tmp_path, LAMP.replace("dark: [dark]", "dark: [night]"))
    checked = CliRunner().invoke(pack, ["check", str(folder)]).output.strip()
    done = run([command], folder)
    assert done.returncode == 1
    assert "pack.yaml:9: this is not one of the states: lit, dark" in checked
    said = json.loads(done.stdout)["error"] if command == "prepare" else done.stderr
    assert checked in said


def test_a_partnership_is_not_opened_with_such_a_pack(tmp_path: Path) -> None:
    """The administering command ends the same way, before it asks for a database."""
    options = {"name": "P", "duty-desk": "d", "duty-contact": "c", "origin": "o.example"}
    arguments = [
        "partnership",
        "open",
        "p",
        *(word for name, value in options.items() for word in (f"--{name}", value)),
    ]
    done = run(arguments, folder_with(tmp_path, NOTE.replace("text", "sound")))
    assert (done.returncode, "pack.yaml:4: this must be one of" in done.stderr) == (1, True)


def test_up_starts_nothing_with_such_a_pack(tmp_path: Path) -> None:
    """`ledger up` says the faults and ends with exit code 1; no process is left that serves."""
    folder = tmp_path / "pack"
    folder.mkdir()
    done = run(["up"], folder_with(folder, NOTE.replace("text", "sound")), LEDGER_DATA=str(tmp_path / "data"))
    assert (done.returncode, "pack.yaml:4: this must be one of" in done.stdout + done.stderr) == (1, True)
