import zipfile
from base64 import urlsafe_b64encode
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ledger.cli import main
from ledger.domain.role import Role
from ledger.domain.verify.command import run as verify
from tests.exporting import Read, sealed
from tests.partnership import RECEIPT_SEED, Partnership, default_pack, stored
from tests.sealing_log import ACCESS_VKEY, LOG_VKEY, seal

Run = Callable[..., Result]


@pytest.fixture
def run(partnership: Partnership, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs `ledger export …` on the partnership's database."""
    monkeypatch.setenv("DATABASE_URL", partnership.database_url)
    monkeypatch.setattr("ledger.cli.export.load_pack", lambda _folder: default_pack())  # reading it takes a second
    monkeypatch.setenv("LEDGER_RECEIPT_KEY", urlsafe_b64encode(RECEIPT_SEED).rstrip(b"=").decode())
    reason = ("--reason", "asked for by the court")
    return lambda *arguments: CliRunner().invoke(main, ["export", *map(str, arguments), *reason])


@pytest.fixture
def record(partnership: Partnership) -> str:
    """Entries of two agencies, under a checkpoint; an auditor `aud` and a records officer `officer` of hv."""
    record_id = partnership.child(involve=("hv", "csc"))
    stored(partnership.post("/observations", partnership.observation(record_id), "csc"))
    partnership.person("gp", "aud", Role.AUDITOR)
    partnership.person("hv", "officer", Role.RECORDS_OFFICER)
    sealed(partnership)
    return record_id


def verified(export: Path, key: str) -> int:
    """The verifier's exit code for an export."""
    out = StringIO()
    code = verify([str(export), "--key", key], out, StringIO())
    assert code in {0, 3}, out.getvalue()
    return code


def test_a_record_goes_into_a_folder_or_a_zip(partnership: Partnership, run: Run, record: str, tmp_path: Path) -> None:
    """By the record's id or its pseudonym, for an agency or an auditor; nothing that is there is written over."""
    folder, packed = tmp_path / "copy", tmp_path / "copy.zip"
    folder.mkdir()
    done = run("record", record, "--for", "hv", "--as", "hv/officer", "--to", folder)
    assert done.exit_code == 0, done.output
    assert verified(folder, LOG_VKEY) == 3
    assert {path.stat().st_mode & 0o77 for path in (folder, *folder.rglob("*"))} == {0}
    pseudonym = done.stdout.split(" of ")[1].split(",")[0]
    again = ("record", pseudonym, "--for", "auditor", "--as", "gp/aud", "--to", packed, "--as-of", 4)
    assert run(*again).exit_code == 0
    assert verified(packed, LOG_VKEY) == 3
    assert len(Read.of(packed.read_bytes()).entries) == 4
    before = packed.read_bytes()
    assert "is there already" in run(*again).output
    assert packed.read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["copy", "copy.zip"]


def test_what_may_not_be_is_said_and_leaves_nothing(
    partnership: Partnership, run: Run, record: str, tmp_path: Path
) -> None:
    """A refusal is one plain line; no file is left, and no entry says that a copy was taken."""
    for arguments, said in (
        (("--for", "csc", "--as", "hv/officer"), "for their own agency"),
        (("--for", "hv", "--as", "gp/aud"), "for their own agency"),
        (("--for", "hv", "--as", "hv/nobody"), "nobody by this reference"),
        (("--for", "hv", "--as", "officer"), "AGENCY/PERSON"),
        (("--for", "hv", "--as", "hv/officer", "--as-of", "99"), "no entry of this number"),
        (("--for", "hv", "--as", "hv/officer", "--known-at", "lately"), "--known-at"),
    ):
        done = run("record", record, *arguments, "--to", tmp_path / "copy.zip")
        assert done.exit_code != 0
        assert said in done.output
        assert [*tmp_path.iterdir()] == []
    assert len(partnership.envelopes(record)) == 4


def test_the_log_goes_whole(partnership: Partnership, run: Run, record: str, tmp_path: Path) -> None:
    """Both logs verify offline; of reads it is told what they were; and the partnership's record says who took them."""
    for _ in range(3):
        stored(partnership.get(f"/children/{record}/timeline", "csc"))
    seal(partnership)
    for log, key in (("entries", LOG_VKEY), ("access", ACCESS_VKEY)):
        to = tmp_path / f"{log}.zip"
        done = run("log", "--log", log, "--as", "gp/aud", "--to", to)
        assert done.exit_code == 0, done.output
        assert verified(to, key) == 3
    with zipfile.ZipFile(tmp_path / "access.zip") as opened:
        reads = opened.read("reads.jsonl").decode()
    assert reads.count('\\"what\\":\\"timeline\\"') == 3
    with partnership.acting("ledger_auditor", "auditor") as connection:
        kinds = connection.exec_driver_sql(
            "SELECT kind FROM ledger.contents WHERE record_id = %s AND kind = 'export'",
            (partnership.partnership_record,),
        ).all()
    assert len(kinds) == 2
    refused = run("log", "--as", "hv/officer", "--to", tmp_path / "no.zip")
    assert refused.exit_code == 1
    assert not (tmp_path / "no.zip").exists()
