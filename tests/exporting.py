"""Copies of records and of the log as tests take them: sealed by a sealer of the tests', read back out of the zip."""

import io
import json
import os
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ledger.domain.log.checkpoint import cosignature_blob, cosigned_message
from ledger.domain.log.note import COSIGNATURE, key_id, parse_note, signature_line, vkey_of
from ledger.services.announce_log import Announcement, announce_log
from ledger.services.export_files import Zip
from ledger.services.export_record import Copy, Wanted, export_record
from ledger.store.append import Caller
from tests.partnership import ORIGIN, Partnership
from tests.sealing_log import ACCESS_VKEY, LOG_VKEY, seal

REASON = "asked for by the court"


@dataclass(frozen=True)
class Read:
    """An export, read back."""

    files: Mapping[str, bytes]

    @classmethod
    def of(cls, data: bytes) -> "Read":
        with zipfile.ZipFile(io.BytesIO(data)) as opened:
            return cls({name: opened.read(name) for name in opened.namelist()})

    @property
    def about(self) -> dict[str, Any]:
        told: dict[str, Any] = json.loads(self.files["export.json"])
        return told

    @property
    def entries(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.files["entries.jsonl"].splitlines()]

    @property
    def shown(self) -> list[str]:
        return [line["shown"] for line in self.entries]

    def text(self, name: str) -> str:
        return self.files[name].decode()

    def unpacked(self, to: Path) -> Path:
        """It as a folder."""
        for name, data in self.files.items():
            (to / name).parent.mkdir(parents=True, exist_ok=True)
            (to / name).write_bytes(data)
        return to


def sealed(partnership: Partnership) -> Partnership:
    """The same, with its keys announced and all that waits under a checkpoint."""
    receipts = partnership.context.receipts
    assert receipts is not None
    announce_log(
        partnership.engine("ledger_admin"),
        os.urandom,
        Announcement(ORIGIN, LOG_VKEY, ACCESS_VKEY, receipts.vkey, None),
    )
    seal(partnership)
    return partnership


def cosign(partnership: Partnership, at: int) -> str:
    """Let a witness cosign the newest checkpoint of the log of entries, at so many seconds; its key as it is given."""
    key, name = Ed25519PrivateKey.from_private_bytes(bytes(range(64, 96))), "witness.example"
    public = key.public_key().public_bytes_raw()
    with partnership.engine("ledger_sealer").begin() as connection:
        size, note = connection.exec_driver_sql(
            "SELECT size, note FROM ledger.checkpoints WHERE log = 'entries' ORDER BY size DESC LIMIT 1"
        ).one()
        signature = key.sign(cosigned_message(at, parse_note(note).text))
        line = signature_line(name, key_id(name, COSIGNATURE, public), cosignature_blob(at, signature))
        connection.exec_driver_sql(
            "INSERT INTO ledger.cosignatures (log, size, name, line, cosigned_at) "
            "VALUES ('entries', %s, %s, %s, to_timestamp(%s))",
            (size, name, line, at),
        )
    return vkey_of(name, public, COSIGNATURE)


def taken(partnership: Partnership, who: Caller, record_id: str, **asked: Any) -> tuple[Read, Copy]:
    """A copy for a person, by the service."""
    to = io.BytesIO()
    parcel = Zip(to)
    wanted = Wanted(UUID(record_id), REASON, **asked)
    try:
        copy = export_record(partnership.context, who, wanted, parcel, wait_s=0)
    finally:
        parcel.close()
    return Read.of(to.getvalue()), copy
