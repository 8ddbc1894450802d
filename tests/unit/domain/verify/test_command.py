import importlib.util
import io
import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from ledger.cli import main
from ledger.domain.verify.command import run
from ledger.domain.verify.progress import ProgressLine
from tests.exports import (
    LOG,
    POLICY,
    RECEIPTS,
    WITNESSES,
    Key,
    Ledger,
    envelope_at,
    export_log,
    export_record,
    receipt_of,
    resealed,
    write_folder,
    write_zip,
)
from tests.markdown import ROOT

JOINED = ROOT / "docs" / "verify" / "ledger_verify.py"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Exports of a small ledger and of one of its records, and what an auditor may bring."""
    place = tmp_path_factory.mktemp("exports")
    ledger = Ledger(7, records=2)
    ledger.grow(40, heads=5)
    kept, record = ledger.kept, ledger.records[0]
    write_folder(export_log(kept), place / "log")
    write_zip(export_record(kept, record), place / "record.zip")
    write_folder(export_record(kept, record, up_to=2), place / "short")
    lines = [json.loads(line) for line in export_record(kept, record)["entries.jsonl"].splitlines()]
    lines[1]["content"] = lines[1]["content"].replace("hv", "xx")
    entries = b"".join(json.dumps(line).encode() + b"\n" for line in lines)
    write_folder(resealed({**export_record(kept, record), "entries.jsonl": entries}), place / "broken")
    texts = {
        "policy": POLICY,
        "one": POLICY.replace("group two 2 police health school\nquorum two", "quorum police"),
        "none": "quorum none\n",
        "old": kept.heads[0].note,
        "receipt": receipt_of(kept.leaves[3]),
        "answer.json": json.dumps({"entry": "x", "receipt": receipt_of(kept.leaves[3]), "salt": "00"}),
        "proof.tlog-proof": export_record(kept, record)["proofs/1.tlog-proof"].decode(),
    }
    for name, text in texts.items():
        (place / name).write_text(text)
    return place


def verify(*arguments: str | Path) -> tuple[int, str, str]:
    """The exit code, what was printed, in one line, and what was said."""
    out, err = io.StringIO(), io.StringIO()
    return run([str(argument) for argument in arguments], out, err), " ".join(out.getvalue().split()), err.getvalue()


def test_whole_and_vouched_for(folder: Path) -> None:
    """Each thing from outside is enough: a quorum, a witness, a checkpoint, a receipt, a proof with a checkpoint."""
    for brought in (
        ("--policy", folder / "policy"),
        ("--policy", folder / "one"),
        ("--witness", WITNESSES[0].vkey, "--witness", WITNESSES[2].vkey),
        ("--policy", folder / "one", "--witness", WITNESSES[2].vkey),
        ("--checkpoint", folder / "old"),
        ("--checkpoint", folder / "proof.tlog-proof"),
        ("--receipt", folder / "receipt"),
        ("--receipt", folder / "answer.json"),
    ):
        code, printed, _ = verify(folder / "log", "--key", LOG.vkey, "--receipt-key", RECEIPTS.vkey, *brought)
        assert code == 0, printed
        assert printed.startswith("WHOLE, AND VOUCHED FOR")
    # A policy that names the log saves giving its key.
    assert verify(folder / "log", "--policy", folder / "policy")[0] == 0


def test_whole_and_nobody_vouches(folder: Path) -> None:
    """With the keys alone, with what the operator's own receipt key signed, or a policy that asks for nobody: 3."""
    for brought in ((), ("--receipt-key", RECEIPTS.vkey), ("--policy", folder / "none")):
        for export in (folder / "log", folder / "record.zip"):
            code, printed, _ = verify(export, "--key", LOG.vkey, *brought)
            assert code == 3
            assert "Nothing outside the operator vouches for this log." in printed


def test_broken_names_the_first_entry(folder: Path) -> None:
    """In words and as JSON: which entry, where in the log, and why."""
    code, printed, _ = verify(folder / "broken", "--key", LOG.vkey)
    assert code == 1
    assert ".2, index " in printed
    assert "Its content is not what the entry committed to." in printed
    code, printed, _ = verify(folder / "broken", "--key", LOG.vkey, "--json")
    report = json.loads(printed)
    assert (code, report["exit"], report["result"], report["first"]["number"]) == (1, 1, "broken", 2)


def test_a_withheld_tail_is_named_beside_the_log(folder: Path) -> None:
    """A record cut short is whole by itself, which is said; beside an export of the log what is missing is named."""
    code, printed, _ = verify(folder / "short", "--key", LOG.vkey, "--policy", folder / "policy")
    assert code == 0
    assert "Whether the record went on is shown by an export of the log beside it" in printed
    code, printed, _ = verify(folder / "short", "--key", LOG.vkey, "--log", folder / "log")
    assert code == 1
    assert ".3, index " in printed
    assert "the export leaves them out" in printed
    assert verify(folder / "record.zip", "--key", LOG.vkey, "--log", folder / "log")[0] == 3


def test_keys_within_the_export_are_shown_and_not_believed(folder: Path) -> None:
    """Another key in export.json changes no verdict; the report says that it is the export's own word."""
    printed = verify(folder / "log", "--key", LOG.vkey)[1]
    assert f"of its own accord, and not believed here: the log key is {LOG.vkey}" in printed
    assert "its witnesses being: police, health, school" in printed
    code, _, said = verify(folder / "log", "--key", Key(LOG.name, 77).vkey)
    assert (code, said) == (1, "")


