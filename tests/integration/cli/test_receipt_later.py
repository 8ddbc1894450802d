"""Years later, with the operator's database gone: what an agency kept of one post, held against an export."""

import hashlib
import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest
import rfc8785

from ledger.domain.role import Role
from ledger.services.export_files import Folder
from ledger.services.export_log import export_log
from ledger.services.export_record import Wanted, export_record
from ledger.services.receive import ReceiptSigner
from tests.exporting import REASON, sealed
from tests.partnership import ORIGIN, RECEIPT_SEED, ROOT, Partnership, stored
from tests.sealing_log import LOG_VKEY

RECEIPTS_VKEY = ReceiptSigner(RECEIPT_SEED, ORIGIN).vkey
VERIFIER = ROOT / "docs" / "verify" / "ledger_verify.py"


def verify(*arguments: str | Path) -> tuple[int, dict[str, Any]]:
    """The standalone file, by a Python that has neither the project nor any library: exit code and report."""
    command: Sequence[str] = [sys.executable, "-I", "-S", str(VERIFIER), *map(str, arguments), "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd="/", env={})
    return done.returncode, json.loads(done.stdout)


def test_a_receipt_is_worth_something_without_the_ledger(partnership: Partnership, tmp_path: Path) -> None:
    """The receipt vouches for the export of the record and of the log; salt and body are what the entry committed to;
    a receipt of another entry under the number, signed by the same key, breaks the export.
    """
    child = partnership.child(involve=["hv", "csc"])
    body = partnership.observation(child, narrative="He was at the door.")
    answer = stored(partnership.post("/observations", body, "hv"))
    stored(partnership.post("/observations", partnership.observation(child), "csc"))
    sealed(partnership)
    kept = tmp_path / "receipt.json"
    kept.write_text(json.dumps(answer))
    auditor = partnership.person("gp", "aud", Role.AUDITOR)
    record, log = tmp_path / "record", tmp_path / "log"
    export_record(partnership.context, auditor, Wanted(UUID(child), REASON), parcel := Folder(record), wait_s=0)
    parcel.close()
    admin = partnership.engine("ledger_admin")
    export_log(partnership.context, admin, auditor, "entries", REASON, other := Folder(log))
    other.close()
    destroy(partnership)

    keys = ("--key", LOG_VKEY, "--receipt-key", RECEIPTS_VKEY)
    for export in (record, log):
        assert verify(export, *keys)[0] == 3
        code, report = verify(export, *keys, "--receipt", kept)
        assert (code, report["faults"]) == (0, [])
        assert any(str(answer["id"]) in words for words in report["vouched"])
    code, report = verify(record, *keys, "--receipt", kept, "--log", log)
    assert code == 0
    assert committed(answer, body) == envelope_of(answer)["commitment"]
    assert committed(answer, body | {"narrative": "Nobody was."}) != envelope_of(answer)["commitment"]

    lie = {**envelope_of(answer), "commitment": "0" * 64}
    signer = ReceiptSigner(RECEIPT_SEED, ORIGIN)
    kept.write_text(signer.receipt(rfc8785.dumps(lie)))
    for export in (record, log):
        code, report = verify(export, *keys, "--receipt", kept)
        assert code == 1
        assert f"{report['first']['record']}.{report['first']['number']}" == answer["id"]


def envelope_of(answer: dict[str, Any]) -> dict[str, Any]:
    envelope: dict[str, Any] = json.loads(str(answer["receipt"]).split("\n")[1])
    return envelope


def committed(answer: dict[str, Any], body: dict[str, Any]) -> str:
    """What an agency's own body commits to under the salt that it was answered."""
    content = rfc8785.dumps({"agency": "hv", "body": body, "event_id": body["event_id"], "kind": "observation"})
    return hashlib.sha256(bytes.fromhex(answer["salt"]) + content).hexdigest()


def destroy(partnership: Partnership) -> None:
    """The operator's database is no more."""
    url = partnership.database_url
    partnership.close()
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SET ROLE ledger_owner")
        connection.execute("DROP SCHEMA ledger CASCADE")
    with pytest.raises(psycopg.Error), psycopg.connect(url) as connection:
        connection.execute("SELECT FROM ledger.entries")
