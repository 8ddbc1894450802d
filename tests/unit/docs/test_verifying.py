import fnmatch
import json
import os
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from ledger.cli import COMMANDS
from tests.exports import (
    LOG,
    POLICY,
    RECEIPTS,
    Ledger,
    envelope_at,
    export_log,
    export_record,
    indexes_of,
    receipt_of,
    rechained,
    resealed,
    resigned,
    write_folder,
    write_zip,
)
from tests.markdown import ROOT

GUIDE = ROOT / "docs" / "guides" / "verifying.md"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files that the guide speaks of, of a ledger that never was."""
    place = tmp_path_factory.mktemp("guide")
    ledger = Ledger(11, records=2)
    ledger.grow(40, heads=5)
    kept, record = ledger.kept, ledger.records[0]
    files = export_record(kept, record)
    write_zip(files, place / "record.zip")
    write_folder(export_log(kept), place / "log")
    lines = [json.loads(line) for line in files["entries.jsonl"].splitlines()]
    lines[6]["content"] = lines[6]["content"].replace("hv", "gp")
    changed = b"".join(json.dumps(line).encode() + b"\n" for line in lines)
    write_zip(resealed({**files, "entries.jsonl": changed}), place / "changed.zip")
    write_zip(export_record(kept, record, up_to=12), place / "short.zip")
    forged, index = kept.copy(), indexes_of(kept, record)[6]
    forged.leaves[index] = replace(envelope_at(kept, index), commitment=bytes(32)).to_bytes()
    rechained(forged, record)
    write_folder(export_log(resigned(forged)), place / "rewritten")
    (place / "policy").write_text(POLICY)
    (place / "checkpoint-of-june").write_text(kept.heads[3].note)
    answer = {"receipt": receipt_of(kept.leaves[index]), "salt": kept.contents[index][0].hex()}
    (place / "receipt.json").write_text(json.dumps(answer))
    return place


def commands() -> list[tuple[str, list[str]]]:
    """Each command of the guide with the lines that are shown of what it prints."""
    found = []
    for block in re.findall(r"```console\n(.*?)```", GUIDE.read_text(), re.DOTALL):
        for part in re.split(r"^\$ ", block.replace("\\\n", ""), flags=re.MULTILINE)[1:]:
            command, *shown = part.rstrip("\n").split("\n")
            found.append((command, shown))
    return found


@pytest.mark.parametrize(("command", "shown"), commands(), ids=lambda part: part if isinstance(part, str) else "")
def test_the_guides_commands_print_what_it_shows(folder: Path, command: str, shown: list[str]) -> None:
    """Each command in the guide runs and prints the lines that the guide shows, and ends with the code it gives."""
    run = command.replace("ledger verify", f"{sys.executable} -m ledger verify")
    run = run.replace("python3 ledger_verify.py", f"{sys.executable} {ROOT / 'docs' / 'verify' / 'ledger_verify.py'}")
    env = {**os.environ, "LOG_KEY": LOG.vkey, "RECEIPT_KEY": RECEIPTS.vkey, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(run, shell=True, cwd=folder, env=env, capture_output=True, text=True, check=False)  # noqa: S602
    printed = [*(done.stdout + done.stderr).splitlines(), f"exit {done.returncode}"]
    for line in shown:
        pattern = line.replace("[", "[[]").replace("…", "*")
        assert fnmatch.filter(printed, pattern), f"{line}\nis not in\n" + "\n".join(printed)


def test_the_guide_names_every_option() -> None:
    """Whoever reads it finds each option of the command, and no other."""
    help_text = subprocess.run(
        [sys.executable, "-m", "ledger", "verify", "--help"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    options = set(re.findall(r"--[a-z-]+", help_text)) - {"--help"}
    assert options == set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", GUIDE.read_text()))
    assert "verify" in COMMANDS