def test_times_are_told_by_witnesses(folder: Path) -> None:
    """With their keys the report says between which times entries were recorded; without, that nobody does."""
    printed = verify(folder / "record.zip", "--key", LOG.vkey, "--policy", folder / "policy")[1]
    assert "Entry 1 was recorded " in printed
    assert "The widest bracket: recorded between " in printed
    assert "No time is vouched for" in verify(folder / "record.zip", "--key", LOG.vkey)[1]


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["--key", "nonsense"],
        ["--key", WITNESSES[0].vkey],
        ["--key", RECEIPTS.vkey],
        ["--key", LOG.vkey, "--witness", LOG.vkey],
        ["--key", LOG.vkey, "--policy", "{}/none-such"],
        ["--key", LOG.vkey, "--policy", "{}/old"],
        ["--key", LOG.vkey, "--checkpoint", "{}/policy"],
        ["--key", LOG.vkey, "--receipt", "{}/receipt"],
        ["--key", Key(LOG.name, 77).vkey, "--policy", "{}/policy"],
        ["--key", LOG.vkey, "--receipt", "{}/old", "--receipt-key", RECEIPTS.vkey],
        ["--key", LOG.vkey, "--receipt", "{}/receipt", "--receipt-key", LOG.vkey],
        ["--key", LOG.vkey, "--log", "{}/record.zip"],
        ["--key", LOG.vkey, "--log", "{}/none-such"],
        ["--key", LOG.vkey, "--skew", "-1"],
    ],
)
def test_a_request_that_makes_no_sense_is_refused(folder: Path, arguments: list[str]) -> None:
    """Exit 2, and a sentence that says what to give."""
    code, printed, said = verify(folder / "record.zip", *(text.replace("{}", str(folder)) for text in arguments))
    assert (code, printed) == (2, "")
    assert said.startswith("CANNOT BE READ: ")
    code, printed, _ = verify(folder / "record.zip", *arguments[:0], "--json")
    assert json.loads(printed)["exit"] == 2


def test_the_command_line(folder: Path) -> None:
    """`ledger verify` is the same, with its exit codes; unknown options are a request that cannot be read."""
    done = CliRunner().invoke(main, ["verify", str(folder / "log"), "--key", LOG.vkey])
    assert done.exit_code == 3
    assert "WHOLE, BUT NOT VOUCHED FOR" in done.output
    assert CliRunner().invoke(main, ["verify", "--no-such-option"]).exit_code == 2


def test_the_single_file_is_the_modules_joined() -> None:
    """The file that auditors are given is what its parts make; else it is joined again and committed."""
    place = ROOT / "docs" / "maintaining" / "join_verifier.py"
    spec = importlib.util.spec_from_file_location("join_verifier", place)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert JOINED.read_text() == module.joined(), "run .venv/bin/python docs/maintaining/join_verifier.py"


def test_the_single_file_needs_nothing_of_the_project(folder: Path) -> None:
    """Alone, without site packages, in another folder: the same verdicts, by its own arithmetic."""
    for export, code in (("log", 0), ("broken", 1), ("none-such", 2)):
        done = subprocess.run(
            [sys.executable, "-I", "-S", JOINED, folder / export, "--key", LOG.vkey, "--policy", folder / "policy"],
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == code, done.stderr
        assert "Traceback" not in done.stderr
    done = subprocess.run([sys.executable, "-I", "-S", JOINED, "--help"], capture_output=True, text=True, check=True)
    assert "ledger_verify.py" in done.stdout


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def test_progress_is_one_line_on_a_terminal() -> None:
    """Percent and entries a second, written over itself and taken away; elsewhere a line every ten seconds."""
    seconds = iter(range(100))
    terminal, file = Terminal(), io.StringIO()
    line = ProgressLine(terminal, lambda: next(seconds))
    tell = line.of("entries")
    for done in (250, 500):
        tell(done, 1_000)
    line.clear()
    assert terminal.getvalue().startswith("\r 25 %  250 of 1,000 entries, 250 a second\r 50 %  500 of 1,000 entries")
    assert terminal.getvalue().endswith("\r")
    assert "\n" not in terminal.getvalue()
    tell = ProgressLine(file, lambda: next(seconds)).of("entries")
    for done in range(1, 25):
        tell(done, 100)
    assert len(file.getvalue().splitlines()) == 2


def test_a_head_that_witnesses_saw_and_the_export_lacks(tmp_path: Path) -> None:
    """A log that had been larger before the export was made lacks its end; without witnesses it is only said."""
    ledger = Ledger(9, records=1)
    ledger.grow(10)
    files = export_log(ledger.kept)
    ledger.grow(5)
    (tmp_path / "later").write_text(ledger.kept.heads[-1].note)
    folder, later = write_folder(files, tmp_path / "log"), ("--checkpoint", tmp_path / "later")
    code, printed, _ = verify(folder, "--key", LOG.vkey, *later)
    assert code == 3
    told = (
        "MIND: The checkpoint later, signed by the log's key, is of size 15, and what was checked here ends at size 10."
    )
    assert told in printed.partition("Export ")[0]
    (tmp_path / "policy").write_text(POLICY)
    code, printed, _ = verify(folder, "--key", LOG.vkey, "--policy", tmp_path / "policy", *later)
    assert code == 1
    assert "the end of the log is missing" in printed
    assert envelope_at(ledger.kept, 10).number == 11
