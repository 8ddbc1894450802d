import io
import json
import random
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ledger.domain.verify.command import run
from ledger.domain.verify.fault import UnreadableError
from ledger.domain.verify.source import Source, open_source
from ledger.domain.verify.strict_json import strict_object
from tests import sizes
from tests.exports import (
    LOG,
    RECEIPTS,
    Exported,
    Ledger,
    MemoryFiles,
    export_log,
    export_record,
    resealed,
    write_folder,
    write_zip,
)
from tests.tampering import Case, checked, trusting


@pytest.fixture(scope="module")
def ledger() -> Ledger:
    """A small ledger."""
    made = Ledger(5, records=2)
    made.grow(20)
    return made


@pytest.fixture(scope="module")
def record(ledger: Ledger) -> Exported:
    """The export of one of its records."""
    return export_record(ledger.kept, ledger.records[0])


@pytest.fixture(scope="module")
def log(ledger: Ledger) -> Exported:
    """The export of its log."""
    return export_log(ledger.kept)


def verify(path: Path, *more: str) -> tuple[int, str, str]:
    """The exit code, and what was printed and said."""
    out, err = io.StringIO(), io.StringIO()
    code = run([str(path), "--key", LOG.vkey, *more], out, err)
    return code, out.getvalue(), err.getvalue()


@pytest.mark.parametrize(
    "name",
    [
        "../outside",
        "a/../../outside",
        "/etc/passwd",
        "a//b",
        "./a",
        ".hidden",
        "a\\b",
        "C:a",
        "a\x00b",
        "caf\u00e9",
        "x" * 201,
    ],
)
def test_no_name_leads_out_of_a_zip(tmp_path: Path, record: Exported, name: str) -> None:
    """A zip with a name that leads elsewhere, or that no export has, is refused before anything is read."""
    code, _, said = verify(write_zip({**record, name: b"x"}, tmp_path / "export.zip"))
    # A name with a NUL is cut short by zipfile itself, and is then a file that nobody named.
    assert (code, "CANNOT BE READ" in said) in {(2, True)} | ({(1, False)} if "\x00" in name else set())


def test_a_zip_that_would_fill_the_disk_is_refused(tmp_path: Path, record: Exported) -> None:
    """Out of all proportion to its own size: not unpacked."""
    code, _, said = verify(write_zip({**record, "bomb": bytes(200 * 1024**2)}, tmp_path / "export.zip"))
    assert code == 2
    assert "out of all proportion" in said


def test_names_that_come_twice_are_refused(tmp_path: Path, record: Exported) -> None:
    """Which of two files of one name is meant would depend on who reads."""
    path = write_zip(record, tmp_path / "export.zip")
    with zipfile.ZipFile(path, "a") as packed, pytest.warns(UserWarning, match="Duplicate"):
        packed.writestr("checkpoint", b"another")
    assert verify(path)[0] == 2


def test_links_are_not_followed(tmp_path: Path, record: Exported) -> None:
    """A folder that holds a link is refused, and so is a zip."""
    folder = write_folder(record, tmp_path / "export")
    (folder / "link").symlink_to("/etc/hostname")
    assert verify(folder)[0] == 2
    path = write_zip(record, tmp_path / "export.zip")
    about = zipfile.ZipInfo("link")
    about.external_attr = 0o120777 << 16
    with zipfile.ZipFile(path, "a") as packed:
        packed.writestr(about, "/etc/hostname")
    assert verify(path)[0] == 2


@pytest.mark.parametrize("content", [b"", b"not a zip", b"PK\x03\x04" + bytes(100)])
def test_what_is_no_export_cannot_be_read(tmp_path: Path, content: bytes) -> None:
    """Another file, an empty folder, nothing at all: exit 2 with a sentence."""
    path = tmp_path / "export.zip"
    path.write_bytes(content)
    (tmp_path / "empty").mkdir()
    for place in (path, tmp_path / "empty", tmp_path / "none"):
        code, _, said = verify(place)
        assert code == 2
        assert said.startswith("CANNOT BE READ: ")


def test_a_zip_with_a_folder_around_it_is_read(tmp_path: Path, record: Exported) -> None:
    """People pack folders; what is inside counts."""
    assert verify(write_zip(record, tmp_path / "export.zip", around="export-2026/"))[0] == 3
    assert verify(write_folder(record, tmp_path / "export"))[0] == 3


def test_every_single_file_that_is_missing_is_missed(record: Exported, log: Exported) -> None:
    """Without any one of its files an export is broken, or cannot be read; the file is named."""
    for files in (record, log):
        for name in files:
            less = {other: data for other, data in files.items() if other != name}
            if name == "export.json":
                with pytest.raises(UnreadableError, match="missing"):
                    checked(Case(name, less, trusting()))
                continue
            assert name in {fault.file for fault in checked(Case(name, less, trusting())).faults}


def test_every_single_flipped_byte_is_noticed(record: Exported, log: Exported) -> None:
    """One bit anywhere in any file, and nothing made to fit again: broken, or unreadable."""
    chance = random.Random(1)
    for files in (record, log):
        for name, data in files.items():
            for at in chance.sample(range(len(data)), min(len(data), sizes.flips())):
                changed = bytearray(data)
                changed[at] ^= 1 << chance.randrange(8)
                assert outcome({**files, name: bytes(changed)}) != "whole", (name, at)


def outcome(files: Exported) -> str:
    try:
        return "broken" if checked(Case("", files, trusting())).faults else "whole"
    except UnreadableError:
        return "unreadable"


LINES: list[bytes] = [
    b"",
    b"{}",
    b"[]",
    b"null",
    b"\xff\xfe",
    b'{"a":1,"a":2}',
    b'{"envelope":NaN}',
    b'{"a":' * 20_000,
    b"[" * 200_000,
    b'{"index":' + b"9" * 5_000 + b"}",
    b'{"envelope":"\\ud800"}',
    b'{"envelope":"x","index":-1,"proof":[],"shown":"part"}',
    b'{"envelope":"x","index":1.5,"proof":[],"shown":"part"}',
    b'{"envelope":"x","index":true,"proof":[],"shown":"part"}',
    b'{"envelope":"x","index":1,"proof":["AAAA"],"shown":"part"}',
    b'{"envelope":"x","index":1,"proof":{},"shown":"part"}',
    b'{"envelope":"x","index":1,"proof":[],"shown":"all"}',
    b'{"envelope":"x","index":1,"proof":[],"shown":"whole"}',
    b'{"envelope":"x","index":1,"proof":[],"shown":"part","salt":"00","content":"x"}',
    b'{"envelope":"x","index":1,"proof":[],"shown":"part","more":1}',
    b'{"envelope":"' + "\u202e\u0000".encode() + b'","index":1,"proof":[],"shown":"part"}',
    b"x" * (9 * 1024**2),
]


@pytest.mark.parametrize("line", LINES, ids=lambda line: repr(line[:30]))
@pytest.mark.parametrize("name", ["entries.jsonl", "brackets.jsonl"])
def test_lines_made_to_harm_are_refused_in_words(record: Exported, name: str, line: bytes) -> None:
    """Deep, huge, doubled, odd or simply wrong lines: the export is broken, and nothing else happens."""
    for content in (line + b"\n" + record[name], record[name] + line + b"\n", record[name] + line + b"x"):
        report = checked(Case("", resealed({**record, name: content}), trusting()))
        assert name in {fault.file for fault in report.faults} or report.faults[0].first is not None


@pytest.mark.parametrize(
    "manifest",
    [
        b"",
        b"[]",
        b"{",
        b'{"format":"ledger-export/2"}',
        b'{"format":"ledger-export/1","kind":"record","log":"access"}',
        b'{"format":"ledger-export/1","kind":"log","log":"entries","origin":7}',
        b'{"format":"ledger-export/1","kind":"log","log":"entries","origin":"x","keys":{},"files":{"a":1}}',
        b'{"a":' * 100_000,
    ],
)
def test_a_description_that_is_none_cannot_be_read(record: Exported, manifest: bytes) -> None:
    """Exit 2 in words."""
    with pytest.raises(UnreadableError):
        checked(Case("", {**record, "export.json": manifest}, trusting()))


@settings(max_examples=sizes.examples(), suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.sampled_from(["checkpoint", "brackets.jsonl", "entries.jsonl", "export.note", "export.json"]), st.data())
def test_no_file_makes_it_stumble(record: Exported, name: str, data: st.DataObject) -> None:
    """Whatever bytes stand in a file, the answer is a verdict in words."""
    old = record[name]
    start = data.draw(st.integers(0, len(old)))
    content = old[:start] + data.draw(st.binary(max_size=30)) + old[data.draw(st.integers(start, len(old))) :]
    for files in ({**record, name: content}, {**record, name: data.draw(st.binary(max_size=60))}):
        outcome(files)


@settings(max_examples=sizes.examples())
@given(st.binary(max_size=80))
def test_json_is_an_object_or_is_refused(data: bytes) -> None:
    """Any bytes are read as an object that can be written again, or refused with a ValueError."""
    try:
        value = strict_object(data)
    except ValueError:
        return
    json.dumps(value, allow_nan=False)


def test_nothing_in_an_export_steers_the_terminal(ledger: Ledger, tmp_path: Path) -> None:
    """Control characters out of an export are not printed."""
    files = export_log(ledger.kept)
    about = json.loads(files["export.json"]) | {"for": "x\x1b[31m\x07\r\u202e", "made_at": "\x1b[2J"}
    files = {**files, "export.json": json.dumps(about).encode()}
    _, printed, _ = verify(write_folder(files, tmp_path / "export"))
    assert not {"\x1b", "\x07", "\r", "\u202e"} & set(printed)


def test_a_damaged_zip_says_which_file(tmp_path: Path, log: Exported) -> None:
    """Bytes changed within the zip: the member that does not unpack is named, or it is no zip any more."""
    path = write_zip(log, tmp_path / "export.zip")
    whole, chance = path.read_bytes(), random.Random(2)
    for _ in range(sizes.flips() * 10):
        changed = bytearray(whole)
        changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
        path.write_bytes(bytes(changed))
        code, printed, said = verify(path, "--receipt-key", RECEIPTS.vkey)
        # Some bytes of a zip mean nothing, such as a time.
        assert (code == 2) == said.startswith("CANNOT BE READ"), (printed, said)
        assert code in (1, 2, 3)


@pytest.mark.parametrize("make", [write_folder, write_zip])
def test_files_are_read_once_and_closed(tmp_path: Path, log: Exported, make: Callable[[Exported, Path], Path]) -> None:
    """Reading an export leaves nothing open."""
    with open_source(str(make(log, tmp_path / "export.zip"))) as source:
        assert source.read("checkpoint", 10_000) == log["checkpoint"]
    assert [*Source(MemoryFiles(log)).lines("brackets.jsonl", 10_000)] == log["brackets.jsonl"].splitlines()
